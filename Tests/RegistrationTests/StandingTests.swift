// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Enrolment
import EntryTesting
import Parties
import Profiles
import Records
import Registration
import SEC
import TestEstate
import Testing

@Suite("What somebody may do ends at once when a reason for it ends")
struct StandingTests {
  private static let device = EntityID(0x00DB_0000_0000_0001)

  private static func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch {
      return (error as? Refusal)?.code
    }
  }

  @Test("a person who has left is refused at the next request", .clause("N4-1-aro", "C3-116-3"))
  func person() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    #expect(system.actor.role == .authorisedResponsibleOfficer)
    #expect(system.actor.name == "example-meters-aro")
    try estate.onboarding.submit(
      .leaving,
      [
        "party": [SampleParty.meterMaker.id], "person": ["example-meters-aro"],
        "requested-by": ["director"], "reason": ["left"],
      ])
    #expect(throws: Refusal.personNotActive("example-meters-aro", SampleParty.meterMaker.id)) {
      try estate.readmit(system)
    }
  }

  @Test("a party that has left the Code is refused at the next request", .clause("C3-4"))
  func party() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let id = SampleParty.meterMaker.id
    try estate.registration.addAPIKey(
      "key", of: id, label: "reader", for: "a test", at: estate.now, by: TestEstate.officer)
    try estate.register.leave(
      id, at: estate.now, evidence: "letter", by: TestEstate.officer)
    let refusal = Refusal.partyHasLeft(id, estate.now)
    #expect(throws: refusal) { try estate.readmit(system) }
    #expect(throws: refusal) {
      try estate.registration.reader(apiKey: "key", at: estate.now)
    }
    #expect(throws: refusal) {
      try estate.register.leave(id, at: estate.now, evidence: "again", by: TestEstate.officer)
    }
    #expect(throws: refusal) { try estate.onboarding.apply(id, for: .device) }
  }

  @Test(
    "a new version of the Subscriber Agreement is accepted before anything more is issued",
    .clause("C3-126-1"))
  func subscriberAgreement() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let agreement = Agreement(
      kind: .subscriber, version: "2", inForce: estate.now.adding(seconds: 60), evidence: "m")
    try estate.registration.enrolment.publish(
      agreement, at: estate.now, by: TestEstate.officer)
    _ = try estate.issue(Asking.device(Self.device), by: try estate.readmit(system))
    let before = try estate.readmit(system)
    estate.now = agreement.inForce
    let now = try estate.readmit(before)
    let refusal = Refusal.agreementOpen(SampleParty.meterMaker.id, agreement)
    #expect(throws: refusal) { try estate.issue([Asking.device(Self.device)], by: now) }
    #expect(throws: Refusal.agreementOpen(SampleParty.electricity.id, agreement)) {
      try estate.issueOrganisation(
        Asking.organisation(EntityID(0x90B3_D51F_3001_0001)), for: .electricity)
    }
    try estate.onboarding.accept(.subscriber, version: "2", for: SampleParty.meterMaker.id)
    _ = try estate.issue(Asking.device(Self.device), by: try estate.readmit(now))
  }

  @Test(
    "the Relying Party Agreement is accepted before the Repository is read", .clause("C3-126-2"))
  func relyingPartyAgreement() throws {
    let estate = try TestEstate()
    let id = SampleParty.gas.id
    let registration = estate.registration
    func add() throws {
      try registration.addAPIKey(
        "key", of: id, label: "reader", for: "a test", at: estate.now, by: TestEstate.officer)
    }
    try add()
    _ = try registration.reader(apiKey: "key", at: estate.now)
    let agreement = Agreement(
      kind: .relyingParty, version: "2", inForce: estate.now, evidence: "m")
    try registration.enrolment.publish(agreement, at: estate.now, by: TestEstate.officer)
    let refusal = Refusal.agreementOpen(id, agreement)
    #expect(throws: refusal) { try registration.reader(apiKey: "key", at: estate.now) }
    #expect(throws: refusal) { try add() }
    try estate.onboarding.accept(.relyingParty, version: "2", for: id)
    _ = try registration.reader(apiKey: "key", at: estate.now)
  }

  @Test(
    "who has done everything is authorised; what is missing is said", .clause("L3.3", "C3-131"))
  func missing() throws {
    let estate = try TestEstate()
    let id = "north-gas"
    var information = Onboarding.information(id, name: "North", roles: [.gasSupplier])
    information["opted-out"] = ["yes"]
    func authorise() throws {
      try estate.registration.authorise(
        id, under: .device, at: estate.now, by: Onboarding.second)
    }
    #expect(throws: Refusal.partyUnknown(id)) { try authorise() }
    try estate.onboarding.carry(.organisationInformation, information)
    try estate.registration.entryTests.confirm(
      .device, of: id, at: estate.now, evidence: "r", by: TestEstate.officer)
    let steps: [() throws -> Void] = [
      { _ = try estate.onboarding.responsibleOfficer(of: id) },
      { try estate.onboarding.accept(.subscriber, for: id) },
      {
        try estate.onboarding.submit(
          .optedOutArrangement, ["party": [id], "agreed": ["2026-03-01"], "reference": ["7"]])
      },
    ]
    for step in steps {
      #expect(throws: Refusal.stepsMissing(id, .device, [])) { try authorise() }
      try step()
    }
    #expect(throws: Refusal.notApplied(id, .device)) { try authorise() }
    try estate.onboarding.apply(id, for: .device)
    let application = try #require(
      try estate.registration.enrolment.submissions(of: id).last)
    #expect(throws: Refusal.refusalWithoutStep(application)) {
      try estate.registration.refuse(
        application.id, because: "whim", at: estate.now, by: Onboarding.second)
    }
    #expect(throws: Refusal.samePerson(application, TestEstate.officer)) {
      try estate.registration.approve(
        application.id, at: estate.now, by: TestEstate.officer)
    }
    _ = try estate.registration.approve(application.id, at: estate.now, by: Onboarding.second)
    #expect(try estate.registration.policies(of: id) == [.device])
  }

  @Test(
    "categories that are no subscribers", .clause("C3-80-org", "C3-129", "C3-132"),
    arguments: PartyCategory.allCases)
  func categories(category: PartyCategory) throws {
    let estate = try TestEstate()
    let id = "some-party"
    var information = Onboarding.information(id, name: "Some", roles: category.roles)
    information["category"] = [category.rawValue]
    information["basis"] = [category.isLicensed ? "licence" : "voluntary"]
    if !category.nominatorRoles.isEmpty {
      let nominator = try #require(
        category.nominatorRoles.sorted { $0.rawValue < $1.rawValue }.first)
      try estate.onboarding.carry(
        .organisationInformation,
        Onboarding.information("nominator", name: "N", roles: [nominator]))
      information["nominated-by"] = ["nominator"]
    }
    try estate.onboarding.carry(.organisationInformation, information)
    _ = try estate.onboarding.responsibleOfficer(of: id)
    try estate.onboarding.accept(.subscriber, for: id)
    let noDevices: Set<PartyCategory> = [.registrationDataProvider, .serviceProvider]
    let noOrganisation: Set<PartyCategory> = [.secco, .installer, .serviceProvider]
    for (policy, excluded) in [
      (CertificatePolicyKind.device, noDevices), (.organisation, noOrganisation),
    ] {
      let code = Self.code { try estate.onboarding.authorise(id, for: policy) }
      #expect(code == (excluded.contains(category) ? "steps-missing" : nil), "\(policy)")
    }
  }

  @Test(
    "a portal's credential has a person, a web service's has none", .clause("RAPP-5.4", "N4-1-aro"),
    arguments: Interface.allCases)
  func holders(interface: Interface) throws {
    let estate = try TestEstate()
    let party = SampleParty.electricity
    let request = try IKIRequest(parsing: Asking.credential(of: party, name: "x"))
    func authorise(_ person: String?) throws {
      _ = try estate.registration.authorise(
        request, for: party.id, interface: interface,
        holder: person.map { CredentialHolder(person: $0, token: "T-1") }, at: estate.now,
        by: TestEstate.officer)
    }
    let own = "\(party.id)-aro"
    if interface.isForPersons {
      #expect(throws: Refusal.credentialNeedsPerson(interface)) { try authorise(nil) }
      for other in ["\(party.id)-sro", "\(SampleParty.gas.id)-aro"] {
        #expect(throws: Refusal.personNotActive(other, party.id)) { try authorise(other) }
      }
      try authorise(own)
    } else {
      #expect(throws: Refusal.credentialOfPerson(own, interface)) { try authorise(own) }
      try authorise(nil)
    }
  }

  @Test("the DCC subscribes for its service providers, nobody else for others", .clause("C3-129"))
  func serviceProviders() throws {
    let estate = try TestEstate()
    try estate.onboarding.enter("dcc", name: "DCC", roles: [.dcc])
    try estate.onboarding.authorise("dcc", for: .organisation)
    var information = Onboarding.information(
      "data-service", name: "DSP", roles: [.serviceProvider],
      identifiers: ["service-provider 04 90-B3-D5-1F-30-00-00-02 90-B3-D5-1F-30-00-00-02"])
    information["nominated-by"] = ["dcc"]
    try estate.onboarding.carry(.organisationInformation, information)
    let identifier = EntityID(0x90B3_D51F_3000_0002)
    let request = try OrganisationRequest(
      parsing: Asking.organisation(identifier, role: .accessControlBroker))
    func isAuthorised(_ party: String) throws -> Bool {
      let authorised = try estate.registration.authorise(
        [.success(request)], for: party, at: estate.now, by: TestEstate.officer)
      return (try? authorised.requests[0].get()) != nil
    }
    #expect(try isAuthorised("dcc"))
    #expect(try !isAuthorised(SampleParty.gas.id))
  }
}
