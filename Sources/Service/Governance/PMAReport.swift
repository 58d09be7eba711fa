// SPDX-License-Identifier: Apache-2.0

import DER
package import Duties
import Governance
package import Records
import SEC

/// A document of the PMA: HTML that prints well, made from the records and from nothing else, so
/// that it is the same whenever it is made.
package struct PMAReport: Sendable {
  /// What can be told.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Who sits where on a day, and which seats are vacant (L1.3).
    case seats
    /// An election, its ballots and its result (R2-42).
    case election
    /// The notice of a meeting (L1.14(a), L1.15).
    case notice
    /// The minutes as the public reads them (L1.15).
    case minutes
    /// The minutes with their confidential part.
    case confidentialMinutes = "confidential-minutes"
    /// Every decision until a day, with its votes and reasons.
    case decisions
    /// What the PMA owed until a day, and what became of it (L1.17(s)).
    case duties
    /// One decision as Members sign it, with its place in the audit (L1.15).
    case decision
    /// A matter with its papers, findings, decision and notices (L1.17).
    case matter
    /// What one recipient is told of a matter (L1.17, L2.9, L2.15).
    case letter
    /// Which versions of standards are good enough (L1.21, L1.23), and the appeals (L1.24).
    case standards
    /// The Modification Report of a proposal (M4-report-content).
    case modification
    /// Every proposal with its screening and its step (L1.18).
    case proposals
    /// A consultation's answers as everybody may read them (C3-front-2, R2-front).
    case consultation
    /// The year until a day: meetings, decisions, business.
    case year
  }

  let membership: Membership
  let elections: Elections
  let meetings: Meetings
  let votes: Votes
  let duties: DutyBook
  let matters: Matters
  let allStandards: Standards
  let allProposals: Proposals
  let records: Records
  let rules: ProceedingRules
  let estate: String

  /// The reports of one estate.
  package init(records: Records, configuration: Configuration, estate: String) {
    self.records = records
    rules = configuration.proceedings
    membership = Membership(records: records, rules: rules)
    elections = Elections(records: records, rules: rules)
    meetings = Meetings(records: records, rules: rules)
    votes = Votes(records: records, rules: rules)
    duties = DutyBook(records: records, calendar: configuration.workingDays)
    matters = Matters(records: records, calendar: configuration.workingDays)
    allStandards = Standards(records: records)
    allProposals = Proposals(
      records: records, rules: rules, calendar: configuration.workingDays)
    self.estate = estate
  }

  /// Makes one; `number` is that of what it is about, `recipient` whom a letter is for.
  package func make(
    _ kind: Kind, number: String, recipient: String = "", on day: Day
  ) throws -> String {
    let body: HTML
    switch kind {
    case .seats: body = try seats(on: day)
    case .election: body = try election(number)
    case .notice: body = try notice(number)
    case .minutes: body = try minutes(number, isPublic: true)
    case .confidentialMinutes: body = try minutes(number, isPublic: false)
    case .decisions: body = try decisions(until: day)
    case .duties: body = try owed(on: day)
    case .decision: body = try decision(number)
    case .matter: body = try matter(number)
    case .letter: body = try letter(number, to: recipient)
    case .standards: body = try standards(on: day)
    case .modification: body = try modification(number)
    case .proposals: body = try proposals(until: day)
    case .consultation: body = try consultation(number)
    case .year: body = try year(until: day)
    }
    let title = "SMKI PMA, \(kind.rawValue) \(number.isEmpty ? day.description : number)"
    return page(kind == .letter ? "To: \(recipient)" : title, body).markup
  }

  private func page(_ title: String, _ body: HTML) -> HTML {
    """
    <!DOCTYPE html>
    <html lang="en-GB"><head><meta charset="utf-8"><title>\(title)</title>
    <style>
    body { font: 11pt/1.4 serif; max-width: 46em; margin: 2em auto; color: #000 }
    table { border-collapse: collapse; width: 100%; font-size: 10pt }
    th, td { border-bottom: 1px solid #999; padding: .2em .5em; text-align: left; \
    vertical-align: top }
    .long, h1, h2, p { overflow-wrap: anywhere }
    pre { white-space: pre-wrap; overflow-wrap: anywhere }
    @page { size: A4; margin: 2cm }
    @media print { body { margin: 0 } thead { display: table-header-group } \
    tr, h2 { break-inside: avoid } }
    </style></head><body>
    <p>\(estate)</p>
    <h1>\(title)</h1>
    \(body)
    </body></html>

    """
  }

  func table(_ headings: [String], _ rows: [[String]]) -> HTML {
    let head = headings.map { "<th>\($0)</th>" as HTML }
    let body = rows.map { row in
      "<tr>\(row.map(cell))</tr>\n" as HTML
    }
    return "<table><thead><tr>\(head)</tr></thead><tbody>\n\(body)</tbody></table>\n"
  }

  /// A cell; a word that is wider than a column may be broken, and no other.
  private func cell(_ text: String) -> HTML {
    let isLong = text.split(separator: " ").contains { $0.count > 24 }
    return isLong ? "<td class=\"long\">\(text)</td>" : "<td>\(text)</td>"
  }

  private static let seatHeadings = [
    "Seat", "Clause", "Holder", "Employer", "Since", "Until", "Alternate", "Vote",
  ]

  private func seats(on day: Day) throws -> HTML {
    let board = try membership.board(on: day)
    let people = try membership.people()
    let tenures = try membership.tenures()
    let rows = board.constitution.seats.map { seat in
      let tenure = tenures.last { $0.seat == seat.name && $0.holds(on: day) }
      let holder = board.holders[seat.name].flatMap { people[$0] }
      return [
        seat.title, seat.clause.id, holder?.name ?? "vacant", holder?.employer ?? "",
        tenure?.began.description ?? "", tenure?.ends?.description ?? "",
        board.alternates[seat.name].flatMap { people[$0]?.name } ?? "",
        rules.vote(of: seat, in: board.constitution).rawValue,
      ]
    }
    let proceedings = rules.shown.map { [$0.rule, $0.value, $0.source] }
    return """
      <p>Constitution of \(board.constitution.edition.rawValue), on \(day.description): \
      \(board.constitution.members.count) seats, \(board.vacancies.count) vacant.</p>
      \(table(Self.seatHeadings, rows))
      <h2>Rules of proceeding</h2>
      \(table(["Rule", "Value", "Default from"], proceedings))
      """
  }

  private func election(_ id: String) throws -> HTML {
    let election = try elections.election(id)
    let candidates = try elections.candidates(of: id).map {
      [
        $0.person, $0.nominatedBy, $0.votes.map(String.init) ?? "",
        $0.isElected.map { $0 ? "elected" : "not elected" } ?? "",
      ]
    }
    let ballots = try elections.ballots(of: id).map {
      [$0.receipt, $0.names.joined(separator: ", ")]
    }
    return """
      <p>\(election.constituency.rawValue), \(election.seats) to be elected, \
      \(election.state.rawValue). Nominations until \(election.nominationsClose.description)\
      \(election.ballotCloses.map { ", ballot until \($0)" } ?? ""). \(election.reasons)</p>
      \(table(["Candidate", "Nominated by", "Votes", "Result"], candidates))
      <h2>Ballots, by receipt</h2>
      \(table(["Receipt", "Names"], ballots))
      """
  }

  private func meeting(_ id: String) throws -> Meeting {
    guard let meeting = try meetings.all().first(where: { $0.id == id }) else {
      throw Refusal.meetingUnknown(id)
    }
    return meeting
  }

  private func notice(_ id: String) throws -> HTML {
    let meeting = try meeting(id)
    let items = try meetings.items(of: id).map {
      ["\($0.number)", $0.title, $0.subject, $0.isConfidential ? "confidential" : ""]
    }
    let invitees = try meetings.invitees(of: id).map {
      [
        $0.name, $0.capacity.rawValue, $0.maySpeak ? "without the Chair's leave" : "with leave",
        $0.clause.id,
      ]
    }
    return """
      <p>\(meeting.place), \(meeting.held.rfc3339). Notice of \(meeting.notified.rfc3339). \
      \(meeting.shortNotice)</p>
      \(table(["Item", "Title", "About", ""], items))
      <h2>Invited besides the Members</h2>
      \(table(["Name", "As", "Speaks", "Clause"], invitees))
      """
  }

  private func minutes(_ id: String, isPublic: Bool) throws -> HTML {
    let meeting = try meeting(id)
    if isPublic, meeting.published == nil {
      throw Refusal.meetingStage(meeting, "published")
    }
    let people = try membership.people()
    let attendance = try meetings.attendance(of: id).map {
      [people[$0.person]?.name ?? $0.person, $0.came.rfc3339, $0.left?.rfc3339 ?? ""]
    }
    let decided = try votes.all().filter { $0.meeting == id }
    let items = try meetings.items(of: id).map { item -> HTML in
      guard !isPublic || !item.isConfidential else {
        return "<h2>\(item.number) Confidential</h2>\n"
      }
      let minute: HTML = item.minute.isEmpty ? "" : "<p>\(item.minute)</p>\n"
      let more: HTML =
        isPublic || item.confidentialMinute.isEmpty
        ? "" : "<p><em>Confidential:</em> \(item.confidentialMinute)</p>\n"
      // Why somebody stands aside may be nobody's business.
      let aside = try meetings.conflicts(in: item.number, of: id).map {
        let name = people[$0.person]?.name ?? $0.person
        return "<p>\(name) stood aside\(isPublic ? "" : ": \($0.reason)").</p>\n" as HTML
      }
      let motions = decided.filter { $0.item == item.number }.map { vote in
        let reasons = vote.outcome == .withdrawn ? "" : " \(vote.reasons)"
        let outcome = vote.outcome == .open ? "open" : vote.outcome.rawValue
        return """
          <p>Vote \(vote.id): \(vote.motion). <strong>\(outcome)</strong>.\(reasons)</p>

          """ as HTML
      }
      return "<h2>\(item.number) \(item.title)</h2>\n\(minute)\(more)\(aside)\(motions)"
    }
    return """
      <p>\(meeting.place), \(meeting.held.rfc3339).</p>
      \(table(["Attended", "From", "To"], attendance))
      \(items)
      """
  }

  private func decisions(until day: Day) throws -> HTML {
    let rows = try votes.all().filter { $0.closed.map { Day($0) <= day } ?? false }.map { vote in
      let roll = try votes.roll(of: vote.id)
      let given =
        roll.casts.map { "\($0.seat.rawValue) \($0.choice.rawValue)" }
        + (roll.casting.map { ["casting vote \($0.rawValue)"] } ?? [])
      return [
        vote.id, vote.kind.clause.id, vote.motion, vote.subject, vote.outcome.rawValue,
        given.joined(separator: ", "), vote.reasons,
      ]
    }
    return table(["Vote", "Clause", "Motion", "About", "Outcome", "Votes", "Reasons"], rows)
  }

  /// Whose duties the PMA's documents tell of, as the table of duties names them.
  static let own: Set = [
    "SMKI PMA", "PMA", "SMKI PMA Member", "PMA Chair", "SMKI PMA Chair", "Panel", "Panel (SECAS)",
  ]

  private func owed(on day: Day) throws -> HTML {
    let rows = try duties.instances(on: day).filter { Self.own.contains($0.duty.owes) }.map {
      [
        $0.id, $0.duty.owes, $0.duty.what, $0.due.description, $0.state(on: day).rawValue,
        $0.discharge?.evidence ?? "",
      ]
    }
    return table(["Number", "Owes", "What", "Due", "State", "Shown by"], rows)
  }
}
