// SPDX-License-Identifier: Apache-2.0

import Duties
import Governance

/// The seats of the PMA on a day, drawn as places at a table: the Chair at its head.
struct SeatPicture {
  /// One place: what it is called, who sits there, until when, and how it stands.
  struct Place {
    let title: String
    let holder: String
    let note: String
    /// `serving`, `holding-over`, `vacant`, or `attendee` for those who have no seat.
    let state: String
  }

  private static let columns = 3
  private static let (width, height, gap) = (232, 68, 12)

  let chair: Place?
  let members: [Place]
  let attendees: [Place]
  let label: String

  /// The picture as SVG that a page can hold.
  var svg: HTML {
    let step = Self.height + Self.gap
    let full = Self.columns * (Self.width + Self.gap) - Self.gap
    let memberRows = (members.count + Self.columns - 1) / Self.columns
    let attendeeRows = (attendees.count + Self.columns - 1) / Self.columns
    let attendeesTop = step * (memberRows + 1) + (attendees.isEmpty ? 0 : Self.gap)
    let height = attendeesTop + attendeeRows * step
    let head: HTML = chair.map { box($0, x: (full - Self.width) / 2, y: 0) } ?? ""
    return """
      <svg class="seats" viewBox="0 0 \(full) \(height)" width="\(full)" height="\(height)">
      <title>\(label)</title>
      \(head)\(row(members, top: step))\(row(attendees, top: attendeesTop))
      </svg>
      """
  }

  private func row(_ places: [Place], top: Int) -> [HTML] {
    places.enumerated().map { place, content in
      box(
        content, x: (place % Self.columns) * (Self.width + Self.gap),
        y: top + (place / Self.columns) * (Self.height + Self.gap))
    }
  }

  private func box(_ place: Place, x: Int, y: Int) -> HTML {
    """
    <g class="\(place.state)"><rect class="seat" x="\(x + 2)" y="\(y + 2)" \
    width="\(Self.width - 4)" height="\(Self.height - 4)" rx="8"/>
    <text class="small" x="\(x + 12)" y="\(y + 20)">\(Self.short(place.title, 34))</text>
    <text class="name" x="\(x + 12)" y="\(y + 40)">\(Self.short(place.holder, 24))</text>
    <text class="small" x="\(x + 12)" y="\(y + 57)">\(Self.short(place.note, 34))</text></g>

    """
  }

  /// What fits into a box.
  private static func short(_ text: String, _ most: Int) -> String {
    text.count <= most ? text : String(text.prefix(most - 1)) + "…"
  }
}

/// A year of the PMA as months from left to right, with a row for each sort of day.
struct YearPicture {
  /// A row: its name, and its days; those that are bad stand out.
  struct Lane {
    let name: String
    let days: [(day: Day, isBad: Bool)]
  }

  private static let (left, month, laneHeight, top) = (150, 48, 34, 26)
  private static let names = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  let first: Day
  let today: Day
  let lanes: [Lane]
  private let months = 12

  init(first: Day, today: Day, lanes: [Lane]) {
    self.first = first
    self.today = today
    self.lanes = lanes
  }

  /// The picture as SVG that a page can hold.
  var svg: HTML {
    let width = Self.left + months * Self.month + 4
    let height = Self.top + lanes.count * Self.laneHeight + 6
    let columns = (0..<months).map { place -> HTML in
      let at = first.adding(months: place)
      let x = Self.left + place * Self.month
      let year = place == 0 || at.month == 1 ? " \(at.year)" : ""
      return """
        <path class="branch" d="M\(x) \(Self.top - 4) V\(height)"/>
        <text class="small" x="\(x + 3)" y="14">\(Self.names[at.month - 1])\(year)</text>

        """
    }
    let rows = lanes.enumerated().map { place, lane -> HTML in
      let y = Self.top + place * Self.laneHeight + Self.laneHeight / 2
      let marks = lane.days.compactMap { mark in
        position(mark.day).map { x -> HTML in
          "<circle class=\"\(mark.isBad ? "late" : "mark")\" cx=\"\(x)\" cy=\"\(y)\" r=\"6\"/>"
        }
      }
      return "<text class=\"small\" x=\"0\" y=\"\(y + 4)\">\(lane.name)</text>\(marks)\n"
    }
    let now: HTML =
      position(today).map { x -> HTML in
        "<path class=\"now\" d=\"M\(x) \(Self.top - 4) V\(height)\"/>"
      } ?? ""
    return """
      <svg class="year" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)">
      <title>A year from \(first.description)</title>
      \(columns)\(now)\(rows)
      </svg>
      """
  }

  private func position(_ day: Day) -> Int? {
    let place = (day.year - first.year) * 12 + day.month - first.month
    guard (0..<months).contains(place) else { return nil }
    return Self.left + place * Self.month + (day.day - 1) * (Self.month - 4) / 31 + 4
  }
}
