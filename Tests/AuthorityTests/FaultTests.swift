// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Foundation
import Keys
import Parties
import Profiles
import Records
import Registration
import Repository
import SEC
import TestEstate
import TestStore
import Testing
import Threads
import X509

@Suite("What goes wrong between recording and lodging leaves nothing half done")
struct FaultTests {
  private struct Broken: Error {}

  /// What a key does with the message that it should sign.
  enum Fault: String, CaseIterable, Sendable {
    case refuses, signsSomethingElse, signsWithAnotherKey, givesNothing, givesRubbish
  }

  @Test(
    "a wrong signature: the chunk is voided, nothing is lodged or answered",
    .clause("ENG-self-check"), arguments: Fault.allCases)
  func wrongSignature(_ fault: Fault) throws {
    let isFaulty = Guarded(false)
    let another = try SoftwareKey.generate(.p256)
    let estate = try TestEstate(key: { _, key in
      HookedKey(key) { key, message in
        guard isFaulty.value else { return try key.sign(message) }
        switch fault {
        case .refuses: throw Broken()
        case .signsSomethingElse: return try key.sign(message + [0])
        case .signsWithAnotherKey: return try another.sign(message)
        case .givesNothing: return []
        case .givesRubbish: return [UInt8](repeating: 0x30, count: 70)
        }
      }
    })
    let system = try estate.credential()
    let before = try estate.count("certificate")
    isFaulty.change { $0 = true }
    let requests = try (1...3).map { try Asking.device(EntityID($0)) }
    let outcomes = try estate.issue(requests, by: system)
    for outcome in outcomes {
      switch fault {
      case .refuses: #expect(throws: Broken.self) { try outcome.get() }
      default: #expect(failure(outcome) == .badSignature(1))
      }
    }
    #expect(try estate.count("certificate") == before)
    #expect(try estate.count("issuance_intent") == 0)
    let chunk = try #require(try estate.chunks().last)
    #expect(chunk.state == "voided" && chunk.count == 3)
    let entry = try #require(try estate.entries("certificates-voided").last)
    #expect(entry.facts["serials"]?.split(separator: " ").count == 3)
    #expect(entry.facts["count"] == "3")
    // The key is sound again: the same requests get certificates, by other serial numbers.
    isFaulty.change { $0 = false }
    let issued = try estate.issue(requests, by: system).map {
      try Certificate(parsing: $0.get()).serialNumber.description
    }
    #expect(issued.allSatisfy { entry.facts["serials"]?.contains($0) == false })
    #expect(try estate.count("certificate") == before + 3)
  }

  @Test("a crash between the two commits: the next start voids, the same request is served")
  func crash() throws {
    let image = Guarded<String?>(nil)
    let take = Guarded<(@Sendable () throws -> String)?>(nil)
    let estate = try TestEstate(key: { _, key in
      HookedKey(key) { key, message in
        if let take = take.value, image.value == nil {
          let taken = try take()
          image.change { $0 = taken }
        }
        return try key.sign(message)
      }
    })
    let system = try estate.credential()
    take.change { $0 = { [unowned estate] in try estate.image() } }
    let request = try Asking.device(EntityID(1))
    let lost = try Certificate(parsing: estate.issue(request, by: system))
    let folder = try #require(image.value)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    let after = try TestEstate(opening: folder)
    #expect(try after.chunks().map(\.state) == ["lodged", "voided"])
    #expect(try after.count("issuance_intent") == 0)
    let voided = try #require(try after.entries("certificates-voided").first)
    #expect(voided.facts["reason"] == "open at start")
    #expect(voided.facts["serials"] == lost.serialNumber.description)
    #expect(try after.repository.certificates(of: EntityID(1)).isEmpty)
    // Its volume stays reserved: it may have been signed.
    #expect(try after.authority.authorities().first?.reserved == 1)
    let issued = try Certificate(parsing: after.issue(request, by: system))
    #expect(issued.serialNumber != lost.serialNumber)
    #expect(try after.issue(request, by: system) == issued.encoded)
    // A second start finds nothing to void.
    after.close()
    let again = try TestEstate(opening: folder)
    #expect(try again.chunks().map(\.state) == ["lodged", "voided", "lodged"])
    #expect(try again.entries("certificates-voided").count == 1)
  }

