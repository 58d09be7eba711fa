// SPDX-License-Identifier: Apache-2.0

import FuzzHarness
import FuzzProperties

@main
struct FuzzRequestText {
  static func main() { Harness.start(.requestText) }
}
