// SPDX-License-Identifier: Apache-2.0

package import DER

/// A certificate as it was received: its bytes, and what they say (RFC 5280, 4.1).
///
/// Bytes that were signed are kept and used again, never rebuilt. Being well formed says nothing
/// about who signed it: see `Path`. Two are equal when their bytes are.
package struct Certificate: Sendable {
  /// The most octets of a certificate that is read; the real ones here have 401 to 433.
  package static let octetsMax = 16_384

  /// The whole certificate.
  package let encoded: [UInt8]
  /// The bytes that were signed.
  package let signedBytes: ArraySlice<UInt8>
  /// What they say.
  package let tbs: TBSCertificate
  /// How it was signed: the same as in the signed bytes (RFC 5280, 4.1.1.2).
  package let signatureAlgorithm: AlgorithmIdentifier
  /// The content of the signature's BIT STRING.
  package let signature: ArraySlice<UInt8>

  /// Reads one certificate, strictly.
  ///
  /// - Throws: `DERError`, its offset counted from the first octet.
  package init(parsing der: [UInt8]) throws(DERError) {
    encoded = der
    var whole = try Reader(der[...], octetsMax: Self.octetsMax)
    var reader = try whole.enter(.sequence)
    try whole.finish()
    let start = reader.offset
    tbs = try TBSCertificate(from: &reader)
    signedBytes = der[start..<reader.offset]
    let algorithmStart = reader.offset
    signatureAlgorithm = try AlgorithmIdentifier(from: &reader)
    guard signatureAlgorithm == tbs.signatureAlgorithm else {
      throw DERError(
        .badValue, at: algorithmStart, "another signature algorithm than the signed one")
    }
    signature = try reader.octetsInBitString()
    try reader.finish()
  }

  /// The bytes of a certificate from its signed part and the signature over it.
  ///
  /// - Parameters:
  ///   - tbs: the signed bytes, a whole TBSCertificate.
  ///   - algorithm: the algorithm that the signed bytes name.
  ///   - signature: the signature as it stands in the BIT STRING.
  /// - Returns: the whole certificate as DER.
  package static func assemble(
    tbs: [UInt8], algorithm: AlgorithmIdentifier = .ecdsaWithSHA256, signature: [UInt8]
  ) -> [UInt8] {
    Writer.write {
      $0.sequence {
        $0.raw(tbs)
        algorithm.write(into: &$0)
        $0.bitString(signature[...])
      }
    }
  }
}

extension Certificate: Hashable {
  /// Equal when the bytes are.
  package static func == (left: Certificate, right: Certificate) -> Bool {
    left.encoded == right.encoded
  }

  /// Hashes the bytes.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(encoded)
  }
}

extension Certificate {
  /// Who signed it.
  package var issuer: Name { tbs.issuer }
  /// Whose key it is.
  package var subject: Name { tbs.subject }
  /// Its number among those of its issuer.
  package var serialNumber: Integer { tbs.serialNumber }
  /// The key identifier of the subject; nil when absent or malformed.
  package var subjectKeyIdentifier: KeyIdentifier? {
    (try? tbs.extensions.value(of: SubjectKeyIdentifier.self))?.keyIdentifier
  }
  /// The key identifier of the issuer; nil when absent or malformed.
  package var authorityKeyIdentifier: KeyIdentifier? {
    (try? tbs.extensions.value(of: AuthorityKeyIdentifier.self))?.keyIdentifier
  }

  /// Reads the one certificate of a text (RFC 7468, 5).
  package init(pem text: [UInt8]) throws(DERError) {
    try self.init(parsing: PEM.readOne(text, labels: ["CERTIFICATE"]))
  }

  /// The certificate as text (RFC 7468, 5).
  package var pem: String { PEM(label: "CERTIFICATE", bytes: encoded).text }
}
