// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The program: one verb, its words, its end.
@main
struct SMKI {
  static func main() {
    // A reader that goes away is an error of that writing, not the end of the process.
    _ = signal(SIGPIPE, SIG_IGN)
    exit(Program.run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }
}
