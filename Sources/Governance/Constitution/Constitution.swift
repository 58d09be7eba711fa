// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// L1.3: who sits in the PMA, and by which rules, at a moment: chosen by the date of the event.
package struct Constitution: Hashable, Sendable {
  /// L1.13: Members that must be there for business, the Chair or the Chair's Alternate among them.
  package static let quorum = 4
  /// L1.5(b): months of the Chair's term.
  package static let chairTermMonths = 36
  /// L1.6(b), L1.8(b): months of an elected Member's term.
  package static let memberTermMonths = 24

  package let edition: Edition
  /// Seats of Members first, then the places of standing attendees.
  package let seats: [Seat]
  /// Attendees with a right to be there, who may speak without the Chair's leave.
  package let speaking: Set<Seat.Name>

  /// The seats of Members.
  package var members: [Seat] { seats.filter(\.isMember) }

  /// The seat of a name, or nil where this constitution has none.
  package func seat(_ name: Seat.Name) -> Seat? { seats.first { $0.name == name } }

  /// The constitution in force at a moment.
  package static func at(_ moment: Time) -> Constitution { of(Edition.at(moment)) }

  /// The constitution of an edition.
  package static func of(_ edition: Edition) -> Constitution {
    switch edition {
    case .y2013: y2013
    case .y2014: y2014
    case .current: current
    }
  }

  private static func chair(_ clause: Clause) -> Seat {
    Seat(.chair, "Chair", clause, .panel, termMonths: chairTermMonths, vote: .casting)
  }

  private static func elected(
    _ name: Seat.Name, _ title: String, _ clause: Clause, by constituency: Constituency,
    first: Int? = nil
  ) -> Seat {
    Seat(
      name, title, clause, .election(constituency), termMonths: memberTermMonths, first: first)
  }

  private static func attendee(
    _ name: Seat.Name, _ title: String, _ clause: Clause, of organisation: String
  ) -> Seat {
    Seat(name, title, clause, .representative(organisation), isMember: false, vote: .none)
  }

  private static func specialist(_ clause: Clause) -> Seat {
    Seat(.specialist, "SMKI Specialist", clause, .contract, isMember: false, vote: .none)
  }

  /// C3-62-1: six seats, no network seat; C3-62-2: four attendees.
  private static let y2013 = Constitution(
    edition: .y2013,
    seats: [
      chair("C3-62-1"),
      elected(.largeSupplier1, "Large Supplier", "C3-62-1", by: .largeSuppliers),
      elected(.largeSupplier2, "Large Supplier", "C3-62-1", by: .largeSuppliers),
      elected(.smallSupplier, "Small Supplier", "C3-62-1", by: .smallSuppliers),
      Seat(.security, "Security Sub-Committee", "C3-62-1", .nomination("SSC")),
      Seat(.technical, "Technical Sub-Committee", "C3-62-1", .nomination("TSC")),
      specialist("C3-62-2"),
      attendee(.dcc, "DCC", "C3-62-2", of: "DCC"),
      attendee(.ofgem, "Ofgem", "C3-62-2", of: "Ofgem"),
      attendee(.government, "Government", "C3-62-2", of: "DECC"),
    ], speaking: [.dcc])

  /// L1.3@2014: seven seats, one of them of electricity and gas networks together (R2-29).
  private static let y2014 = Constitution(
    edition: .y2014,
    seats: [
      chair("R2-29-v"),
      elected(.largeSupplier1, "Large Supplier", "L1.3(b)@2014", by: .largeSuppliers, first: 12),
      elected(.largeSupplier2, "Large Supplier", "L1.3(b)@2014", by: .largeSuppliers, first: 24),
      elected(.smallSupplier, "Small Supplier", "L1.3(b)@2014", by: .smallSuppliers, first: 24),
      elected(.network, "Networks", "L1.3(c)@2014", by: .networks, first: 12),
      Seat(.security, "Security Sub-Committee", "L1.3(d)@2014", .nomination("SSC")),
      Seat(.technical, "Technical Sub-Committee", "L1.3(d)@2014", .nomination("TSC")),
      specialist("R2-29-n"),
      attendee(.dcc, "DCC", "R2-29-n", of: "DCC"),
      attendee(.ofgem, "Ofgem", "R2-29-n", of: "Ofgem"),
      attendee(.government, "Government", "R2-29-n", of: "DECC"),
    ], speaking: [.dcc, .specialist])

  /// L1.3: ten seats; the Specialist is a Member (L1.3(e)).
  private static let current = Constitution(
    edition: .current,
    seats: [
      chair("L1.3(a)"),
      elected(.largeSupplier1, "Large Supplier", "L1.3(b)", by: .largeSuppliers),
      elected(.largeSupplier2, "Large Supplier", "L1.3(b)", by: .largeSuppliers),
      elected(.largeSupplier3, "Large Supplier", "L1.3(b)", by: .largeSuppliers),
      elected(.smallSupplier, "Small Supplier", "L1.3(b)", by: .smallSuppliers),
      elected(
        .electricityNetwork, "Electricity networks", "L1.3(c)", by: .electricityNetworks),
      elected(.gasNetwork, "Gas networks", "L1.3(c)", by: .gasNetworks),
      Seat(.security, "Security Sub-Committee", "L1.3(d)", .nomination("SSC")),
      Seat(.technical, "TABASC", "L1.3(d)", .nomination("TABASC")),
      Seat(.specialist, "SMKI Specialist", "L1.3(e)", .contract),
      attendee(.dcc, "DCC", "L1.14(a)", of: "DCC"),
    ], speaking: [.dcc])
}
