// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Keys
import Parties
package import Records
package import SEC

extension Registration {
  /// M8-AppG-iki-csr: registers a credential in the transaction that lodges its certificate.
  package static func add(_ credential: SystemCredential, in transaction: Transaction) throws {
    try keep(credential, in: transaction)
  }

  /// M8-AppG-iki-csr: refuses a name that the party has at this interface already.
  package static func checkName(
    _ name: String, of party: String, for interface: Interface, at moment: Time,
    in reading: some Querying
  ) throws {
    let taken = try RegistrationRecords.credentials(in: reading).first {
      $0.party == party && $0.interface == interface && $0.name == name && $0.revoked == nil
        && $0.isValid(at: moment)
    }
    if let taken { throw Refusal.credentialNameTaken(taken) }
  }

  /// ICP-revocation: revokes a credential in the transaction that puts it on the list; it is
  /// refused at its next request.
  package static func revokeCredential(
    serial: String, at moment: Time, in transaction: Transaction
  ) throws {
    guard let credential = try RegistrationRecords.credential(serial: serial, in: transaction)
    else { throw Refusal.credentialNotFound(serial) }
    if let revoked = credential.revoked { throw Refusal.credentialRevoked(credential, revoked) }
    try keep(
      SystemCredential(
        serial: credential.serial, party: credential.party, interface: credential.interface,
        name: credential.name, fingerprint: credential.fingerprint,
        notAfter: credential.notAfter, revoked: moment),
      in: transaction)
  }

  /// Every credential by serial number, as one reading or transaction sees them.
  package static func credential(
    serial: String, in reading: some Querying
  ) throws -> SystemCredential? {
    try RegistrationRecords.credential(serial: serial, in: reading)
  }

  /// Every credential, by party and interface.
  package func credentials() throws -> [SystemCredential] {
    try records.read { try RegistrationRecords.credentials(in: $0) }
  }

  private static func keep(_ credential: SystemCredential, in transaction: Transaction) throws {
    try transaction.keep(
      RegistrationRecords.credential,
      [
        .text(credential.serial), .text(credential.party), .text(credential.interface.rawValue),
        .text(credential.name), .blob(credential.fingerprint),
        .int(credential.notAfter.milliseconds),
        credential.revoked.map { .int($0.milliseconds) } ?? .null,
      ])
  }
}

/// The API keys by which readers reach the Repository (P3-App-B-api-key).
extension Registration {
  /// P3-App-B-api-key: registers the SHA-256 of a key for a party; the key itself is not kept.
  package func addAPIKey(
    _ key: String, of party: String, label: String, at moment: Time, by actor: Actor
  ) throws {
    let hash = Digest.sha256(Array(key.utf8))
    let entry = Entry(
      actor, "api-key-added", clause: "P3-App-B-api-key", at: moment,
      facts: ["party": party, "label": label])
    try records.write(entry) { transaction in
      guard try self.register.party(party) != nil else { throw Refusal.partyUnknown(party) }
      try transaction.keep(
        RegistrationRecords.apiKey,
        [.blob(hash), .text(party), .text(label), .int(moment.milliseconds), .null])
    }
  }

  /// P3-App-B-api-key: the reader whose key this is.
  ///
  /// - Throws: `apiKeyUnknown`, also for a revoked key.
  package func reader(apiKey: String?) throws -> Actor {
    let hash = Digest.sha256(Array((apiKey ?? "").utf8))
    let row = try records.read {
      try $0.first("SELECT party, label FROM api_key WHERE hash = \(hash) AND revoked IS NULL")
    }
    guard let row else { throw Refusal.apiKeyUnknown(apiKey == nil) }
    return Actor(name: try row.text("label"), role: .reader, party: try row.text("party"))
  }
}
