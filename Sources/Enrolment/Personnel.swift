// SPDX-License-Identifier: Apache-2.0

package import DER
import Records
import SEC

/// The Registration Authority's own people: its officers and its manager (M4-ra-revoke-how).
extension Enrolment {
  /// RAPP-5.2, RAPP-5.3: enrols the person of a case that is approved.
  func enrol(
    _ it: Submission, as role: EnrolledPerson.Role, at moment: Time, in transaction: Transaction
  ) throws {
    try EnrolmentRecords.keep(
      EnrolledPerson(
        id: it.person, party: it.party, role: role, application: it.id, since: moment,
        expires: moment.adding(years: terms.personYears), left: nil), in: transaction)
  }

  /// M4-ra-revoke-how: enrols an officer or the manager, whom somebody else approves.
  func enrolPersonnel(
    _ it: Submission, at moment: Time, by officer: Actor, in transaction: Transaction
  ) throws {
    let name = it.answer("officer") ?? ""
    // RAPP-two-people: nobody is enrolled by himself or herself.
    guard name != officer.name else { throw Refusal.samePerson(it, officer) }
    let role = it.answer("position").flatMap(EnrolledPerson.Role.init) ?? .registrationOfficer
    try enrol(it, as: role, at: moment, in: transaction)
    try transaction.keep(EnrolmentRecords.personnel, [.text(name), .text(it.person)])
  }

  /// M4-ra-revoke-how: an officer whose credentials are revoked is no longer enrolled.
  func endPersonnel(_ officer: String, at moment: Time, in transaction: Transaction) throws {
    guard let id = try Self.person(ofOfficer: officer, in: transaction),
      let known = try Self.person(id, in: transaction), known.left == nil
    else { return }
    try EnrolmentRecords.keep(
      EnrolledPerson(
        id: known.id, party: known.party, role: known.role, application: known.application,
        since: known.since, expires: known.expires, left: moment), in: transaction)
  }

  /// M4-ra-revoke-how: whether somebody may act as registration officer.
  ///
  /// Until a manager and a second person are enrolled, an estate has those officers that its
  /// operator wrote into estate.json [assumed]: otherwise nobody could enrol or approve the first.
  ///
  /// - Throws: `officer-not-enrolled`.
  package func checkPersonnel(_ officer: String, at moment: Time) throws {
    try records.read { reading in
      let own = try EnrolmentRecords.persons(
        "WHERE party = \(EnrolledPerson.registrationAuthority)", in: reading
      ).filter { $0.isActive(at: moment) && EnrolledPerson.Role.personnel.contains($0.role) }
      guard own.count > 1, own.contains(where: { $0.role == .registrationManager }) else { return }
      let person = try Self.person(ofOfficer: officer, in: reading).flatMap {
        try Self.person($0, in: reading)
      }
      guard person?.isActive(at: moment) == true else { throw Refusal.officerNotEnrolled(officer) }
    }
  }

  /// The person behind the name of an officer, if he or she is or was enrolled.
  package func person(ofOfficer officer: String) throws -> EnrolledPerson? {
    try records.read { reading in
      try Self.person(ofOfficer: officer, in: reading).flatMap { try Self.person($0, in: reading) }
    }
  }

  private static func person(
    ofOfficer officer: String, in reading: some Querying
  ) throws -> String? {
    try reading.first(
      "SELECT person FROM registration_personnel WHERE officer = \(officer)"
    )?.text("person")
  }
}
