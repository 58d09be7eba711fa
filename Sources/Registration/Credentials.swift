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
    guard let person = credential.person else { return }
    try transaction.keep(
      RegistrationRecords.holder,
      [
        .text(credential.serial), .text(person), credential.token.map { .text($0) } ?? .null,
      ])
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

  /// Revokes a credential; it is refused at its next request.
  package func revokeCredential(
    serial: String, reason: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "credential-revoked", clause: "ICP-revocation", at: moment,
      facts: ["serial": serial, "reason": reason])
    try records.write(entry) { transaction in
      guard
        let credential = try RegistrationRecords.credential(serial: serial, in: transaction)
      else { throw Refusal.credentialNotFound(serial) }
      if let revoked = credential.revoked { throw Refusal.credentialRevoked(credential, revoked) }
      try Self.keep(
        SystemCredential(
          serial: credential.serial, party: credential.party, interface: credential.interface,
          name: credential.name, fingerprint: credential.fingerprint,
          notAfter: credential.notAfter, revoked: moment),
        in: transaction)
    }
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
