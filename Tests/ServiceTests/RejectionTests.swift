// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Enrolment
import Foundation
import HTTP
import Keys
import Parties
import Profiles
import Records
import Registration
import Repository
import Revocation
import SEC
import Service
import TestEstate
import Testing
import Threads
import X509

/// An estate in which two parties hold Organisation Certificates and may reject them.
private struct Rejecting {
  static let officer = UInt32(1001)

  let estate: ServingEstate
  let gas: ServingEstate.Credential
  let wind: ServingEstate.Credential

  init() throws {
    estate = try ServingEstate {
      $0.officers = [
        Configuration.Officer(
          user: Self.officer, name: "Olive", roles: ["registration-officer", "operator"])
      ]
    }
    for (index, id) in ["gas", "wind"].enumerated() {
      try estate.onboarding.enter(
        id, name: "The \(id) company", roles: [.gasSupplier],
        identifiers: ["gas-supplier 02+87 5A4D4B4900001\(index)00 5A4D4B4900001\(index)FF"])
      try estate.onboarding.authorise(id, for: .organisation)
    }
    gas = try estate.credential(of: "gas", for: .portalOrganisation)
    wind = try estate.credential(of: "wind", for: .portalOrganisation)
  }

  /// A certificate of the gas company, asked for at its door.
  func issued(_ number: UInt64) throws -> String {
    let request = try Asking.organisation(EntityID(0x5A4D_4B49_0000_1000 + number))
    let response = try estate.send(
      "POST", "/1.0/OrganisationCSR", at: .service, body: request,
      certificate: gas.certificate)
    try #require(response.status == 200)
    #expect(
      response.headers.contains {
        $0 == ("Smki-Acceptance", "deemed accepted unless rejected at once")
      })
    return Hex.encode(try Certificate(pem: response.body).serialNumber.magnitude)
  }

  func reject(
    _ serial: String, _ reason: String = "the role is another",
    at path: String = "/1.0/OrganisationRejection", by credential: ServingEstate.Credential
  ) throws -> (status: Int, code: String) {
    let response = try estate.send(
      "POST", path, at: .service, body: Array(reason.utf8), query: [("serial", serial)],
      certificate: credential.certificate)
    guard response.status != 200 else {
      let answer = try JSONDecoder().decode(RejectionAnswer.self, from: Data(response.body))
      #expect(answer.serial == serial)
      return (200, answer.state)
    }
    let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
    return (response.status, body.code)
  }

  func command(
    _ serial: String, person: String = "gas-aro", isOfOrganisation: Bool = true,
    reason: String = "the key is another", verification: String = "called back"
  ) throws -> RejectionAnswer {
    try Control.perform(
      RejectCertificate(
        serial: serial, isOfOrganisation: isOfOrganisation, person: person, reason: reason,
        verification: verification),
      in: estate.node, as: Self.officer)
  }

  func state(_ serial: String) throws -> OrganisationCase? {
    try estate.node.registration.organisationCases(of: "gas").first { $0.serial == serial }
  }

  /// The serial numbers of the newest list of Organisation Certificates.
  func listed() throws -> [String] {
    let standing = try #require(
      try estate.node.publisher.standings().first { $0.issuer.kind == .issuingOCA })
    let response = try estate.send(
      "GET", ListInterface.path(of: standing.issuer.id), at: .repository)
    return try RevocationList(parsing: response.body).tbs.entries
      .map { Hex.encode($0.serialNumber.magnitude) }
  }

  func deemAccepted() {
    estate.pass(seconds: 24 * 3600 + 1)
    Schedule(estate.node.registrationJobs, clock: { estate.now }, log: Log { _ in }).look()
  }

  func verify() throws {
    let report = try Verification(
      records: estate.node.records, keys: [estate.node.checkpointNoteKey], openChunks: .allowed
    ).run()
    #expect(report.isSound, "\(report.faults)")
  }
}

