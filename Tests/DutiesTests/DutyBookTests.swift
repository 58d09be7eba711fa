// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Parties
import Records
import SEC
import TestEstate
import Testing

@Suite("The book of duties", .clause("L1.17(s)"))
struct DutyBookTests {
  private let estate: TestEstate
  private let book: DutyBook
  private let officer = Actor(name: "Sam Secretary", role: .secretariat)

  init() throws {
    estate = try TestEstate()
    book = DutyBook(records: estate.records)
  }

  private var today: Day { Day(estate.now) }

  private func report(_ name: String, of subject: String = "", on day: Day? = nil) throws {
    try book.report(
      name, of: subject, on: day ?? today, reference: "letter 1", at: estate.now, by: officer)
  }

  private func instance(_ clause: Clause, subject: String? = nil) throws -> DutyInstance {
    try #require(
      try book.instances(on: today).last {
        $0.duty.clause == clause && (subject == nil || $0.event.subject == subject)
      })
  }

  @Test("the table is read whole, and each row has everything")
  func table() {
    #expect(Duty.all.count > 230)
    #expect(Set(Duty.all.map(\.clause)).count == Duty.all.count)
    for duty in Duty.all {
      #expect(!duty.owes.isEmpty && !duty.after.isEmpty && !duty.evidence.isEmpty, "\(duty.clause)")
    }
    #expect(Duty.of("L1.11")?.owes == "SMKI PMA Member")
    #expect(Duty.of("L1.3") == nil)
  }

  @Test("in each area one duty done in time is discharged, and one left is late")
  func areas() throws {
    for area in Set(Duty.all.map(\.area)).sorted() {
      let duties = Duty.all.filter { $0.area == area }
      guard
        let duty = duties.first(where: { $0.after != "estate-founded" && $0.about.isEmpty })
          ?? duties.first
      else { continue }
      if duty.after != "estate-founded" {
        try report(duty.after, of: "\(area) in time")
        try report(duty.after, of: "\(area) late")
      }
      let isReported = duty.after != "estate-founded"
      let done = try instance(duty.clause, subject: isReported ? "\(area) in time" : nil)
      #expect(done.state(on: today) != .discharged)
      let dayDone = min(today, done.due)
      try book.discharge(
        done.id, on: dayDone, evidence: "minute 7", at: estate.now, by: officer)
      let after = try #require(try book.instances(on: today).first { $0.id == done.id })
      #expect(after.state(on: today) == .discharged, "\(duty.clause)")
      if isReported {
        let left = try instance(duty.clause, subject: "\(area) late")
        #expect(left.state(on: left.due) == .due)
        #expect(left.state(on: left.due.adding(days: 1)) == .late)
      }
    }
  }

  @Test("a repeated duty is owed again after its turn, and the founding of the estate begins it")
  func repeated() throws {
    #expect(try instance("L1.17(c)").turn == 1)
    estate.now = estate.now.adding(seconds: 800 * 86_400)
    let turns = try book.instances(on: today).filter { $0.duty.clause == "L1.17(c)" }
    #expect(turns.map(\.turn) == [1, 2, 3])
    #expect(turns.map { $0.state(on: today) } == [.late, .late, .due])
  }

  @Test("an act in the audit discharges what it answers, and only for its subject")
  func discharged() throws {
    try estate.register.suspend(
      SampleParty.gas.id, from: estate.now, under: "L2.15", evidence: "letter 1", by: officer)
    try estate.register.suspend(
      SampleParty.electricity.id, from: estate.now, under: "L2.15", evidence: "letter 2",
      by: officer)
    let open = try instance("L2.16", subject: SampleParty.gas.id)
    #expect(open.discharge == nil)
    #expect(open.event.reference == "letter 1")
    estate.now = estate.now.adding(seconds: 60)
    try estate.register.reinstate(
      SampleParty.gas.id, from: estate.now, evidence: "letter 3", by: officer)
    #expect(try instance("L2.16", subject: SampleParty.gas.id).discharge?.by == officer.name)
    #expect(try instance("L2.16", subject: SampleParty.electricity.id).discharge == nil)
  }

  @Test("harvesting keeps what was found, once, and changes nothing of what is owed")
  func harvest() throws {
    try report("document-incorporated", of: "Device CP")
    let before = try book.instances(on: today)
    #expect(try book.harvest(at: estate.now, by: officer) == 0)
    #expect(try book.harvest(at: estate.now, by: officer, every: 1) > 0)
    #expect(try book.instances(on: today) == before)
    #expect(try book.harvest(at: estate.now, by: officer, every: 2) == 0)
    #expect(try book.instances(on: today) == before)
  }

  @Test("what nobody knows, owes or can show is refused")
  func refused() throws {
    #expect(throws: Refusal.eventUnknown("x")) { try report("sunrise") }
    try report("document-incorporated", of: "Device CP")
    let owed = try instance("L5.7(a)")
    func discharge(_ id: String, on day: Day, _ evidence: String = "minute 1") throws {
      try book.discharge(id, on: day, evidence: evidence, at: estate.now, by: officer)
    }
    #expect(throws: Refusal.nothingOwed("x")) { try discharge("L5.7(a)/999999/1", on: today) }
    #expect(throws: Refusal.evidenceUnusable("x")) { try discharge(owed.id, on: today, "") }
    #expect(throws: Refusal.evidenceUnusable("x")) {
      try discharge(owed.id, on: today.adding(days: 1))
    }
    try discharge(owed.id, on: today)
    #expect(throws: Refusal.alreadyDischarged(owed)) { try discharge(owed.id, on: today) }
    #expect(Refusal.dutyUnknown("L1.3").clause == "L1.17(s)")
  }

  @Test("a reminder goes before the day, an escalation after it, each once")
  func notices() throws {
    try report("document-incorporated", of: "Device CP")
    func notices() throws -> [DutyNotice] {
      try book.notices(on: today).filter { $0.instance.duty.clause == "L5.7(a)" }
    }
    let reminder = try #require(try notices().first)
    #expect(reminder.kind == .reminder)
    #expect(reminder.body.contains(reminder.instance.id))
    try book.sent(reminder, to: "a@example.org", at: estate.now, by: officer)
    #expect(try notices() == [])
    estate.now = estate.now.adding(seconds: 12 * 86_400)
    let escalation = try #require(try notices().first)
    #expect(escalation.kind == .escalation)
    try book.sent(escalation, to: "a@example.org", at: estate.now, by: officer)
    #expect(try notices() == [])
  }

  @Test("the calendar is one that other programs read: lines of 75 octets, commas escaped")
  func calendar() throws {
    try report("document-incorporated", of: "Device CP, the second; with ümlauts")
    let text = DutyCalendar.text(
      of: try book.instances(on: today), on: today, estate: "TEST")
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.first == "BEGIN:VCALENDAR")
    #expect(lines.suffix(2) == ["END:VCALENDAR", ""])
    #expect(lines.allSatisfy { $0.utf8.count <= 75 })
    let unfolded = text.replacing("\r\n ", with: "")
    #expect(unfolded.contains("Device CP\\, the second\\; with ümlauts"))
    #expect(unfolded.components(separatedBy: "BEGIN:VEVENT").count > 3)
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
