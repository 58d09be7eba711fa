// SPDX-License-Identifier: Apache-2.0

package import Duties
import Governance
import Records
package import SEC

extension Node {
  /// The book of duties, counted in the calendar of the configuration.
  package var duties: DutyBook {
    DutyBook(records: records, calendar: configuration.workingDays)
  }
}

extension Configuration {
  /// A1-working-day: the calendar, with the bank holidays that the configuration adds.
  package var workingDays: WorkingDays {
    WorkingDays(proclaimed: Set(bankHolidays.compactMap { Day($0) }))
  }
}

/// L1.17(s): enters something that happened outside, after which something is owed.
package struct ReportDutyEvent: ControlRequest {
  /// The event, what it was about, its day as `YYYY-MM-DD`, and where it is written down.
  package let event: String
  package let subject: String
  package let day: String?
  package let reference: String
  /// Which version of a document the event is about; nil where it is none, or any will do.
  package let version: String?

  package static let name = "duties-event"
  package static let role = Actor.Role.secretariat

  /// An event to be entered; without a day it happened today.
  package init(
    event: String, subject: String, day: String?, reference: String, version: String? = nil
  ) {
    self.version = version
    self.event = event
    self.subject = subject
    self.day = day
    self.reference = reference
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let moment = node.clock()
    let day = try day.map { try Control.word($0, { Day($0) }, "day") } ?? Day(moment)
    let (matters, reference, version) = (node.matters, reference, version)
    let isChange = ["document-incorporated", "document-modified"].contains(event)
    // L5.7: a document has one name, whichever it was called by.
    let subject = isChange ? CodeDocument.named(subject)?.shortTitle ?? subject : subject
    try node.duties.report(
      event, of: version.map { "\(subject) \($0)" } ?? subject, on: day, reference: reference,
      at: moment, by: officer
    ) { transaction in
      // L1.17(d), L1.17(f), L1.17(r): the change of such a document begins its review.
      guard isChange else { return }
      let review = try matters.review(
        subject, version: version ?? "", cause: reference, on: day, at: moment, in: transaction)
      if let review { transaction.note("review", review) }
    }
    return Done(by: officer)
  }
}

/// L1.17(s): reports that something owed was done.
package struct DischargeDuty: ControlRequest {
  /// The number of what is owed, the day on which it was done, and what shows it.
  package let instance: String
  package let day: String?
  package let evidence: String

  package static let name = "duties-discharge"
  package static let role = Actor.Role.secretariat

  /// A duty to be discharged; without a day it was done today.
  package init(instance: String, day: String?, evidence: String) {
    self.instance = instance
    self.day = day
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let moment = node.clock()
    let day = try day.map { try Control.word($0, { Day($0) }, "day") } ?? Day(moment)
    try node.duties.discharge(instance, on: day, evidence: evidence, at: moment, by: officer)
    return Done(by: officer)
  }
}

/// L1.17(s): sends the reminders and escalations that are to be sent by now.
package struct SendDutyLetters: ControlRequest {
  package static let name = "duties-send"
  package static let role = Actor.Role.secretariat

  /// What was sent.
  package struct Answer: Codable, Sendable {
    /// How many reminders and escalations.
    package let reminders: Int
    package let escalations: Int
  }

  /// What is to be sent by now.
  package init() {}

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let sent = try node.sendDutyLetters(at: node.clock(), by: officer)
    return Answer(
      reminders: sent.count { $0 == .reminder }, escalations: sent.count { $0 == .escalation })
  }
}
