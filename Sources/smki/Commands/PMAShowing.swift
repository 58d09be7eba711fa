// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Governance
import SEC
import Service

/// What the PMA looks like on a day.
extension Command {
  static let pmaSeats = Command(
    name: "pma seats", summary: "show the seats of the constitution in force, and who holds them",
    options: [.value("--on", "DAY", "on a day, YYYY-MM-DD; today by default")],
    example: "smki pma seats --on 2015-01-01"
  ) { invocation in
    let opening = try Opening(invocation)
    let day = try invocation.day("--on")
    let rules = opening.configuration.proceedings
    let room = Membership(records: opening.records, rules: rules)
    let board = try room.board(on: day)
    let tenures = try room.tenures()
    let rows = board.constitution.seats.map { seat in
      SeatRow(
        seat, board, rules,
        tenures.last { $0.seat == seat.name && $0.holds(on: day) }, on: day)
    }
    try invocation.show(rows) {
      Table(
        headings: [
          "seat", "clause", "filled by", "months", "holder", "state", "until", "alternate", "vote",
        ],
        rows: rows.map {
          [
            $0.seat, $0.clause, $0.filledBy, $0.termMonths.map(String.init) ?? "-",
            $0.holder ?? "-", $0.state, $0.until ?? "-", $0.alternate ?? "-",
            $0.vote,
          ]
        }
      ).text()
    }
    return .done
  }

  static let pmaRules = Command(
    name: "pma rules", summary: "show the rules of proceeding that no source states",
    notes: "They stand in estate.json under proceedings; the defaults are marked.",
    example: "smki pma rules"
  ) { invocation in
    let rows = try Opening(invocation).configuration.proceedings.shown.map {
      RuleRow(rule: $0.rule, value: $0.value, source: $0.source)
    }
    try invocation.show(rows) {
      Table(
        headings: ["rule", "value", "default from"],
        rows: rows.map { [$0.rule, $0.value, $0.source] }
      ).text()
    }
    return .done
  }

  static let pmaMeetings = Command(
    name: "pma meetings", summary: "list meetings with their agendas, attendance and quorum",
    example: "smki pma meetings"
  ) { invocation in
    let opening = try Opening(invocation)
    let room = Meetings(records: opening.records, rules: opening.configuration.proceedings)
    let rows = try room.all().map { try MeetingRow($0, room) }
    try invocation.show(rows) {
      Table(
        headings: ["meeting", "held", "agenda", "attended", "invited", "published"],
        rows: rows.map {
          [
            $0.meeting, $0.held, $0.agenda.joined(separator: "; "),
            $0.attended.joined(separator: ", "), $0.invited.joined(separator: ", "),
            $0.published ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let pmaVotes = Command(
    name: "pma votes", summary: "list votes with who could vote, who did, and why it came out so",
    example: "smki pma votes"
  ) { invocation in
    let room = Votes(records: try Opening(invocation).records)
    let rows = try room.all().map { try VoteRow($0, room) }
    try invocation.show(rows) {
      Table(
        headings: ["vote", "kind", "subject", "motion", "outcome", "reasons"],
        rows: rows.map {
          [$0.vote, $0.kind, $0.subject, $0.motion, $0.outcome, $0.reasons]
        }
      ).text()
    }
    return .done
  }
}

extension Invocation {
  /// A day behind an option, or today.
  func day(_ name: String) throws -> Day {
    guard let text = value(name) else { return Day(try now()) }
    guard let day = Day(text) else {
      throw UsageError("\(name) is a day such as 2031-04-01, not \(text)", command)
    }
    return day
  }
}

private struct SeatRow: Encodable {
  let seat: String
  let title: String
  let clause: String
  let isMember: Bool
  let filledBy: String
  let termMonths: Int?
  let firstTermMonths: Int?
  let alternateMayBe: String
  let holder: String?
  let state: String
  let until: String?
  let alternate: String?
  let vote: String

  init(
    _ seat: Seat, _ board: Board, _ rules: ProceedingRules, _ tenure: Tenure?, on day: Day
  ) {
    self.seat = seat.name.rawValue
    title = seat.title
    clause = seat.clause.id
    isMember = seat.isMember
    filledBy = seat.filling.words
    termMonths = seat.termMonths
    firstTermMonths = seat.firstTermMonths
    alternateMayBe = board.constitution.alternateRule(of: seat)
    holder = board.holders[seat.name]
    state = tenure?.state(on: day).rawValue ?? "vacant"
    until = tenure?.ends?.description
    alternate = board.alternates[seat.name]
    vote = rules.vote(of: seat, in: board.constitution).rawValue
  }
}

private struct RuleRow: Encodable {
  let rule: String
  let value: String
  let source: String
}

private struct MeetingRow: Encodable {
  let meeting: String
  let held: String
  let agenda: [String]
  let attended: [String]
  let invited: [String]
  let published: String?

  init(_ meeting: Meeting, _ room: Meetings) throws {
    self.meeting = meeting.id
    held = meeting.held.rfc3339
    agenda = try room.items(of: meeting.id).map { "\($0.number) \($0.title)" }
    attended = try room.attendance(of: meeting.id).map {
      "\($0.person) \($0.came.rfc3339)–\($0.left?.rfc3339 ?? "")"
    }
    invited = try room.invitees(of: meeting.id).map {
      "\($0.name) (\($0.capacity.rawValue)\($0.maySpeak ? ", speaks" : ""))"
    }
    published = meeting.published?.rfc3339
  }
}

private struct VoteRow: Encodable {
  let vote: String
  let kind: String
  let clause: String
  let subject: String
  let motion: String
  let edition: String
  let electors: [String]
  let votes: [String]
  let outcome: String
  let reasons: String

  init(_ vote: Vote, _ room: Votes) throws {
    self.vote = vote.id
    kind = vote.kind.rawValue
    clause = vote.kind.clause.id
    subject = vote.subject
    motion = vote.motion
    edition = vote.edition.rawValue
    let roll = try room.roll(of: vote.id)
    electors = roll.electors.map { "\($0.seat.rawValue): \($0.person), \($0.right.rawValue)" }
    votes =
      roll.casts.map { "\($0.seat.rawValue): \($0.choice.rawValue)" }
      + (roll.casting.map { ["casting vote: \($0.rawValue)"] } ?? [])
    outcome = vote.outcome == .open ? "open" : vote.outcome.rawValue
    reasons = vote.reasons
  }
}
