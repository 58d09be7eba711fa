// SPDX-License-Identifier: Apache-2.0

import FuzzHarness
import FuzzProperties

@main
struct FuzzXML {
  static func main() { Harness.start(.xml) }
}
