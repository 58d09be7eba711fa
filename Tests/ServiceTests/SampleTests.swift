// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import Registration
import SEC
import Service
import Testing
import X509

/// A real device's request, which lies outside the project: `$SMKI_TESTDATA`, by default
/// `../shared/testdata` beside the package.
enum Samples {
  static let request: URL = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = ProcessInfo.processInfo.environment["SMKI_TESTDATA"]
    let base = path.map { URL(filePath: $0) } ?? root.appending(path: "../shared/testdata")
    return base.appending(path: "smki-certificates/device-csr.pem")
  }()

  /// With `CI=true` absence is not an excuse: the suite runs and fails.
  static var arePresent: Bool {
    FileManager.default.fileExists(atPath: request.path)
      || ProcessInfo.processInfo.environment["CI"] == "true"
  }
}

@Suite(
  "A real device's request is answered",
  .enabled(if: Samples.arePresent, "no smki-certificates in $SMKI_TESTDATA"))
struct SampleTests {
  @Test(
    "it gets a certificate over the portal's device function, in each encoding the same one",
    .clause("M8-2.3", "M8-2.3-encodings", "ENG-same-request"))
  func issues() throws {
    let estate = try ServingEstate()
    try estate.add("meters", [.otherParty])
    let maker = try estate.credential(of: "meters", for: .portalDevice)
    let text = [UInt8](try Data(contentsOf: Samples.request))
    let certificate = try estate.issue(text, by: maker)
    let der = try PEM.readOne(text, labels: ["CERTIFICATE REQUEST"])
    let asked = try CertificationRequest(parsing: der)
    #expect(certificate.tbs.subjectPublicKeyInfo == asked.subjectPublicKeyInfo)
    #expect(try estate.issue(der, by: maker) == certificate)
    #expect(try estate.issue(Array(Base64.encode(der).utf8), by: maker) == certificate)
  }
}