@Suite("A subscriber rejects what does not match its request")
struct RejectionTests {
  @Test(
    "an Organisation Certificate that is rejected at the portal is revoked in the same moment",
    .clause("M8-2.3.1.5", "L11.5", "L11.7", "C3-116-5", "M8-2.2-accepted"))
  func portal() throws {
    let rejecting = try Rejecting()
    let serial = try rejecting.issued(1)
    let other = try rejecting.issued(2)
    #expect(try rejecting.reject(serial, by: rejecting.wind) == (404, "organisation-case-unknown"))
    #expect(try rejecting.reject(serial, " ", by: rejecting.gas).code == "rejection-without-reason")
    #expect(try rejecting.reject("12", by: rejecting.gas).code == "serial-form")
    #expect(try rejecting.state(serial)?.state == .issued)
    #expect(try rejecting.reject(serial, by: rejecting.gas) == (200, "revoked"))
    let rejected = try #require(try rejecting.state(serial))
    #expect(rejected.state == .rejected)
    #expect(rejected.reason == "the role is another")
    #expect(try rejecting.listed() == [serial])
    let request = try #require(
      try rejecting.estate.node.revocation.requests(most: 1).first)
    #expect(request.ground == .rejected)
    #expect(request.asker.name == "gas-aro")
    #expect(try rejecting.reject(serial, by: rejecting.gas) == (409, "organisation-case-state"))
    rejecting.deemAccepted()
    #expect(try rejecting.state(serial)?.state == .rejected)
    #expect(try rejecting.state(other)?.state == .deemedAccepted)
    #expect(try rejecting.reject(other, by: rejecting.gas) == (409, "organisation-case-state"))
    #expect(try rejecting.listed() == [serial])
    try rejecting.verify()
  }

  @Test(
    "told to an officer it is the same, for a verified person of the party",
    .clause("M8-2.3.1.5", "L11.7", "N4-1-aro", "RAPP-8"))
  func command() throws {
    let rejecting = try Rejecting()
    let serial = try rejecting.issued(1)
    let other = try rejecting.issued(2)
    func refused(_ body: () throws -> RejectionAnswer) -> String? {
      #expect(throws: Refusal.self) { try body() }?.code
    }
    #expect(
      refused { try rejecting.command(serial, person: "wind-aro") } == "organisation-case-unknown")
    #expect(refused { try rejecting.command(serial, person: "gas-sro") } == "person-not-active")
    #expect(refused { try rejecting.command(serial, person: "nobody") } == "person-unknown")
    #expect(refused { try rejecting.command(serial, verification: "") } == "asker-not-verified")
    #expect(refused { try rejecting.command(serial, reason: "") } == "rejection-without-reason")
    #expect(try rejecting.state(serial)?.state == .issued)
    #expect(try rejecting.command(serial).state == "revoked")
    #expect(try rejecting.state(serial)?.state == .rejected)
    #expect(try rejecting.listed() == [serial])
    rejecting.deemAccepted()
    #expect(refused { try rejecting.command(other) } == "organisation-case-state")
    try rejecting.verify()
  }

  @Test(
    "what was revoked otherwise is not rejected, and the request stays as it was",
    .clause("M8-2.3.1.5", "C3-124-1"))
  func revoked() throws {
    let rejecting = try Rejecting()
    let serial = try rejecting.issued(1)
    _ = try Control.perform(
      OrderRevocation(
        serials: [serial], ground: "pma-request",
        direction: DirectionForm(
          by: "SMKI PMA", decision: "PMA 1", evidence: "minutes", clause: "C3-71")),
      in: rejecting.estate.node, as: Rejecting.officer)
    #expect(try rejecting.reject(serial, by: rejecting.gas) == (409, "revoked-already"))
    #expect(try rejecting.state(serial)?.state == .issued)
  }

  @Test(
    "a Device Certificate that is rejected is noted with its reason, and stays",
    .clause("M8-2.3.1.10", "L11.6", "C3-118-2"))
  func device() throws {
    let rejecting = try Rejecting()
    let estate = rejecting.estate
    for id in ["gas", "wind"] { try estate.onboarding.authorise(id, for: .device) }
    let own = try estate.credential(of: "gas", for: .portalDevice)
    let other = try estate.credential(of: "wind", for: .portalDevice)
    let path = "/1.0/DeviceRejection"
    let certificate = try estate.issue(
      Asking.device(EntityID(0x00DB_0000_0000_0001)), by: own)
    let serial = Hex.encode(certificate.serialNumber.magnitude)
    #expect(
      try rejecting.reject(serial, at: path, by: other) == (404, "device-certificate-unknown"))
    #expect(
      try rejecting.reject(serial, at: path, by: rejecting.gas)
        == (403, "credential-for-other-interface"))
    #expect(
      try rejecting.reject(serial, by: own) == (403, "credential-for-other-interface"))
    #expect(
      try rejecting.reject(serial, "", at: path, by: own).code == "rejection-without-reason")
    #expect(try rejecting.reject(serial, at: path, by: own) == (200, "noted"))
    #expect(
      try rejecting.command(serial, isOfOrganisation: false).state == "noted")
    let audit = estate.node.records.audit
    let noted = try audit.entries(from: max(0, audit.size - 2)).map(\.entry)
    #expect(noted.map(\.action) == Array(repeating: "device-certificate-rejected", count: 2))
    #expect(noted.map { $0.facts["reason"] } == ["the role is another", "the key is another"])
    #expect(noted.allSatisfy { $0.facts["serial"] == serial })
    let shown = try estate.node.repository.certificate(
      serial: Array(certificate.serialNumber.magnitude))
    #expect(shown?.der == certificate.encoded)
    #expect(try estate.node.revocation.requests(most: 9).isEmpty)
    #expect(estate.lines.value.contains { $0.contains("device-certificate-rejected") })
    try rejecting.verify()
  }
}
