// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Enrolment
import EntryTesting
import FoundationEssentials
import HTTP
import Keys
import Parties
import Registration
import Repository
import SEC
import Service
import TestEstate
import Testing
import X509

@Suite("Organisation Certificates go from submission to acceptance over the portal's door")
struct OrganisationDoorTests {
  private static let identifier = EntityID(0x5A4D_4B49_0000_1001)

  /// An estate with a gas supplier and the credential of its officer.
  private static func setting(
    _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> (ServingEstate, ServingEstate.Credential) {
    let estate = try ServingEstate(changing: change)
    try estate.onboarding.enter(
      "gas", name: "The gas company", roles: [.gasSupplier],
      identifiers: ["gas-supplier 02+87 5A4D4B4900001000 5A4D4B49000010FF"])
    try estate.onboarding.authorise("gas", for: .organisation)
    return (estate, try estate.credential(of: "gas", for: .portalOrganisation))
  }

  private static func send(
    _ request: [UInt8], in estate: ServingEstate, by credential: ServingEstate.Credential
  ) throws -> (status: Int, code: String) {
    let response = try estate.send(
      "POST", "/1.0/OrganisationCSR", at: .service, body: request,
      certificate: credential.certificate)
    guard response.status != 200 else { return (200, "") }
    return (
      response.status, try JSONDecoder().decode(ErrorBody.self, from: Data(response.body)).code
    )
  }

  private static func states(_ estate: ServingEstate) throws -> [OrganisationCase.State] {
    try estate.node.registration.organisationCases(of: "gas").map(\.state)
  }

  @Test(
    "issued, lodged, and deemed accepted when nobody rejects it in time",
    .clause(
      "M8-2.3.1.3", "L11.7", "M8-2.2-accepted", "C3-116-4", "C3-116-5", "C3-123", "L3.18"))
  func whole() throws {
    let (estate, credential) = try Self.setting()
    let key = try SoftwareKey.generate(.p256)
    let request = try Asking.organisation(Self.identifier, key: key)
    #expect(try Self.send(request, in: estate, by: credential).status == 200)
    #expect(try Self.send(request, in: estate, by: credential).status == 200)
    let it = try #require(try estate.node.registration.organisationCases(of: "gas").first)
    #expect(it.state == .issued)
    #expect(it.asker == "gas-aro")
    let serial = try #require(it.serial.flatMap { Hex.decode($0) })
    #expect(try estate.node.repository.certificate(serial: serial)?.entity == Self.identifier)
    let schedule = Schedule(
      estate.node.registrationJobs, clock: { estate.now }, log: Log { _ in })
    estate.pass(seconds: 24 * 3600 - 1)
    schedule.look()
    #expect(try Self.states(estate) == [.issued])
    estate.pass(seconds: 61)
    schedule.look()
    #expect(try Self.states(estate) == [.deemedAccepted])
  }

  @Test(
    "refused at each step with its reason, and the same key pair may come again",
    .clause("M8-2.3.1.3", "M8-2.3.1.4", "C3-124-4", "C3-80-org", "C3-116-2"))
  func refusals() throws {
    let (estate, credential) = try Self.setting()
    let key = try SoftwareKey.generate(.p256)
    func request(_ identifier: EntityID, _ role: RoleCode = .supplier) throws -> [UInt8] {
      try Asking.organisation(identifier, role: role, key: key)
    }
    var spoilt = try request(Self.identifier)
    spoilt[spoilt.count - 1] ^= 1
    for (asked, code) in [
      ([0x30, 0x00], "malformed-request"), (spoilt, "possession-not-proven"),
      (try request(EntityID(0x5A4D_4B49_0000_1100)), "identifier-not-of-party"),
      (try request(Self.identifier, .networkOperator), "identifier-not-of-party"),
    ] {
      #expect(try Self.send(asked, in: estate, by: credential).code == code)
    }
    #expect(try Self.states(estate) == [.refused, .refused, .refused, .refused])
    #expect(try Self.send(request(Self.identifier), in: estate, by: credential).status == 200)
    #expect(try Self.states(estate).last == .issued)
  }

  @Test(
    "a Device credential is refused at Organisation functions, and the other way round",
    .clause("M8-2.3-separate-credentials", "N4-1-aro"))
  func separate() throws {
    let (estate, organisation) = try Self.setting()
    try estate.onboarding.authorise("gas", for: .device)
    let device = try estate.credential(of: "gas", for: .portalDevice)
    let request = try Asking.organisation(Self.identifier)
    let refused = try Self.send(request, in: estate, by: device)
    #expect(refused == (403, "credential-for-other-interface"))
    #expect(try Self.states(estate).isEmpty)
    let other = try estate.send(
      "POST", "/1.0/DeviceCSR", at: .service,
      body: try Asking.device(EntityID(0x00DB_0000_0000_0001)),
      certificate: organisation.certificate)
    #expect(other.status == 403)
  }

  @Test(
    "who is no subscriber for it, or is suspended, is refused",
    .clause("L3.2", "L2.15", "C3-75-3", "C3-116-1", "L4.1(a)"))
  func subscriber() throws {
    let estate = try ServingEstate()
    try estate.onboarding.enter("gas", name: "The gas company", roles: [.gasSupplier])
    let credential = try estate.credential(of: "gas", for: .portalOrganisation)
    let request = try Asking.organisation(Self.identifier)
    #expect(
      try Self.send(request, in: estate, by: credential).code == "not-an-authorised-subscriber")
    try estate.node.registration.register.suspend(
      "gas", from: estate.now, under: "L2.15", evidence: "m", by: ServingEstate.officer)
    #expect(try Self.send(request, in: estate, by: credential).code == "party-suspended")
  }

