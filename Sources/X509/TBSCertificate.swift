// SPDX-License-Identifier: Apache-2.0

package import DER

/// What the issuer of a certificate signs, as values (RFC 5280, 4.1.2).
///
/// Version 3 always (RFC5280-4.1.2.1), a positive serial number (RFC5280-4.1.2.2), no unique
/// identifiers of issuer and subject (RFC5280-4.1.2.8), no empty row of extensions
/// (RFC5280-4.1.2.9). Reading and writing are exact inverses.
package struct TBSCertificate: Hashable, Sendable {
  /// Positive, at most 20 content octets.
  package var serialNumber: Integer
  /// How it will be signed; the same stands beside the signature.
  package var signatureAlgorithm: AlgorithmIdentifier
  /// Who signs.
  package var issuer: Name
  /// The first moment of validity, in whole seconds.
  package var notBefore: Time
  /// The last moment of validity, in whole seconds.
  package var notAfter: Time
  /// Whose key it is; empty for devices.
  package var subject: Name
  /// The key.
  package var subjectPublicKeyInfo: SubjectPublicKeyInfo
  /// The extensions in order; without any the field is left out.
  package var extensions: [Extension]

  /// A certificate to be signed.
  package init(
    serialNumber: Integer, signatureAlgorithm: AlgorithmIdentifier = .ecdsaWithSHA256,
    issuer: Name, notBefore: Time, notAfter: Time, subject: Name,
    subjectPublicKeyInfo: SubjectPublicKeyInfo, extensions: [Extension]
  ) {
    self.serialNumber = serialNumber
    self.signatureAlgorithm = signatureAlgorithm
    self.issuer = issuer
    self.notBefore = notBefore
    self.notAfter = notAfter
    self.subject = subject
    self.subjectPublicKeyInfo = subjectPublicKeyInfo
    self.extensions = extensions
  }

  /// The bytes to be signed.
  package func encoded() -> [UInt8] {
    Writer.write { write(into: &$0) }
  }

  /// version 3 in its explicit tag.
  private static let versionTag = Identifier.context(0, constructed: true)
  private static let extensionsTag = Identifier.context(3, constructed: true)
  private static let version3 = 2

  /// Reads the SEQUENCE.
  package init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    let start = inside.offset
    let version = try inside.optional(Self.versionTag) { (tagged) throws(DERError) in
      try tagged.integer(max: 255)
    }
    guard version == Self.version3 else {
      throw DERError(.badValue, at: start, "version 3 expected")
    }
    let serialStart = inside.offset
    serialNumber = try inside.integer(octetsMax: Integer.serialOctetsMax)
    guard !serialNumber.isZero else {
      throw DERError(.badValue, at: serialStart, "a serial number is positive")
    }
    signatureAlgorithm = try AlgorithmIdentifier(from: &inside)
    issuer = try Name(from: &inside)
    var validity = try inside.enter(.sequence)
    notBefore = try validity.time()
    notAfter = try validity.time()
    try validity.finish()
    subject = try Name(from: &inside)
    subjectPublicKeyInfo = try SubjectPublicKeyInfo(from: &inside)
    extensions =
      try inside.optional(Self.extensionsTag) { (tagged) throws(DERError) in
        try [Extension](from: &tagged)
      } ?? []
    try inside.finish()
  }

  /// Writes the SEQUENCE.
  package func write(into writer: inout Writer) {
    writer.sequence { writer in
      writer.element(Self.versionTag) { $0.integer(Self.version3) }
      writer.integer(serialNumber)
      signatureAlgorithm.write(into: &writer)
      issuer.write(into: &writer)
      writer.sequence {
        $0.time(notBefore)
        $0.time(notAfter)
      }
      subject.write(into: &writer)
      subjectPublicKeyInfo.write(into: &writer)
      if !extensions.isEmpty {
        writer.element(Self.extensionsTag) { extensions.write(into: &$0) }
      }
    }
  }
}
