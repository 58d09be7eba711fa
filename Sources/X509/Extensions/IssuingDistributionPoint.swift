// SPDX-License-Identifier: Apache-2.0

package import DER

/// What a list speaks of, and where it is found (RFC 5280, 5.2.5).
///
/// The lists of this infrastructure speak of everything that their issuer issued and do not carry
/// it; it is read so that a list that leaves something out is recognised.
package struct IssuingDistributionPoint: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.issuingDistributionPoint

  /// The kinds of certificates to which a list may be limited.
  package enum Scope: UInt8, CaseIterable, Sendable {
    /// Certificates of end entities only.
    case endEntities = 1
    /// Certificates of authorities only.
    case authorities = 2
    /// Attribute certificates only.
    case attributes = 5
  }

  /// Where the list is found, whole and as it was written; nil when absent.
  package let distributionPoint: ArraySlice<UInt8>?
  /// To what it is limited; nil when it is not.
  package let scope: Scope?
  /// The reasons to which it is limited; nil when it is not.
  package let reasons: BitString?
  /// Whether it has entries of other issuers' certificates.
  package let isIndirect: Bool

  /// A list of one kind of certificates.
  package init(_ scope: Scope) {
    distributionPoint = nil
    self.scope = scope
    reasons = nil
    isIndirect = false
  }

  private static let pointTag = Identifier.context(0, constructed: true)
  private static let reasonsTag = Identifier.context(3, constructed: false)
  private static let indirect: UInt8 = 4

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    let start = inside.offset
    distributionPoint =
      inside.next == Self.pointTag ? try inside.wellFormedElement().whole : nil
    var scopes: [Scope] = []
    for scope in [Scope.endEntities, .authorities] where try Self.flag(scope.rawValue, &inside) {
      scopes.append(scope)
    }
    reasons =
      inside.next == Self.reasonsTag ? try inside.namedBits(as: Self.reasonsTag) : nil
    isIndirect = try Self.flag(Self.indirect, &inside)
    if try Self.flag(Scope.attributes.rawValue, &inside) { scopes.append(.attributes) }
    guard scopes.count <= 1 else {
      throw DERError(.badValue, at: start, "limited to two kinds of certificates")
    }
    scope = scopes.first
    try inside.finish()
    guard distributionPoint != nil || scope != nil || reasons != nil || isIndirect else {
      throw DERError(.empty, at: start, "it says nothing: the extension is left out")
    }
  }

  /// Reads a BOOLEAN DEFAULT FALSE in a tag of its own.
  private static func flag(_ number: UInt8, _ reader: inout Reader) throws(DERError) -> Bool {
    let tag = Identifier.context(number, constructed: false)
    guard reader.next == tag else { return false }
    let start = reader.offset
    let content = try reader.content(of: tag)
    guard content.elementsEqual([0xFF]) else {
      throw content.elementsEqual([0x00])
        ? DERError(.defaultEncoded, at: start, "FALSE is the default and is left out")
        : DERError(.badBoolean, at: start, "one octet FF expected")
    }
    return true
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.sequence {
      if let distributionPoint { $0.raw(distributionPoint) }
      if let scope, scope != .attributes { Self.write(scope.rawValue, into: &$0) }
      if let reasons { $0.bitString(reasons, as: Self.reasonsTag) }
      if isIndirect { Self.write(Self.indirect, into: &$0) }
      if scope == .attributes { Self.write(Scope.attributes.rawValue, into: &$0) }
    }
  }

  private static func write(_ flag: UInt8, into writer: inout Writer) {
    writer.element(.context(flag, constructed: false), [0xFF])
  }
}
