// SPDX-License-Identifier: Apache-2.0

import DER
import Testing
import X509

@Suite("Real certificates", .enabled(if: Samples.arePresent, Samples.absence))
struct RealCertificateTests {
  @Test("there are 33 certificates of organisations, Z1 and a device")
  func count() {
    #expect(Samples.certificateNames.count == 35)
  }

  @Test("each is written byte for byte from its values", arguments: Samples.certificateNames)
  func roundTrip(name: String) throws {
    let der = try Samples.certificate(name)
    let certificate = try Certificate(parsing: der)
    #expect(try Rebuilding.certificate(certificate) == der)
  }
}
