// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import Keys
import Threads
import Records
import Authority
import DER
import Foundation
import HTTP
import Profiles
import Registration
import Revocation
import SEC
import Service
import Testing
import X509

@Suite("Revocation through the doors")
struct RevocationTests {
  @Test(
    "a subscriber's request, granted by another officer, revokes and is on the list at once",
    .clause(
      "C3-124-1", "C3-124-1a", "C3-124-2", "M4-ra-revoke-how", "RAPP-8", "OCP-annex-B-crl",
      "L4.4(c)(i)"))
  func subscriber() throws {
    let revoking = try Revoking()
    let certificate = try revoking.organisation()
    let other = try revoking.organisation("north", 1)
    #expect(try revoking.status(certificate.serialNumber) == "I")
    let request = try revoking.ask(certificate.serialNumber)
    #expect(request.state == "received")
    #expect(try revoking.status(certificate.serialNumber) == "I")
    #expect(throws: Refusal.sameOfficer("Olive")) {
      try revoking.approve(request.request, as: Revoking.olive)
    }
    #expect(throws: Refusal.askerNotVerified()) {
      try revoking.perform(
        ApproveRevocation(request: request.request, verification: " "), as: Revoking.otto)
    }
    #expect(try revoking.approve(request.request).state == "revoked")
    #expect(try revoking.status(certificate.serialNumber) == "R")
    #expect(try revoking.status(other.serialNumber) == "I")
    let list = try revoking.list(.issuingOCA)
    #expect(list.tbs.entries.map(\.serialNumber) == [certificate.serialNumber])
    #expect(list.tbs.entries.map(\.reason) == [.keyCompromise])
    #expect(throws: Refusal.requestNotOpen(request.request, .revoked)) {
      try revoking.approve(request.request)
    }
    #expect(throws: Refusal.requestNotOpen(99, nil)) { try revoking.approve(99) }
    let again = try #require(
      try revoking.estate.node.revocation.entry(
        serial: Array(certificate.serialNumber.magnitude)))
    #expect(throws: Refusal.revokedAlready(again)) {
      try revoking.ask(certificate.serialNumber)
    }
    let report = try revoking.verify()
    #expect(report.isSound, "\(report.faults)")
    #expect(report.counts.revoked == 1)
    #expect(report.counts.unlisted == 0)
    #expect(report.counts.lists >= 1)
  }

  @Test(
    "each ground is listed with its reason", .clause("C3-124-1b", "C3-124-1c", "RFC5280-5.3.1"),
    arguments: [
      (RevocationGround.moduleUnreliable, RevocationReason.keyCompromise),
      (.subscriberRequest, nil), (.noLongerNeeded, .cessationOfOperation),
    ] as [(RevocationGround, RevocationReason?)])
  func grounds(ground: RevocationGround, reason: RevocationReason?) throws {
    let revoking = try Revoking()
    let certificate = try revoking.organisation()
    let request = try revoking.ask(certificate.serialNumber, ground: ground)
    _ = try revoking.approve(request.request)
    #expect(try revoking.list(.issuingOCA).tbs.entries.map(\.reason) == [reason])
  }

  @Test(
    "who may not ask is refused, and beside each somebody who may",
    .clause("C3-124-1c", "M4-ra-revoke-who", "RAPP-8.3.3"))
  func whoMayAsk() throws {
    let revoking = try Revoking()
    let certificate = try revoking.organisation()
    let serial = certificate.serialNumber
    let south = Asker(name: "Ann Other", capacity: .seniorResponsibleOfficer, party: "south")
    #expect(throws: Refusal.mayNotAsk(south, of: "north")) {
      try revoking.ask(serial, party: "south")
    }
    let member = Asker(name: "Ann Other", capacity: .pmaMember)
    #expect(throws: Refusal.personnelOnly(member)) {
      try revoking.ask(serial, capacity: .pmaMember, party: nil, form: "A7")
    }
    #expect(throws: Refusal.groundNotOfAsker(.performance, south)) {
      try revoking.ask(serial, ground: .performance)
    }
    #expect(try revoking.ask(serial, capacity: .dcc, party: nil).state == "received")
    let personnel = try revoking.estate.credential(of: "dcc", for: .portalDevice)
    let credential = Integer(magnitude: try #require(Hex.decode(personnel.serial)))
    #expect(throws: Refusal.personnelOnly(member)) {
      try revoking.ask(credential, ground: .performance, capacity: .pmaMember, party: nil)
    }
    let request = try revoking.ask(
      credential, ground: .performance, capacity: .pmaMember, party: nil, form: "A7")
    #expect(try revoking.approve(request.request).state == "revoked")
    #expect(
      try revoking.list(.issuingIKI).tbs.entries.map(\.reason) == [.privilegeWithdrawn])
    let strange = Integer(magnitude: [0x41] + [UInt8](repeating: 7, count: 15))
    #expect(throws: Refusal.certificateToRevokeUnknown("\(strange)")) {
      try revoking.ask(strange)
    }
  }

  @Test("a request can be refused, and nothing is revoked", .clause("M4-ra-revoke-how"))
  func refused() throws {
    let revoking = try Revoking()
    let certificate = try revoking.organisation()
    let request = try revoking.ask(certificate.serialNumber)
    let answer = try revoking.perform(
      RefuseRevocation(request: request.request, reason: "not nominated"), as: Revoking.otto)
    #expect(answer.state == "refused")
    #expect(try revoking.status(certificate.serialNumber) == "I")
  }

  @Test(
    "device certificates, their authorities and roots cannot be revoked",
    .clause("C3-118-2", "C3-118-3", "DCP-no-revocation", "C3-74-1"))
  func devices() throws {
    let revoking = try Revoking()
    let estate = revoking.estate
    try estate.add("meters", [.otherParty])
    let credential = try estate.credential(of: "meters", for: .portalDevice)
    let device = try estate.issue(
      DeviceDraft(for: EntityID(0x5A4D_4B49_0000_FF01)).encoded(), by: credential)
    let serial = "\(device.serialNumber)"
    #expect(throws: Refusal.deviceCertificate(serial)) {
      try revoking.ask(device.serialNumber, capacity: .dcc, party: nil)
    }
    #expect(throws: Refusal.deviceCertificate(serial)) {
      try revoking.order([device.serialNumber])
    }
    let authority = try #require(
      try estate.node.authority.authorities().first { $0.hierarchy == .device })
    #expect(throws: Refusal.deviceCertificate("\(authority.certificate.serialNumber)")) {
      try revoking.order([authority.certificate.serialNumber])
    }
    let root = try #require(
      try estate.node.publisher.standings().first { $0.issuer.kind == .rootOCA })
    #expect(throws: Refusal.rootCertificate("\(root.issuer.certificate.serialNumber)")) {
      try revoking.order([root.issuer.certificate.serialNumber])
    }
    // C3-118-3: there is no list of the device hierarchy, and no path to one.
    #expect(
      try estate.node.publisher.standings().allSatisfy { $0.issuer.kind.hierarchy != .device })
    let identifier = try #require(authority.certificate.subjectKeyIdentifier)
    let path = ListInterface.path(of: "\(identifier)")
    let response = try estate.send("GET", path, at: .repository)
    #expect(response.status == 404)
    #expect(
      try JSONDecoder().decode(ErrorBody.self, from: Data(response.body)).code
        == Refusal.listUnknown(path).code)
  }

  @Test("an order of the PMA takes effect at once, by its decision", .clause("C3-71"))
  func order() throws {
    let revoking = try Revoking()
    let certificates = [try revoking.organisation(), try revoking.organisation()]
    #expect(throws: Refusal.directionIncomplete("decision")) {
      try revoking.order(certificates.map(\.serialNumber), decision: "")
    }
    let answers = try revoking.order(certificates.map(\.serialNumber))
    #expect(answers.map(\.state) == ["revoked", "revoked"])
    #expect(
      try revoking.list(.issuingOCA).tbs.entries.map(\.serialNumber)
        == certificates.map(\.serialNumber))
    #expect(try revoking.verify().isSound)
  }

  @Test(
    "a revoked credential is refused at its next request and is on the list of the IKI",
    .clause("ICP-revocation"))
  func credential() throws {
    let revoking = try Revoking()
    let estate = revoking.estate
    let credential = try estate.credential(of: "north", for: .adHoc)
    func status() throws -> Int {
      try estate.send(
        "POST", AdHocSetting.path, at: .service, type: AdHocXML.mediaType, body: [1],
        certificate: credential.certificate
      ).status
    }
    #expect(try status() == 200)
    _ = try revoking.perform(RevokeCredential(serial: credential.serial, reason: "lost"))
    #expect(try status() == 403)
    #expect(
      try revoking.list(.issuingIKI).tbs.entries.map { "\($0.serialNumber)" }
        == [credential.serial])
    #expect(try revoking.verify().isSound)
  }

  @Test(
    "what is granted while the PMA delays is held, reported, and done when the date has come",
    .clause("M4-solr", "MP134A-delay"))
  func delay() throws {
    let revoking = try Revoking()
    let estate = revoking.estate
    let direction = DirectionForm(
      by: "SMKI PMA", decision: "PMA 4", evidence: "minutes", clause: "M4-solr")
    func delay(_ seconds: Int64) throws {
      _ = try revoking.perform(
        DelayRevocation(
          party: "north", until: estate.now.adding(seconds: seconds).rfc3339,
          direction: direction))
    }
    let until = estate.now.adding(seconds: 5 * 86_400)
    #expect(throws: Refusal.delayEnd(estate.now, now: estate.now)) { try delay(0) }
    try delay(5 * 86_400)
    #expect(throws: Refusal.delayStanding("north", stands: true)) { try delay(86_400) }
    let held = try revoking.organisation()
    let free = try revoking.organisation("south", 2)
    let request = try revoking.ask(held.serialNumber)
    #expect(try revoking.approve(request.request).state == "held")
    #expect(try revoking.status(held.serialNumber) == "I")
    let other = try revoking.ask(free.serialNumber, party: "south")
    #expect(try revoking.approve(other.request).state == "revoked")
    let schedule = Schedule(estate.node.jobs, clock: { estate.now }, log: estate.node.log)
    schedule.look()
    #expect(!estate.lines.value.contains { $0.contains("revocation-delay-lapsing") })
    estate.pass(seconds: 4 * 86_400)
    schedule.look()
    #expect(estate.lines.value.contains { $0.contains("revocation-delay-lapsing") })
    #expect(try revoking.status(held.serialNumber) == "I")
    estate.pass(seconds: 86_400)
    #expect(estate.now == until)
    schedule.look()
    #expect(try revoking.status(held.serialNumber) == "R")
    schedule.look()
    #expect(
      try revoking.list(.issuingOCA).tbs.entries.map(\.serialNumber)
        == [free.serialNumber, held.serialNumber])
    #expect(try revoking.verify().isSound)
  }

  @Test("a delay that is lifted lets go what it held", .clause("M4-solr"))
  func lifted() throws {
    let revoking = try Revoking()
    let direction = DirectionForm(
      by: "SMKI PMA", decision: "PMA 4", evidence: "minutes", clause: "M4-solr")
    #expect(throws: Refusal.delayStanding("north", stands: false)) {
      try revoking.perform(LiftDelay(party: "north", direction: direction))
    }
    _ = try revoking.perform(
      DelayRevocation(
        party: "north", until: revoking.estate.now.adding(seconds: 86_400).rfc3339,
        direction: direction))
    let certificate = try revoking.organisation()
    let request = try revoking.ask(certificate.serialNumber)
    #expect(try revoking.approve(request.request).state == "held")
    let done = try revoking.perform(LiftDelay(party: "north", direction: direction))
    #expect(done.map(\.state) == ["revoked"])
    #expect(try revoking.list(.issuingOCA).tbs.entries.count == 1)
  }

  @Test("a certificate that its subscriber rejects is revoked", .clause("M8-2.3.1.5"))
  func rejected() throws {
    let revoking = try Revoking()
    let node = revoking.estate.node
    let certificate = try revoking.organisation()
    let moment = revoking.estate.now
    func reject(_ party: String) throws {
      let entry = Entry(
        ServingEstate.officer, "certificate-rejected", clause: "M8-2.3.1.5", at: moment)
      try node.records.write(entry) {
        _ = try Revocation.reject(
          Rejection(
            serial: Array(certificate.serialNumber.magnitude), party: party, person: "Ann Other",
            reason: "other role", verification: "signed in"),
          at: moment, by: ServingEstate.officer, in: $0)
      }
    }
    #expect(throws: Refusal.rejectedByOther("south")) { try reject("south") }
    try reject("north")
    _ = try node.publisher.publishDue(at: moment)
    #expect(try revoking.list(.issuingOCA).tbs.entries.map(\.reason) == [.superseded])
  }
}
