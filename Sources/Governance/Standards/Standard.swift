// SPDX-License-Identifier: Apache-2.0

package import Duties

/// L1.22: one version of somebody else's standard that a document of the Code asks for.
package struct Standard: Hashable, Sendable {
  /// What a version counts as on a day.
  package enum Status: String, Hashable, Sendable, CaseIterable {
    case current
    /// L1.23(b): good enough until the date, beside its successor.
    case previous
    case superseded
    /// M4-standards: its issuer has ended it without a successor.
    case discontinued
  }

  /// What it is called, and which version.
  package let name: String
  package let version: String
  /// L1.22(a)(i): the third party that issues it.
  package let issuer: String
  /// L1.22(a): the document, and its part, that asks for it.
  package let obligation: String
  /// L1.22(a)(ii): the version that it replaces; empty for the first one.
  package let follows: String
  /// When its issue was noted.
  package let noted: Day
  /// L1.23(a): from which day nothing but it is good enough; nil while the PMA has not said.
  package let applies: Day?
  /// The vote that set the day.
  package let vote: String
  /// L1.21: when it was put on the Website.
  package let published: Day?
  /// When its issuer ended it.
  package let discontinued: Day?

  func changed(
    applies: Day? = nil, vote: String? = nil, published: Day? = nil, discontinued: Day? = nil
  ) -> Standard {
    Standard(
      name: name, version: version, issuer: issuer, obligation: obligation, follows: follows,
      noted: noted, applies: applies ?? self.applies, vote: vote ?? self.vote,
      published: published ?? self.published, discontinued: discontinued ?? self.discontinued)
  }

  /// L1.23(a), L1.23(b), L1.23(b)(i), L1.23(b)(ii): how each version of a standard counts on a day.
  ///
  /// From the day that the PMA set only the successor is good enough; before it, and while none is
  /// set, the previous version is too.
  package static func statuses(
    of versions: [Standard], on day: Day
  ) -> [(standard: Standard, status: Status)] {
    let known = versions.filter { $0.noted <= day }
    return known.map { standard in
      let successor = known.first { $0.follows == standard.version }
      let status: Status =
        if let successor {
          successor.applies.map { $0 <= day } ?? false ? .superseded : .previous
        } else if let ended = standard.discontinued, ended <= day {
          .discontinued
        } else {
          .current
        }
      return (standard, status)
    }
  }

  /// L1.23: the versions that are good enough on a day.
  package static func accepted(_ versions: [Standard], on day: Day) -> [Standard] {
    statuses(of: versions, on: day).filter { $0.status != .superseded }.map(\.standard)
  }
}

/// L1.24: an appeal to the Panel against a day that the PMA set.
package struct StandardAppeal: Hashable, Sendable {
  /// Who may appeal.
  package enum Capacity: String, Hashable, Sendable, CaseIterable {
    case dcc
    case user
  }

  /// What the Panel made of it; it is final.
  package enum Outcome: String, Hashable, Sendable, CaseIterable {
    case open = ""
    case upheld
    case changed
  }

  /// Against the day of which version, by whom, as what, and why.
  package let name: String
  package let version: String
  package let appellant: String
  package let capacity: Capacity
  package let grounds: String
  /// When it was lodged, what became of it, and when.
  package let lodged: Day
  package let outcome: Outcome
  package let decided: Day?
  /// What shows the Panel's decision.
  package let evidence: String
}
