// SPDX-License-Identifier: Apache-2.0

package import DER

/// A certification request as it was received (PKCS #10, RFC 2986).
///
/// Read once and without copying: its parts are slices of the one array. That the signature is of
/// the key inside is for the caller to verify: see `provesPossession`. Two are equal when their
/// bytes are.
package struct CertificationRequest: Sendable {
  /// The most octets of a request that is read; a real one has 279, one for RSA about 1,000.
  package static let octetsMax = 8192
  /// The most attributes; the profiles here use one.
  package static let attributesMax = 16
  /// The most values of an attribute that is not known here.
  package static let attributeValuesMax = 16

  /// One attribute, its values as they were written.
  package struct Attribute: Hashable, Sendable {
    /// Which attribute.
    package let type: ObjectIdentifier
    /// Each value as one DER element, at least one.
    package let values: [ArraySlice<UInt8>]

    /// An attribute with values that already are DER.
    package init(_ type: ObjectIdentifier, values: [[UInt8]]) {
      self.type = type
      self.values = values.map { $0[...] }
    }

    fileprivate init(type: ObjectIdentifier, slices: [ArraySlice<UInt8>]) {
      self.type = type
      values = slices
    }
  }

  /// The whole request.
  package let encoded: [UInt8]
  /// CertificationRequestInfo: the bytes that were signed.
  package let signedBytes: ArraySlice<UInt8>
  /// Who asks; empty for devices.
  package let subject: Name
  /// The key to be certified.
  package let subjectPublicKeyInfo: SubjectPublicKeyInfo
  /// The attributes in order, extensionRequest among them.
  package let attributes: [Attribute]
  /// The extensions asked for (RFC 2985, 5.4.2), in order; none when not asked for.
  package let extensions: [Extension]
  /// How it was signed.
  package let signatureAlgorithm: AlgorithmIdentifier
  /// The content of the signature's BIT STRING.
  package let signature: ArraySlice<UInt8>

  private static let attributesTag = Identifier.context(0, constructed: true)

  /// Reads one request, strictly.
  ///
  /// - Throws: `DERError`, its offset counted from the first octet.
  package init(parsing der: [UInt8]) throws(DERError) {
    encoded = der
    var whole = try Reader(der[...], octetsMax: Self.octetsMax)
    var reader = try whole.enter(.sequence)
    try whole.finish()
    let start = reader.offset
    var info = try reader.enter(.sequence)
    signedBytes = der[start..<reader.offset]
    let versionStart = info.offset
    guard try info.integer(octetsMax: 1).isZero else {
      throw DERError(.badValue, at: versionStart, "version 0 expected")
    }
    subject = try Name(from: &info)
    subjectPublicKeyInfo = try SubjectPublicKeyInfo(from: &info)
    var asked: [Extension]?
    attributes = try info.set(of: 0...Self.attributesMax, as: Self.attributesTag) {
      (reader) throws(DERError) in
      try Self.attribute(&reader, &asked)
    }
    extensions = asked ?? []
    try info.finish()
    signatureAlgorithm = try AlgorithmIdentifier(from: &reader)
    signature = try reader.octetsInBitString()
    try reader.finish()
    try refuseDuplicates(at: start)
  }

  private static func attribute(
    _ reader: inout Reader, _ extensions: inout [Extension]?
  ) throws(DERError) -> Attribute {
    var inside = try reader.enter(.sequence)
    let type = try inside.objectIdentifier()
    let isRequest = type == .extensionRequest
    let countMax = isRequest ? 1 : attributeValuesMax
    let values = try inside.set(of: 1...countMax) { (set) throws(DERError) in
      try set.wellFormedElement().whole
    }
    try inside.finish()
    if isRequest, let value = values.first {
      extensions = try Reader.read(value) { (reader) throws(DERError) in
        try [Extension](from: &reader)
      }
    }
    return Attribute(type: type, slices: values)
  }

  private func refuseDuplicates(at offset: Int) throws(DERError) {
    guard attributes.count > 1 else { return }
    guard Set(attributes.map(\.type)).count == attributes.count else {
      throw DERError(.duplicate, at: offset, "an attribute stands twice")
    }
  }
}

extension CertificationRequest: Hashable {
  /// Equal when the bytes are.
  package static func == (left: CertificationRequest, right: CertificationRequest) -> Bool {
    left.encoded == right.encoded
  }

  /// Hashes the bytes.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(encoded)
  }
}

extension CertificationRequest {
  /// The bytes of a CertificationRequestInfo, to be signed by the key that it names.
  package static func info(
    subject: Name, subjectPublicKeyInfo: SubjectPublicKeyInfo, attributes: [Attribute]
  ) -> [UInt8] {
    Writer.write {
      $0.sequence { writer in
        writer.integer(0)
        subject.write(into: &writer)
        subjectPublicKeyInfo.write(into: &writer)
        writer.set(of: attributes.map(\.encoded), as: attributesTag)
      }
    }
  }

  /// The bytes of a request from its signed part and the signature over it.
  package static func assemble(
    info: [UInt8], algorithm: AlgorithmIdentifier = .ecdsaWithSHA256, signature: [UInt8]
  ) -> [UInt8] {
    Certificate.assemble(tbs: info, algorithm: algorithm, signature: signature)
  }
}

extension CertificationRequest.Attribute {
  /// extensionRequest for these extensions, at least one (RFC 2985, 5.4.2).
  package static func extensionRequest(_ extensions: [Extension]) -> Self {
    precondition(!extensions.isEmpty, "RFC 5280, 4.2: at least one extension")
    return Self(.extensionRequest, values: [Writer.write { extensions.write(into: &$0) }])
  }

  fileprivate var encoded: [UInt8] {
    Writer.write {
      $0.sequence {
        $0.objectIdentifier(type)
        $0.set(of: values.map(Array.init))
      }
    }
  }
}
