// SPDX-License-Identifier: Apache-2.0

import Enrolment
import Service

/// The forms of a sample party, filled in for persons who do not exist.
struct SampleForms {
  let party: String

  private func form(_ kind: FormKind, _ answers: [String: [String]]) -> FilledForm {
    var filled = FilledForm(
      template: FormVersion(
        form: kind, version: SampleParties.version, further: [], proposer: "the program"))
    filled.answers = answers.mapValues(FilledForm.Answers.init)
    return filled
  }

  /// Who the organisation is.
  func information(
    name: String, isSupplier: Bool, role: String, identifiers: String
  ) -> FilledForm {
    form(
      .organisationInformation,
      [
        "party": [party], "trading-name": [name],
        "category": [isSupplier ? "large-supplier" : "other-party"], "user-roles": [role],
        "acceded": ["2026-01-05"], "basis": [isSupplier ? "licence" : "voluntary"],
        "identifiers": [identifiers], "declared-by": ["Sam Sample"],
        "declared-position": ["company secretary"], "accurate": ["yes"],
      ])
  }

  private func person(_ id: String, _ name: String) -> [String: [String]] {
    [
      "party": [party], "person": [id], "name": [name], "e-mail": ["\(id)@example.com"],
      "telephone": ["01632 960000"], "date-of-birth": ["1980-02-01"],
      "memorable-word": ["sample"],
    ]
  }

  /// Somebody who nominates others.
  func seniorOfficer(_ id: String) -> FilledForm {
    form(
      .officerNomination,
      person(id, "Sasha Senior").merging(
        ["nominated-by-position": ["director"], "nominated-by": ["Dana Director"]]) { $1 })
  }

  /// Somebody who uses the interfaces.
  func responsibleOfficer(_ id: String, by senior: String) -> FilledForm {
    form(
      .responsibleNomination,
      person(id, "Alex Authorised").merging(["nominated-by": [senior]]) { $1 })
  }

  /// How the identity of the organisation was verified.
  func organisationIdentity(_ number: Int) -> FilledForm {
    form(
      .organisationIdentity,
      [
        "case": ["\(number)"], "evidence": ["companies-register"], "level": ["3"],
        "outcome": ["passed"],
      ])
  }

  /// How the identity of a person was verified.
  func identity(_ number: Int) -> FilledForm {
    form(
      .individualIdentity,
      [
        "case": ["\(number)"], "evidence": ["passport", "utility-bill"], "level": ["3"],
        "outcome": ["passed"],
      ])
  }

  /// How a person was screened.
  func screening(_ number: Int) -> FilledForm {
    form(
      .screening,
      [
        "case": ["\(number)"], "standard": ["BS 7858:2019"], "screened": ["2026-01-12"],
        "outcome": ["passed"],
      ])
  }

  /// The meeting with a person.
  func meeting(_ number: Int) -> FilledForm {
    form(
      .meeting, ["case": ["\(number)"], "met": ["2026-01-14"], "outcome": ["passed"]])
  }

  /// The agreement in its version in force.
  func acceptance(of agreement: AgreementKind, by senior: String) -> FilledForm {
    form(
      .agreementAcceptance,
      [
        "party": [party], "agreement": [agreement.rawValue],
        "version": [SampleParties.version], "accepted-by": [senior],
      ])
  }

  /// The wish to be an Authorised Subscriber.
  func application(_ policy: String, by senior: String) -> FilledForm {
    form(
      .subscriberApplication,
      ["party": [party], "policy": [policy], "requested-by": [senior]])
  }
}
