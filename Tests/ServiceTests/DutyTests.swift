// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Foundation
import HTTP
import SEC
import Service
import TestProcess
import Testing

@Suite("Duties are told to people: by calendar and by letter", .clause("L1.17(s)"))
struct DutyTests {
  private static let secretary = Actor(name: "Sam Secretary", role: .secretariat)

  /// A mail server of other hands, which keeps what it takes in a folder.
  private final class MailServer {
    let folder: String
    let port: UInt16
    private let process = Process()

    static let isThere =
      FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/aiosmtpd")

    init() throws {
      folder = NSTemporaryDirectory() + "smki-mail-\(UUID().uuidString)"
      let port = UInt16.random(in: 20_000...29_999)
      self.port = port
      process.executableURL = URL(filePath: "/usr/bin/python3")
      process.arguments = [
        "-m", "aiosmtpd", "-n", "-l", "127.0.0.1:\(port)", "-c",
        "aiosmtpd.handlers.Mailbox", folder,
      ]
      process.standardError = FileHandle.nullDevice
      try process.run()
    }

    deinit {
      kill(process.processIdentifier, SIGKILL)
      process.waitForEnd()
      try? FileManager.default.removeItem(atPath: folder)
    }

    var letters: [String] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/new")) ?? []
      return names.sorted().compactMap {
        try? String(contentsOfFile: "\(folder)/new/\($0)", encoding: .utf8)
      }
    }
  }

  @Test("a reminder and an escalation reach a mail server, once, and are remembered")
  func letters() throws {
    guard MailServer.isThere || ProcessInfo.processInfo.environment["CI"] == "true" else {
      print("skipped: python3-aiosmtpd is not installed")
      return
    }
    let server = try MailServer()
    let estate = try ServingEstate {
      var mail = MailSettings(
        server: "smtp://127.0.0.1:\(server.port)", from: "smki@example.org",
        secretariat: ["secretariat@example.org"])
      mail.requiresTLS = false
      mail.recipients = ["SMKI PMA": ["pma@example.org"]]
      mail.escalation = ["panel@example.org"]
      $0.mail = mail
    }
    _ = try ReportDutyEvent(
      event: "document-incorporated", subject: "Device CP, 2nd", day: nil, reference: "SEC v57"
    ).run(in: estate.node, by: Self.secretary)
    var sent: SendDutyLetters.Answer?
    for _ in 0..<100 where sent == nil {
      // The server takes a moment to listen.
      sent = try? SendDutyLetters().run(in: estate.node, by: Self.secretary)
      if sent == nil { usleep(50_000) }
    }
    let reminders = try #require(sent).reminders
    #expect(reminders > 2)
    #expect(server.letters.count == reminders)
    let letter = try #require(server.letters.first { $0.contains("L5.7(a)/") })
    #expect(letter.contains("Subject: [Doors Test] Reminder: L5.7(a) is due on 2026-11-27"))
    #expect(letter.contains("X-RcptTo: pma@example.org"))
    #expect(letter.contains("Device CP, 2nd"))
    #expect(try SendDutyLetters().run(in: estate.node, by: Self.secretary).reminders == 0)
    estate.pass(seconds: 10 * 86_400)
    #expect(try SendDutyLetters().run(in: estate.node, by: Self.secretary).escalations > 2)
    let late = try #require(server.letters.first { $0.contains("Late: L5.7(a)") })
    #expect(late.contains("panel@example.org"))
  }

  @Test("every duty is owed after its event, late after its day, and done with its evidence")
  func every() throws {
    let estate = try ServingEstate()
    let found: Set = ["estate-founded", "party-suspended", "pma-"]
    var owed: [DutyInstance] = []
    for name in Set(Duty.all.map(\.after)).sorted()
    where !found.contains(where: name.hasPrefix) {
      _ = try ReportDutyEvent(event: name, subject: name, day: nil, reference: "letter").run(
        in: estate.node, by: Self.secretary)
    }
    for (name, document) in Set(Duty.all.flatMap { duty in duty.about.map { [duty.after, $0] } })
      .map({ ($0[0], $0[1]) })
    {
      _ = try ReportDutyEvent(event: name, subject: document, day: nil, reference: "SEC").run(
        in: estate.node, by: Self.secretary)
    }
    let today = Day(estate.now)
    let all = try estate.node.duties.instances(on: today)
    for duty in Duty.all
    where duty.after == "estate-founded" || !found.contains(where: duty.after.hasPrefix) {
      let instance = all.last { $0.duty.clause == duty.clause }
      #expect(instance != nil, "\(duty.clause)")
      guard let instance else { continue }
      #expect(instance.state(on: instance.due) == .due)
      #expect(instance.state(on: instance.due.adding(days: 1)) == .late)
      owed.append(instance)
    }
    #expect(owed.count > 200)
    for instance in owed where instance.duty.area == "governance" {
      _ = try DischargeDuty(instance: instance.id, day: nil, evidence: "minute 1").run(
        in: estate.node, by: Self.secretary)
    }
    let done = try estate.node.duties.instances(on: today).filter { $0.discharge != nil }
    #expect(done.count >= owed.count { $0.duty.area == "governance" })
  }

  @Test("without a mail server nothing is sent, and that is said")
  func noServer() throws {
    let estate = try ServingEstate()
    #expect(throws: Refusal.noMailServer()) {
      _ = try SendDutyLetters().run(in: estate.node, by: Self.secretary)
    }
  }

  @Test("the calendar stands at the monitoring port, and shows what was done as done")
  func feed() throws {
    let estate = try ServingEstate()
    func calendar() throws -> String {
      let response = try estate.send("GET", "/duties.ics", at: .monitoring)
      #expect(response.status == 200)
      return String(decoding: response.body, as: UTF8.self).replacing("\r\n ", with: "")
    }
    _ = try ReportDutyEvent(
      event: "document-incorporated", subject: "Device CP", day: "2026-11-20", reference: "SEC v57"
    ).run(in: estate.node, by: Self.secretary)
    let owed = try #require(
      try estate.node.duties.instances(on: Day(estate.now)).first {
        $0.duty.clause == "L5.7(a)"
      })
    #expect(owed.due.description == "2026-11-27")
    #expect(try calendar().contains("UID:\(owed.id)@smki\r\nDTSTAMP:20261120T000000Z"))
    _ = try DischargeDuty(instance: owed.id, day: "2026-11-21", evidence: "R-1").run(
      in: estate.node, by: Self.secretary)
    let event = try #require(
      try calendar().split(separator: "BEGIN:VEVENT").first { $0.contains("UID:\(owed.id)@") })
    #expect(event.contains("CATEGORIES:discharged\r\n"))
    #expect(throws: Refusal.self) {
      _ = try ReportDutyEvent(event: "x", subject: "", day: "yesterday", reference: "").run(
        in: estate.node, by: Self.secretary)
    }
  }
}
