// SPDX-License-Identifier: Apache-2.0

/// Who is fuzzed: the readers of hostile octets, each with the properties that must hold.
package enum Target: String, CaseIterable, Sendable {
  /// Every value of the encoding rules.
  case der = "DER"
  /// Certificates with the extensions known here.
  case certificate = "Certificate"
  /// Certification requests.
  case request = "Request"
  /// Revocation lists with the extensions known here.
  case revocationList = "RevocationList"
  /// Questions for the status of certificates.
  case statusRequest = "StatusRequest"
  /// Requests as people paste them.
  case requestText = "RequestText"
  /// Documents.
  case xml = "XML"
  /// ZIP archives.
  case archive = "Archive"

  /// The most octets of an input: above the limits that the properties set.
  package static let octetsMax = 4608

  /// Reads an input and holds what was read to all properties.
  ///
  /// - Throws: the first property that does not hold.
  package func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    switch self {
    case .der: try DERProperty.check(input)
    case .certificate: try CertificateProperty.check(input)
    case .revocationList: try RevocationListProperty.check(input)
    case .statusRequest: try StatusRequestProperty.check(input)
    case .request: try RequestProperty.check(input)
    case .requestText: try RequestTextProperty.check(input)
    case .xml: try XMLProperty.check(input)
    case .archive: try ArchiveProperty.check(input)
    }
  }
}
