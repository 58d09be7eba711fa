// SPDX-License-Identifier: Apache-2.0

package import DER
package import Keys

/// Text with signatures below it (C2SP signed-note).
package struct SignedNote: Hashable, Sendable {
  /// The most octets of a note: room for 16 signatures of the largest kind, 5 kB each.
  package static let octetsMax = 131_072
  /// The most signatures of a note; the specification asks for 16 at least.
  package static let signaturesMax = 100

  /// One line under the text.
  package struct Signature: Hashable, Sendable {
    /// Who is said to have signed.
    package let name: String
    /// Which key of that name.
    package let id: UInt32
    /// The signature itself; its form depends on the key.
    package let octets: [UInt8]
  }

  /// The text that is signed, with its final newline.
  package let text: String
  /// In the order of the note.
  package private(set) var signatures: [Signature]

  /// Text without signatures yet.
  ///
  /// - Throws: `malformedNote` when it does not end in a newline or has other control characters.
  package init(text: String) throws(AuditError) {
    guard text.utf8.last == 0x0A, text.utf8.allSatisfy({ $0 >= 0x20 || $0 == 0x0A }) else {
      throw AuditError(.malformedNote, "text without final newline, or with control characters")
    }
    self.text = text
    signatures = []
  }

  /// Reads a note; signatures are read, not verified.
  ///
  /// - Parameters:
  ///   - bytes: the note.
  ///   - octetsMax: the most octets that are taken.
  /// - Throws: `malformedNote`.
  package init(
    _ bytes: some Collection<UInt8>, octetsMax: Int = SignedNote.octetsMax
  ) throws(AuditError) {
    guard bytes.count <= octetsMax, let note = String(validating: bytes, as: UTF8.self) else {
      throw AuditError(.malformedNote, "too long, or not UTF-8")
    }
    let octets = Array(note.utf8)
    guard octets.last == 0x0A,
      let blank = octets.indices.dropFirst().last(where: {
        octets[$0] == 0x0A && octets[$0 - 1] == 0x0A
      })
    else { throw AuditError(.malformedNote, "no empty line before the signatures") }
    try self.init(text: String(decoding: octets[..<blank], as: UTF8.self))
    let lines = octets[(blank + 1)...].dropLast()
      .split(separator: 0x0A, omittingEmptySubsequences: false)
    guard !octets[(blank + 1)...].isEmpty, lines.count <= Self.signaturesMax else {
      throw AuditError(.malformedNote, "no signatures, or more than \(Self.signaturesMax)")
    }
    for line in lines { signatures.append(try Signature(line: line)) }
  }

  /// The whole note.
  package var encoded: String {
    text + "\n" + signatures.map(\.line).joined()
  }

  /// The same note with a signature of this key in place of its earlier one.
  ///
  /// - Throws: `signatureInvalid` when the key signs what its public half does not verify; what
  ///   the key throws.
  package func signed(by key: some SigningKey, as name: String) throws -> SignedNote {
    let noteKey = try NoteKey(name, key.publicKey)
    return try adding(try key.sign(Array(text.utf8)), of: noteKey)
  }

  /// The same note with a witness's signature: it saw this tree at this time.
  ///
  /// - Throws: as `signed(by:as:)`.
  package func cosigned(
    by key: some SigningKey, as name: String, at time: Time
  ) throws -> SignedNote {
    let noteKey = try NoteKey(name, key.publicKey, kind: .cosignature)
    let seconds = UInt64(max(0, time.seconds))
    let stamp = (0..<8).reversed().map { UInt8(truncatingIfNeeded: seconds >> ($0 * 8)) }
    return try adding(stamp + key.sign(Self.seen(text, at: seconds)), of: noteKey)
  }

  /// The same note with a line that somebody else has signed; it is read, not verified.
  ///
  /// - Throws: `malformedNote`.
  package func with(signatureLine line: String) throws(AuditError) -> SignedNote {
    var octets = Array(line.utf8)[...]
    if octets.last == 0x0A { octets.removeLast() }
    let signature = try Signature(line: octets)
    var note = self
    note.signatures.removeAll { $0.name == signature.name && $0.id == signature.id }
    note.signatures.append(signature)
    return note
  }

  /// Verifies the signatures of the keys that are known and passes over the others.
  ///
  /// - Returns: the keys that signed.
  /// - Throws: `signatureInvalid` when a known key's signature is wrong, or no known key signed.
  @discardableResult
  package func verify(_ keys: some Collection<NoteKey>) throws(AuditError) -> [NoteKey] {
    var signers: [NoteKey] = []
    for signature in signatures {
      for key in keys where key.name == signature.name && key.id == signature.id {
        guard isValid(signature.octets, of: key) else {
          throw AuditError(.signatureInvalid, "the signature of \(key)")
        }
        if !signers.contains(key) { signers.append(key) }
      }
    }
    guard !signers.isEmpty else {
      throw AuditError(
        .signatureInvalid, "signed by \(signatures.map(\.name)), none of them known")
    }
    return signers
  }

  private func adding(_ octets: [UInt8], of key: NoteKey) throws(AuditError) -> SignedNote {
    // A signer that is broken must not spoil the note that others rely on.
    guard isValid(octets, of: key) else {
      throw AuditError(.signatureInvalid, "the key \(key) does not verify what it signed")
    }
    var note = self
    note.signatures.removeAll { $0.name == key.name && $0.id == key.id }
    note.signatures.append(Signature(name: key.name, id: key.id, octets: octets))
    return note
  }

  private func isValid(_ octets: [UInt8], of key: NoteKey) -> Bool {
    let publicKey = PublicKey.ed25519(key.publicKey)
    switch key.kind {
    case .ed25519:
      return publicKey.isValid(octets, over: Array(text.utf8))
    case .cosignature:
      guard octets.count == 72 else { return false }
      let seconds = octets.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      return seconds < 1 << 63
        && publicKey.isValid(octets.dropFirst(8), over: Self.seen(text, at: seconds))
    }
  }

  /// What a witness signs (C2SP tlog-cosignature, Ed25519 signed message).
  private static func seen(_ text: String, at seconds: UInt64) -> [UInt8] {
    Array("cosignature/v1\ntime \(seconds)\n\(text)".utf8)
  }
}

extension SignedNote.Signature {
  /// Reads a line without its newline.
  fileprivate init(line: ArraySlice<UInt8>) throws(AuditError) {
    let refusal = AuditError(.malformedNote, "a line that is no signature")
    let dash = Array("— ".utf8)
    guard line.starts(with: dash), let space = line.dropFirst(dash.count).firstIndex(of: 0x20)
    else { throw refusal }
    let name = String(decoding: line[(line.startIndex + dash.count)..<space], as: UTF8.self)
    guard NoteKey.isName(name), let octets = Base64.decode(line[(space + 1)...]), octets.count > 4
    else { throw refusal }
    self.name = name
    id = octets.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    self.octets = Array(octets.dropFirst(4))
  }

  /// The line with its newline.
  fileprivate var line: String {
    let id = (0..<4).reversed().map { UInt8(truncatingIfNeeded: self.id >> ($0 * 8)) }
    return "— \(name) \(Base64.encode(id + octets))\n"
  }
}
