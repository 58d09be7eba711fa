// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Enrolment
import Parties
import Registration
import SEC
import TestEstate
import Testing

@Suite("Cases go through their steps to a second officer")
struct CaseTests {
  private static let party = SampleParty.gas.id

  /// A case about a new Senior Responsible Officer.
  private static func nomination(
    _ estate: TestEstate, _ person: String = "nel"
  ) throws
    -> Submission
  {
    try estate.onboarding.submit(
      .officerNomination,
      Onboarding.person(person, of: party).merging(
        ["nominated-by": ["Dora"], "nominated-by-position": ["company-secretary"]]) { $1 })
  }

  private static func pass(
    _ step: FormKind, of it: Submission, _ outcome: String = "passed", in estate: TestEstate
  ) throws {
    try estate.onboarding.submit(step, Onboarding.step(step, of: it.id, outcome: outcome))
  }

  @Test("a case is approved when each step has passed, and not before", .clause("RAPP-5.2"))
  func steps() throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    let it = try Self.nomination(estate)
    func approve() throws {
      try enrolment.approve(it.id, at: estate.now, by: Onboarding.second)
    }
    #expect(throws: Refusal.stepsOpen(it, [], at: estate.now)) { try approve() }
    try Self.pass(.individualIdentity, of: it, in: estate)
    #expect(throws: Refusal.stepsOpen(it, [], at: estate.now)) { try approve() }
    try Self.pass(.meeting, of: it, "failed", in: estate)
    #expect(throws: Refusal.stepsOpen(it, [], at: estate.now)) { try approve() }
    try Self.pass(.meeting, of: it, in: estate)
    try approve()
    let person = try enrolment.person("nel")
    #expect(person.role == .seniorResponsibleOfficer)
    #expect(person.isActive(at: estate.now))
    let decided = try enrolment.submission(it.id)
    #expect(throws: Refusal.caseDecided(decided)) { try approve() }
    #expect(throws: Refusal.caseDecided(decided)) {
      try Self.pass(.meeting, of: it, in: estate)
    }
    #expect(decided.decider == Onboarding.second.name)
  }

  @Test("nobody approves what he or she entered, a step of it neither", .clause("RAPP-two-people"))
  func twoPeople() throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    let it = try Self.nomination(estate)
    try Self.pass(.individualIdentity, of: it, in: estate)
    let third = Actor(name: "Cleo", role: .registrationOfficer)
    try enrolment.submit(
      .meeting, version: "1", Onboarding.step(.meeting, of: it.id), at: estate.now, by: third)
    for officer in [TestEstate.officer, third] {
      #expect(throws: Refusal.samePerson(it, officer)) {
        try enrolment.approve(it.id, at: estate.now, by: officer)
      }
    }
    try enrolment.approve(it.id, at: estate.now, by: Onboarding.second)
  }

  @Test(
    "a case is refused for a step that failed or is overdue, and for nothing else",
    .clause("L3.3"),
    arguments: [
      (false, 0, false), (true, 0, true), (false, 10, false),
      (false, 16, true),
    ])
  func refusal(hasFailed: Bool, days: Int64, isRefused: Bool) throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    let it = try Self.nomination(estate)
    try Self.pass(.individualIdentity, of: it, in: estate)
    if hasFailed { try Self.pass(.meeting, of: it, "failed", in: estate) }
    estate.now = estate.now.adding(seconds: days * 86_400)
    func refuse() throws {
      try enrolment.refuse(it.id, because: "a test", at: estate.now, by: Onboarding.second)
    }
    guard isRefused else {
      #expect(throws: Refusal.refusalWithoutStep(it)) { try refuse() }
      return
    }
    try refuse()
    #expect(try enrolment.submission(it.id).state == .refused)
  }

  @Test("a case can be taken back, and there are no other ways", .clause("L3.3"))
  func withdrawal() throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    let it = try Self.nomination(estate)
    try enrolment.withdraw(it.id, because: "moved", at: estate.now, by: TestEstate.officer)
    #expect(try enrolment.submission(it.id).state == .withdrawn)
    #expect(throws: Refusal.caseUnknown(4_711)) {
      try enrolment.withdraw(4_711, because: "", at: estate.now, by: TestEstate.officer)
    }
    let ends = Submission.State.allCases.filter(\.next.isEmpty)
    #expect(ends == [.approved, .refused, .withdrawn, .recorded])
  }

  @Test("a step belongs to a case that has it", .clause("RAPP-5.1"))
  func stepOfCase() throws {
    let estate = try TestEstate()
    let it = try Self.nomination(estate)
    for form in [FormKind.screening, .organisationIdentity, .requesterCheck] {
      #expect(throws: Refusal.stepNotOfCase(form, it)) {
        try Self.pass(form, of: it, in: estate)
      }
    }
    #expect(throws: Refusal.caseUnknown(999)) {
      try estate.onboarding.submit(.meeting, Onboarding.step(.meeting, of: 999))
    }
  }

  @Test(
    "the Organisation Information Form becomes the register's, unless the register could not hold it",
    .clause("M4-org-info-form-b", "M4-org-info-form-c", "RAPP-A1-ranges", "RAPP-5.1", "C3-4"),
    arguments: [
      ("", nil), ("category=small-supplier", nil), ("category=gas-network", "role-not-of-category"),
      ("basis=voluntary", "basis-not-of-category"),
      ("user-roles=gas-supplier,import-supplier", nil),
      (
        "identifiers=gas-supplier 02 5A-4D-4B-49-00-00-10-FF 5A-4D-4B-49-00-00-10-00",
        "range-backwards"
      ),
      (
        "identifiers=import-supplier 02 5A-4D-4B-49-00-00-10-00 5A-4D-4B-49-00-00-10-FF",
        "range-of-other-role"
      ),
      (
        "identifiers=gas-supplier 02 5A-4D-4B-49-00-00-10-00 5A-4D-4B-49-00-00-10-0F;"
          + "gas-supplier 02 5A-4D-4B-49-00-00-10-20 5A-4D-4B-49-00-00-10-2F",
        "range-not-continuous"
      ),
      (
        "identifiers=gas-supplier 02 5A-4D-4B-49-00-00-10-00 5A-4D-4B-49-00-00-10-0F;"
          + "gas-supplier 02 5A-4D-4B-49-00-00-10-10 5A-4D-4B-49-00-00-10-2F", nil
      ),
      ("nominated-by=example-gas", "nominator"), ("opted-out=yes", nil),
    ] as [(String, String?)])
  func information(change: String, code: String?) throws {
    let estate = try TestEstate()
    var answers = Onboarding.information(
      "north-gas", name: "North Gas Ltd", roles: [.gasSupplier],
      identifiers: ["gas-supplier 02+87 5A-4D-4B-49-00-00-10-00 5A-4D-4B-49-00-00-10-FF"])
    let parts = change.split(separator: "=").map(String.init)
    if parts.count == 2 {
      let separator: Character = parts[0] == "user-roles" ? "," : ";"
      answers[parts[0]] = parts[1].split(separator: separator).map(String.init)
    }
    do {
      try estate.onboarding.carry(.organisationInformation, answers)
      #expect(code == nil)
      let membership = try estate.register.membership(of: "north-gas")
      #expect(membership?.category.rawValue == answers["category"]?.first)
      let ranges = try estate.register.ranges().filter { $0.party == "north-gas" }
      #expect(ranges.allSatisfy { $0.userRoles == [.gasSupplier] })
      #expect(!ranges.isEmpty)
    } catch let refusal as Refusal {
      #expect(refusal.code == code)
    }
  }

  @Test(
    "two User Roles share identifiers only where one line says so", .clause("M4-org-info-form-b"),
    arguments: [
      ("import-supplier+gas-supplier 02 5A4D4B4900001000 5A4D4B49000010FF", "", true),
      (
        "import-supplier 02 5A4D4B4900001000 5A4D4B490000107F",
        "gas-supplier 02 5A4D4B4900001080 5A4D4B49000010FF", true
      ),
      (
        "import-supplier 02 5A4D4B4900001000 5A4D4B490000107F",
        "gas-supplier 87 5A4D4B490000107F 5A4D4B49000010FF", false
      ),
    ])
  func sharing(first: String, second: String, isTaken: Bool) throws {
    let estate = try TestEstate()
    let answers = Onboarding.information(
      "north", name: "North", roles: [.gasSupplier, .importSupplier],
      identifiers: [first, second].filter { !$0.isEmpty })
    guard isTaken else {
      let range = try EntityRange(
        party: "north", role: .xmlSign, first: EntityID(0), last: EntityID(0))
      #expect(throws: Refusal.rangeTaken(range, by: range)) {
        try estate.onboarding.carry(.organisationInformation, answers)
      }
      return
    }
    try estate.onboarding.carry(.organisationInformation, answers)
  }

  @Test("who is nominated names nominators of the right kind", .clause("C3-G-rdp"))
  func nominators() throws {
    let estate = try TestEstate()
    var answers = Onboarding.information(
      "data", name: "Data Ltd", roles: [.registrationDataProvider])
    answers["nominated-by"] = [SampleParty.gas.id]
    #expect(throws: Refusal.nominatorNeeded(.registrationDataProvider, [])) {
      try estate.onboarding.carry(.organisationInformation, answers)
    }
    try estate.onboarding.carry(
      .organisationInformation,
      Onboarding.information("wires", name: "Wires Ltd", roles: [.electricityDistributor]))
    answers["nominated-by"] = ["wires"]
    try estate.onboarding.carry(.organisationInformation, answers)
    #expect(try estate.register.membership(of: "data")?.nominators == ["wires"])
  }
}
