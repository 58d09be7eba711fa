// SPDX-License-Identifier: Apache-2.0

package import Audit
import DER
package import JSON
package import Keys
package import SEC

/// A document of a ceremony: one line of canonical JSON, and below it a note that signs the SHA-256
/// of that line (C2SP signed-note).
///
/// So anybody can check it with tools of their own: `head -n 1 FILE | sha256sum` gives the third
/// line of the note.
package struct SignedDocument: Sendable {
  /// What it is.
  package enum Kind: String, Sendable {
    /// What a ceremony hands over to the on-line estate.
    case package
    /// What was done in a ceremony, for everybody.
    case transcript
    /// That the file of a ceremony was rehearsed, signed by a key of the rehearsal.
    case rehearsal
  }

  /// The most octets of a document: the transcript of two hundred authorities within the record of
  /// its rehearsal, with room to spare.
  package static let octetsMax = 4 * 1024 * 1024

  /// What it says.
  package let body: JSONValue
  /// The note over it.
  package let note: SignedNote
  /// The file.
  package let encoded: [UInt8]
  /// The estate that the note names, as `test estate NAME`.
  private let estateLine: String

  /// Signs a document under the name of the estate's ceremony key.
  ///
  /// - Throws: what the key throws.
  package init(
    _ kind: Kind, _ body: JSONValue, estate: Estate, key: some SigningKey
  ) throws {
    let line = body.canonical + [0x0A]
    estateLine = Self.line(estate)
    note = try SignedNote(text: Self.text(kind, estateLine, Digest.sha256(line)))
      .signed(by: key, as: estate.ceremonyOrigin)
    self.body = body
    encoded = line + Array(note.encoded.utf8)
  }

  /// Reads a document; its signature is not verified yet.
  ///
  /// - Throws: `signed-document-form` when one octet is other than this program would write it.
  package init(_ kind: Kind, parsing octets: [UInt8]) throws(Refusal) {
    guard octets.count <= Self.octetsMax, let end = octets.firstIndex(of: 0x0A) else {
      throw .signedDocumentForm(kind, "no line of JSON, or more than \(Self.octetsMax) octets")
    }
    let line = octets[...end]
    do {
      body = try JSONValue(parsing: line)
      note = try SignedNote(octets[(end + 1)...])
    } catch let error as JSONError {
      throw .signedDocumentForm(kind, "\(error.place): expected \(error.expected)")
    } catch {
      throw .signedDocumentForm(kind, "\(error)")
    }
    let words = note.text.split(separator: "\n", omittingEmptySubsequences: false)
    guard words.count == 4, line.elementsEqual(body.canonical + [0x0A]),
      octets[(end + 1)...].elementsEqual(note.encoded.utf8), note.signatures.count == 1,
      note.text == Self.text(kind, String(words[1]), Digest.sha256(line))
    else {
      throw .signedDocumentForm(kind, "a note that is not the one over the first line")
    }
    estateLine = String(words[1])
    encoded = octets
  }

  /// SHA-256 of the whole file.
  package var digest: [UInt8] { Digest.sha256(encoded) }

  /// Verifies the signature, and that the note names the estate.
  ///
  /// - Throws: `signed-document-signature`.
  package func verify(_ kind: Kind, by key: NoteKey, of estate: Estate) throws(Refusal) {
    do {
      try note.verify([key])
    } catch {
      throw .signedDocumentSignature(kind, "\(error)")
    }
    guard estateLine == Self.line(estate) else {
      throw .signedDocumentSignature(kind, "a note of the \(estateLine)")
    }
  }

  private static func line(_ estate: Estate) -> String {
    "\(estate.kind.rawValue) estate \(estate.name)"
  }

  private static func text(_ kind: Kind, _ estate: String, _ digest: [UInt8]) -> String {
    "smki ceremony \(kind.rawValue) 1\n\(estate)\n\(Hex.encode(digest).lowercased())\n"
  }
}

extension Estate {
  /// The name of the estate's ceremony key in notes: one word, as the names of note keys are.
  package var ceremonyOrigin: String {
    "smki/" + name.split { $0.isWhitespace || $0 == "+" }.joined(separator: "-") + "/ceremony"
  }
}
