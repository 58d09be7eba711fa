// SPDX-License-Identifier: Apache-2.0

import Client
import DER
import Duties
import FoundationEssentials
import SEC

/// How letters about duties are sent.
package struct MailSettings: Codable, Sendable {
  /// `smtp://host:port` or `smtps://host:port`.
  package var server: String
  /// Whether a server without TLS is refused.
  package var requiresTLS = true
  /// File with the certificates that the server's must go back to; nil takes the system's.
  package var authorities: String?
  /// The sender's address.
  package var from: String
  /// Addresses by the name of who owes something, as the table of duties has it.
  package var recipients: [String: [String]] = [:]
  /// Where everything else goes: the Secretariat.
  package var secretariat: [String]
  /// Who hears of what is late, besides those who owe it.
  package var escalation: [String] = []
  /// Working Days before the last day on which a reminder goes.
  package var reminderWorkingDays = DutyNotice.reminderWorkingDays

  /// Letters of one sender by one server.
  package init(server: String, from: String, secretariat: [String]) {
    self.server = server
    self.from = from
    self.secretariat = secretariat
  }

  /// Reads what is there; the other settings have their defaults.
  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      server: try values.decode(String.self, forKey: .server),
      from: try values.decode(String.self, forKey: .from),
      secretariat: try values.decode([String].self, forKey: .secretariat))
    func value<Value: Decodable>(_ key: CodingKeys, _ usual: Value) throws -> Value {
      try values.decodeIfPresent(Value.self, forKey: key) ?? usual
    }
    requiresTLS = try value(.requiresTLS, requiresTLS)
    authorities = try values.decodeIfPresent(String.self, forKey: .authorities)
    recipients = try value(.recipients, recipients)
    escalation = try value(.escalation, escalation)
    reminderWorkingDays = try value(.reminderWorkingDays, reminderWorkingDays)
  }

  /// Who gets a letter.
  func recipients(of notice: DutyNotice) -> [String] {
    let owing = recipients[notice.instance.duty.owes] ?? secretariat
    guard notice.kind == .escalation else { return owing }
    return owing + escalation.filter { !owing.contains($0) }
  }
}

extension Node {
  /// Seconds between looks at the duties.
  static let dutySeconds: Int64 = 3600

  /// L1.17(s): keeps the place that was reached in the audit, and sends what is to be sent.
  var dutyJob: Job {
    let node = Actor(name: "smki", role: .node)
    return Job("duties") { [self] moment in
      try duties.harvest(at: moment, by: node)
      if configuration.mail != nil { try sendDutyLetters(at: moment, by: node) }
      return moment.adding(seconds: Self.dutySeconds)
    }
  }

  /// L1.17(s): sends what is to be sent by a moment; each letter is remembered once it was taken.
  @discardableResult
  func sendDutyLetters(at moment: Time, by actor: Actor) throws -> [DutyNotice.Kind] {
    guard let mail = configuration.mail else { throw Refusal.noMailServer() }
    var options = MailClient.Options(server: mail.server)
    options.requiresTLS = mail.requiresTLS
    options.authoritiesPath = mail.authorities
    let client = MailClient(options)
    var sent: [DutyNotice.Kind] = []
    for notice in try duties.notices(on: Day(moment), reminding: mail.reminderWorkingDays) {
      let recipients = mail.recipients(of: notice)
      try client.send(
        Mail(
          from: mail.from, to: recipients, subject: "[\(estate.name)] \(notice.subject)",
          date: Self.mailDate(moment),
          identifier: "\(Hex.encode(Array(notice.identifier.utf8)).lowercased())@smki",
          body: notice.body))
      try duties.sent(
        notice, to: recipients.joined(separator: ", "), at: moment, by: actor)
      sent.append(notice.kind)
    }
    return sent
  }

  /// RFC 5322, 3.3, in UTC.
  static func mailDate(_ moment: Time) -> String {
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let fields = moment.fields
    let weekday = Int((moment.seconds / 86_400 + 4) % 7)
    return "\(days[weekday]), \(fields.day) \(months[fields.month - 1]) \(fields.year) "
      + moment.rfc3339.dropFirst(11).prefix(8) + " +0000"
  }
}
