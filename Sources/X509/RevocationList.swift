// SPDX-License-Identifier: Apache-2.0

package import DER

/// A certificate revocation list as it was received: its bytes, and what they say (RFC 5280, 5).
///
/// Lists of certificates and lists of authorities have the same form. Bytes that were signed are
/// kept and used again. Being well formed says nothing about who signed it. Two are equal when
/// their bytes are.
package struct RevocationList: Sendable {
  /// The most octets of a list that is read: 128 MiB, room for two and a half million entries.
  package static let octetsMax = 134_217_728
  /// The most octets of a header, so that nothing is copied twice for want of room.
  static let headerOctetsMax = 2 + Reader.lengthOctetsMax

  /// The whole list.
  package let encoded: [UInt8]
  /// The bytes that were signed.
  package let signedBytes: ArraySlice<UInt8>
  /// What they say.
  package let tbs: TBSRevocationList
  /// How it was signed: the same as in the signed bytes (RFC 5280, 5.1.1.2).
  package let signatureAlgorithm: AlgorithmIdentifier
  /// The content of the signature's BIT STRING.
  package let signature: ArraySlice<UInt8>

  /// Reads one list, strictly.
  ///
  /// - Parameters:
  ///   - der: the list.
  ///   - known: entries that were read before, as those of the list before this one; where the
  ///     entries begin with them, octet by octet, only the rest is read again.
  /// - Throws: `DERError`, its offset counted from the first octet.
  package init(
    parsing der: [UInt8], knowing known: RevokedCertificates = .none
  ) throws(DERError) {
    encoded = der
    var whole = try Reader(der[...], octetsMax: Self.octetsMax)
    var reader = try whole.enter(.sequence)
    try whole.finish()
    let start = reader.offset
    tbs = try TBSRevocationList(from: &reader, knowing: known)
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

  /// The bytes of a list from its signed part and the signature over it.
  ///
  /// - Parameters:
  ///   - tbs: the signed bytes, a whole TBSCertList.
  ///   - algorithm: the algorithm that the signed bytes name.
  ///   - signature: the signature as it stands in the BIT STRING.
  /// - Returns: the whole list as DER.
  package static func assemble(
    tbs: [UInt8], algorithm: AlgorithmIdentifier, signature: [UInt8]
  ) -> [UInt8] {
    let after = Writer.write {
      algorithm.write(into: &$0)
      $0.bitString(signature[...])
    }
    var writer = Writer(capacity: tbs.count + after.count + headerOctetsMax)
    writer.header(.sequence, length: tbs.count + after.count)
    writer.raw(tbs)
    writer.raw(after)
    return writer.bytes
  }
}

extension RevocationList {
  /// The octets before the entries and those after them; without entries all stand before.
  package var aroundEntries: (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>) {
    guard !tbs.entries.isEmpty else { return (encoded[...], []) }
    let after = Writer.write {
      $0.raw(tbs.afterEntries)
      signatureAlgorithm.write(into: &$0)
      $0.bitString(signature)
    }
    let end = encoded.count - after.count
    return (encoded[..<(end - tbs.entries.encoded.count)], encoded[end...])
  }
}

extension RevocationList: Hashable {
  /// Equal when the bytes are.
  package static func == (left: RevocationList, right: RevocationList) -> Bool {
    left.encoded == right.encoded
  }

  /// Hashes the bytes.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(encoded)
  }
}

extension RevocationList {
  /// Who signed it.
  package var issuer: Name { tbs.issuer }
  /// Its number among the lists of its issuer; nil when absent or malformed.
  package var number: Integer? {
    (try? tbs.extensions.value(of: CRLNumber.self))?.number
  }
  /// The key identifier of the issuer; nil when absent or malformed.
  package var authorityKeyIdentifier: KeyIdentifier? {
    (try? tbs.extensions.value(of: AuthorityKeyIdentifier.self))?.keyIdentifier
  }

  /// Whether the holder of this key signed the list.
  package func isSigned(by issuer: SubjectPublicKeyInfo) -> SignatureVerdict {
    issuer.verify(signature, over: signedBytes, algorithm: signatureAlgorithm)
  }

  /// Reads the one list of a text (RFC 7468, 7).
  package init(pem text: [UInt8]) throws(DERError) {
    try self.init(parsing: PEM.readOne(text, labels: ["X509 CRL"]))
  }

  /// The list as text (RFC 7468, 7).
  package var pem: String { PEM(label: "X509 CRL", bytes: encoded).text }
}
