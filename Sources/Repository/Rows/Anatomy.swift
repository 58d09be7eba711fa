// SPDX-License-Identifier: Apache-2.0

import DER

/// Where the parts of a to-be-signed certificate lie that differ from one device to the next.
///
/// It reads only what is needed to find them, and takes zeros in their places for good.
struct Anatomy: Hashable, Sendable {
  /// The content of the serial number, of `notBefore`, of the hardware serial number and of the
  /// subject key identifier; the point of the public key without the octet before it.
  private(set) var serial, notBefore: Range<Int>
  private(set) var entity, point, keyIdentifier: Range<Int>?
  /// The whole signature algorithm.
  let algorithm: Range<Int>
  /// The key identifier of the issuer; empty when the certificate names none.
  private(set) var issuer: Range<Int>?

  /// Octets of a point of P-256: two coordinates.
  static let pointOctets = 64

  private static let version = Identifier.context(0, constructed: true)
  private static let extensions = Identifier.context(3, constructed: true)
  private static let subjectKeyIdentifier: [UInt8] = [0x55, 0x1D, 0x0E]
  private static let authorityKeyIdentifier: [UInt8] = [0x55, 0x1D, 0x23]
  private static let subjectAltName: [UInt8] = [0x55, 0x1D, 0x11]

  /// Finds the parts in the SEQUENCE that a signature covers.
  init(toBeSigned bytes: ArraySlice<UInt8>) throws(DERError) {
    var outer = try Reader(bytes)
    var inside = try outer.enter(.sequence)
    _ = try inside.content(of: Self.version)
    let serial = try inside.content(of: .integer)
    let algorithm = try inside.element().whole
    _ = try inside.element()
    var validity = try inside.enter(.sequence)
    let notBefore = try validity.element().content
    _ = try inside.element()
    var keyInfo = try inside.enter(.sequence)
    _ = try keyInfo.element()
    let bits = try keyInfo.content(of: .bitString)
    self.serial = serial.startIndex..<serial.endIndex
    self.algorithm = algorithm.startIndex..<algorithm.endIndex
    self.notBefore = notBefore.startIndex..<notBefore.endIndex
    if bits.count == Self.pointOctets + 2 { point = bits.startIndex + 2..<bits.endIndex }
    guard inside.next == Self.extensions else { return }
    var tagged = try inside.enter(Self.extensions)
    var list = try tagged.enter(.sequence)
    while !list.isAtEnd { try read(&list) }
  }

  private mutating func read(_ list: inout Reader) throws(DERError) {
    var one = try list.enter(.sequence)
    let kind = Array(try one.content(of: .objectIdentifier))
    if one.next == .boolean { _ = try one.element() }
    let value = try one.content(of: .octetString)
    var inside = try Reader(value)
    switch kind {
    case Self.subjectKeyIdentifier:
      let found = try inside.content(of: .octetString)
      keyIdentifier = found.startIndex..<found.endIndex
    case Self.authorityKeyIdentifier:
      var parts = try inside.enter(.sequence)
      let tag = Identifier.context(0, constructed: false)
      guard parts.next == tag else { return }
      let found = try parts.content(of: tag)
      issuer = found.startIndex..<found.endIndex
    case Self.subjectAltName:
      // otherName { id-on-hardwareModuleName, [0] { hwType, hwSerialNum } }
      var names = try inside.enter(.sequence)
      guard names.next == Self.version else { return }
      var other = try names.enter(Self.version)
      _ = try other.element()
      var explicit = try other.enter(Self.version)
      var module = try explicit.enter(.sequence)
      _ = try module.element()
      let found = try module.content(of: .octetString)
      entity = found.startIndex..<found.endIndex
    default: break
    }
  }
}
