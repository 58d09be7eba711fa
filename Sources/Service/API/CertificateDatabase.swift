// SPDX-License-Identifier: Apache-2.0

import DER
package import Repository
import SEC
import X509

/// K-database-file: Organisation Certificates in the shape in which DCC's public tools keep them.
///
/// `{eui: {digitalSignature | keyAgreement: {serial: {certificate, role, name}}}}`: the EUI-64 in
/// 16 lower-case hexadecimal digits, the serial number in decimal, the certificate in PEM. A
/// private key has no place in it here.
package struct CertificateDatabase: Codable, Hashable, Sendable {
  /// One certificate.
  package struct Item: Codable, Hashable, Sendable {
    /// PEM.
    package let certificate: String
    /// Decimal.
    package let role: Int?
    /// The common name of the subject, or the lack of it.
    package let name: String?
  }

  /// By EUI-64, usage and serial number.
  package private(set) var entities: [String: [String: [String: Item]]] = [:]

  /// Everything of a Repository, or what is in use.
  ///
  /// - Parameters:
  ///   - repository: the Repository, or that of a mirror.
  ///   - isWanted: whether a certificate goes in, as by its status.
  /// - Throws: a failure of the store, and what `isWanted` throws.
  package init(
    of repository: Repository, where isWanted: (LodgedCertificate) throws -> Bool
  ) throws {
    try repository.eachOrganisationCertificate { lodged in
      guard let entity = lodged.entity, let usage = lodged.usage, try isWanted(lodged) else {
        return
      }
      let certificate = try Certificate(parsing: lodged.der)
      let eui = Hex.encode(entity.octets).lowercased()
      let serial = Self.decimal(lodged.serial)
      entities[eui, default: [:]][Self.word(usage), default: [:]][serial] = Item(
        certificate: PEM(label: "CERTIFICATE", bytes: lodged.der).text,
        role: lodged.role.map { Int($0.value) }, name: certificate.subject.commonName)
    }
  }

  package init(from decoder: any Decoder) throws {
    entities = try decoder.singleValueContainer().decode(
      [String: [String: [String: Item]]].self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(entities)
  }

  /// How many certificates it holds.
  package var count: Int {
    entities.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.count } }
  }

  private static func word(_ usage: CertificateUsage) -> String {
    switch usage {
    case .digitalSignature: "digitalSignature"
    case .keyAgreement: "keyAgreement"
    }
  }

  /// An unsigned number in decimal digits, by long division.
  static func decimal(_ octets: [UInt8]) -> String {
    var rest = octets
    var digits: [UInt8] = []
    while rest.contains(where: { $0 != 0 }) {
      var remainder = 0
      for index in rest.indices {
        let value = remainder << 8 | Int(rest[index])
        rest[index] = UInt8(value / 10)
        remainder = value % 10
      }
      digits.append(UInt8(48 + remainder))
    }
    return digits.isEmpty ? "0" : String(decoding: digits.reversed(), as: UTF8.self)
  }
}
