// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Duties
import Records
package import SEC

extension Meetings {
  /// L1.15: writes the minute of an item: what the public may read, and what it may not.
  package func minute(
    _ item: Int, of id: String, publicText: String, confidentialText: String, at moment: Time,
    by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-minuted", clause: "L1.15", at: moment,
      facts: ["subject": id, "item": String(item)])
    try records.write(entry) { transaction in
      let meeting = try GovernanceRecords.meeting(id, in: transaction)
      guard meeting.opened != nil, meeting.published == nil else {
        throw Refusal.meetingStage(meeting, "opened, and its minutes not published")
      }
      let old = try GovernanceRecords.item(item, of: id, in: transaction)
      guard !old.isConfidential || publicText.isEmpty else {
        throw Refusal.confidentialItem(item, id)
      }
      try GovernanceRecords.keep(
        AgendaItem(
          number: item, title: old.title, subject: old.subject,
          isConfidential: old.isConfidential, minute: publicText,
          confidentialMinute: confidentialText), of: id, in: transaction)
    }
  }

  /// Closes a meeting: everybody has gone, and no vote is left open.
  ///
  /// - Returns: the items that still need a minute before the minutes are published.
  @discardableResult
  package func close(_ id: String, at moment: Time, by actor: Actor) throws -> [AgendaItem] {
    let entry = Entry(
      actor, "pma-meeting-closed", clause: "L1.15", at: moment, facts: ["subject": id])
    return try records.write(entry) { transaction in
      let meeting = try openMeeting(id, in: transaction)
      if let vote = try GovernanceRecords.votes(of: id, in: transaction).first(where: {
        $0.closed == nil
      }) {
        throw Refusal.voteOpen(vote)
      }
      for presence in try GovernanceRecords.presences(of: id, in: transaction)
      where presence.left == nil {
        try GovernanceRecords.keep(
          GovernanceRecords.Presence(
            person: presence.person, came: presence.came, left: moment), of: id,
          in: transaction)
      }
      try GovernanceRecords.keep(meeting.changed(closed: moment), in: transaction)
      return try GovernanceRecords.items(of: id, in: transaction).filter { !$0.hasMinute }
    }
  }

  /// L1.15: publishes the public part of the minutes; afterwards they are not changed.
  package func publish(_ id: String, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "pma-minutes-published", clause: "L1.15", at: moment, facts: ["subject": id])
    try records.write(entry) { transaction in
      let meeting = try GovernanceRecords.meeting(id, in: transaction)
      guard meeting.closed != nil, meeting.published == nil else {
        throw Refusal.meetingStage(meeting, "closed, its minutes not published")
      }
      let missing = try GovernanceRecords.items(of: id, in: transaction).filter { !$0.hasMinute }
      guard missing.isEmpty else { throw Refusal.minuteMissing(missing, id) }
      try GovernanceRecords.keep(meeting.changed(published: moment), in: transaction)
    }
  }
}
