// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import Testing
import X509

/// Real certificates, which lie outside the project: `$SMKI_TESTDATA`, by default
/// `../shared/testdata` beside the package.
enum Samples {
  /// Why a suite is skipped.
  static let absence: Comment = "no smki-certificates in $SMKI_TESTDATA"

  static let folder: URL = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let path = ProcessInfo.processInfo.environment["SMKI_TESTDATA"]
    let base = path.map { URL(filePath: $0) } ?? root.appending(path: "../shared/testdata")
    return base.appending(path: "smki-certificates")
  }()

  /// With `CI=true` absence is not an excuse: the suites run and fail.
  static var arePresent: Bool {
    FileManager.default.fileExists(atPath: folder.path)
      || ProcessInfo.processInfo.environment["CI"] == "true"
  }

  /// The names of all certificates, sorted; 33 of organisations, Z1 and a device.
  static var certificateNames: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".pem") && $0 != "device-csr.pem" }.sorted()
  }

  /// The text of a sample.
  static func text(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  /// A certificate, read.
  static func certificate(_ name: String) throws -> Certificate {
    try Certificate(pem: text(name))
  }

  /// The issuing authority Z1.
  static func issuingAuthority() throws -> Certificate {
    try certificate("issuing-oca-Z1.pem")
  }

  /// The names of the certificates of organisations.
  static var organisationNames: [String] {
    certificateNames.filter { $0.hasPrefix("ks-") }
  }

  /// The bytes of the device's request.
  static func request() throws -> [UInt8] {
    try PEM.readOne(text("device-csr.pem"), labels: ["CERTIFICATE REQUEST"])
  }
}
