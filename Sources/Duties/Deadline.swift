// SPDX-License-Identifier: Apache-2.0

/// By when something is to be done, counted from the day of the event that asks for it.
///
/// The day of the event is not counted, and the last day counts whole.
package struct Deadline: Hashable, Sendable {
  /// What is counted.
  package enum Unit: String, Hashable, Sendable, CaseIterable {
    case days
    case workingDays = "working days"
    case months
    case years
    /// The Working Day with the number, of the month after the event's.
    case workingDayOfNextMonth = "working day of next month"
  }

  /// How many; negative counts back from an event that is planned.
  package let count: Int
  package let unit: Unit
  /// Whether it is owed again and again, each turn counted from the last.
  package let isRepeated: Bool

  /// A deadline, whole.
  package init(_ count: Int, _ unit: Unit, isRepeated: Bool = false) {
    self.count = count
    self.unit = unit
    self.isRepeated = isRepeated
  }

  /// What the Code says without a number, and the number that stands for it [assumed].
  package static let words: [String: Deadline] = [
    "immediately": Deadline(1, .workingDays),
    "promptly": Deadline(5, .workingDays),
    "as soon as practicable": Deadline(10, .workingDays),
    "in reasonable time": Deadline(20, .workingDays),
    "before": Deadline(0, .days),
  ]

  /// Reads `10 working days`, `3 months before`, `every 12 months` or one of `words`.
  package init?(_ text: String) {
    if let known = Self.words[text] {
      self = known
      return
    }
    var words = text.split(separator: " ").map(String.init)
    let isRepeated = words.first == "every"
    if isRepeated { words.removeFirst() }
    let isBefore = words.last == "before"
    if isBefore { words.removeLast() }
    guard let first = words.first, let count = Int(first), count >= 0,
      let unit = Unit(rawValue: words.dropFirst().joined(separator: " ")),
      !(isRepeated && (isBefore || count == 0))
    else { return nil }
    self.init(isBefore ? -count : count, unit, isRepeated: isRepeated)
  }

  /// The last day on which it is in time, for a turn from 1.
  package func due(after day: Day, turn: Int = 1, in calendar: WorkingDays) -> Day {
    let count = count * turn
    return switch unit {
    case .days: day.adding(days: count)
    case .workingDays: calendar.adding(count, to: day)
    case .months: day.adding(months: count)
    case .years: day.adding(months: 12 * count)
    case .workingDayOfNextMonth:
      calendar.nth(self.count, ofMonthOf: day.adding(days: 1 - day.day).adding(months: turn))
    }
  }
}
