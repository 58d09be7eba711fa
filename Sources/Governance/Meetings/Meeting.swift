// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// A meeting of the PMA.
package struct Meeting: Hashable, Sendable {
  /// Its number, such as `2031-04`.
  package let id: String
  /// When it is to begin, and when notice of it was given.
  package let held: Time
  package let notified: Time
  package let place: String
  /// Why the notice was shorter than the rules ask for; empty when it was not.
  package let shortNotice: String
  package let opened: Time?
  package let closed: Time?
  package let published: Time?

  /// Whether it is under way.
  package var isOpen: Bool { opened != nil && closed == nil }

  /// How it stands, in a word.
  var stage: String {
    if published != nil { return "published" }
    if closed != nil { return "closed" }
    return opened == nil ? "convened" : "open"
  }

  func changed(
    opened: Time? = nil, closed: Time? = nil, published: Time? = nil
  ) -> Meeting {
    Meeting(
      id: id, held: held, notified: notified, place: place, shortNotice: shortNotice,
      opened: opened ?? self.opened, closed: closed ?? self.closed,
      published: published ?? self.published)
  }
}

/// One item of business on an agenda, with its minute.
package struct AgendaItem: Hashable, Sendable {
  /// From 1, in order.
  package let number: Int
  package let title: String
  /// The organisation that the item is about; empty when it is about none (R2-26).
  package let subject: String
  /// Whether all of it is confidential.
  package let isConfidential: Bool
  /// What the public may read, and what it may not.
  package let minute: String
  package let confidentialMinute: String

  /// Whether something was written of it.
  package var hasMinute: Bool { !minute.isEmpty || !confidentialMinute.isEmpty }

  /// An item of an agenda that has no minute yet.
  package init(
    number: Int, title: String, subject: String = "", isConfidential: Bool = false,
    minute: String = "", confidentialMinute: String = ""
  ) {
    self.number = number
    self.title = title
    self.subject = subject
    self.isConfidential = isConfidential
    self.minute = minute
    self.confidentialMinute = confidentialMinute
  }
}

/// Somebody who is invited although not a Member.
package struct Invitee: Hashable, Sendable {
  /// In which capacity.
  package enum Capacity: String, Hashable, Sendable, CaseIterable {
    case dcc
    case specialist
    case ofgem
    case government
    /// L1.14(b)(i)
    case assuranceProvider = "assurance-provider"
    /// L1.14(b)(ii): one or more.
    case deviceManufacturer = "device-manufacturer"
    /// L1.14(b)(iii)
    case legalAdviser = "legal-adviser"
    /// R2-30: another user, for a named topic.
    case user
    /// L1.14(b)
    case other
  }

  package let name: String
  package let capacity: Capacity
  /// Whether the person speaks without the Chair's leave.
  package let maySpeak: Bool
  package let clause: Clause
}

/// L1.13: whether business can be done at a moment, and why.
package struct Quorum: Hashable, Sendable {
  /// Who sits for each seat and counts.
  package let counted: [Seat.Name: String]
  /// Who is there and stands aside from the item.
  package let excused: [String]

  /// Four Members or their Alternates, the Chair or the Chair's Alternate among them.
  package var isMet: Bool { counted.count >= Constitution.quorum && counted[.chair] != nil }

  /// In words.
  package var explained: String {
    let chair = counted[.chair] == nil ? "nobody in the chair" : "the chair is taken"
    let excused = excused.isEmpty ? "" : ", \(excused.joined(separator: ", ")) excused"
    return "\(counted.count) of \(Constitution.quorum) Members, \(chair)\(excused)"
  }
}
