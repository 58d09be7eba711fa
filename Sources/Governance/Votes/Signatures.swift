// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Keys
package import Records
package import SEC

/// A Member's signature under a decision, made with the Member's own credential.
package struct Signature: Hashable, Sendable {
  /// Who signed, with the credential of which serial number.
  package let person: String
  package let serial: String
  package let octets: [UInt8]
  package let moment: Time
}

/// Decisions are signed with the Members' credentials where they have them.
extension Votes {
  /// L1.15: the serial number of the credential with which a person signs decisions.
  ///
  /// That it is one of this estate and in force is for the door to see.
  ///
  /// - Throws: `person-unknown`.
  package func enrol(
    credential serial: String, of person: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-credential-enrolled", clause: "L1.15", at: moment,
      facts: ["subject": person, "serial": serial])
    try records.write(entry) { transaction in
      guard try GovernanceRecords.people(in: transaction)[person] != nil else {
        throw Refusal.personUnknown(person)
      }
      try transaction.keep(
        GovernanceRecords.credential, [.text(person), .text(serial), .time(moment)])
    }
  }

  /// The credential with which a person signs, or nil.
  package func credential(of person: String) throws -> String? {
    try records.read { try GovernanceRecords.credentials(in: $0)[person] }
  }

  /// What is signed: the decision with its terms, its votes and its reasons, a line each.
  ///
  /// It is made from the records alone and is the same whenever it is made.
  ///
  /// - Throws: `vote-unknown`, `vote-not-closed`.
  package func statement(of id: String) throws -> String {
    try records.read { try Self.statement(of: id, in: $0) }
  }

  /// What is signed, as it stands in a reading.
  ///
  /// - Throws: `vote-unknown`, `vote-not-closed`.
  package static func statement(of id: String, in reading: some Querying) throws -> String {
    let vote = try GovernanceRecords.vote(id, in: reading)
    guard let closed = vote.closed, vote.outcome != .withdrawn else {
      throw Refusal.voteNotClosed(vote)
    }
    var lines = [
      "smki-pma-decision-1", "vote: \(vote.id)", "meeting: \(vote.meeting)",
      "kind: \(vote.kind.rawValue)", "clause: \(vote.kind.clause)", "subject: \(vote.subject)",
      "motion: \(vote.motion)",
    ]
    for (name, value) in try GovernanceRecords.terms(of: id, in: reading)
      .sorted(by: { $0.key < $1.key })
    {
      lines.append("term \(name): \(value)")
    }
    for cast in try GovernanceRecords.casts(of: id, in: reading) {
      lines.append("cast \(cast.seat.rawValue) \(cast.person): \(cast.choice.rawValue)")
    }
    if let casting = try GovernanceRecords.casting(of: id, in: reading) {
      lines.append("casting: \(casting.rawValue)")
    }
    lines += [
      "outcome: \(vote.outcome.rawValue)", "opened: \(vote.opened.rfc3339)",
      "closed: \(closed.rfc3339)", "reasons: \(vote.reasons)",
    ]
    // A line end inside a text would let one line pass for two.
    return lines.map { String($0.map { $0.isNewline ? " " : $0 }) }.joined(separator: "\n") + "\n"
  }

  /// L1.15: takes a Member's signature over the statement of a decision.
  ///
  /// The door has looked the credential's key up.
  ///
  /// - Throws: `vote-not-closed`, `signature-not-valid`, `no-vote`.
  package func sign(
    _ id: String, as person: String, serial: String, _ octets: [UInt8], key: PublicKey,
    at moment: Time, by actor: Actor
  ) throws {
    let statement = try statement(of: id)
    guard key.isValid(octets, over: Array(statement.utf8)) else {
      throw Refusal.signatureNotValid(person, id)
    }
    let entry = Entry(
      actor, "pma-decision-signed", clause: "L1.15", at: moment,
      facts: ["subject": id, "person": person, "serial": serial])
    try records.write(entry) { transaction in
      let vote = try GovernanceRecords.vote(id, in: transaction)
      guard
        try GovernanceRecords.electors(of: id, in: transaction)
          .contains(where: { $0.person == person })
      else { throw Refusal.noVote(person, vote) }
      guard try GovernanceRecords.credentials(in: transaction)[person] == serial else {
        throw Refusal.signatureNotValid(person, id)
      }
      try transaction.keep(
        GovernanceRecords.signature,
        [.text(id), .text(person), .text(serial), .blob(octets), .time(moment)])
    }
  }

  /// Who has signed a decision.
  package func signatures(of id: String) throws -> [Signature] {
    try records.read { try GovernanceRecords.signatures(of: id, in: $0) }
  }

  /// The place in the audit where a decision was computed, or nil while it was not.
  package func place(of id: String) throws -> Int? {
    try records.read {
      try $0.first("SELECT position FROM pma_decided WHERE vote = \(id)")?.int("position")
    }
  }

  /// L1.15: those who voted for it and have a credential have signed before it is carried out.
  func checkSignatures(of vote: Vote, in reading: some Querying) throws {
    guard rules.requiresSignatures else { return }
    let credentials = try GovernanceRecords.credentials(in: reading)
    let inFavour = try GovernanceRecords.casts(of: vote.id, in: reading)
      .filter { $0.choice == .yes }.map(\.person)
    let signed = Set(try GovernanceRecords.signatures(of: vote.id, in: reading).map(\.person))
    let missing = inFavour.filter { credentials[$0] != nil && !signed.contains($0) }
    guard missing.isEmpty else { throw Refusal.signaturesMissing(vote, missing) }
  }
}

