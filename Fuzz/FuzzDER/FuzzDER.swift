// SPDX-License-Identifier: Apache-2.0

import FuzzHarness
import FuzzProperties

@main
struct FuzzDER {
  static func main() { Harness.start(.der) }
}
