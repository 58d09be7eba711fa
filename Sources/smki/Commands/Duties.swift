// SPDX-License-Identifier: Apache-2.0

import Duties
import FoundationEssentials
import SEC
import Service

extension Command {
  private static let states = DutyInstance.State.allCases.map(\.rawValue)

  static let dutiesList = Command(
    name: "duties list", summary: "list what is owed, late and done",
    notes: "Without --state it lists what is due or late. A number such as L1.11/204/1 is the "
      + "clause, the place of the event in the audit, and the turn.",
    options: [
      .value("--owed-by", "NAME", "only what this person or body owes"),
      .value("--area", "AREA", "only the clauses of an area of the register"),
      .value("--state", "STATE", "only what stands so", words: states),
      .value("--on", "DAY", "as it stands on a day, YYYY-MM-DD; today by default"),
    ], example: "smki duties list --owed-by 'SMKI PMA' --state late"
  ) { invocation in
    let (instances, today) = try invocation.duties()
    let rows = instances.map { DutyRow($0, on: today) }
    try invocation.show(rows) {
      Table(
        headings: ["state", "due", "owes", "number", "what"],
        rows: rows.map { [$0.state, $0.due, $0.owes, $0.instance, $0.what] }
      ).text()
    }
    return .done
  }

  static let dutiesTable = Command(
    name: "duties table", summary: "list every duty that the program knows",
    options: [
      .value("--owed-by", "NAME", "only what this person or body owes"),
      .value("--area", "AREA", "only the clauses of an area of the register"),
    ], example: "smki duties table --area governance"
  ) { invocation in
    let rows = Duty.all.filter(invocation.wants).map(DutyDefinition.init)
    try invocation.show(rows) {
      Table(
        headings: ["clause", "owes", "after", "what", "shown by"],
        rows: rows.map { [$0.clause, $0.owes, $0.after, $0.what, $0.evidence] }
      ).text()
    }
    return .done
  }

  static let dutiesEvent = Command(
    name: "duties event", summary: "enter something that happened, after which something is owed",
    options: [
      .required("--event", "NAME", "an event of smki duties table"),
      .required("--subject", "TEXT", "whom or what it is about"),
      .required("--reference", "TEXT", "where it is written down"),
      .value("--version", "VERSION", "of the document: only its lodging is what is owed (L5.7)"),
      .value("--day", "DAY", "its day, YYYY-MM-DD; today by default"),
    ],
    example: "smki duties event --event document-incorporated --subject 'Device CP' "
      + "--version 2.0 --reference 'SEC v57.0'"
  ) { invocation in
    try invocation.perform(
      ReportDutyEvent(
        event: invocation.required("--event"), subject: invocation.required("--subject"),
        day: invocation.value("--day"), reference: invocation.required("--reference"),
        version: invocation.value("--version")))
  }

  static let dutiesDischarge = Command(
    name: "duties discharge", summary: "report that something owed was done",
    options: [
      .required("--instance", "NUMBER", "its number in smki duties list"),
      .required("--evidence", "TEXT", "what shows it"),
      .value("--day", "DAY", "when it was done, YYYY-MM-DD; today by default"),
    ], example: "smki duties discharge --instance 'L5.7(a)/204/1' --evidence 'minute 2031-04'"
  ) { invocation in
    try invocation.perform(
      DischargeDuty(
        instance: invocation.required("--instance"), day: invocation.value("--day"),
        evidence: invocation.required("--evidence")))
  }

  static let dutiesCalendar = Command(
    name: "duties calendar", summary: "print what is owed as an iCalendar file",
    notes: "A serving node has the same at /duties.ics of its monitoring port.",
    options: [
      .value("--owed-by", "NAME", "only what this person or body owes"),
      .value("--area", "AREA", "only the clauses of an area of the register"),
      .value("--on", "DAY", "as it stands on a day, YYYY-MM-DD; today by default"),
    ], example: "smki duties calendar --owed-by DCC"
  ) { invocation in
    let (instances, today) = try invocation.duties(isOpenOnly: false)
    Terminal.print(
      DutyCalendar.text(
        of: instances, on: today, estate: try Opening(invocation).estate.name))
    return .done
  }

  static let dutiesSend = Command(
    name: "duties send", summary: "send the reminders and escalations that are to be sent by now",
    notes: "A serving node does so every hour when estate.json names a mail server.",
    example: "smki duties send"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(SendDutyLetters())
    try invocation.show(answer) {
      "\(answer.reminders) reminders and \(answer.escalations) escalations were sent"
    }
    return .done
  }
}

extension Invocation {
  fileprivate func wants(_ duty: Duty) -> Bool {
    value("--owed-by").map { duty.owes == $0 } ?? true
      && value("--area").map { duty.area == $0 } ?? true
  }

  /// What was asked for, and the day on which it is looked at.
  fileprivate func duties(isOpenOnly: Bool = true) throws -> ([DutyInstance], Day) {
    let opening = try Opening(self)
    let today = try value("--on").map { text in
      guard let day = Day(text) else {
        throw UsageError("--on is a day such as 2031-04-01, not \(text)", command)
      }
      return day
    }
    let day = try today ?? Day(opening.now())
    let book = DutyBook(records: opening.records, calendar: opening.configuration.workingDays)
    let state = isOpenOnly ? value("--state").flatMap(DutyInstance.State.init) : nil
    let found = try book.instances(on: day).filter { instance in
      guard wants(instance.duty) else { return false }
      return state.map { instance.state(on: day) == $0 }
        ?? (!isOpenOnly || instance.discharge == nil)
    }
    return (found, day)
  }
}

private struct DutyRow: Encodable {
  let instance: String
  let clause: String
  let area: String
  let owes: String
  let what: String
  let event: String
  let subject: String
  let eventDay: String
  let due: String
  let state: String
  let evidence: String
  let discharged: String?
  let shownBy: String?

  init(_ instance: DutyInstance, on today: Day) {
    self.instance = instance.id
    clause = instance.duty.clause.id
    area = instance.duty.area
    owes = instance.duty.owes
    what = instance.duty.what
    event = instance.event.name
    subject = instance.event.subject
    eventDay = instance.event.day.description
    due = instance.due.description
    state = instance.state(on: today).rawValue
    evidence = instance.duty.evidence
    discharged = instance.discharge?.day.description
    shownBy = instance.discharge?.evidence
  }
}

private struct DutyDefinition: Encodable {
  let clause: String
  let area: String
  let owes: String
  let what: String
  let after: String
  let evidence: String
  let dischargedBy: String

  init(_ duty: Duty) {
    clause = duty.clause.id
    area = duty.area
    owes = duty.owes
    what = duty.what
    after = duty.after
    evidence = duty.evidence
    dischargedBy = duty.dischargedBy
  }
}
