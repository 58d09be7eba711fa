// SPDX-License-Identifier: Apache-2.0

package import Duties

/// Somebody who may hold a seat, stand for one or attend.
package struct Person: Hashable, Sendable {
  /// Whether it is a human being; nobody else may hold a seat (L1.4).
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case natural
    case body
  }

  /// Short identifier.
  package let id: String
  package let name: String
  package let kind: Kind
  /// The organisation that employs the person; empty when none does.
  package let employer: String

  /// A person, whole.
  package init(id: String, name: String, kind: Kind = .natural, employer: String) {
    self.id = id
    self.name = name
    self.kind = kind
    self.employer = employer
  }
}

/// One person's time in one seat.
package struct Tenure: Hashable, Sendable {
  /// How it stands on a day.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// R2-8: named, and not yet in the seat.
    case designate
    case serving
    /// L1.5(e): the term is over and the successor is late.
    case holdingOver = "holding-over"
    case retired
    case ended
  }

  /// Where, who, and from which day.
  package let seat: Seat.Name
  package let person: String
  package let began: Day
  /// The end of the term; nil where the seat has none.
  package let ends: Day?
  /// How the person came to the seat: the number of an election, a notice, a contract.
  package let basis: String
  /// When it ended before or after its term, and why.
  package let ended: Day?
  package let reason: String
  /// L1.5(e): by when holding over is looked at again.
  package let heldOverUntil: Day?

  /// How it stands on a day.
  package func state(on day: Day) -> State {
    if day < began { return .designate }
    if let ended, ended <= day { return .ended }
    guard let ends, ends <= day else { return .serving }
    return heldOverUntil != nil ? .holdingOver : .retired
  }

  /// Whether the person holds the seat on a day.
  package func holds(on day: Day) -> Bool {
    [.serving, .holdingOver].contains(state(on: day))
  }
}

/// Somebody who acts for an absent Member.
package struct Alternate: Hashable, Sendable {
  /// For whose seat, who, from and until when, and what shows it.
  package let seat: Seat.Name
  package let person: String
  package let since: Day
  package let until: Day?
  package let evidence: String

  /// Whether the appointment is active on a day.
  package func isActive(on day: Day) -> Bool {
    since <= day && until.map { day < $0 } ?? true
  }
}
