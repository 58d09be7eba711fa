// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Governance
import HTTP
import Records
import SEC

/// The PMA at a glance, for its Secretariat: who sits where, what comes next, what is late.
///
/// It stands on the monitoring port, which nobody but this machine reaches, and names no item of an
/// agenda that is confidential.
struct PMAPage: Sendable {
  /// The most lines of a list; the rest are counted.
  static let linesMax = 15
  /// Whose duties the Secretariat watches.
  static let owners: Set = [
    "SMKI PMA", "PMA", "Panel", "SMKI PMA Member", "PMA Chair", "SMKI PMA Chair",
    "voting members",
  ]

  let records: Records
  let configuration: Configuration
  let estate: Estate
  let clock: @Sendable () -> Time

  /// L1.17(s): the page as it stands now.
  func response() throws -> Response {
    var response = Response(
      type: "text/html; charset=utf-8", text: try html(on: Day(clock())).markup)
    response.headers += [
      ("Cache-Control", "no-store"), ("Content-Security-Policy", Portal.policy),
      ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
    ]
    return response
  }

  private func html(on day: Day) throws -> HTML {
    let rules = configuration.proceedings
    let board = try Membership(records: records, rules: rules).board(on: day)
    let title = "\(StartPage.shown(estate)) · SMKI PMA"
    let warning: HTML =
      estate.kind == .test
      ? "<p class=\"band\" role=\"note\"><strong>TEST</strong></p>"
      : "<p class=\"band live\" role=\"note\"><strong>LIVE</strong></p>"
    return """
      <!DOCTYPE html>
      <html lang="en-GB">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(title)</title>
      <link rel="stylesheet" href="/style.css">
      <link rel="icon" href="/icon.svg" type="image/svg+xml">
      </head>
      <body>
      \(warning)
      <header><h1>SMKI PMA</h1>
      <p>\(estate.name), \(day.description), \
      constitution of \(board.constitution.edition.rawValue).</p>
      </header>
      <main>
      \(try glance(board, on: day))
      <section><h2>Seats</h2>\(try seats(board, on: day))</section>
      <section><h2>The year</h2>\(try year(on: day))</section>
      <section><h2>Next duties</h2>\(try duties(on: day))</section>
      <section><h2>Business</h2>\(try business(on: day))</section>
      <section><h2>Directions to use a key</h2>\(try directions())</section>
      <section><h2>Proposals</h2>\(try proposals(on: day))</section>
      </main>
      <footer><p>smki \(Product.version)</p></footer>
      </body>
      </html>

      """
  }

  private func owed(on day: Day) throws -> [DutyInstance] {
    try DutyBook(records: records, calendar: configuration.workingDays).instances(on: day)
      .filter { Self.owners.contains($0.duty.owes) }
  }

  private var matters: Matters {
    Matters(records: records, calendar: configuration.workingDays)
  }

  private var room: Proposals {
    Proposals(
      records: records, rules: configuration.proceedings, calendar: configuration.workingDays)
  }

  private func glance(_ board: Board, on day: Day) throws -> HTML {
    let members = board.constitution.members.count
    let next = try Meetings(records: records).all().first {
      $0.closed == nil && Day($0.held) >= day
    }
    let owed = try owed(on: day)
    let late = owed.count { $0.state(on: day) == .late }
    let open = try matters.all().filter { $0.state == .open || $0.state == .amending }
    let overdue = open.count { $0.due < day }
    let unscreened = try room.unscreened(on: day).count
    let tiles: [(String, String, String, Bool)] = [
      (
        "Seats", "\(members - board.vacancies.count) of \(members)", "taken",
        board.vacancies.isEmpty
      ),
      (
        "Next meeting", next.map { Day($0.held).description } ?? "none",
        next.map { $0.id } ?? "convened", next != nil
      ),
      (
        "Duties", "\(owed.count { $0.state(on: day) == .due })", "due, \(late) late", late == 0
      ),
      ("Business", "\(open.count)", "open, \(overdue) late", overdue == 0),
      ("Proposals", "\(unscreened)", "not screened in time", unscreened == 0),
    ]
    let items: [HTML] = tiles.map {
      """
      <div class="tile\($0.3 ? "" : " bad")"><dt>\($0.0)</dt>\
      <dd><b>\($0.1)</b> <small>\($0.2)</small></dd></div>
      """
    }
    return "<section aria-label=\"State\"><dl class=\"tiles\">\(items)</dl></section>"
  }

