// SPDX-License-Identifier: Apache-2.0

import Governance
import Service

/// Seats and people of the PMA.
extension Command {
  static let seatNames = Seat.Name.allCases.map(\.rawValue)
  static let dayOption = Option.value("--day", "DAY", "its day, YYYY-MM-DD; today by default")
  static let seatOption = Option.required("--seat", "SEAT", "the seat", words: seatNames)
  static let personOption = Option.required("--person", "PERSON", "identifier of the person")
  static let evidenceOption = Option.required("--evidence", "TEXT", "what shows it")

  static let pmaOrganisation = Command(
    name: "pma organisation", summary: "enter an organisation that votes or employs a Member",
    options: [
      .required("--id", "ID", "short identifier, that of the party where it is one"),
      .required("--title", "NAME", "its name"),
      .required(
        "--category", "CATEGORY", "its Party Category",
        words: PartyCategory.allCases.map(\.rawValue)),
      .value("--group", "GROUP", "its corporate group; its own identifier by default"),
    ],
    example: "smki pma organisation --id north-gas --title 'North Gas Ltd' --category "
      + "small-supplier --group north"
  ) { invocation in
    let id = try invocation.required("--id")
    return try invocation.pma(
      .organisation(
        id: id, title: invocation.required("--title"), category: invocation.required("--category"),
        group: invocation.value("--group") ?? id))
  }

  static let pmaPerson = Command(
    name: "pma person", summary: "enter a person with the employer",
    options: [
      .required("--id", "ID", "short identifier"),
      .required("--name", "NAME", "full name"),
      .value(
        "--kind", "KIND", "natural by default; a body is refused a seat",
        words: Person.Kind.allCases.map(\.rawValue)),
      .value("--employer", "ORGANISATION", "the organisation that employs the person"),
    ], example: "smki pma person --id ada --name 'Ada Byron' --employer north-gas"
  ) { invocation in
    try invocation.pma(
      .person(
        id: invocation.required("--id"), name: invocation.required("--name"),
        kind: invocation.value("--kind") ?? Person.Kind.natural.rawValue,
        employer: invocation.value("--employer") ?? ""))
  }

  static let pmaStep = Command(
    name: "pma step", summary: "put on file what a seat asks for before somebody is seated",
    options: [
      seatOption, personOption, evidenceOption, dayOption,
      .required(
        "--step", "STEP", "what it is", words: AppointmentStep.allCases.map(\.rawValue)),
    ],
    example: "smki pma step --seat chair --person ada --step sos-non-objection --evidence 'letter "
      + "of 3 May'"
  ) { invocation in
    try invocation.pma(
      .step(
        seat: invocation.required("--seat"), person: invocation.required("--person"),
        step: invocation.required("--step"), evidence: invocation.required("--evidence"),
        day: invocation.value("--day")))
  }

  static let pmaSeat = Command(
    name: "pma seat", summary: "seat a person, when everything that the seat asks for is on file",
    options: [
      seatOption, personOption, dayOption,
      .required("--basis", "TEXT", "number of the election, notice or contract"),
      .value("--months", "COUNT", "a term that a direction of the Secretary of State gives"),
    ], example: "smki pma seat --seat small-supplier --person ada --basis 2031-SS"
  ) { invocation in
    try invocation.pma(
      .seat(
        seat: invocation.required("--seat"), person: invocation.required("--person"),
        basis: invocation.required("--basis"), day: invocation.value("--day"),
        months: invocation.number("--months")))
  }

  static let pmaLeave = Command(
    name: "pma leave", summary: "enter that somebody leaves a seat",
    options: [
      seatOption, evidenceOption, dayOption,
      .required("--reason", "REASON", "why", words: Leaving.allCases.map(\.rawValue)),
    ], example: "smki pma leave --seat chair --reason resigned --evidence 'letter of 3 May'"
  ) { invocation in
    try invocation.pma(
      .leave(
        seat: invocation.required("--seat"), reason: invocation.required("--reason"),
        evidence: invocation.required("--evidence"), day: invocation.value("--day")))
  }

  static let pmaHoldOver = Command(
    name: "pma hold-over", summary: "let the Chair stay on although the term is over",
    options: [
      .required("--until", "DAY", "when it is looked at again, YYYY-MM-DD"),
      .required("--reason", "TEXT", "why the successor is late"),
    ], example: "smki pma hold-over --until 2031-09-01 --reason 'no objection is awaited'"
  ) { invocation in
    try invocation.pma(
      .holdOver(
        until: invocation.required("--until"), reason: invocation.required("--reason")))
  }

  static let pmaClearance = Command(
    name: "pma clearance", summary: "enter that the time for the Chair's clearance was extended",
    options: [
      personOption, evidenceOption,
      .required("--until", "DAY", "the day that the Secretary of State approved, YYYY-MM-DD"),
    ], example: "smki pma clearance --person ada --until 2032-06-01 --evidence 'letter of 3 May'"
  ) { invocation in
    try invocation.pma(
      .clearance(
        person: invocation.required("--person"), until: invocation.required("--until"),
        evidence: invocation.required("--evidence")))
  }

  static let pmaRead = Command(
    name: "pma read", summary: "enter a Member's statement that the SMKI Document Set was read",
    options: [
      seatOption,
      .required("--versions", "TEXT", "the documents and their versions"),
    ], example: "smki pma read --seat small-supplier --versions 'M 8.0, N 4.0, P 3.0'"
  ) { invocation in
    try invocation.pma(
      .read(
        seat: invocation.required("--seat"), versions: invocation.required("--versions")))
  }

  static let pmaAlternate = Command(
    name: "pma alternate", summary: "enter who acts for a Member who is absent",
    options: [
      seatOption, personOption, dayOption,
      .value("--independence", "TEXT", "the finding that the person is independent"),
      .value("--unavailable", "TEXT", "what shows that the Specialist cannot act"),
    ],
    example: "smki pma alternate --seat chair --person grace --independence 'minute 2031-02'"
  ) { invocation in
    try invocation.pma(
      .alternate(
        seat: invocation.required("--seat"), person: invocation.required("--person"),
        independence: invocation.value("--independence") ?? "",
        unavailable: invocation.value("--unavailable") ?? "", day: invocation.value("--day")))
  }
}

extension Invocation {
  /// Performs an act of the PMA.
  func pma(_ act: PMAAct.Act) throws -> ExitCode {
    let answer = try Channel(invocation: self).perform(PMAAct(act))
    try show(answer) {
      let first = answer.outcome.isEmpty ? "done by \(answer.officer)" : answer.outcome
      return ([first] + answer.reasons).joined(separator: "\n")
    }
    return .done
  }

  /// A whole number behind an option, or nil without the option.
  func number(_ name: String) throws -> Int? {
    guard let text = value(name) else { return nil }
    guard let number = Int(text), number > 0 else {
      throw UsageError("\(name) is a number from 1, not \(text)", command)
    }
    return number
  }
}
