// SPDX-License-Identifier: Apache-2.0

package import DER
package import Enrolment
import EntryTesting
import Parties
package import Registration
package import SEC

/// The way of an applicant through the Registration Authority, for tests about what comes after.
package struct Onboarding: Sendable {
  /// Decides what the officer has entered.
  package static let second = Actor(name: "Barbara Liskov", role: .registrationOfficer)
  /// The version of all forms and agreements.
  package static let version = "1"

  let registration: Registration
  let officer: Actor
  let now: Time

  /// Applicants at a moment, whose forms an officer enters.
  package init(_ registration: Registration, by officer: Actor, at now: Time) {
    self.registration = registration
    self.officer = officer
    self.now = now
  }

  private var enrolment: Enrolment { registration.enrolment }

  /// Has the forms approved and the agreements published, unless they are.
  package func prepare() throws {
    guard try enrolment.versionInForce(of: .meeting) == nil else { return }
    try enrolment.approveForms(
      FormKind.allCases, version: Self.version, evidence: "minutes 1", at: now, by: officer)
    for kind in AgreementKind.allCases {
      try enrolment.publish(
        Agreement(kind: kind, version: Self.version, inForce: now, evidence: "minutes 1"), at: now,
        by: officer)
    }
  }

  /// Hands in a form.
  @discardableResult
  package func submit(
    _ form: FormKind, _ answers: [String: [String]]
  ) throws -> Submission {
    try enrolment.submit(form, version: Self.version, answers, at: now, by: officer)
  }

  /// Hands in a form and its steps, and has it approved.
  package func carry(_ form: FormKind, _ answers: [String: [String]]) throws {
    let it = try submit(form, answers)
    for step in form.steps { try submit(step, Self.step(step, of: it.id)) }
    _ = try registration.approve(it.id, at: now, by: Self.second)
  }

  /// What is said of a step.
  package static func step(
    _ form: FormKind, of number: Int, outcome: String = "passed"
  ) -> [String: [String]] {
    var answers = ["case": ["\(number)"], "outcome": [outcome]]
    switch form {
    case .organisationIdentity:
      answers["evidence"] = ["companies-register"]
      answers["level"] = ["3"]
    case .individualIdentity:
      answers["evidence"] = ["passport", "utility-bill"]
      answers["level"] = ["3"]
    case .screening:
      answers["standard"] = ["BS 7858:2019"]
      answers["screened"] = ["2026-01-12"]
    case .meeting: answers["met"] = ["2026-01-14"]
    default: answers["method"] = ["called back"]
    }
    return answers
  }

  /// What the Organisation Information Form of a party says.
  package static func information(
    _ id: String, name: String, roles: Set<UserRole>, identifiers: [String] = []
  ) -> [String: [String]] {
    let category =
      ([.otherParty] + PartyCategory.allCases).first { roles.isSubset(of: $0.roles) }
      ?? .otherParty
    return [
      "party": [id], "trading-name": [name], "category": [category.rawValue],
      "user-roles": roles.map(\.rawValue).sorted(), "acceded": ["2026-01-05"],
      "basis": [category.isLicensed ? "licence" : "voluntary"], "identifiers": identifiers,
      "declared-by": ["Nobody Inparticular"], "declared-position": ["director"],
      "accurate": ["yes"],
    ]
  }

  /// What a nomination says of a person.
  package static func person(_ id: String, of party: String) -> [String: [String]] {
    [
      "party": [party], "person": [id], "name": ["Nora Nobody"], "e-mail": ["n@example.com"],
      "telephone": ["01632 960123"], "date-of-birth": ["1980-02-01"],
      "memorable-word": ["Heron"],
    ]
  }

  /// An Authorised Responsible Officer of a party, who is enrolled when there is none.
  package func responsibleOfficer(of party: String) throws -> String {
    let senior = "\(party)-sro"
    let responsible = "\(party)-aro"
    try prepare()
    let known = try enrolment.persons(of: party).map(\.id)
    if !known.contains(senior) {
      try carry(
        .officerNomination,
        Self.person(senior, of: party).merging(
          ["nominated-by": ["Dora Director"], "nominated-by-position": ["director"]]) { $1 })
    }
    if !known.contains(responsible) {
      try carry(
        .responsibleNomination,
        Self.person(responsible, of: party).merging(["nominated-by": [senior]]) { $1 })
    }
    return responsible
  }

  /// Enters a party and enrols its persons; it accepts both agreements, and has completed the tests
  /// for the Repository unless the test says otherwise.
  package func enter(
    _ id: String, name: String, roles: Set<UserRole>, identifiers: [String] = [],
    isTested: Bool = true
  ) throws {
    try prepare()
    try carry(
      .organisationInformation,
      Self.information(id, name: name, roles: roles, identifiers: identifiers))
    _ = try responsibleOfficer(of: id)
    for kind in AgreementKind.allCases { try accept(kind, for: id) }
    guard isTested else { return }
    try registration.entryTests.confirm(
      .repository, of: id, at: now, evidence: "report 1 of \(id)", by: officer)
  }

  /// Accepts an agreement.
  package func accept(
    _ kind: AgreementKind, version: String = Onboarding.version, for party: String
  ) throws {
    try submit(
      .agreementAcceptance,
      [
        "party": [party], "agreement": [kind.rawValue], "version": [version],
        "accepted-by": ["\(party)-sro"],
      ])
  }

  /// Hands in the application of a party under a policy.
  package func apply(_ party: String, for policy: CertificatePolicyKind) throws {
    try submit(
      .subscriberApplication,
      ["party": [party], "policy": [policy.rawValue], "requested-by": ["\(party)-sro"]])
  }

  /// Makes a party that was entered an Authorised Subscriber: tests, application, decision.
  package func authorise(_ party: String, for policy: CertificatePolicyKind) throws {
    try registration.entryTests.confirm(
      policy.entryTest, of: party, at: now, evidence: "report 1 of \(party)", by: officer)
    try apply(party, for: policy)
    try registration.authorise(party, under: policy, at: now, by: Self.second)
  }
}
