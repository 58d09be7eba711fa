// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// L4.2, L6.2: how much of a period an interface was available, Planned Maintenance set aside.
package struct Availability: Sendable {
  /// What is available or not.
  package enum Interface: String, Hashable, Sendable, CaseIterable {
    /// The SMKI Service Interface (L4.2).
    case service
    /// The SMKI Repository Interface (L6.2).
    case repository

    /// The rule by which it is available at all times.
    package var clause: Clause {
      switch self {
      case .service: "L4.2"
      case .repository: "L6.2"
      }
    }
  }

  /// From a moment until another one, which is not part of it.
  package struct Span: Hashable, Sendable {
    /// Both ends.
    package let from: Time
    package let until: Time

    /// A span; one that ends before it begins is empty.
    package init(from: Time, until: Time) {
      self.from = from
      self.until = max(from, until)
    }

    /// How long it is.
    package var milliseconds: Int64 { until.milliseconds - from.milliseconds }
  }

  /// What was asked about.
  package let period: Span
  /// Planned Maintenance within the period: it counts neither way.
  package let plannedMilliseconds: Int64
  /// When it was not available although no maintenance was planned.
  package let outages: [Span]

  /// The availability in a period.
  ///
  /// - Parameters:
  ///   - period: what is asked about.
  ///   - served: when a node served the interface; spans may overlap.
  ///   - planned: Planned Maintenance.
  package init(of period: Span, served: [Span], planned: [Span]) {
    self.period = period
    let planned = Self.united(planned, within: period)
    plannedMilliseconds = planned.reduce(0) { $0 + $1.milliseconds }
    var outages: [Span] = []
    var reached = period.from
    for span in Self.united(served + planned, within: period) {
      if span.from > reached { outages.append(Span(from: reached, until: span.from)) }
      reached = span.until
    }
    if period.until > reached { outages.append(Span(from: reached, until: period.until)) }
    self.outages = outages
  }

  /// The time that counts.
  package var countedMilliseconds: Int64 { period.milliseconds - plannedMilliseconds }
  /// How much of it was lost.
  package var lostMilliseconds: Int64 { outages.reduce(0) { $0 + $1.milliseconds } }

  /// Thousandths of a percent, rounded down; nil when no time counts.
  package var thousandths: Int64? {
    guard countedMilliseconds > 0 else { return nil }
    return (countedMilliseconds - lostMilliseconds) * 100_000 / countedMilliseconds
  }

  /// Such as `99.950`.
  package var percent: String? {
    thousandths.map { value in
      let fraction = String(1_000 + value % 1_000).dropFirst()
      return "\(value / 1_000).\(fraction)"
    }
  }

  /// What spans cover of a period, in order, none touching the next.
  private static func united(_ spans: [Span], within period: Span) -> [Span] {
    var united: [Span] = []
    for span in spans.sorted(by: { $0.from < $1.from }) {
      let cut = Span(
        from: max(span.from, period.from), until: min(span.until, period.until))
      guard cut.milliseconds > 0 else { continue }
      if let last = united.last, cut.from <= last.until {
        united[united.count - 1] = Span(from: last.from, until: max(last.until, cut.until))
      } else {
        united.append(cut)
      }
    }
    return united
  }
}
