// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Enrolment
import EntryTesting
import Keys
import Parties
import Records
package import SEC

/// A key by which a reader of a party reaches the Repository; only its digest is kept.
package struct APIKey: Hashable, Sendable {
  /// The first 16 hexadecimal digits of the digest: enough to tell keys apart, too few for more.
  package let id: String
  package let party: String
  /// The reader's name in the audit.
  package let label: String
  package let since: Time
  /// When it ends, or nil for one that was given before keys had an end.
  package let expires: Time?
  package let revoked: Time?
}

/// The API keys by which readers reach the Repository (P3-App-B-api-key).
extension Registration {
  /// P3-App-B-api-key: registers the SHA-256 of a key for a party; the key itself is not kept.
  ///
  /// - Throws: `partyUnknown`, `partyHasLeft`, `entryTestsOpen`, `agreementOpen`.
  package func addAPIKey(
    _ key: String, of party: String, label: String, until expires: Time? = nil, at moment: Time,
    by actor: Actor
  ) throws {
    let hash = Digest.sha256(Array(key.utf8))
    let entry = Entry(
      actor, "api-key-added", clause: "P3-App-B-api-key", at: moment,
      facts: ["party": party, "label": label])
    try records.write(entry) { transaction in
      guard try self.register.party(party) != nil else { throw Refusal.partyUnknown(party) }
      if let left = try Register.membership(of: party, in: transaction)?.left {
        throw Refusal.partyHasLeft(party, left)
      }
      guard try entryTests.completion(of: .repository, by: party) != nil else {
        throw Refusal.entryTestsOpen(party, .repository)
      }
      if let open = try Enrolment.openAgreement(
        .relyingParty, of: party, at: moment, in: transaction)
      {
        throw Refusal.agreementOpen(party, open)
      }
      try transaction.keep(
        RegistrationRecords.apiKey,
        [.blob(hash), .text(party), .text(label), .int(moment.milliseconds), .null])
      guard let expires else { return }
      try transaction.keep(
        RegistrationRecords.apiKeyLife, [.blob(hash), .int(expires.milliseconds)])
    }
  }

  /// P3-App-B-api-key: the reader whose key this is.
  ///
  /// - Throws: `apiKeyUnknown`, also for a revoked key; `apiKeyExpired`; `agreementOpen` while the
  ///   Relying Party Agreement in force is not accepted (C3-126-2); `partyHasLeft`.
  package func reader(apiKey: String?, at moment: Time) throws -> Actor {
    let hash = Digest.sha256(Array((apiKey ?? "").utf8))
    let (actor, isNew) = try records.read { reading in
      let row = try reading.first(
        """
        SELECT k.party AS party, k.label AS label, l.expires AS expires, a.first AS first
        FROM api_key k LEFT JOIN api_key_life l ON l.hash = k.hash
          LEFT JOIN repository_access a ON a.party = k.party
        WHERE k.hash = \(hash) AND k.revoked IS NULL
        """)
      guard let row else { throw Refusal.apiKeyUnknown(apiKey == nil) }
      let party = try row.text("party")
      if let expires = try row.optionalTime("expires"), expires <= moment {
        throw Refusal.apiKeyExpired(try row.text("label"), expires)
      }
      if let left = try Register.membership(of: party, in: reading)?.left {
        throw Refusal.partyHasLeft(party, left)
      }
      if let open = try Enrolment.openAgreement(
        .relyingParty, of: party, at: moment, in: reading)
      {
        throw Refusal.agreementOpen(party, open)
      }
      let actor = Actor(name: try row.text("label"), role: .reader, party: party)
      return (actor, try row.optionalTime("first") == nil)
    }
    if isNew, let party = actor.party { noteAccess(of: party, at: moment, by: actor) }
    return actor
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

  /// Revokes a key, by the beginning of its digest; it is refused at its next request.
  package func revokeAPIKey(
    _ id: String, because reason: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "api-key-revoked", clause: "P3-App-B-api-key", at: moment,
      facts: ["key": id, "reason": reason])
    try records.write(entry) { transaction in
      let rows = try transaction.query("SELECT hash, party, label, since, revoked FROM api_key")
        .filter { Hex.encode(try $0.blob("hash")).hasPrefix(id.uppercased()) }
      guard rows.count == 1, id.count >= 8, try rows[0].optionalTime("revoked") == nil else {
        throw Refusal.apiKeyNotFound(id)
      }
      try transaction.keep(
        RegistrationRecords.apiKey,
        [
          .blob(try rows[0].blob("hash")), .text(try rows[0].text("party")),
          .text(try rows[0].text("label")), .int(try rows[0].time("since").milliseconds),
          .int(moment.milliseconds),
        ])
    }
  }

  /// Every API key, by party and label.
  package func apiKeys() throws -> [APIKey] {
    try records.read { reading in
      try reading.query(
        """
        SELECT k.hash AS hash, k.party AS party, k.label AS label, k.since AS since,
          k.revoked AS revoked, l.expires AS expires
        FROM api_key k LEFT JOIN api_key_life l ON l.hash = k.hash ORDER BY k.party, k.label
        """
      ).map { row in
        APIKey(
          id: String(Hex.encode(try row.blob("hash")).prefix(16)), party: try row.text("party"),
          label: try row.text("label"), since: try row.time("since"),
          expires: try row.optionalTime("expires"), revoked: try row.optionalTime("revoked"))
      }
    }
  }
}