  @Test(
    "a person who has left is refused at the next request, with the same certificate",
    .clause("C3-116-3", "N4-1-aro"))
  func left() throws {
    let (estate, credential) = try Self.setting()
    #expect(
      try Self.send(Asking.organisation(Self.identifier), in: estate, by: credential).status == 200)
    try estate.onboarding.submit(
      .leaving,
      [
        "party": ["gas"], "person": ["gas-aro"], "requested-by": ["director"], "reason": ["left"],
      ])
    #expect(
      try Self.send(Asking.organisation(Self.identifier), in: estate, by: credential)
        == (403, "person-not-active"))
  }

  @Test("a case goes its way and no other", .clause("M8-2.3.1.3"))
  func states() throws {
    let estate = try TestEstate()
    let registration = estate.registration
    let id = SampleParty.gas.id
    for from in OrganisationCase.State.allCases {
      for to in OrganisationCase.State.allCases {
        let it = try registration.receiveOrganisation(
          hash: Array("\(from)\(to)".utf8), of: id, at: estate.now, by: TestEstate.officer)
        func move(_ state: OrganisationCase.State) throws {
          try registration.move(it.id, to: state, at: estate.now, by: TestEstate.officer)
        }
        for state in Self.way(to: from) { try move(state) }
        if from.next.contains(to) {
          try move(to)
        } else {
          #expect(throws: Refusal.organisationCaseState(it, to)) { try move(to) }
        }
      }
    }
    #expect(throws: Refusal.organisationCaseUnknown("999")) {
      try registration.move(999, to: .accepted, at: estate.now, by: TestEstate.officer)
    }
  }

  private static func way(to state: OrganisationCase.State) -> [OrganisationCase.State] {
    switch state {
    case .submitted: []
    case .accepted, .refused: [state]
    case .approved: [.accepted, .approved]
    case .issued: [.accepted, .approved, .issued]
    case .deemedAccepted, .rejected: [.accepted, .approved, .issued, state]
    }
  }

  @Test(
    "notices are given once at each mark before an end, for what is still in force",
    .clause("RAPP-5.4"))
  func notices() throws {
    let (estate, credential) = try Self.setting { $0.enrolment.noticeDays = [30, 7] }
    let registration = estate.node.registration
    try registration.addAPIKey(
      "key", of: "gas", label: "reader", for: "a test",
      until: estate.now.adding(seconds: 40 * 86_400),
      at: estate.now, by: ServingEstate.officer)
    let other = try estate.credential(of: "gas", for: .portalOrganisation)
    let schedule = Schedule(
      estate.node.registrationJobs, clock: { estate.now }, log: Log { _ in })
    func given(after days: Int64) throws -> [String] {
      estate.pass(seconds: days * 86_400)
      schedule.look()
      return try registration.notices(of: "gas").map { "\($0.kind.rawValue) \($0.days)" }
    }
    #expect(try given(after: 9) == [])
    #expect(try given(after: 1) == ["api-key 30"])
    #expect(try given(after: 1) == ["api-key 30"])
    #expect(try given(after: 22) == ["api-key 30", "api-key 7"])
    #expect(try given(after: 30) == ["api-key 30", "api-key 7"])
    let end = try #require(
      try registration.credentials().first { $0.serial == credential.serial }?.notAfter)
    let left = (end.seconds - estate.now.seconds) / 86_400
    let late = try given(after: left - 5)
    #expect(late.filter { $0 == "credential 7" }.count == 2)
    #expect(late.contains("person 7") == false)
    #expect(try registration.credentials().contains { $0.serial == other.serial })
  }

  @Test(
    "a party that did nothing for six months is listed, and one that did something is not",
    .clause("C3-LT33-M8", "C3-G-dcc-user"))
  func inactivity() throws {
    let estate = try TestEstate()
    let registration = estate.registration
    func listed(_ date: String) throws -> Set<String> {
      let moment = try #require(Time(rfc3339: "\(date)T00:00:00Z"))
      return Set(try registration.inactiveParties(at: moment).map(\.party))
    }
    // Everybody acceded on 5 January 2026.
    #expect(try listed("2026-07-04").isEmpty)
    #expect(try listed("2026-07-05").count == SampleParty.allCases.count)
    try estate.register.confirmUserEntry(
      .gasSupplier, of: SampleParty.gas.id, at: estate.now, evidence: "U", by: TestEstate.officer)
    #expect(try !listed("2026-07-05").contains(SampleParty.gas.id))
    var late = Onboarding.information("late", name: "Late", roles: [.otherUser])
    late["acceded"] = ["2026-09-01"]
    try estate.onboarding.carry(.organisationInformation, late)
    _ = try estate.onboarding.responsibleOfficer(of: "late")
    for kind in AgreementKind.allCases { try estate.onboarding.accept(kind, for: "late") }
    #expect(try listed("2027-03-01").contains("late"))
    try registration.entryTests.confirm(
      .repository, of: "late", at: estate.now, evidence: "r", by: TestEstate.officer)
    try registration.addAPIKey(
      "k", of: "late", label: "reader", for: "a test", at: estate.now, by: TestEstate.officer)
    _ = try registration.reader(apiKey: "k", at: estate.now)
    #expect(try !listed("2027-03-01").contains("late"))
  }
}
