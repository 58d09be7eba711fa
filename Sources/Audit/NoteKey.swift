// SPDX-License-Identifier: Apache-2.0

import DER
package import Keys

/// The public half of a key that signs notes, with the name it signs under (C2SP signed-note).
package struct NoteKey: Hashable, Sendable {
  /// What a signature says and over which bytes it is made.
  package enum Kind: UInt8, Hashable, Sendable {
    /// The log's own: Ed25519 over the text of the note.
    case ed25519 = 0x01
    /// A witness's: Ed25519 over the text and when it was seen (C2SP tlog-cosignature).
    case cosignature = 0x04
  }

  /// Not empty, without spaces and plus signs; best a URL without scheme.
  package let name: String
  package let kind: Kind
  /// 32 octets (RFC 8032).
  package let publicKey: [UInt8]
  /// The first four octets of SHA-256 over name, newline, kind and key, read as a number.
  package let id: UInt32

  /// A key under a name.
  ///
  /// - Throws: `malformedNote` for a name that a note cannot carry or a key that is not Ed25519.
  package init(
    _ name: String, _ publicKey: PublicKey, kind: Kind = .ed25519
  ) throws(AuditError) {
    guard case .ed25519(let octets) = publicKey, octets.count == 32 else {
      throw AuditError(.malformedNote, "notes are signed by Ed25519 keys")
    }
    guard NoteKey.isName(name) else { throw AuditError(.malformedNote, "no name of a key") }
    self.name = name
    self.kind = kind
    self.publicKey = octets
    let digest = Digest.sha256(Array(name.utf8) + [0x0A, kind.rawValue] + octets)
    id = digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  /// Reads a key written as `name+id+base64`, the id in eight lower-case hex digits.
  ///
  /// - Throws: `malformedNote`, also when the id is not that of the key.
  package init(_ text: String) throws(AuditError) {
    let parts = text.split(separator: "+", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let octets = Base64.decode(parts[2].utf8), octets.count == 33,
      let kind = Kind(rawValue: octets[0])
    else { throw AuditError(.malformedNote, "no key of a note") }
    try self.init(String(parts[0]), .ed25519(Array(octets.dropFirst())), kind: kind)
    guard description == text else {
      throw AuditError(.malformedNote, "the id does not belong to the key")
    }
  }

  /// Whether a note can carry the name: not empty, no Unicode spaces, plus or control character.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        !$0.properties.isWhitespace && $0 != "+" && $0.value >= 0x20
      }
  }
}

extension NoteKey: CustomStringConvertible {
  /// `name+id+base64`, as keys of notes are handed on.
  package var description: String {
    let id = String(self.id, radix: 16)
    return "\(name)+\(String(repeating: "0", count: 8 - id.count))\(id)+"
      + Base64.encode([kind.rawValue] + publicKey)
  }
}
