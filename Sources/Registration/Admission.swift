// SPDX-License-Identifier: Apache-2.0

package import DER
package import Enrolment
import Keys
import Parties
import Records
package import SEC

/// A system that has shown a valid credential: what it may do, as of one generation of the facts.
package struct AdmittedSystem: Sendable {
  /// The credential that it showed.
  package let credential: SystemCredential
  /// The roles of its party.
  package let roles: Set<UserRole>
  /// The policies under which its party is an Authorised Subscriber.
  package let policies: Set<CertificatePolicyKind>
  /// C3-126-1: the Subscriber Agreement in force that the party has not accepted, or nil.
  package let openAgreement: Agreement?
  /// The moment from which this is to be asked again, as another agreement comes into force or the
  /// person's enrolment ends; nil when nothing is known to change.
  package let until: Time?
  /// The generation of the facts at which this was found (`Standing`).
  package let generation: Int

  /// The actor whom the audit names.
  package var actor: Actor {
    Actor(
      name: credential.person ?? credential.name,
      role: credential.person == nil ? .system : .authorisedResponsibleOfficer,
      party: credential.party)
  }
}

extension Registration {
  /// M8-AppG-iki-csr, C3-116-3: admits the system that holds this IKI certificate, or says why not.
  ///
  /// That the certificate was issued here needs no path: its fingerprint stands in the register.
  ///
  /// - Parameters:
  ///   - certificate: the certificate shown in the handshake, DER.
  ///   - moment: now.
  /// - Returns: the system, as of the facts at this moment.
  /// - Throws: `credentialUnknown`, `credentialRevoked`, `credentialExpired`, `partySuspended`,
  ///   `partyHasLeft`, `personNotActive`, or a failure of the store.
  package func admit(certificate: [UInt8], at moment: Time) throws -> AdmittedSystem {
    let fingerprint = Digest.sha256(certificate)
    return try records.read { reading in
      let generation = try Standing.generation(in: reading)
      guard
        let credential = try RegistrationRecords.credential(
          fingerprint: fingerprint, in: reading)
      else { throw Refusal.credentialUnknown(fingerprint) }
      if let revoked = credential.revoked { throw Refusal.credentialRevoked(credential, revoked) }
      if let suspension = try register.suspension(of: credential.party, at: moment) {
        throw Refusal.partySuspended(suspension)
      }
      guard let party = try register.party(credential.party) else {
        throw Refusal.partyUnknown(credential.party)
      }
      if let left = try register.membership(of: party.id)?.left {
        throw Refusal.partyHasLeft(party.id, left)
      }
      let person = try credential.person.flatMap { try Enrolment.person($0, in: reading) }
      if credential.person != nil, !(person?.isActive(at: moment) ?? false) {
        throw Refusal.personNotActive(credential.person ?? "", party.id)
      }
      let policies = try CertificatePolicyKind.allCases.filter {
        try RegistrationRecords.subscription(of: party.id, policy: $0, in: reading) != nil
      }
      let system = AdmittedSystem(
        credential: credential, roles: party.roles, policies: Set(policies),
        openAgreement: try Enrolment.openAgreement(
          .subscriber, of: party.id, at: moment, in: reading),
        until: [
          person?.expires,
          try Enrolment.nextAgreement(.subscriber, after: moment, in: reading),
        ].compactMap(\.self).min(), generation: generation)
      try checkExpiry(of: system, at: moment)
      return system
    }
  }

  /// The same system as the facts are now: read again only when some fact has changed.
  ///
  /// - Throws: as `admit`.
  package func readmit(
    _ system: AdmittedSystem, certificate: [UInt8], at moment: Time
  ) throws -> AdmittedSystem {
    let generation = try records.read { try Standing.generation(in: $0) }
    guard generation == system.generation, system.until.map({ moment < $0 }) ?? true else {
      return try admit(certificate: certificate, at: moment)
    }
    try checkExpiry(of: system, at: moment)
    return system
  }

  private func checkExpiry(of system: AdmittedSystem, at moment: Time) throws(Refusal) {
    guard system.credential.isValid(at: moment) else {
      throw .credentialExpired(system.credential)
    }
  }
}
