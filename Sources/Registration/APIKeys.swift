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
  /// L5.5(a): the purpose of the Code for which it was given, or nil when each request states its
  /// own.
  package let purpose: String?

  /// Whether it opens the Repository at a moment.
  package func isInForce(at moment: Time) -> Bool {
    until.map { moment < $0 } ?? true
  }
}

/// Somebody who reads the Repository, and for which purpose of the Code (L5.5(a), L5.11).
package struct RepositoryReader: Hashable, Sendable {
  /// Who it is.
  package let actor: Actor
  /// Why: as the request states it, or else as it was declared beforehand.
  package let purpose: String

  /// A reader with a purpose.
  package init(_ actor: Actor, for purpose: String) {
    self.actor = actor
    self.purpose = purpose
  }

  /// Octets of a purpose [assumed].
  package static let purposeOctets = 3...200

  /// L5.11: what somebody states as the purpose, with single blanks; nil when it is none.
  package static func purpose(_ text: String?) -> String? {
    let words = (text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return purposeOctets.contains(words.utf8.count) ? words : nil
  }
}

/// The API keys by which readers reach the Repository (P3-App-B-api-key).
extension Registration {
  /// P3-App-B-api-key: registers the SHA-256 of a key for a party; the key itself is not kept.
  ///
  /// It no longer opens the Repository from `until` on; nil is until it is withdrawn. `purpose` is
  /// what it is for (L5.5(a)); nil has each request state one.
  ///
  /// - Throws: `purpose-not-stated`, `party-unknown`, `entry-tests-open`, `api-key-taken`, and
  ///   those of a reader who may not read.
  package func addAPIKey(
    _ key: String, of party: String, label: String, for purpose: String?, until: Time? = nil,
    at moment: Time, by actor: Actor
  ) throws {
    let hash = Digest.sha256(Array(key.utf8))
    var facts = ["party": party, "label": label]
    let words = RepositoryReader.purpose(purpose)
    guard purpose == nil || words != nil else { throw Refusal.readerPurposeMissing(label) }
    if let words { facts["purpose"] = words }
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
        APIKey(
          hash: hash, party: party, label: label, since: moment, until: until, purpose: words),
        in: transaction)
      if let words {
        try transaction.keep(RegistrationRecords.keyPurpose, [.blob(hash), .text(words)])
      }
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
          APIKey(
            hash: key.hash, party: party, label: label, since: key.since, until: moment,
            purpose: key.purpose), in: transaction)
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
  ///   `partyHasLeft`; `readerPurposeMissing` when neither the key nor the request has a purpose
  ///   (L5.11).
  package func reader(
    apiKey: String?, stating stated: String? = nil, at moment: Time
  ) throws -> RepositoryReader {
    let hash = Digest.sha256(Array((apiKey ?? "").utf8))
    let (key, isFirst) = try records.read { reading in
      let key = try Self.apiKey(hash: hash, in: reading)
      guard let key, key.isInForce(at: moment) else { throw Refusal.apiKeyUnknown(apiKey == nil) }
      try checkReader(of: key.party, at: moment, in: reading)
      return (key, try Self.firstAccess(of: key.party, in: reading) == nil)
    }
    guard let purpose = RepositoryReader.purpose(stated) ?? key.purpose else {
      throw Refusal.readerPurposeMissing(key.label)
    }
    let actor = Actor(name: key.label, role: .reader, party: key.party)
    if isFirst { noteAccess(of: key.party, at: moment, by: actor) }
    return RepositoryReader(actor, for: purpose)
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

  private static let keys: SQL =
    """
    SELECT api_key.hash AS hash, party, label, since, revoked, purpose FROM api_key
    LEFT JOIN api_key_purpose ON api_key_purpose.hash = api_key.hash
    """

  private static func apiKeys(in reading: some Querying) throws -> [APIKey] {
    try reading.query("\(keys) ORDER BY party, label, since").map(apiKey(from:))
  }

  private static func apiKey(hash: [UInt8], in reading: some Querying) throws -> APIKey? {
    try reading.first("\(keys) WHERE api_key.hash = \(hash)").map(apiKey(from:))
  }

  private static func apiKey(from row: Row) throws -> APIKey {
    APIKey(
      hash: try row.blob("hash"), party: try row.text("party"), label: try row.text("label"),
      since: try row.time("since"), until: try row.optionalTime("revoked"),
      purpose: try row.optionalText("purpose"))
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
