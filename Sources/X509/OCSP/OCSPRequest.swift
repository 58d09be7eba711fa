// SPDX-License-Identifier: Apache-2.0

package import DER

/// A question for the status of certificates (RFC 6960, 4.1), without name and signature of whoever
/// asks: everybody may (RFC 5019, 2.1.2).
package struct OCSPRequest: Sendable {
  /// The most octets of a request that is read; one for one certificate has about 80.
  package static let octetsMax = 4096
  /// The most certificates of one request.
  package static let certificatesMax = 16

  /// Which certificate is meant (RFC 6960, 4.1.1): the hashes of its issuer and its number.
  package struct CertificateID: Hashable, Sendable {
    /// The digest by which the issuer is named.
    package let algorithm: AlgorithmIdentifier
    /// Over the issuer's name, and over its public key.
    package let nameHash: [UInt8]
    package let keyHash: [UInt8]
    package let serialNumber: Integer

    /// Names a certificate.
    package init(
      algorithm: AlgorithmIdentifier, nameHash: [UInt8], keyHash: [UInt8], serialNumber: Integer
    ) {
      self.algorithm = algorithm
      self.nameHash = nameHash
      self.keyHash = keyHash
      self.serialNumber = serialNumber
    }

    /// Reads the SEQUENCE.
    package init(from reader: inout Reader) throws(DERError) {
      var inside = try reader.enter(.sequence)
      algorithm = try AlgorithmIdentifier(from: &inside)
      nameHash = Array(try inside.octetString())
      keyHash = Array(try inside.octetString())
      serialNumber = try inside.integer(octetsMax: Integer.serialOctetsMax)
      try inside.finish()
    }

    /// Writes the SEQUENCE.
    package func write(into writer: inout Writer) {
      writer.sequence {
        algorithm.write(into: &$0)
        $0.octetString(nameHash)
        $0.octetString(keyHash)
        $0.integer(serialNumber)
      }
    }
  }

  /// The certificates that are asked for, at least one.
  package let certificates: [CertificateID]
  /// The extensions of the whole request, such as a nonce.
  package let extensions: [Extension]

  private static let version = Identifier.context(0, constructed: true)
  private static let requestor = Identifier.context(1, constructed: true)
  private static let requestExtensions = Identifier.context(2, constructed: true)
  private static let singleExtensions = Identifier.context(0, constructed: true)
  private static let signature = Identifier.context(0, constructed: true)

  /// A question for these certificates.
  package init(_ certificates: [CertificateID], extensions: [Extension] = []) {
    self.certificates = certificates
    self.extensions = extensions
  }

  /// Reads one request, strictly.
  ///
  /// - Throws: `DERError`, its offset counted from the first octet.
  package init(parsing der: [UInt8]) throws(DERError) {
    var whole = try Reader(der[...], octetsMax: Self.octetsMax)
    var reader = try whole.enter(.sequence)
    try whole.finish()
    var tbs = try reader.enter(.sequence)
    let start = tbs.offset
    let version = try tbs.optional(Self.version) { (tagged) throws(DERError) in
      try tagged.integer(max: 255)
    }
    guard version == nil else {
      throw version == 0
        ? DERError(.defaultEncoded, at: start, "version 1 is the default and is left out")
        : DERError(.badValue, at: start, "version 1 expected")
    }
    guard tbs.next != Self.requestor else {
      throw DERError(.badValue, at: tbs.offset, "RFC 5019: a request without a name expected")
    }
    certificates = try tbs.sequence(of: 1...Self.certificatesMax) { (one) throws(DERError) in
      var inside = try one.enter(.sequence)
      let certificate = try CertificateID(from: &inside)
      _ = try inside.optional(Self.singleExtensions) { (tagged) throws(DERError) in
        try [Extension](from: &tagged)
      }
      try inside.finish()
      return certificate
    }
    extensions =
      try tbs.optional(Self.requestExtensions) { (tagged) throws(DERError) in
        try [Extension](from: &tagged)
      } ?? []
    try tbs.finish()
    guard reader.next != Self.signature else {
      throw DERError(
        .badValue, at: reader.offset, "RFC 5019: a request that is not signed expected")
    }
    try reader.finish()
  }

  /// The request as DER, without a signature.
  package var encoded: [UInt8] {
    Writer.write { writer in
      writer.sequence { writer in
        writer.sequence { writer in
          writer.sequence { writer in
            for certificate in certificates {
              writer.sequence { certificate.write(into: &$0) }
            }
          }
          if !extensions.isEmpty {
            writer.element(Self.requestExtensions) { extensions.write(into: &$0) }
          }
        }
      }
    }
  }
}
