// SPDX-License-Identifier: Apache-2.0

import FuzzHarness
import FuzzProperties

@main
struct FuzzCertificate {
  static func main() { Harness.start(.certificate) }
}
