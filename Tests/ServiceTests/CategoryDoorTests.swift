// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Enrolment
import EntryTesting
import FoundationEssentials
import HTTP
import Parties
import Registration
import SEC
import Service
import TestEstate
import Testing

@Suite("Who may subscribe follows from what kind of organisation it is")
struct CategoryDoorTests {
  private static let first = UInt32(1001)
  private static let second = UInt32(1002)

  private static func setting() throws -> ServingEstate {
    try ServingEstate {
      $0.officers = [
        Configuration.Officer(user: first, name: "Olive", roles: ["registration-officer"]),
        Configuration.Officer(user: second, name: "Otto", roles: ["registration-officer"]),
      ]
    }
  }

  /// A party of a category, with its persons and agreements.
  private static func enter(
    _ id: String, _ category: PartyCategory, identifiers: [String] = [], nominator: String? = nil,
    in estate: ServingEstate
  ) throws {
    var information = Onboarding.information(
      id, name: "The \(id) company", roles: category.roles, identifiers: identifiers)
    information["category"] = [category.rawValue]
    information["basis"] = [category.isLicensed ? "licence" : "voluntary"]
    if let nominator { information["nominated-by"] = [nominator] }
    try estate.onboarding.prepare()
    try estate.onboarding.carry(.organisationInformation, information)
    _ = try estate.onboarding.responsibleOfficer(of: id)
    for kind in [AgreementKind.subscriber, .relyingParty] {
      try estate.onboarding.accept(kind, for: id)
    }
  }

  /// What an officer is told who authorises a party under a policy; nil when it is done.
  private static func authorise(
    _ id: String, _ policy: CertificatePolicyKind, in estate: ServingEstate
  ) throws -> String? {
    let registration = estate.node.registration
    try registration.entryTests.confirm(
      policy.entryTest, of: id, at: estate.now, evidence: "report", by: ServingEstate.officer)
    try estate.onboarding.apply(id, for: policy)
    do {
      _ = try Control.perform(
        AuthoriseSubscriber(party: id, policy: policy.rawValue), in: estate.node, as: second)
      return nil
    } catch let refusal as Refusal {
      return refusal.code
    }
  }

  @Test(
    "SECCo, installers and service providers hold no Organisation Certificates of their own",
    .clause("C3-80-org", "C3-129", "C3-132"),
    arguments: [PartyCategory.otherParty, .installer, .secco, .otherUser])
  func categories(category: PartyCategory) throws {
    let estate = try Self.setting()
    try Self.enter("some", category, in: estate)
    #expect(try Self.authorise("some", .device, in: estate) == nil)
    let isSubscriber = category != .installer && category != .secco
    #expect(
      try Self.authorise("some", .organisation, in: estate)
        == (isSubscriber ? nil : "steps-missing"))
  }

  @Test(
    "a device that the inventory does not hold counts as the configuration says",
    .clause("L3.16-e"), arguments: [("Pending", true), ("Commissioned", false)])
  func unrecorded(status: String, isIssued: Bool) throws {
    let estate = try ServingEstate { $0.unrecordedDevice.status = status }
    try estate.add("meters", [.otherParty])
    let response = try estate.send(
      "POST", "/1.0/DeviceCSR", at: .service,
      body: try Asking.device(EntityID(0x00DB_0000_0000_0001)),
      certificate: estate.credential(of: "meters", for: .portalDevice).certificate)
    #expect(response.status == (isIssued ? 200 : 403))
    #expect(
      String(decoding: response.body, as: UTF8.self).contains("not-eligible") == !isIssued)
  }

  @Test(
    "the DCC asks for its service provider, and nobody else does", .clause("C3-129", "L3.18"))
  func serviceProvider() throws {
    let estate = try Self.setting()
    try Self.enter("dcc", .dcc, in: estate)
    try Self.enter("wind", .smallSupplier, in: estate)
    try Self.enter(
      "data-service", .serviceProvider,
      identifiers: ["service-provider 04 90-B3-D5-1F-30-00-00-02 90-B3-D5-1F-30-00-00-02"],
      nominator: "dcc", in: estate)
    for id in ["dcc", "wind"] {
      #expect(try Self.authorise(id, .organisation, in: estate) == nil)
    }
    #expect(try Self.authorise("data-service", .device, in: estate) == "steps-missing")
    let request = try Asking.organisation(
      EntityID(0x90B3_D51F_3000_0002), role: .accessControlBroker)
    func ask(_ id: String) throws -> Response {
      try estate.send(
        "POST", "/1.0/OrganisationCSR", at: .service, body: request,
        certificate: estate.credential(of: id, for: .portalOrganisation).certificate)
    }
    let refused = try ask("wind")
    #expect(refused.status == 400)
    #expect(String(decoding: refused.body, as: UTF8.self).contains("identifier-not-of-party"))
    #expect(try ask("dcc").status == 200)
  }
}
