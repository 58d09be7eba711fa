// SPDX-License-Identifier: Apache-2.0

import FuzzHarness
import FuzzProperties

@main
struct FuzzStatusRequest {
  static func main() { Harness.start(.statusRequest) }
}
