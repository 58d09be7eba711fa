// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Keys
import Records
import Repository
import SEC
import TestEstate
import Testing

@Suite("Documents: every version, who lodged it, who read it and why")
struct LibraryTests {
  let estate: TestEstate
  let library: Library
  static let secretariat = Actor(name: "Mary Somerville", role: .secretariat)
  static let reader = Actor(name: "reader", role: .reader, party: SampleParty.gas.id)

  init() throws {
    estate = try TestEstate(stock: 1, lanes: 1)
    library = Library(records: estate.records)
  }

  private func submission(
    _ kind: DocumentKind = .rapp, _ version: String = "1.0", title: String = "SMKI RAPP",
    ending: String = "txt", reason: String = "", _ text: String = "one"
  ) -> Library.Submission {
    Library.Submission(
      kind: kind, version: version, title: title, fileEnding: ending, reason: reason,
      octets: Array(text.utf8))
  }

  /// The entries of the audit for an action.
  private func entries(_ action: String) throws -> [Entry] {
    try estate.records.audit.entries(from: 0).map(\.entry).filter { $0.action == action }
  }

  @discardableResult
  private func lodge(
    _ submission: Library.Submission, by actor: Actor = TestEstate.operatorOfSystem
  ) throws -> Document {
    try library.lodge(submission, at: estate.now, by: actor)
  }

  @Test(
    "all versions stay, the latest is found without a name, and the audit has who lodged each",
    .clause("L5.1(e)", "L5.1(f)", "L5.1(g)", "L5.1(h)", "L5.1(i)"),
    arguments: DocumentKind.allCases.filter { !$0.needsReason })
  func versions(kind: DocumentKind) throws {
    for (version, text) in [("1.0", "one"), ("1.1", "two"), ("2.0", "three")] {
      try lodge(submission(kind, version, text))
      estate.now = estate.now.adding(seconds: 60)
    }
    #expect(try library.documents().map(\.version) == ["1.0", "1.1", "2.0"])
    #expect(try library.document(kind, version: nil).version == "2.0")
    let first = try library.document(kind, version: "1.0")
    #expect(first.digest == Digest.sha256(Array("one".utf8)))
    let octets = try library.read(first, for: "a test", at: estate.now, by: Self.reader)
    #expect(octets == Array("one".utf8))
    let entries = try entries("document-lodged")
    #expect(entries.map { $0.facts["version"] } == ["1.0", "1.1", "2.0"])
    #expect(entries.allSatisfy { $0.actor == TestEstate.operatorOfSystem.name })
    #expect(entries.allSatisfy { $0.clause == kind.clause.id })
  }

  private func submission(
    _ kind: DocumentKind, _ version: String, _ text: String
  ) -> Library.Submission {
    submission(kind, version, title: "a title", text)
  }

  @Test("a version with other octets is refused, the same octets are answered again")
  func versionTaken() throws {
    let first = try lodge(submission())
    estate.now = estate.now.adding(seconds: 60)
    #expect(try lodge(submission()) == first)
    #expect(throws: Refusal.versionTaken(first)) { try lodge(submission("other")) }
    #expect(try library.documents().count == 1)
    #expect(try entries("document-lodged").count == 1)
  }

  private func submission(_ text: String) -> Library.Submission {
    submission(.rapp, "1.0", text)
  }

  @Test(
    "the DCC lodges everything, the Secretariat for the SMKI PMA all but the DCC's own choice",
    .clause("L5.3(a)", "L5.3(b)", "L5.10"), arguments: DocumentKind.allCases)
  func lodgers(kind: DocumentKind) throws {
    try lodge(submission(kind, "1", reason: "PMA-7", "a"))
    let second = submission(kind, "2", reason: "PMA-7", "b")
    if kind == .chosenByDCC {
      #expect(throws: Refusal.mayNotLodge(Self.secretariat)) {
        try lodge(second, by: Self.secretariat)
      }
    } else {
      #expect(try lodge(second, by: Self.secretariat).role == "secretariat")
    }
  }

  @Test("nobody else lodges", .clause("L5.4"), arguments: Actor.Role.allCases)
  func others(role: Actor.Role) throws {
    let actor = Actor(name: "somebody", role: role)
    guard role != .operatorOfSystem, role != .secretariat else {
      try lodge(submission(), by: actor)
      return
    }
    #expect(throws: Refusal.mayNotLodge(actor)) { try lodge(submission(), by: actor) }
    #expect(try library.documents().isEmpty)
  }

  @Test(
    "what is there by somebody's choice says by whose", .clause("L5.1(l)", "L5.1(m)"),
    arguments: [DocumentKind.specifiedByPMA, .chosenByDCC])
  func reasons(kind: DocumentKind) throws {
    #expect(throws: Refusal.documentReason(kind)) {
      try lodge(submission(kind, "1", reason: "  ", "a"))
    }
    #expect(try lodge(submission(kind, "1", reason: "PMA-7", "a")).reason == "PMA-7")
  }

  @Test("the form of what is lodged", .clause("L5.1"))
  func form() throws {
    let wrong = [
      submission(.rapp, "", "a"), submission(.rapp, "1/0", "a"), submission(.rapp, "1.0", ""),
      submission(.rapp, String(repeating: "1", count: 21), "a"),
      submission(title: "ab"), submission(title: String(repeating: "a", count: 201)),
      submission(ending: "exe"), submission(ending: ""),
      submission(.rapp, "1.0", String(repeating: "a", count: Document.octetsMax + 1)),
    ]
    for submission in wrong {
      #expect(throws: Refusal.documentForm("", "", "")) { try lodge(submission) }
    }
    try lodge(submission(.rapp, String(repeating: "1", count: 20), "a"))
    try lodge(submission(.rapp, "2", String(repeating: "a", count: Document.octetsMax)))
  }

  @Test("a practice statement is no document of the Repository", .clause("L9.12", "L9.18"))
  func practiceStatements() throws {
    for name in DocumentKind.practiceStatements {
      #expect(throws: Refusal.documentConfidential(name)) { try DocumentKind(named: name) }
    }
    #expect(throws: Refusal.documentForm("", "", "")) { try DocumentKind(named: "poem") }
    #expect(try DocumentKind(named: "rapp") == .rapp)
  }

  @Test("a reader states the purpose, which is kept with what was read", .clause("L5.11"))
  func purposes() throws {
    let document = try lodge(submission())
    for purpose in [
      "", "  ", "ab", " a \n b".replacing("b", with: ""), String(repeating: "a", count: 201),
    ] {
      #expect(throws: Refusal.purposeMissing(document)) {
        try library.read(document, for: purpose, at: estate.now, by: Self.reader)
      }
    }
    #expect(try entries("document-read").isEmpty)
    _ = try library.read(document, for: "review  of\nsection 8", at: estate.now, by: Self.reader)
    let entry = try #require(try entries("document-read").first)
    #expect(entry.facts["purpose"] == "review of section 8")
    #expect(entry.actor == "reader" && entry.clause == "L5.11")
  }

  @Test("what was never lodged is not found", .clause("L5.1"))
  func missing() throws {
    #expect(throws: Refusal.documentNotFound(.rapp, nil)) {
      try library.document(.rapp, version: nil)
    }
    try lodge(submission())
    #expect(throws: Refusal.documentNotFound(.rapp, "9")) {
      try library.document(.rapp, version: "9")
    }
    #expect(try library.document(.rapp, version: nil).version == "1.0")
  }
}
