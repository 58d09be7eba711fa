// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import EntryTesting
import Keys
import Parties
import Profiles
import Records
import Registration
import SEC
import TestEstate
import Testing

@Suite("Only who is authorised and eligible may ask")
struct AuthorisationTests {
  private static let device = EntityID(0x00DB_0000_0000_0001)

  /// An estate with a further party that has a credential and nothing else.
  private static func newcomer() throws -> (TestEstate, Party) {
    let estate = try TestEstate()
    let party = try Party(
      id: "example-new", name: "Example new Ltd", roles: [.importSupplier], since: estate.now)
    try estate.onboarding.enter(party.id, name: party.name, roles: party.roles)
    return (estate, party)
  }

  @Test(
    "an Authorised Subscriber has completed the tests for the same purpose",
    .clause("L3.2", "L7.1"),
    arguments: CertificatePolicyKind.allCases)
  func entryTests(_ policy: CertificatePolicyKind) throws {
    let (estate, party) = try Self.newcomer()
    let registration = estate.registration
    func authorise(_ id: String = party.id, by actor: Actor = Onboarding.second) throws {
      try registration.authorise(id, under: policy, at: estate.now, by: actor)
    }
    let (purpose, other): (EntryTestPurpose, EntryTestPurpose) =
      policy == .device ? (.device, .organisation) : (.organisation, .device)
    try estate.onboarding.apply(party.id, for: policy)
    #expect(throws: Refusal.entryTestsOpen(party.id, purpose)) { try authorise() }
    try registration.entryTests.confirm(
      other, of: party.id, at: estate.now, evidence: "report", by: TestEstate.officer)
    #expect(throws: Refusal.entryTestsOpen(party.id, purpose)) { try authorise() }
    try registration.entryTests.confirm(
      purpose, of: party.id, at: estate.now, evidence: "report", by: TestEstate.officer)
    #expect(throws: Refusal.partyUnknown("nobody")) { try authorise("nobody") }
    for role in Actor.Role.allCases where role != .registrationOfficer {
      let actor = Actor(name: "Eve", role: role)
      #expect(throws: Refusal.notARegistrationOfficer(actor)) { try authorise(by: actor) }
    }
    #expect(try registration.policies(of: party.id).isEmpty)
    try authorise()
    #expect(try registration.policies(of: party.id) == [policy])
  }

