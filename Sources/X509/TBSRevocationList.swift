// SPDX-License-Identifier: Apache-2.0

package import DER

/// What the issuer of a revocation list signs, as values (RFC 5280, 5.1.2).
///
/// RFC5280-5.1: version 2 always. Reading and writing are exact inverses.
package struct TBSRevocationList: Hashable, Sendable {
  /// How it will be signed; the same stands beside the signature.
  package var signatureAlgorithm: AlgorithmIdentifier
  /// Who signs.
  package var issuer: Name
  /// When it was made, in whole seconds.
  package var thisUpdate: Time
  /// When the next one comes at the latest, in whole seconds; nil when it does not say so.
  package var nextUpdate: Time?
  /// What was revoked; without any entry the field is left out.
  package var entries: RevokedCertificates
  /// The extensions in order; without any the field is left out.
  package var extensions: [Extension]

  /// A list to be signed.
  package init(
    signatureAlgorithm: AlgorithmIdentifier = .ecdsaWithSHA256, issuer: Name, thisUpdate: Time,
    nextUpdate: Time?, entries: RevokedCertificates, extensions: [Extension]
  ) {
    self.signatureAlgorithm = signatureAlgorithm
    self.issuer = issuer
    self.thisUpdate = thisUpdate.wholeSecond
    self.nextUpdate = nextUpdate?.wholeSecond
    self.entries = entries
    self.extensions = extensions
  }

  private static let extensionsTag = Identifier.context(0, constructed: true)
  private static let version2 = 1

  /// The bytes to be signed: measured first, so that a long list is copied once.
  package func encoded() -> [UInt8] {
    let before = Writer.write {
      $0.integer(Self.version2)
      signatureAlgorithm.write(into: &$0)
      issuer.write(into: &$0)
      $0.time(thisUpdate)
      if let nextUpdate { $0.time(nextUpdate) }
      if !entries.isEmpty { $0.header(.sequence, length: entries.encoded.count) }
    }
    let after = afterEntries
    let length = before.count + entries.encoded.count + after.count
    var writer = Writer(capacity: length + RevocationList.headerOctetsMax)
    writer.header(.sequence, length: length)
    writer.raw(before)
    writer.raw(entries.encoded)
    writer.raw(after)
    return writer.bytes
  }

  /// What stands behind the entries.
  var afterEntries: [UInt8] {
    Writer.write { writer in
      guard !extensions.isEmpty else { return }
      writer.element(Self.extensionsTag) { extensions.write(into: &$0) }
    }
  }

  /// Reads the SEQUENCE.
  ///
  /// - Throws: `DERError`, its offset counted in the array that is read.
  package init(
    from reader: inout Reader, knowing known: RevokedCertificates = .none
  ) throws(DERError) {
    var inside = try reader.enter(.sequence)
    let start = inside.offset
    guard try inside.integer(max: 255) == Self.version2 else {
      throw DERError(.badValue, at: start, "version 2 expected")
    }
    signatureAlgorithm = try AlgorithmIdentifier(from: &inside)
    issuer = try Name(from: &inside)
    thisUpdate = try inside.time()
    let isTime = inside.next == .utcTime || inside.next == .generalizedTime
    nextUpdate = isTime ? try inside.time() : nil
    entries = .none
    if inside.next == .sequence {
      let start = inside.offset
      let content = try inside.content(of: .sequence)
      guard !content.isEmpty else {
        throw DERError(.empty, at: start, "no entry: the field is left out")
      }
      entries = try RevokedCertificates(reading: content, knowing: known)
    }
    extensions =
      try inside.optional(Self.extensionsTag) { (tagged) throws(DERError) in
        try [Extension](from: &tagged)
      } ?? []
    try inside.finish()
  }
}
