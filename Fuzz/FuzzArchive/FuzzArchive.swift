// SPDX-License-Identifier: Apache-2.0

import FuzzHarness
import FuzzProperties

@main
struct FuzzArchive {
  static func main() { Harness.start(.archive) }
}
