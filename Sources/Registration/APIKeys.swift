// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Enrolment
import EntryTesting
import Keys
import Parties
import Records
package import SEC

/// A key by which a reader reaches the Repository; the key itself is nowhere kept.
package struct APIKey: Hashable, Sendable {
  /// The SHA-256 of the key.
  package let hash: [UInt8]
  /// Whose reader it is.
  package let party: String
  /// The reader's name in the audit and the access log.
  package let label: String
  /// Since when it opens the Repository.
  package let since: Time
  /// From when on it no longer does, or nil while nobody has said.
  package let until: Time?

  /// Whether it opens the Repository at a moment.
  package func isInForce(at moment: Time) -> Bool {
    until.map { moment < $0 } ?? true
  }
}

/// The API keys by which readers reach the Repository (P3-App-B-api-key).
extension Registration {
  /// P3-App-B-api-key: registers the SHA-256 of a key for a party; the key itself is not kept.
  ///
  /// It no longer opens the Repository from `until` on; nil is until it is withdrawn.
  package func addAPIKey(
    _ key: String, of party: String, label: String, until: Time? = nil, at moment: Time,
    by actor: Actor
  ) throws {
    let hash = Digest.sha256(Array(key.utf8))
    var facts = ["party": party, "label": label]
    if let until { facts["until"] = until.rfc3339 }
    let entry = Entry(actor, "api-key-added", clause: "P3-App-B-api-key", at: moment, facts: facts)
    try records.write(entry) { transaction in
      guard try self.register.party(party) != nil else { throw Refusal.partyUnknown(party) }
      try checkReader(of: party, at: moment, in: transaction)
      guard try entryTests.completion(of: .repository, by: party) != nil else {
        throw Refusal.entryTestsOpen(party, .repository)
      }
      guard try Self.apiKey(hash: hash, in: transaction) == nil else { throw Refusal.apiKeyTaken() }
      try Self.keep(
        APIKey(hash: hash, party: party, label: label, since: moment, until: until), in: transaction
      )
    }
  }

  /// P3-App-B-api-key: withdraws every key that a reader of a party has.
  ///
  /// - Throws: `apiKeyNotFound` when none is in force.
  package func withdrawAPIKeys(
    of party: String, label: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "api-key-withdrawn", clause: "P3-App-B-api-key", at: moment,
      facts: ["party": party, "label": label])
    try records.write(entry) { transaction in
      let keys = try Self.apiKeys(in: transaction).filter {
        $0.party == party && $0.label == label && $0.isInForce(at: moment)
      }
      guard !keys.isEmpty else { throw Refusal.apiKeyNotFound(label, party) }
      for key in keys {
        try Self.keep(
          APIKey(hash: key.hash, party: party, label: label, since: key.since, until: moment),
          in: transaction)
      }
    }
  }

  /// P3-App-B-api-key: the reader whose key this is.
  ///
  /// A suspended party's reader is one all the same: its suspension is from the SMKI Services, and
  /// the Repository is none of them (L2.14(b), L5.5(a)).
  ///
  /// - Throws: `apiKeyUnknown`, also for a key that was withdrawn or is past its end;
  ///   `agreementOpen` while the Relying Party Agreement in force is not accepted (C3-126-2);
  ///   `partyHasLeft`.
  package func reader(apiKey: String?, at moment: Time) throws -> Actor {
    let hash = Digest.sha256(Array((apiKey ?? "").utf8))
    let (key, isFirst) = try records.read { reading in
      let key = try Self.apiKey(hash: hash, in: reading)
      guard let key, key.isInForce(at: moment) else { throw Refusal.apiKeyUnknown(apiKey == nil) }
      try checkReader(of: key.party, at: moment, in: reading)
      return (key, try Self.firstAccess(of: key.party, in: reading) == nil)
    }
    let actor = Actor(name: key.label, role: .reader, party: key.party)
    if isFirst { noteAccess(of: key.party, at: moment, by: actor) }
    return actor
  }

  func checkReader(
    of party: String, at moment: Time, in reading: some Querying
  ) throws {
    if let left = try Register.membership(of: party, in: reading)?.left {
      throw Refusal.partyHasLeft(party, left)
    }
    if let open = try Enrolment.openAgreement(.relyingParty, of: party, at: moment, in: reading) {
      throw Refusal.agreementOpen(party, open)
    }
  }

  /// C3-LT33-M8: when a party first looked into the Repository, or nil.
  static func firstAccess(of party: String, in reading: some Querying) throws -> Time? {
    try reading.first("SELECT first FROM repository_access WHERE party = \(party)")?.time("first")
  }

  /// C3-LT33-M8: keeps when a party first looked into the Repository; reading goes on without it.
  private func noteAccess(of party: String, at moment: Time, by actor: Actor) {
    let entry = Entry(
      actor, "repository-first-accessed", clause: "C3-LT33-M8", at: moment,
      facts: ["party": party])
    try? records.write(entry) { transaction in
      try transaction.keep(
        RegistrationRecords.access, [.text(party), .int(moment.milliseconds)])
    }
  }

  /// Every key that was ever given, by party and label.
  package func apiKeys() throws -> [APIKey] {
    try records.read { try Self.apiKeys(in: $0) }
  }

  private static func apiKeys(in reading: some Querying) throws -> [APIKey] {
    try reading.query(
      "SELECT hash, party, label, since, revoked FROM api_key ORDER BY party, label, since"
    ).map(apiKey(from:))
  }

  private static func apiKey(hash: [UInt8], in reading: some Querying) throws -> APIKey? {
    try reading.first(
      "SELECT hash, party, label, since, revoked FROM api_key WHERE hash = \(hash)"
    ).map(apiKey(from:))
  }

  private static func apiKey(from row: Row) throws -> APIKey {
    APIKey(
      hash: try row.blob("hash"), party: try row.text("party"), label: try row.text("label"),
      since: try row.time("since"), until: try row.optionalTime("revoked"))
  }

  private static func keep(_ key: APIKey, in transaction: Transaction) throws {
    try transaction.keep(
      RegistrationRecords.apiKey,
      [
        .blob(key.hash), .text(key.party), .text(key.label), .int(key.since.milliseconds),
        key.until.map { .int($0.milliseconds) } ?? .null,
      ])
  }
}
