// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
import Registration
import Revocation
package import SEC

/// L11.7: enters that a person of a party rejects a certificate, as told to an officer.
package struct RejectCertificate: ControlRequest {
  /// The serial number, and whether it is an Organisation Certificate.
  package let serial: String
  package let isOfOrganisation: Bool
  /// The person of the party, why, and how it was made sure that it is that person.
  package let person: String
  package let reason: String
  package let verification: String

  package static let name = "certificate-reject"
  package static let role = Actor.Role.registrationOfficer

  /// A rejection to be entered.
  package init(
    serial: String, isOfOrganisation: Bool, person: String, reason: String, verification: String
  ) {
    self.serial = serial
    self.isOfOrganisation = isOfOrganisation
    self.person = person
    self.reason = reason
    self.verification = verification
  }

  package func run(in node: Node, by officer: Actor) throws -> RejectionAnswer {
    let serial = try Control.word(self.serial, Hex.decode, "serial")
    let moment = node.clock()
    let person = try node.registration.enrolment.person(self.person)
    // N4-1-aro: only Authorised Responsible Officers act for their organisation.
    guard person.role == .authorisedResponsibleOfficer, person.isActive(at: moment) else {
      throw Refusal.personNotActive(person.id, person.party)
    }
    guard !verification.allSatisfy(\.isWhitespace) else { throw Refusal.askerNotVerified() }
    guard isOfOrganisation else {
      try node.registration.rejectDevice(
        serial: serial, of: person.party, because: reason, at: moment, by: officer)
      return RejectionAnswer(serial: self.serial, state: "noted", revocation: nil)
    }
    let revoked = try node.revocation.reject(
      Rejection(
        serial: serial, party: person.party, person: person.id, reason: reason,
        verification: verification), at: moment, by: officer)
    node.publishAtOnce()
    return RejectionAnswer(
      serial: revoked.serial, state: revoked.state.rawValue, revocation: revoked.id)
  }
}