  @Test("a node that was taken for dead lodges nothing of what was voided", .onServer)
  func takenForDead() throws {
    let hook = Guarded<@Sendable () throws -> Void>({})
    let estate = try TestEstate(key: { _, key in
      HookedKey(key) { key, message in
        try hook.value()
        return try key.sign(message)
      }
    })
    let system = try estate.credential()
    let request = try Asking.device(EntityID(1))
    hook.change {
      $0 = { [unowned estate] in
        hook.change { $0 = {} }
        try TestStore.run("UPDATE server_node SET ended = seen", on: estate.folder + "/smki.sqlite")
        try estate.authority.voidChunksOfDead()
      }
    }
    let error = #expect(throws: AuthorityError.self) { try estate.issue(request, by: system) }
    guard case .chunkVoided = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try estate.chunks().map(\.state) == ["lodged", "voided"])
    #expect(try estate.repository.certificates(of: EntityID(1)).isEmpty)
    _ = try estate.issue(request, by: system)
    #expect(try estate.repository.certificates(of: EntityID(1)).count == 1)
  }

  @Test(
    "a suspension between looking at a request and recording it is in force",
    .clause("L2.15"))
  func suspendedMeanwhile() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let request = try Asking.device(EntityID(1))
    let looks = Guarded(0)
    let refusal = #expect(throws: Refusal.self) {
      _ = try estate.authority.issue {
        let number = looks.change { looks in
          looks += 1
          return looks
        }
        let admitted = try estate.readmit(system)
        let parsed = Result { () throws(Refusal) in try DeviceRequest(parsing: request) }
        let prepared = Authority.prepare(
          try estate.registration.authorise([parsed], by: admitted, over: .portalDevice))
        if number == 1 {
          try estate.register.suspend(
            SampleParty.meterMaker.id, from: estate.now, under: "L2.15", evidence: "letter 1",
            by: TestEstate.officer)
        }
        return prepared
      }
    }
    #expect(refusal?.code == "party-suspended")
    #expect(looks.value == 2)
    #expect(try estate.repository.certificates(of: EntityID(1)).isEmpty)
  }

  @Test("a store that is closed fails every request, and answers it")
  func unwritable() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    estate.records.close()
    let request = try Asking.device(EntityID(1))
    let error = #expect(throws: DatabaseError.self) { try estate.issue(request, by: system) }
    #expect(error?.code == .storeClosed)
  }

  @Test("an authority whose key is another's does not start")
  func otherKey() throws {
    let another = try SoftwareKey.generate(.p256)
    let error = #expect(throws: AuthorityError.self) {
      try TestEstate(key: { label, key in
        label.contains("td01") ? HookedKey(another) { try $0.sign($1) } : key
      })
    }
    #expect(error == .keyNotOfCertificate("issuing-td01"))
  }

  @Test("a credential's name that is taken is refused before anybody signs")
  func name() throws {
    let estate = try TestEstate()
    try estate.credential(name: "head end")
    let chunks = try estate.chunks().count
    #expect(throws: Refusal.credentialNameTaken(try estate.registration.credentials()[0])) {
      try estate.credential(name: "head end", key: .generate(.rsa2048))
    }
    #expect(try estate.chunks().count == chunks)
    try estate.credential(name: "another", key: .generate(.rsa2048))
  }
}

@Suite("Each chunk names the policy version in force when it was recorded", .clause("C3-112"))
struct PolicyVersionTests {
  @Test(
    "before, at and after the beginning of a new version",
    arguments: [
      (Int64(-1), "Device Certificate Policy 1.0"), (0, "Device Certificate Policy 2.0"),
      (1, "Device Certificate Policy 2.0"),
    ])
  func version(milliseconds: Int64, expected: String) throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let since = TestEstate.beginning.adding(seconds: 3600)
    try estate.records.write(
      Entry(TestEstate.officer, "policy-changed", clause: "C3-112", at: estate.now)
    ) { transaction in
      try transaction.keep(
        AuthorityRecords.policy,
        [.text("device"), .int(since.milliseconds), .text("Device Certificate Policy 2.0")])
    }
    estate.now = since.adding(milliseconds: milliseconds)
    _ = try estate.issue(Asking.device(EntityID(1)), by: system)
    #expect(try estate.chunks().last?.policy == expected)
    #expect(try estate.entries("certificates-lodged").last?.facts["policy"] == expected)
  }

  @Test("without a version in force nothing is issued")
  func none() throws {
    let estate = try TestEstate()
    estate.now = TestEstate.beginning.adding(seconds: -1)
    let failed = #expect(throws: AuthorityError.self) { try estate.credential() }
    #expect(failed == .noPolicyInForce(.iki))
    estate.now = TestEstate.beginning
    try estate.credential()
  }
}
