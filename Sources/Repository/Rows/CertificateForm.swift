// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
package import SEC

/// ENG-compact-rows: what issuer and profile fix of certificates, kept once for all of them.
///
/// Every certificate is of a form. A form with a template is that of Device Certificates: the
/// template is the to-be-signed part with zeros where certificates differ, and a row keeps only
/// what belongs there (`PackedCertificate`).
package struct CertificateForm: Hashable, Sendable {
  /// The key identifier of the issuer; that of itself for a root.
  package let issuer: [UInt8]
  package let kind: CertificateClass
  package let usage: CertificateUsage?
  package let role: RoleCode?
  /// The to-be-signed part, with zeros for serial number, beginning, device, key and its
  /// identifier; nil where certificates are kept whole.
  package let template: [UInt8]?

  /// The number that it has unless another form has it already: 31 bits of its digest, so that two
  /// nodes give one form one number.
  var number: Int {
    var bytes = issuer
    bytes += Array("\n\(kind.rawValue)\n\(usage?.rawValue ?? "")\n".utf8)
    bytes += Array("\(role.map { "\($0.value)" } ?? "")\n".utf8)
    bytes += template ?? []
    return Digest.sha256(bytes).prefix(4).reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
  }

  /// The issuer that a whole certificate names; a root names none and is its own; nothing when it
  /// cannot be read.
  static func issuer(of der: [UInt8]) -> [UInt8] {
    guard let parts = try? SignedParts(der), let anatomy = try? Anatomy(toBeSigned: parts.signed),
      let issuer = anatomy.issuer ?? anatomy.keyIdentifier
    else { return [] }
    return Array(der[issuer])
  }
}

/// The three parts of a certificate: what is signed, and the two numbers of an ECDSA signature.
struct SignedParts {
  /// The octets of either number.
  static let numberOctets = 32

  let signed: ArraySlice<UInt8>
  /// Both numbers, 32 octets each; nil when they are no such signature.
  let signature: [UInt8]?

  init(_ der: [UInt8]) throws(DERError) {
    var outer = try Reader(der[...])
    var inside = try outer.enter(.sequence)
    try outer.finish()
    signed = try inside.element().whole
    _ = try inside.element()
    let bits = try inside.content(of: .bitString)
    try inside.finish()
    signature = try? Self.numbers(bits.dropFirst())
  }

  private static func numbers(_ bits: ArraySlice<UInt8>) throws(DERError) -> [UInt8]? {
    var outer = try Reader(bits)
    var inside = try outer.enter(.sequence)
    var numbers: [UInt8] = []
    for _ in 0..<2 {
      let number = try inside.content(of: .integer).drop { $0 == 0 }
      guard number.count <= numberOctets else { return nil }
      numbers += [UInt8](repeating: 0, count: numberOctets - number.count) + number
    }
    return numbers
  }

  /// The whole certificate from its parts.
  static func certificate(
    _ signed: [UInt8], algorithm: ArraySlice<UInt8>, signature: ArraySlice<UInt8>
  ) -> [UInt8] {
    Writer.write { writer in
      writer.sequence { writer in
        writer.raw(signed)
        writer.raw(algorithm)
        let numbers = Writer.write { writer in
          writer.sequence { writer in
            writer.integer(Integer(magnitude: Array(signature.prefix(numberOctets))))
            writer.integer(Integer(magnitude: Array(signature.dropFirst(numberOctets))))
          }
        }
        writer.element(.bitString, [0] + numbers)
      }
    }
  }
}
