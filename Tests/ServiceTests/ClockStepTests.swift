// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import HTTP
import Keys
import Profiles
import Revocation
import SEC
import Service
import Testing
import Threads
import X509

@Suite("A clock that is put forward and back over each deadline of revocation")
struct ClockStepTests {
  private static let direction = DirectionForm(
    by: "SMKI PMA", decision: "PMA 4", evidence: "minutes", clause: "M4-solr")
  private static let day: Int64 = 86_400

  @Test(
    "what a delay held goes when its date has come, once, wherever the clock goes then",
    .clause("M4-solr", "MP134A-delay"))
  func delay() throws {
    let revoking = try Revoking()
    let estate = revoking.estate
    let schedule = Schedule(estate.node.jobs, clock: { estate.now }, log: estate.node.log)
    _ = try revoking.perform(
      DelayRevocation(
        party: "north", until: estate.now.adding(seconds: 5 * Self.day).rfc3339,
        direction: Self.direction))
    let held = try revoking.organisation()
    #expect(try revoking.approve(revoking.ask(held.serialNumber).request).state == "held")
    // Before the report, over it, back before it, and over it again: reported once.
    for seconds in [2 * Self.day, 2 * Self.day, -3 * Self.day, 3 * Self.day] {
      estate.pass(seconds: seconds)
      schedule.look()
      #expect(try revoking.status(held.serialNumber) == "I")
    }
    #expect(
      estate.lines.value.count { $0.contains("revocation-delay-lapsing") } == 1)
    // Over the end, back into the delay, and over it again: revoked once and for good.
    for seconds in [Self.day, -3 * Self.day, 3 * Self.day] {
      estate.pass(seconds: seconds)
      schedule.look()
      #expect(try revoking.status(held.serialNumber) == "R")
    }
    // Within the days of a delay that has ended nothing is held any more.
    estate.pass(seconds: -3 * Self.day)
    let next = try revoking.organisation()
    #expect(try revoking.approve(revoking.ask(next.serialNumber).request).state == "revoked")
    #expect(
      try revoking.list(.issuingOCA).tbs.entries.map(\.serialNumber)
        == [held.serialNumber, next.serialNumber])
    #expect(try revoking.verify().isSound)
  }

  @Test(
    "what a request decides does not wait for the job: past the date nothing is held",
    .clause("M4-solr"))
  func delayWithoutJob() throws {
    let revoking = try Revoking()
    let estate = revoking.estate
    _ = try revoking.perform(
      DelayRevocation(
        party: "north", until: estate.now.adding(seconds: Self.day).rfc3339,
        direction: Self.direction))
    let certificate = try revoking.organisation()
    let request = try revoking.ask(certificate.serialNumber)
    estate.pass(seconds: Self.day)
    #expect(try revoking.approve(request.request).state == "revoked")
    #expect(try revoking.verify().isSound)
  }

  @Test(
    "lists go on in number and time, and are due again, over both periods",
    .clause("C3-124-2", "C3-124-3", "RFC5280-5.2.3"))
  func lists() throws {
    let revoking = try Revoking()
    let estate = revoking.estate
    let schedule = Schedule(estate.node.jobs, clock: { estate.now }, log: estate.node.log)
    func standing(_ kind: AuthorityKind) throws -> ListStanding {
      try #require(try estate.node.publisher.standings().first { $0.issuer.kind == kind })
    }
    schedule.look()
    let period = Int64(12 * 3600)
    var last = try #require(try standing(.issuingOCA).newest)
    // To the period, back behind its beginning, and again: a list only when the period is over.
    for (seconds, isNew) in [
      (period - 1, false), (1, true), (-2 * period, false), (2 * period, false), (period, true),
      (400 * Self.day, true), (-400 * Self.day, false),
    ] {
      estate.pass(seconds: seconds)
      schedule.look()
      let newest = try #require(try standing(.issuingOCA).newest)
      #expect((newest.number == last.number + 1) == isNew, "\(seconds)")
      #expect(newest.thisUpdate >= last.thisUpdate)
      last = newest
    }
    // The clock is behind the newest list: a revocation is on a list at once all the same.
    let certificate = try revoking.organisation()
    _ = try revoking.order([certificate.serialNumber])
    let list = try revoking.list(.issuingOCA)
    #expect(list.tbs.entries.map(\.serialNumber) == [certificate.serialNumber])
    #expect(list.tbs.thisUpdate == last.thisUpdate.wholeSecond)
    // A root's list is due after twelve months, and not before, whichever way the clock came.
    #expect(try standing(.rootOCA).isDue(at: estate.now))
    #expect(try revoking.verify().isSound)
  }

  @Test(
    "what was revoked is said at once, whatever the answers that are kept",
    .clause("RFC5019", "RFC6960"))
  func status() throws {
    let revoking = try Revoking()
    let estate = revoking.estate
    let responder = estate.node.responder
    let certificate = try revoking.organisation()
    func answer() throws -> [UInt8] {
      let issuer = try #require(
        try estate.node.publisher.standings().first { $0.issuer.kind == .issuingOCA }
      ).issuer.certificate
      let question = OCSPRequest([
        .init(
          algorithm: AlgorithmIdentifier(.sha256),
          nameHash: Digest.sha256(issuer.subject.encoded),
          keyHash: Digest.sha256(Array(issuer.tbs.subjectPublicKeyInfo.bits.octets)),
          serialNumber: certificate.serialNumber)
      ])
      return try estate.send(
        "POST", "/ocsp", at: .repository, type: "application/ocsp-request",
        body: question.encoded
      ).body
    }
    let first = try answer()
    #expect(try answer() == first)
    let stand = OCSPResponder.standSeconds
    estate.pass(seconds: stand + 1)
    let second = try answer()
    #expect(second != first)
    // Back before the first: an answer from the time to come is not given.
    estate.pass(seconds: -2 * stand)
    let third = try answer()
    #expect(third != second)
    _ = try revoking.order([certificate.serialNumber])
    let revoked = try answer()
    #expect(revoked != third)
    estate.pass(seconds: 2 * stand)
    #expect(try answer() != third)
    _ = try responder.renew(at: estate.now)
    #expect(try revoking.verify().isSound)
  }
}