  private func seats(_ board: Board, on day: Day) throws -> HTML {
    let room = Membership(records: records, rules: configuration.proceedings)
    let people = try room.people()
    let tenures = try room.tenures()
    func place(_ seat: Seat) -> SeatPicture.Place {
      let tenure = tenures.last { $0.seat == seat.name && $0.holds(on: day) }
      let until = tenure?.ends.map { "until \($0)" } ?? seat.clause.id
      return SeatPicture.Place(
        title: seat.title, holder: tenure.flatMap { people[$0.person]?.name } ?? "vacant",
        note: tenure == nil ? seat.clause.id : until,
        state: seat.isMember ? (tenure?.state(on: day).rawValue ?? "vacant") : "attendee")
    }
    let seats = board.constitution.seats
    let picture = SeatPicture(
      chair: seats.first { $0.name == .chair }.map(place),
      members: seats.filter { $0.isMember && $0.name != .chair }.map(place),
      attendees: seats.filter { !$0.isMember }.map(place),
      label: "\(board.constitution.members.count) seats, \(board.vacancies.count) vacant")
    return picture.svg
  }

  private func year(on day: Day) throws -> HTML {
    let first = day.adding(months: -5).adding(days: 1 - day.adding(months: -5).day)
    let meetings = try Meetings(records: records).all()
    let votes = try Votes(records: records).all()
    let tenures = try Membership(records: records).tenures().filter { $0.ended == nil }
    let owed = try owed(on: day).filter { $0.discharge == nil }
    let picture = YearPicture(
      first: first, today: day,
      lanes: [
        YearPicture.Lane(
          name: "Meetings",
          days: meetings.map { (Day($0.held), $0.opened == nil && Day($0.held) < day) }),
        YearPicture.Lane(
          name: "Decisions", days: votes.compactMap { $0.closed }.map { (Day($0), false) }),
        YearPicture.Lane(
          name: "Ends of terms", days: tenures.compactMap(\.ends).map { ($0, $0 <= day) }),
        YearPicture.Lane(
          name: "Business due",
          days: try matters.all().filter { $0.state == .open }.map { ($0.due, $0.due < day) }),
        YearPicture.Lane(
          name: "Duties due", days: owed.map { ($0.due, $0.state(on: day) == .late) }),
      ])
    return picture.svg
  }

  private func table(_ headings: [String], _ rows: [[String]], none: String) -> HTML {
    guard !rows.isEmpty else { return "<p>\(none)</p>" }
    let head = headings.map { "<th scope=\"col\">\($0)</th>" as HTML }
    let body = rows.prefix(Self.linesMax).map { row in
      "<tr>\(row.map { "<td>\($0)</td>" as HTML })</tr>\n" as HTML
    }
    let rest: HTML =
      rows.count > Self.linesMax ? "<p>and \(rows.count - Self.linesMax) more</p>" : ""
    return """
      <table class="text"><thead><tr>\(head)</tr></thead><tbody>
      \(body)</tbody></table>\(rest)
      """
  }

  private func duties(on day: Day) throws -> HTML {
    let rows = try owed(on: day).filter { $0.discharge == nil }.map {
      [
        $0.due.description + ($0.state(on: day) == .late ? " late" : ""), $0.duty.owes,
        $0.duty.what, $0.id,
      ]
    }
    return table(["Due", "Owes", "What", "Number"], rows, none: "Nothing is owed.")
  }

  private func business(on day: Day) throws -> HTML {
    let rows = try matters.all().filter { $0.state != .issued }.sorted { $0.due < $1.due }.map {
      [
        $0.due.description + ($0.state == .open && $0.due < day ? " late" : ""), $0.id,
        $0.kind.rawValue, "\($0.subject) \($0.version)", $0.state.rawValue, $0.outcome,
      ]
    }
    return table(
      ["Due", "Matter", "Business", "About", "State", "Outcome"], rows, none: "None is open.")
  }

  /// L1.17(i): what the DCC was told and has not followed yet.
  private func directions() throws -> HTML {
    let rows = try matters.directions().filter(\.isStanding).map {
      [$0.vote, $0.key.rawValue, $0.incident, $0.matter, $0.given.rfc3339]
    }
    return table(["Vote", "Key", "Incident", "Matter", "Given"], rows, none: "None stands.")
  }

  private func proposals(on day: Day) throws -> HTML {
    let rows = try room.all().compactMap { proposal -> [String]? in
      let file = try room.file(of: proposal.id)
      let stage = file.progress.last { $0.actual != nil }?.stage
      guard stage != .implemented, proposal.isApproved != false else { return nil }
      return [
        proposal.id, proposal.title, proposal.documents.joined(separator: ", "),
        stage?.rawValue ?? "",
        file.screening.map { $0.affects ? "affects SMKI" : "does not" }
          ?? "by \(room.screeningDue(proposal))",
        proposal.release?.description ?? "",
      ]
    }
    return table(
      ["Proposal", "Title", "Documents", "Step", "Screening", "Release"], rows,
      none: "None is under way.")
  }
}
