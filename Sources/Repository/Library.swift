// SPDX-License-Identifier: Apache-2.0

package import Audit
package import DER
import Keys
package import Records
package import SEC

/// The documents of the Repository: all versions, each with who lodged it and why (L5.1).
package struct Library: Sendable {
  private let records: Records

  /// The documents that these records hold.
  package init(records: Records) {
    self.records = records
  }

  /// What is handed in.
  package struct Submission: Sendable {
    /// What it is.
    package let kind: DocumentKind
    /// The version and title as the document has them.
    package let version, title: String
    /// The end of the file's name, which says the media type.
    package let fileEnding: String
    /// The instruction, the reason, or for whom it is lodged after which check; may be empty.
    package let reason: String
    package let octets: [UInt8]

    /// A submission, whole.
    package init(
      kind: DocumentKind, version: String, title: String, fileEnding: String, reason: String,
      octets: [UInt8]
    ) {
      self.kind = kind
      self.version = version
      self.title = title
      self.fileEnding = fileEnding
      self.reason = reason
      self.octets = octets
    }
  }

  /// L5.3, L5.4: lodges a version of a document; the same version with the same octets again is
  /// answered as the first time.
  ///
  /// - Throws: a refusal of the lodger, of the form, or of a version that is taken.
  package func lodge(
    _ submission: Submission, for proxy: Document.Proxy? = nil, at moment: Time, by actor: Actor
  ) throws -> Document {
    let document = try Self.document(submission, for: proxy, at: moment, by: actor)
    if let standing = try find(document.kind, document.version) {
      guard standing.digest == document.digest else { throw Refusal.versionTaken(standing) }
      return standing
    }
    try records.write(Self.entry(lodging: document, at: moment, by: actor)) { transaction in
      try LibraryRecords.keep(document, submission.octets, in: transaction)
    }
    return document
  }

  /// L5.3(b): lodges a version in the transaction of a decision; one that is there is refused.
  ///
  /// - Throws: `version-taken`.
  package static func lodge(
    _ document: Document, _ octets: [UInt8], in transaction: Transaction
  ) throws {
    let standing = try LibraryRecords.documents(in: transaction).first {
      $0.kind == document.kind && $0.version == document.version
    }
    if let standing { throw Refusal.versionTaken(standing) }
    try LibraryRecords.keep(document, octets, in: transaction)
  }

  /// The entry of a lodging.
  package static func entry(
    lodging document: Document, at moment: Time, by actor: Actor
  ) -> Entry {
    var facts = [
      "kind": document.kind.rawValue, "version": document.version,
      "sha256": Hex.encode(document.digest), "reason": document.reason,
      // L5.7: by this, what is owed after an incorporation is found to be done.
      "subject": "\(document.kind.shortTitle) \(document.version)",
    ]
    if let proxy = document.proxy {
      facts["asked-by"] = "\(proxy.person) of \(proxy.party)"
      facts["check"] = "call \(proxy.call), \(proxy.check)"
    }
    return Entry(
      actor, "document-lodged", clause: document.kind.clause, at: moment, facts: facts)
  }

  /// L5.3, L5.4: what is lodged, when the lodger may and the form is right.
  ///
  /// - Throws: a refusal of the lodger, or of the form.
  package static func document(
    _ submission: Submission, for proxy: Document.Proxy? = nil, at moment: Time, by actor: Actor
  ) throws(Refusal) -> Document {
    let mediaType = try checkForm(of: submission, for: proxy, by: actor)
    guard !submission.octets.isEmpty, submission.octets.count <= Document.octetsMax else {
      throw .documentForm(
        "document", "1 to \(Document.octetsMax) octets", "\(submission.octets.count)")
    }
    return Document(
      kind: submission.kind, version: submission.version, title: submission.title,
      mediaType: mediaType, size: submission.octets.count,
      digest: Digest.sha256(submission.octets), lodged: moment, lodgedBy: actor.name,
      role: actor.role.rawValue, reason: submission.reason, proxy: proxy)
  }

  /// Whether a version of a document is lodged.
  package static func holds(
    _ kind: DocumentKind, version: String, in reading: some Querying
  ) throws -> Bool {
    try LibraryRecords.documents(in: reading).contains {
      $0.kind == kind && $0.version == version
    }
  }

  /// Every version of every document, by kind and time.
  package func documents() throws -> [Document] {
    try records.read { try LibraryRecords.documents(in: $0) }
  }

  /// One version, or the latest when none is named.
  ///
  /// - Throws: `document-not-found`.
  package func document(_ kind: DocumentKind, version: String?) throws -> Document {
    let all = try records.read { try LibraryRecords.documents(in: $0) }.filter { $0.kind == kind }
    guard let document = version.map({ name in all.first { $0.version == name } }) ?? all.last
    else { throw Refusal.documentNotFound(kind, version) }
    return document
  }

  /// L5.5, L5.6, L5.11: a document's octets for somebody who may read it, with the purpose stated;
  /// who read what for which purpose stands in the audit.
  ///
  /// - Throws: `purpose-missing`.
  package func read(
    _ document: Document, for purpose: String, at moment: Time, by reader: Actor
  ) throws -> [UInt8] {
    let purpose = purpose.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard (3...200).contains(purpose.utf8.count) else { throw Refusal.purposeMissing(document) }
    let entry = Entry(
      reader, "document-read", clause: "L5.11", at: moment,
      facts: [
        "kind": document.kind.rawValue, "version": document.version, "purpose": purpose,
      ])
    guard let octets = try records.read({ try LibraryRecords.octets(of: document, in: $0) }) else {
      throw DatabaseError.damaged("document_content")
    }
    try records.write(entry) { _ in }
    return octets
  }

  private func find(_ kind: DocumentKind, _ version: String) throws -> Document? {
    try records.read { try LibraryRecords.documents(in: $0) }
      .first { $0.kind == kind && $0.version == version }
  }

  /// L5.3, L5.4: for whom somebody lodges, or nil for everybody else.
  private static func lodger(_ actor: Actor) -> DocumentKind.Lodger? {
    switch actor.role {
    case .operatorOfSystem: .dcc
    case .secretariat: .pma
    case .registrationOfficer, .authorisedResponsibleOfficer, .system, .reader, .node: nil
    }
  }

  /// L5.3, L5.4: the lodger and the form of what is to be handed in, its octets apart.
  ///
  /// - Returns: its media type.
  /// - Throws: a refusal of the lodger, or of the form.
  @discardableResult
  package static func checkForm(
    of submission: Submission, for proxy: Document.Proxy? = nil, by actor: Actor
  ) throws(Refusal) -> String {
    guard let lodger = lodger(actor) else { throw .mayNotLodge(actor) }
    // L5.3(b): the SMKI PMA lodges what is its own; what only the DCC may choose it may not, nor
    // may the DCC at its request.
    guard lodger == .dcc && proxy == nil || submission.kind != .chosenByDCC else {
      throw .mayNotLodge(actor)
    }
    let version = submission.version.utf8
    let isVersion =
      (1...20).contains(version.count)
      && version.allSatisfy { byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == 45 || byte == 46
      }
    guard isVersion else {
      throw .documentForm(
        "version", "1 to 20 letters, digits, dots and hyphens", submission.version)
    }
    guard (3...200).contains(submission.title.utf8.count) else {
      throw .documentForm("title", "3 to 200 octets", "\(submission.title.utf8.count)")
    }
    guard let mediaType = Document.mediaTypes[submission.fileEnding.lowercased()] else {
      throw .documentForm(
        "file", "a name that ends in \(Document.mediaTypes.keys.sorted().joined(separator: ", "))",
        submission.fileEnding)
    }
    guard !submission.kind.needsReason || submission.reason.utf8.count >= 3 else {
      throw .documentReason(submission.kind)
    }
    return mediaType
  }
}
