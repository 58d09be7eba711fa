// SPDX-License-Identifier: Apache-2.0

import FuzzHarness
import FuzzProperties

@main
struct FuzzRequest {
  static func main() { Harness.start(.request) }
}
