// SPDX-License-Identifier: Apache-2.0

package import DER
import Parties
import Records
import SEC

extension Registration {
  /// C3-LT33-M8: the months after accession in which a party has to do something.
  static let inactiveMonths = 6

  /// C3-LT33-M8: parties past their first six months that have no User status, subscribed for no
  /// certificate within them and did not look into the Repository within them.
  package func inactiveParties(
    at moment: Time
  ) throws -> [(party: String, acceded: Time)] {
    try records.read { reading in
      try register.parties().compactMap { party in
        guard let membership = try Register.membership(of: party.id, in: reading),
          membership.left == nil
        else { return nil }
        let end = membership.acceded.adding(months: Self.inactiveMonths)
        guard end <= moment else { return nil }
        let first = try reading.first(
          "SELECT MIN(issued) AS first FROM certificate WHERE party = \(party.id)")
        let events = [
          try first?.optionalTime("first"),
          try Self.firstAccess(of: party.id, in: reading),
        ].compactMap(\.self)
        let isUser = try !register.userEntries(of: party.id).isEmpty
        return isUser || events.contains { $0 < end }
          ? nil : (party: party.id, acceded: membership.acceded)
      }
    }
  }
}

extension Time {
  /// This moment, moved by calendar months; a day that the month lacks becomes its last.
  fileprivate func adding(months: Int) -> Time {
    let fields = self.fields
    let total = fields.month - 1 + months
    let year = fields.year + total / 12
    for day in stride(from: fields.day, to: 0, by: -1) {
      if let moved = Time(
        year: year, month: total % 12 + 1, day: day, hour: fields.hour, minute: fields.minute,
        second: fields.second)
      {
        return moved
      }
    }
    return self
  }
}
