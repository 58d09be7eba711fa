// SPDX-License-Identifier: Apache-2.0

/// The PMA on a day: who holds the seats, and who acts for whom.
package struct Board: Hashable, Sendable {
  package let constitution: Constitution
  /// The persons in the seats; a seat that is not there is vacant.
  package let holders: [Seat.Name: String]
  /// Who may act for a Member who is absent.
  package let alternates: [Seat.Name: String]

  /// The seat that a person holds, or nil.
  package func seat(of person: String) -> Seat.Name? {
    holders.first { $0.value == person }?.key
  }

  /// The seats that nobody holds.
  package var vacancies: [Seat] { constitution.members.filter { holders[$0.name] == nil } }

  /// L1.12: who sits for each Member's seat among those who are there.
  ///
  /// It is the Member, or the Alternate while the Member is absent. One person counts once, for the
  /// Chair first.
  package func representation(of present: Set<String>) -> [Seat.Name: String] {
    var seats: [Seat.Name: String] = [:]
    var counted: Set<String> = []
    let members = constitution.members.map(\.name)
    let chairFirst = members.filter { $0 == .chair } + members.filter { $0 != .chair }
    for name in chairFirst {
      guard let holder = holders[name] else { continue }
      if present.contains(holder) {
        guard counted.insert(holder).inserted else { continue }
        seats[name] = holder
      } else if let alternate = alternates[name], present.contains(alternate),
        counted.insert(alternate).inserted
      {
        seats[name] = alternate
      }
    }
    return seats
  }

  /// R2-26: whether an employer is one of some organisations, or of the group of one.
  static func isAffiliate(
    _ employer: String, ofAny others: Set<String>, _ organisations: [String: Organisation]
  ) -> Bool {
    others.contains { areAffiliates(employer, $0, organisations) }
  }

  /// R2-26: whether two employers are the same or of one corporate group.
  static func areAffiliates(
    _ first: String, _ second: String, _ organisations: [String: Organisation]
  ) -> Bool {
    guard !first.isEmpty, !second.isEmpty else { return false }
    guard first != second else { return true }
    guard let one = organisations[first]?.group, let other = organisations[second]?.group,
      !one.isEmpty
    else { return false }
    return one == other
  }
}
