// SPDX-License-Identifier: Apache-2.0

package import Audit
package import DER

/// ENG-bulk: one immutable file of the bulk files, as a manifest names it.
package struct BulkSegment: Hashable, Sendable {
  /// What a segment holds.
  package enum Content: String, Hashable, Sendable {
    /// Certificates in DER, one after the other, in the order of lodging.
    case certificates = "segment"
    /// The newest list of every issuer in DER, one after the other.
    case lists
    /// L3.11: the serial numbers of what is meant for loading at manufacture, each an OCTET STRING.
    case marks = "manufacturing"
  }

  package let content: Content
  /// The name of the file, which is never used for other octets.
  package let name: String
  /// Octets of the file, and SHA-256 over them.
  package let octets: Int
  package let digest: [UInt8]
  /// How many certificates or lists it holds.
  package let count: Int
  /// Octets of what it holds, unpacked, and SHA-256 over them.
  package let contentOctets: Int
  package let contentDigest: [UInt8]

  /// The line of a manifest.
  package var line: String {
    "\(content.rawValue) \(name) \(octets) \(Hex.encode(digest)) \(count) \(contentOctets) "
      + Hex.encode(contentDigest)
  }

  init(
    _ content: Content, name: String, octets: Int, digest: [UInt8], count: Int,
    contentOctets: Int, contentDigest: [UInt8]
  ) {
    self.content = content
    self.name = name
    self.octets = octets
    self.digest = digest
    self.count = count
    self.contentOctets = contentOctets
    self.contentDigest = contentDigest
  }

  /// Reads a line; nil when it is none.
  package init?(line: some StringProtocol) {
    let words = String(line).split(separator: " ", omittingEmptySubsequences: false)
      .map { String($0) }
    guard words.count == 7, let content = Content(rawValue: words[0]), Self.isName(words[1]),
      let octets = Self.count(words[2]), let digest = Hex.decode(words[3]), digest.count == 32,
      let count = Self.count(words[4]), let contentOctets = Self.count(words[5]),
      let contentDigest = Hex.decode(words[6]), contentDigest.count == 32
    else { return nil }
    self.init(
      content, name: words[1], octets: octets, digest: digest, count: count,
      contentOctets: contentOctets, contentDigest: contentDigest)
  }

  /// Whether a text can be the name of a file of these: no path, nothing hidden.
  package static func isName(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count) && text.first != "." && !text.contains("..")
      && text.utf8.allSatisfy { byte in
        (48...57).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 46
      }
  }

  static func count(_ text: String) -> Int? {
    Int(text).flatMap { $0 >= 0 && String($0) == text ? $0 : nil }
  }
}

/// MP147-bulk: what a full extract or a day's delta consists of, to be signed.
package struct BulkManifest: Hashable, Sendable {
  /// Which of the two.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Everything: once a week.
    case full
    /// What came since the delta before: every day.
    case delta
  }

  /// The name of these files, which is also that of the signing key: the audit's and `/bulk`.
  package let origin: String
  package let kind: Kind
  /// The day for which it was made, `YYYY-MM-DD`.
  package let day: String
  package let made: Time
  /// The places of the first and last certificate in the order of lodging; the last one before the
  /// first when there is none.
  package let first, last: Int
  /// The audit that was signed last when it was made: size and root.
  package let treeSize: Int
  package let treeRoot: [UInt8]
  package let segments: [BulkSegment]

  /// Its name, and that of its file.
  package var name: String { "\(kind.rawValue)-\(day)" }

  /// How many certificates it names.
  package var certificates: Int {
    segments.filter { $0.content == .certificates }.reduce(0) { $0 + $1.count }
  }

  /// What stands in the second line: no checkpoint of an audit can be taken for a manifest.
  private static let format = "bulk 1"

  init(
    origin: String, kind: Kind, day: String, made: Time, first: Int, last: Int, treeSize: Int,
    treeRoot: [UInt8], segments: [BulkSegment]
  ) {
    self.origin = origin
    self.kind = kind
    self.day = day
    self.made = made
    self.first = first
    self.last = last
    self.treeSize = treeSize
    self.treeRoot = treeRoot
    self.segments = segments
  }

  /// The text that is signed.
  package var text: String {
    let lines =
      [
        origin, Self.format, "\(kind.rawValue) \(day)", "made \(made.rfc3339)",
        "certificates \(first) \(last) \(certificates)",
        "tree \(treeSize) \(Base64.encode(treeRoot))",
      ] + segments.map(\.line)
    return lines.map { $0 + "\n" }.joined()
  }

  /// Reads a signed manifest and believes it only when a known key has signed it.
  ///
  /// - Parameters:
  ///   - note: the octets of the file.
  ///   - key: the key of these files.
  /// - Throws: `malformedNote`, `signatureInvalid`.
  package init(note: [UInt8], key: NoteKey) throws(AuditError) {
    let note = try SignedNote(note, octetsMax: Self.octetsMax)
    try note.verify([key])
    guard let manifest = BulkManifest(text: note.text), manifest.origin == key.name else {
      throw AuditError(.malformedNote, "no manifest of \(key.name)")
    }
    self = manifest
  }

  /// The most octets of a manifest: 100 million certificates have two thousand segments.
  package static let octetsMax = 16 << 20

  private init?(text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.split(separator: " ", omittingEmptySubsequences: false).map(String.init) }
    guard lines.count >= 6, lines[0].count == 1, lines[1].joined(separator: " ") == Self.format,
      lines[2].count == 2, let kind = Kind(rawValue: lines[2][0]), BulkSegment.isName(lines[2][1]),
      lines[3].count == 2, lines[3][0] == "made", let made = Time(rfc3339: lines[3][1]),
      lines[4].count == 4, lines[4][0] == "certificates",
      let first = BulkSegment.count(lines[4][1]), let last = BulkSegment.count(lines[4][2]),
      lines[5].count == 3, lines[5][0] == "tree", let size = BulkSegment.count(lines[5][1]),
      let root = Base64.decode(lines[5][2].utf8)
    else { return nil }
    let segments = lines[6...].map { BulkSegment(line: $0.joined(separator: " ")) }
    guard segments.allSatisfy({ $0 != nil }) else { return nil }
    self.init(
      origin: lines[0][0], kind: kind, day: lines[2][1], made: made, first: first, last: last,
      treeSize: size, treeRoot: root, segments: segments.compactMap(\.self))
    guard lines[4][3] == "\(certificates)", self.text == text else { return nil }
  }
}
