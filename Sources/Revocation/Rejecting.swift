// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
import Registration
import Repository
package import SEC

/// L11.7: a subscriber's no to a certificate that it was given: who, for whom, and why.
package struct Rejection: Hashable, Sendable {
  /// The certificate, 16 octets.
  package let serial: [UInt8]
  /// The party whose certificate it is, and the person of the party who says so.
  package let party: String
  package let person: String
  package let reason: String
  /// How it was made sure that it is that person.
  package let verification: String

  /// A rejection, whole.
  package init(
    serial: [UInt8], party: String, person: String, reason: String, verification: String
  ) {
    self.serial = serial
    self.party = party
    self.person = person
    self.reason = reason
    self.verification = verification
  }
}

extension Revocation {
  /// M8-2.3.1.5, L11.7: the request becomes rejected and its certificate is revoked, both or
  /// neither.
  ///
  /// - Parameters:
  ///   - rejection: who rejects what, and why.
  ///   - moment: now.
  ///   - actor: who enters it: the person, or an officer to whom the person told it.
  /// - Returns: the revocation, done.
  /// - Throws: `rejection-without-reason`, `organisation-case-unknown`, `organisation-case-state`
  ///   once it is deemed accepted, `revoked-already`.
  package func reject(
    _ rejection: Rejection, at moment: Time, by actor: Actor
  ) throws -> RevocationRequest {
    let serial = Hex.encode(rejection.serial)
    let entry = Entry(
      actor, "certificate-rejected", clause: "M8-2.3.1.5", at: moment,
      facts: ["serial": serial, "party": rejection.party, "person": rejection.person])
    return try records.write(entry) { transaction in
      try Registration.rejectOrganisation(
        serial: serial, of: rejection.party, because: rejection.reason, at: moment,
        in: transaction)
      return try Self.reject(rejection, at: moment, by: actor, in: transaction)
    }
  }

  /// M8-2.3.1.5: revokes a certificate that its subscriber rejected, in the transaction that
  /// records the rejection.
  ///
  /// - Throws: `rejected-by-other`, and as `request`.
  package static func reject(
    _ rejection: Rejection, at moment: Time, by actor: Actor, in transaction: Transaction
  ) throws -> RevocationRequest {
    let certificate = try revocable(rejection.serial, in: transaction)
    guard certificate.party == rejection.party else {
      throw Refusal.rejectedByOther(rejection.party)
    }
    let request = RevocationRequest(
      id: try RevocationRecords.nextID(of: .request, in: transaction),
      serial: Hex.encode(rejection.serial), party: rejection.party, ground: .rejected,
      asker: Asker(
        name: rejection.person, capacity: .authorisedResponsibleOfficer, party: rejection.party),
      evidence: rejection.reason, enteredBy: actor.name, entered: moment, state: .revoked,
      verification: rejection.verification, decidedBy: actor.name, decided: moment)
    try RevocationRecords.keep(request, in: transaction)
    try revoke(request, at: moment, in: transaction)
    return request
  }
}
