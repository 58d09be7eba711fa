// SPDX-License-Identifier: Apache-2.0

import DER
package import Keys

/// What a log says about itself: its name, its size, its root (C2SP tlog-checkpoint).
package struct Checkpoint: Hashable, Sendable {
  /// The name of the log; not empty, one line.
  package let origin: String
  /// How many entries it has.
  package let size: Int
  /// The root over them, 32 octets.
  package let root: MerkleTree.Hash
  /// Further lines, which others cannot check; none of ours has any.
  package let extensions: [String]

  /// A statement, whole.
  ///
  /// - Throws: `malformedNote` for an empty line, one that is none, a negative size, another root.
  package init(
    origin: String, size: Int, root: MerkleTree.Hash, extensions: [String] = []
  ) throws(AuditError) {
    let lines = [origin] + extensions
    guard lines.allSatisfy({ !$0.isEmpty && !$0.utf8.contains { $0 < 0x20 } }), size >= 0,
      root.count == MerkleTree.hashOctets
    else { throw AuditError(.malformedNote, "no checkpoint of \(origin) at \(size)") }
    self.origin = origin
    self.size = size
    self.root = root
    self.extensions = extensions
  }

  /// Reads the text of a note.
  ///
  /// - Throws: `malformedNote`.
  package init(text: String) throws(AuditError) {
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard lines.count >= 4, lines.last == "", let size = Int(lines[1]), String(size) == lines[1],
      let root = Base64.decode(lines[2].utf8)
    else { throw AuditError(.malformedNote, "no checkpoint") }
    try self.init(
      origin: lines[0], size: size, root: root, extensions: Array(lines[3...].dropLast()))
  }

  /// Reads a note and believes it only when a known key has signed it.
  ///
  /// - Parameters:
  ///   - note: the bytes of the signed note.
  ///   - keys: the keys that are known: the log's own, and those of witnesses.
  ///   - origin: the name of the log that is meant.
  /// - Throws: `malformedNote`, `signatureInvalid`.
  package init(
    note: some Collection<UInt8>, keys: some Collection<NoteKey>, origin: String
  ) throws(AuditError) {
    let note = try SignedNote(note)
    try note.verify(keys)
    try self.init(text: note.text)
    guard self.origin == origin else {
      throw AuditError(.malformedNote, "a checkpoint of \(self.origin), not of \(origin)")
    }
  }

  /// The text that is signed.
  package var text: String {
    ([origin, String(size), Base64.encode(root)] + extensions).map { $0 + "\n" }.joined()
  }

  /// The note with the log's own signature; the key's name is the origin.
  ///
  /// - Throws: `signatureInvalid`, or what the key throws.
  package func signed(by key: some SigningKey) throws -> SignedNote {
    try SignedNote(text: text).signed(by: key, as: origin)
  }
}
