// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Foundation
import Governance
import Records
import SEC
import Service
import TestProcess
import TestStore
import Testing

/// `make drill-pma` runs it at full size.
@Suite("Years of the PMA, and meetings of all kinds, before the second evaluator")
struct PMADrillTests {
  private static let isLong = ProcessInfo.processInfo.environment["SMKI_LONG"] != nil

  /// Small numbers that can be had again.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(sides))
    }
  }

  private static func assess(_ folder: String) throws -> (code: Int32, output: String) {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    let process = Process()
    process.executableURL = URL(filePath: bundle ?? CommandLine.arguments[0])
      .deletingLastPathComponent().appending(path: "smki-assess")
    process.arguments = [folder + "/smki.sqlite"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    return (process.terminationStatus, String(decoding: said, as: UTF8.self))
  }

  private static func report(_ door: PMADoor) -> PMAReport {
    let node = door.estate.node
    return PMAReport(
      records: node.records, configuration: node.configuration, estate: node.estate.name)
  }

  /// A meeting of the quarter: the minutes are published.
  private static func quarter(_ door: PMADoor, _ id: String, voters: [String]) throws {
    try door.meet(
      id,
      items: [
        PMAAct.Item(title: "Device CPS"),
        PMAAct.Item(title: "A party", subject: "small-1", isConfidential: true),
      ],
      present: ["chair"] + voters)
    try door.begin("cps-\(id)", "practice-statement", "Device CPS", version: id)
    try door.file(["statement"], to: "cps-\(id)")
    try door.act(
      .openVote(
        vote: "\(id)-1", meeting: id, item: 1, kind: "approve-cps", motion: "That it be approved",
        subject: "Device CPS", terms: ["matter": "cps-\(id)", "outcome": "approved"]))
    for voter in voters { try door.act(.cast(vote: "\(id)-1", person: voter, choice: "for")) }
    #expect(try door.act(.closeVote(vote: "\(id)-1")).outcome == "carried")
    try door.perform(CarryOut(vote: "\(id)-1", kind: "approve-cps"))
    try door.business(.issue(matter: "cps-\(id)"))
    try door.act(.minute(meeting: id, item: 1, text: "It was approved.", confidential: ""))
    try door.act(.minute(meeting: id, item: 2, text: "", confidential: "A party was named."))
    door.estate.pass(seconds: 3_600)
    try door.act(.close(meeting: id))
    try door.act(.publish(meeting: id))
  }

  /// A document as it came out first.
  private struct Made {
    let kind: PMAReport.Kind
    let number: String
    var recipient = ""
    let page: String
  }

  /// Every kind of business once, with each of its letters.
  private static func letters(_ door: PMADoor, _ report: PMAReport) throws -> [Made] {
    try door.meet(
      "m", items: [PMAAct.Item(title: "Business")], present: ["chair"] + PMADoor.voters)
    try door.estate.add("north", [.importSupplier])
    var letters: [Made] = []
    for kind in MatterKind.allCases {
      let rule = try #require(MatterRule.of(kind, in: .current))
      let matter = "all-\(kind.rawValue)"
      try door.begin(matter, kind.rawValue, rule.subjects.first ?? "north", version: "1.0")
      try door.file(rule.papers + [MatterRule.redaction], to: matter)
      if kind == .smkiDocumentReview { try door.file(["cost-liability"], to: matter) }
      let outcome = try #require(
        rule.outcomes.last { !MatterKind.quiet.contains($0) && $0 != "approved-subject-to" })
      let terms = ["matter": matter, "outcome": outcome]
      if let vote = rule.decision {
        let voted = kind == .recoveryKey ? DecisionKind.useContingencyKey : vote
        try door.decide(matter, voted.rawValue, about: voted == .suspend ? "north" : "", terms)
        try door.perform(CarryOut(vote: matter, kind: voted.rawValue))
      } else {
        try door.business(.panelDecision(matter: matter, outcome: outcome))
      }
      try door.business(.issue(matter: matter))
      for recipient in rule.recipients {
        let page = try report.make(
          .letter, number: matter, recipient: recipient.name, on: door.today)
        // A redacted letter has the redacted text and neither subject nor outcome.
        #expect(page.contains("north") == (recipient.form == .full && rule.subjects.isEmpty))
        #expect(page.contains("The redacted.") == (recipient.form == .redacted))
        letters.append(
          Made(kind: .letter, number: matter, recipient: recipient.name, page: page))
      }
    }
    #expect(letters.count > 30)
    try standard(door)
    try door.act(.close(meeting: "m"))
    return letters
  }

  /// L1.23, L1.24: the day of a standard, and an appeal against it that the Panel decides.
  private static func standard(_ door: PMADoor) throws {
    for (version, follows) in [("2012", ""), ("2019", "2012")] {
      try door.business(
        .standard(
          name: "BS 7858", version: version, issuer: "BSI", obligation: "RAPP 5.3",
          follows: follows, day: nil))
    }
    let day = door.today.adding(months: 6).description
    try door.decide(
      "std", "standard-date", ["standard": "BS 7858", "version": "2019", "from": day])
    try door.perform(CarryOut(vote: "std", kind: "standard-date"))
    try door.business(
      .appeal(
        name: "BS 7858", version: "2019", appellant: "DCC", capacity: "dcc", grounds: "too soon"))
    try door.business(
      .decideAppeal(name: "BS 7858", version: "2019", newDay: nil, evidence: "Panel minute 7"))
  }

  /// Later, from the store opened by somebody else, every document is the same octet by octet, and
  /// the store is proven.
  private static func again(_ door: PMADoor, _ documents: [Made]) throws {
    let node = door.estate.node
    try door.perform(SignCheckpoint())
    let records = try Records.examine(
      TestStore.place(door.estate.folder.records), migrations: Store.migrations)
    defer { records.close() }
    let report = PMAReport(
      records: records, configuration: node.configuration, estate: node.estate.name)
    for made in documents {
      let page = try report.make(
        made.kind, number: made.number, recipient: made.recipient, on: door.today)
      #expect(page == made.page, "\(made.kind) \(made.number) \(made.recipient)")
    }
    print("documents: \(documents.count), each the same when it was made again")
    let verified = try Verification(
      records: records, keys: [node.checkpointNoteKey], openChunks: .allowed
    ).run()
    #expect(verified.isSound, "\(verified.faults)")
  }

  /// A Party's proposal in the first of its steps, with an answer that is not to be published.
  private static func proposal(_ door: PMADoor) throws {
    try door.modify(
      .register(
        proposal: "MP1", title: "A change", party: "North Gas", documents: ["RAPP"], day: nil))
    try door.modify(
      .consult(
        proposal: "MP1", kind: "legal-text", from: nil,
        until: door.today.adding(days: 10).description))
    for (organisation, objection) in [("Open Power", ""), ("Shut Gas", "prices")] {
      try door.modify(
        .respond(
          proposal: "MP1", kind: "legal-text", organisation: organisation,
          text: "Said by \(organisation).", objection: objection, disposition: "", day: nil))
    }
  }

  @Test(
    "three years, from the first election of 2014 to the ten seats, told by documents",
    .clause("L1.15", "R2-51"))
  func years() throws {
    let door = try PMADoor(on: "2014-03-03")
    try door.four()
    var meetings = 0
    for year in [2014, 2015, 2022] {
      if year == 2022 {
        door.set(try #require(Day("2022-03-01")))
        // The terms of 2014 are over: the Chair and the small supplier are found anew.
        try door.fill("chair", with: "chair", PMADoor.chair)
        try door.nominate(["small"], in: "small-2022", "small-suppliers")
        try door.seat("small", in: "small-supplier", basis: "small-2022")
      }
      for quarter in 1...(Self.isLong ? 4 : 1) {
        try Self.quarter(
          door, "\(year)-\(quarter)", voters: ["security", "technical", "small"])
        door.pass(days: 60)
        meetings += 1
      }
    }
    #expect(Constitution.at(door.estate.now).members.count == 10)
    try Self.proposal(door)
    let report = Self.report(door)
    var all = try Self.letters(door, report)
    var made: [String: String] = [:]
    for kind in PMAReport.Kind.allCases {
      let number =
        switch kind {
        case .election: "small-e"
        case .notice, .minutes, .confidentialMinutes: "2014-1"
        case .decision: "2014-1-1"
        case .matter, .letter: "cps-2014-1"
        case .modification, .consultation: "MP1"
        case .seats, .decisions, .duties, .standards, .proposals, .year: ""
        }
      let page = try report.make(kind, number: number, recipient: "DCC", on: door.today)
      #expect(page.hasSuffix("</html>\n"))
      made[kind.rawValue] = page
      all.append(Made(kind: kind, number: number, recipient: "DCC", page: page))
    }
    try Self.again(door, all)
    #expect(made["minutes"]?.contains("A party was named") == false)
    #expect(made["confidential-minutes"]?.contains("A party was named") == true)
    #expect(made["decisions"]?.contains("carried") == true)
    #expect(made["seats"]?.contains("10 seats") == true)
    #expect(made["standards"]?.contains("Panel minute 7") == true)
    #expect(throws: Refusal.recipientUnknown("cps-2014-1", "Nobody")) {
      _ = try report.make(.letter, number: "cps-2014-1", recipient: "Nobody", on: door.today)
    }
    // C3-front-2: what is not to be published is in no public document.
    #expect(made["consultation"]?.contains("Said by Open Power") == true)
    #expect(made["consultation"]?.contains("Said by Shut Gas") == false)
    #expect(made["letter"]?.contains("approved") == true)
    #expect(made["decision"]?.contains("outcome: carried") == true)
    let decisions = try door.estate.node.votes.all().count { $0.outcome != .withdrawn }
    #expect(decisions > meetings)
    // The evaluator reads SQLite's file only.
    guard TestStore.server == nil else { return }
    let (code, output) = try Self.assess(door.estate.folder.path)
    #expect(code == 0 && output.contains("\(decisions) decisions, 2 elections"), "\(output)")
  }

  @Test(
    "one duty of each area is done in time and one is late", .clause("L1.17(s)", "A1-working-day"))
  func duties() throws {
    let door = try PMADoor(on: "2026-01-05")
    // One of each area: rather one with days left than one that is owed again and again.
    func rank(_ duty: Duty) -> Int {
      duty.deadline.isRepeated ? 2 : duty.deadline.count == 0 ? 1 : 0
    }
    let free = Duty.all.filter { $0.deadline.count >= 0 && $0.about.isEmpty }
    let areas = Dictionary(grouping: free, by: \.area)
    let chosen = areas.compactMapValues { $0.min { rank($0) < rank($1) } }
    #expect(chosen.count == Set(Duty.all.map(\.area)).count)
    let book = door.estate.node.duties
    for (area, duty) in chosen.sorted(by: { $0.key < $1.key }) {
      for subject in ["in time", "late"] {
        try door.perform(
          ReportDutyEvent(
            event: duty.after, subject: "\(area) \(subject)", day: nil, reference: "letter"))
      }
      let owed = try book.instances(on: door.today).first {
        $0.duty == duty && $0.event.subject == "\(area) in time"
      }
      try door.perform(
        DischargeDuty(instance: try #require(owed).id, day: nil, evidence: "minute 1"))
    }
    door.pass(days: 800)
    let all = try book.instances(on: door.today)
    for (area, duty) in chosen {
      let own = all.filter {
        $0.duty == duty && $0.turn == 1 && $0.event.subject.hasPrefix("\(area) ")
      }
      let states =
        own
        .map {
          "\($0.event.subject.dropFirst(area.count + 1)) \($0.state(on: door.today).rawValue)"
        }
      #expect(states.sorted() == ["in time discharged", "late late"], "\(area)")
    }
  }

  @Test(
    "what random meetings decide is what the second evaluator computes",
    .clause("L1.13", "L1.15", "R2-29-v"))
  func random() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.four()
    try door.fill("specialist", with: "spec", PMADoor.specialist)
    try door.person("deputy")
    try door.act(
      .alternate(
        seat: "chair", person: "deputy", independence: "finding", unavailable: "", day: nil))
    let people = ["chair", "deputy", "security", "technical", "small", "spec"]
    var dice = Dice(state: 20_260_105)
    var decided = 0
    var refused = 0
    let node = door.estate.node
    let by = Actor(name: "Sam Secretary", role: .secretariat)
    func attempt(_ body: () throws -> Void) throws {
      do { try body() } catch is Refusal { refused += 1 }
    }
    for number in 0..<(Self.isLong ? 10_000 : 60) {
      let id = "r-\(number)"
      let subject = dice.roll(4) == 0 ? "small-1" : ""
      let held = door.estate.now.adding(seconds: 60)
      try node.meetings.convene(
        id, at: held, place: "London",
        agenda: [AgendaItem(number: 1, title: "Business", subject: subject)],
        shortNotice: "a drill", at: door.estate.now, by: by)
      door.estate.pass(seconds: 60)
      try node.meetings.open(id, at: door.estate.now, by: by)
      for person in people where dice.roll(4) > 0 {
        try node.meetings.arrive(person, to: id, at: door.estate.now, by: by)
      }
      try attempt {
        try node.votes.open(
          id, in: id, item: 1, kind: .general, motion: "That", at: door.estate.now, by: by)
      }
      for _ in 0..<8 {
        let person = people[dice.roll(people.count)]
        door.estate.pass(seconds: 1)
        let choice = Choice.allCases[dice.roll(3)]
        try attempt {
          switch dice.roll(10) {
          case 0: try node.meetings.leave(person, from: id, at: door.estate.now, by: by)
          case 1: try node.meetings.arrive(person, to: id, at: door.estate.now, by: by)
          default: try node.votes.cast(choice, by: person, in: id, at: door.estate.now, by: by)
          }
        }
      }
      try attempt {
        do {
          _ = try node.votes.close(id, at: door.estate.now, by: by)
        } catch let refusal as Refusal where refusal.code == "casting-vote-due" {
          refused += 1
          let casting = CastingVote.allCases[dice.roll(3)]
          _ = try node.votes.close(id, casting: casting, at: door.estate.now, by: by)
        }
        decided += 1
      }
      try attempt { try node.votes.withdraw(id, at: door.estate.now, by: by) }
      try node.meetings.close(id, at: door.estate.now, by: by)
      door.estate.pass(seconds: 1)
    }
    #expect(decided > 10 && refused > 10)
    print("random meetings: \(decided) decided, \(refused) acts refused")
    // The evaluator reads SQLite's file only.
    guard TestStore.server == nil else { return }
    let (code, output) = try Self.assess(door.estate.folder.path)
    #expect(code == 0 && output.contains("\(decided) decisions"), "\(output)")
  }
}