  @Test("a party that is no Authorised Subscriber gets no Device Certificate", .clause("L3.2"))
  func deviceSubscriber() throws {
    let (estate, party) = try Self.newcomer()
    let key = try SoftwareKey.generate(.rsa2048)
    let request = try IKIRequest(
      parsing: Asking.credential(of: .gas, name: "a", organisation: party.name, key: key))
    let system = try estate.credential(request, for: party.id)
    #expect(throws: Refusal.notAuthorisedSubscriber(party.id, .device)) {
      try estate.issue([Asking.device(Self.device)], by: system)
    }
    try estate.onboarding.authorise(party.id, for: .device)
    let now = try estate.readmit(system)
    _ = try estate.issue(Asking.device(Self.device), by: now)
  }

  @Test("a party that is no Authorised Subscriber gets no Organisation Certificate")
  func organisationSubscriber() throws {
    let (estate, party) = try Self.newcomer()
    let request = try OrganisationRequest(parsing: Asking.organisation(EntityID(1)))
    #expect(throws: Refusal.notAuthorisedSubscriber(party.id, .organisation)) {
      _ = try estate.registration.authorise(
        [.success(request)], for: party.id, at: estate.now, by: TestEstate.officer)
    }
  }

  @Test("over the Ad Hoc service a device must have a certificate", .clause("M8-2.4-known-device"))
  func knownDevice() throws {
    let estate = try TestEstate()
    let portal = try estate.credential(for: .electricity, name: "portal")
    let adHoc = try estate.credential(
      for: .electricity, .adHoc, name: "ad hoc", key: .generate(.rsa2048))
    let outcome = try estate.issue([Asking.device(Self.device)], by: adHoc, over: .adHoc)[0]
    #expect(throws: Refusal.unknownDevice(Self.device)) { try outcome.get() }
    _ = try estate.issue(Asking.device(Self.device), by: portal)
    let outcomes = try estate.issue(
      [Asking.device(Self.device), Asking.device(EntityID(2))], by: adHoc, over: .adHoc)
    _ = try outcomes[0].get()
    #expect(throws: Refusal.unknownDevice(EntityID(2))) { try outcomes[1].get() }
    #expect(throws: Refusal.credentialForOtherInterface(portal.credential, .adHoc)) {
      try estate.issue([Asking.device(Self.device)], by: portal, over: .adHoc)
    }
  }

  @Test(
    "an organisation asks for its own identifiers in their role", .clause("C3-80-org"),
    arguments: [
      (UInt64(0x90B3_D51F_3001_0000), RoleCode.supplier, true),
      (0x90B3_D51F_3001_00FF, .supplier, true), (0x90B3_D51F_3001_0100, .supplier, false),
      (0x90B3_D51F_3000_FFFF, .supplier, false), (0x90B3_D51F_3002_0000, .supplier, false),
      (0x90B3_D51F_3001_0000, .networkOperator, false),
    ])
  func identifiers(value: UInt64, role: RoleCode, isOwn: Bool) throws {
    let estate = try TestEstate()
    let request = try Asking.organisation(EntityID(value), role: role)
    guard isOwn else {
      let refusal = Refusal.identifierNotOfParty(
        EntityID(value), role, SampleParty.electricity.id)
      #expect(throws: refusal) { try estate.issueOrganisation(request) }
      return
    }
    _ = try estate.issueOrganisation(request)
  }

  @Test("an API key is known by its digest, to its party", .clause("P3-App-B-api-key"))
  func apiKey() throws {
    let estate = try TestEstate()
    let registration = estate.registration
    #expect(throws: Refusal.apiKeyUnknown(true)) {
      try registration.reader(apiKey: nil, at: estate.now)
    }
    #expect(throws: Refusal.apiKeyUnknown(false)) {
      try registration.reader(apiKey: "secret", at: estate.now)
    }
    #expect(throws: Refusal.partyUnknown("nobody")) {
      try registration.addAPIKey(
        "secret", of: "nobody", label: "a", for: "a test", at: estate.now, by: TestEstate.officer)
    }
    try registration.addAPIKey(
      "secret", of: SampleParty.gas.id, label: "a", for: "a test", at: estate.now,
      by: TestEstate.officer)
    #expect(
      try registration.reader(apiKey: "secret", at: estate.now)
        == RepositoryReader(
          Actor(name: "a", role: .reader, party: SampleParty.gas.id), for: "a test"))
    #expect(
      try registration.reader(apiKey: "secret", stating: " another \n one", at: estate.now).purpose
        == "another one")
    for other in ["", "secre", "secret ", "Secret"] {
      #expect(throws: Refusal.apiKeyUnknown(false)) {
        try registration.reader(apiKey: other, at: estate.now)
      }
    }
  }

  @Test(
    "a key ends at its moment or when it is withdrawn, and is given once",
    .clause("P3-App-B-api-key", "ENG-password-hash"))
  func apiKeyEnds() throws {
    let estate = try TestEstate()
    let registration = estate.registration
    let party = SampleParty.gas.id
    let end = estate.now.adding(seconds: 60)
    try registration.addAPIKey(
      "secret", of: party, label: "a", for: "a test", until: end, at: estate.now,
      by: TestEstate.officer)
    #expect(throws: Refusal.apiKeyTaken()) {
      try registration.addAPIKey(
        "secret", of: SampleParty.electricity.id, label: "b", for: "a test", at: estate.now,
        by: TestEstate.officer
      )
    }
    let last = end.adding(milliseconds: -1)
    #expect(try registration.reader(apiKey: "secret", at: last).actor.party == party)
    #expect(throws: Refusal.apiKeyUnknown(false)) {
      try registration.reader(apiKey: "secret", at: end)
    }
    #expect(throws: Refusal.apiKeyNotFound("b", party)) {
      try registration.withdrawAPIKeys(
        of: party, label: "b", at: estate.now, by: TestEstate.officer)
    }
    try registration.withdrawAPIKeys(of: party, label: "a", at: estate.now, by: TestEstate.officer)
    #expect(throws: Refusal.apiKeyUnknown(false)) {
      try registration.reader(apiKey: "secret", at: estate.now)
    }
    #expect(try registration.apiKeys().map { $0.isInForce(at: estate.now) } == [false])
  }
}
