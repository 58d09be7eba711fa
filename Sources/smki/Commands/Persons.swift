// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
import Registration
import SEC
import Service

extension Command {
  static let personList = Command(
    name: "person list", summary: "list those who may act for parties, and until when",
    notes: "Persons have identifiers that say nothing of them; see smki person export.",
    options: [.value("--party", "PARTY", "only those of this party")],
    example: "smki person list --party north-gas"
  ) { invocation in
    let now = try invocation.now()
    let rows = try Opening(invocation).registration.enrolment
      .persons(of: invocation.value("--party")).map { PersonRow($0, at: now) }
    try invocation.show(rows) {
      Table(
        headings: ["person", "party", "role", "state", "since", "until", "case"],
        rows: rows.map {
          [
            $0.person, $0.party, $0.role, $0.state, String($0.since.prefix(10)),
            String($0.until.prefix(10)), "\($0.application)",
          ]
        }
      ).text()
    }
    return .done
  }

  static let personExport = Command(
    name: "person export", summary: "hand over everything that is kept of a person",
    notes: "That it was handed over is told to the audit; what, is not.",
    operands: [Operand(name: "PERSON", summary: "the person, or form-N, or call-N")],
    example: "smki person export north-gas-aro-1 --json"
  ) { invocation in
    let data = try Channel(invocation: invocation).perform(
      ExportPersonalData(subject: invocation.operands[0]))
    try invocation.show(data) {
      Table(
        headings: ["source", "field", "value", "kind", "kept until"],
        rows: data.map {
          [
            $0.source, $0.field, $0.value ?? "erased \($0.erased ?? "")", $0.kind,
            $0.keptUntil.map { String($0.prefix(10)) } ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let personErase = Command(
    name: "person erase", summary: "erase what a person said, once the person has left",
    notes: "The digests in the audit tree stay: every proof holds, and says when it was erased.",
    operands: [Operand(name: "PERSON", summary: "the person, or form-N, or call-N")],
    options: [.required("--reason", "TEXT", "why")],
    example: "smki person erase north-gas-aro-1 --reason 'asked for by the person'"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      ErasePersonalData(
        subject: invocation.operands[0], reason: invocation.required("--reason")))
    try invocation.show(answer) { "\(answer.erased) answers erased" }
    return .done
  }

  static let deskLog = Command(
    name: "desk log",
    summary: "keep a call to the Service Desk: who, how identified, what was done",
    notes: """
      The answers of an enrolled caller are compared with the nomination form: each must agree, \
      and two at least.
      """,
    options: [
      .required("--channel", "CHANNEL", "how the call came", words: DeskNote.channels),
      .required("--party", "PARTY", "for whom the caller speaks"),
      .value("--person", "PERSON", "the caller, if enrolled"),
      .value("--caller", "NAME", "the caller's name, if not; it stays outside the audit tree"),
      Option(
        name: "--answer", value: "NAME=TEXT",
        summary: "what the caller answered to a question of the form; may be repeated",
        isRepeated: true),
      .required("--request", "TEXT", "what was asked"),
      .required("--action", "TEXT", "what was done"),
    ],
    example: """
      smki desk log --channel telephone --party north-gas --person north-gas-aro-1 \
      --answer memorable-word=heron --answer date-of-birth=1980-02-01 --request 'lost token' \
      --action 'credential revoked'
      """
  ) { invocation in
    let answers = try invocation.pairs("--answer")
    let answer = try Channel(invocation: invocation).perform(
      LogCall(
        channel: invocation.required("--channel"), party: invocation.required("--party"),
        person: invocation.value("--person"), caller: invocation.value("--caller"),
        answers: Dictionary(answers, uniquingKeysWith: { $1 }),
        request: invocation.required("--request"), action: invocation.required("--action")))
    try invocation.show(answer) { "call \(answer.number), \(answer.identified)" }
    return .done
  }

  static let deskList = Command(
    name: "desk list", summary: "list the calls to the Service Desk",
    options: [.value("--party", "PARTY", "only those of this party")],
    example: "smki desk list --party north-gas"
  ) { invocation in
    let rows = try Opening(invocation).registration.enrolment
      .calls(of: invocation.value("--party")).map(CallRow.init)
    try invocation.show(rows) {
      Table(
        headings: [
          "call", "time", "channel", "party", "caller", "identified", "request", "action",
        ],
        rows: rows.map {
          [
            "\($0.call)", String($0.time.prefix(16)), $0.channel, $0.party, $0.caller,
            $0.identified, $0.request, $0.action,
          ]
        }
      ).text()
    }
    return .done
  }

  static let officerList = Command(
    name: "officer list", summary: "list the officers of the estate, and whose rights were revoked",
    notes: """
      A revocation is asked for with the form officer-revocation by a member of the PMA or the \
      manager, checked with the form requester-check, and decided by another officer. With the \
      form personnel-nomination officers and the manager are enrolled; once the manager and a \
      second person are, nobody else acts as registration officer.
      """, example: "smki officer list"
  ) { invocation in
    let opening = try Opening(invocation)
    let rows = try opening.configuration.officers.map { officer in
      let person = try opening.registration.enrolment.person(ofOfficer: officer.name)
      return OfficerRow(
        officer: officer.name, user: officer.user, roles: officer.roles,
        revoked: try opening.registration.enrolment.revocation(ofOfficer: officer.name)?.rfc3339,
        person: person?.id, position: person?.role.rawValue,
        until: person.map { ($0.left ?? $0.expires).rfc3339 })
    }
    try invocation.show(rows) {
      Table(
        headings: ["officer", "user", "roles", "revoked", "enrolled as", "until"],
        rows: rows.map {
          [
            $0.officer, "\($0.user)", $0.roles.joined(separator: ", "), $0.revoked ?? "-",
            $0.position ?? "-", $0.until.map { String($0.prefix(10)) } ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }
}

/// An officer in one line.
private struct OfficerRow: Encodable {
  let officer: String
  let user: UInt32
  let roles: [String]
  let revoked: String?
  let person: String?
  let position: String?
  let until: String?
}

/// A person in one line.
private struct PersonRow: Encodable {
  let person: String
  let party: String
  let role: String
  let state: String
  let since: String
  let until: String
  let application: Int

  init(_ person: EnrolledPerson, at moment: Time) {
    self.person = person.id
    party = person.party
    role = person.role.rawValue
    state =
      person.left != nil ? "left" : person.isActive(at: moment) ? "active" : "expired"
    since = person.since.rfc3339
    until = (person.left ?? person.expires).rfc3339
    application = person.application
  }
}

/// A call in one line.
private struct CallRow: Encodable {
  let call: Int
  let time: String
  let channel: String
  let party: String
  let caller: String
  let identified: String
  let request: String
  let action: String
  let officer: String

  init(_ call: DeskCall) {
    self.call = call.id
    time = call.moment.rfc3339
    channel = call.channel
    party = call.party
    caller = call.caller
    identified = call.identified
    request = call.request
    action = call.action
    officer = call.officer
  }
}
