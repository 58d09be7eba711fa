// SPDX-License-Identifier: Apache-2.0

import FuzzHarness
import FuzzProperties

@main
struct FuzzRevocationList {
  static func main() { Harness.start(.revocationList) }
}