/// The tables of what a motion says and of what was signed.
extension GovernanceRecords {
  static let term = kept("pma_term", ["vote", "name"], ["content"])
  static let decided = kept("pma_decided", ["vote"], ["position"])
  static let credential = kept("pma_credential", ["person"], ["serial", "since"])
  static let signature = kept(
    "pma_signature", ["vote", "person"], ["serial", "octets", "moment"])

  static let voteTables = [term, decided, credential, signature]

  static let voteStatements: [SQL] = [
    """
    CREATE TABLE pma_term (
      vote TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY (vote, name))
    """,
    "CREATE TABLE pma_decided (vote TEXT NOT NULL PRIMARY KEY, position BIGINT NOT NULL)",
    """
    CREATE TABLE pma_credential (
      person TEXT NOT NULL PRIMARY KEY, serial TEXT NOT NULL, since BIGINT NOT NULL)
    """,
    """
    CREATE TABLE pma_signature (
      vote TEXT NOT NULL, person TEXT NOT NULL, serial TEXT NOT NULL, octets BLOB NOT NULL,
      moment BIGINT NOT NULL, PRIMARY KEY (vote, person))
    """,
  ]

  static func terms(of vote: String, in reading: some Querying) throws -> [String: String] {
    var terms: [String: String] = [:]
    try reading.each("SELECT name, content FROM pma_term WHERE vote = \(vote) ORDER BY name") {
      row in terms[try row.text("name")] = try row.text("content")
    }
    return terms
  }

  static func credentials(in reading: some Querying) throws -> [String: String] {
    var serials: [String: String] = [:]
    try reading.each("SELECT person, serial FROM pma_credential ORDER BY person") { row in
      serials[try row.text("person")] = try row.text("serial")
    }
    return serials
  }

  static func signatures(of vote: String, in reading: some Querying) throws -> [Signature] {
    try reading.query(
      """
      SELECT person, serial, octets, moment FROM pma_signature WHERE vote = \(vote) ORDER BY person
      """
    ).map { row in
      Signature(
        person: try row.text("person"), serial: try row.text("serial"),
        octets: try row.blob("octets"), moment: try row.time("moment"))
    }
  }
}
