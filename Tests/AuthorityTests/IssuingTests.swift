// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Keys
import Profiles
import Registration
import Repository
import SEC
import TestEstate
import Testing
import Threads
import X509

@Suite("A key gets one certificate, and the same request the same one again")
struct IssuingTests {
  static let device = EntityID(0x00DB_0000_0000_0001)

  @Test("the same request from the same party", .clause("ENG-same-request"))
  func again() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let request = try Asking.device(Self.device)
    let first = try estate.issue(request, by: system)
    #expect(try estate.issue(request, by: system) == first)
    // Also twice within one batch, before and after it is lodged.
    let other = try Asking.device(Self.device)
    let outcomes = try estate.issue([other, request, other], by: system).map { try $0.get() }
    #expect(outcomes[0] == outcomes[2])
    #expect(outcomes[1] == first)
    #expect(try estate.repository.certificates(of: Self.device).count == 2)
  }

  @Test("the same request twice at the same moment, on two lanes", .clause("ENG-same-request"))
  func inFlight() throws {
    let isHeld = Guarded(false)
    let (signing, go) = (Gate(), Gate())
    let estate = try TestEstate(
      lanes: 2,
      key: { _, key in
        HookedKey(key) { key, message in
          if isHeld.value {
            isHeld.change { $0 = false }
            signing.open()
            go.wait()
          }
          return try key.sign(message)
        }
      })
    let system = try estate.credential()
    let request = try Asking.device(Self.device)
    isHeld.change { $0 = true }
    let answers = Guarded<[[UInt8]?]>([])
    let workers = (0..<2).map { number in
      // The second one asks while the first one's certificate is being signed.
      if number == 1 { signing.wait() }
      return Worker(name: "asking-\(number)") {
        let answer = try? estate.issue(request, by: system)
        answers.change { $0.append(answer) }
      }
    }
    // Long enough that the second has been told to ask again, many times.
    _ = Gate().wait(milliseconds: 50)
    #expect(answers.value.isEmpty)
    go.open()
    for worker in workers { worker.join() }
    let issued = answers.value.compactMap(\.self)
    #expect(issued.count == 2)
    #expect(issued.first == issued.last)
    #expect(try estate.repository.certificates(of: Self.device).map(\.der) == [issued[0]])
  }

  @Test("another request for the same key, device and usage", .clause("M8-2.4-status"))
  func duplicate() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let key = try SoftwareKey.generate(.p256)
    let first = try Certificate(
      parsing: estate.issue(Asking.device(Self.device, key: key), by: system))
    let serial = first.serialNumber.description
    let outcome = try estate.issue([Asking.device(Self.device, key: key)], by: system)[0]
    #expect(refusal(outcome) == .duplicateCertificate(serial))
    #expect(refusal(outcome)?.found.contains(serial) == true)
  }

  @Test("the entry of a chunk says whose systems asked, and for how many", .clause("ENG-audit"))
  func askers() throws {
    let estate = try TestEstate()
    let (system, other) = (try estate.credential(), try estate.credential(for: .electricity))
    let requests = try (1...3).map { try Asking.device(EntityID(Self.device.value + $0)) }
    _ = try estate.issue(Array(requests.prefix(2)), by: system)
    _ = try estate.issue(requests[2], by: other)
    let told = try estate.entries("certificates-lodged").suffix(2).map { $0.facts["asked-by"] }
    func name(_ system: AdmittedSystem) -> String {
      "\(system.credential.party)/\(system.actor.name)"
    }
    #expect(told == ["\(name(system)): 2", "\(name(other)): 1"])
  }

  @Test("the same request from another party is a duplicate, not an answer")
  func otherParty() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let other = try estate.credential(for: .electricity)
    let request = try Asking.device(Self.device)
    _ = try estate.issue(request, by: system)
    let outcome = try estate.issue([request], by: other)[0]
    let refused = try #require(refusal(outcome))
    #expect(refused == .duplicateOfAnother())
    // Nothing of the other's certificate is told, and nobody is sent to use it.
    let serial = try #require(estate.repository.certificates(of: Self.device).first?.serial)
    #expect(!refused.description.contains(Hex.encode(serial)))
    #expect(!refused.remedy.contains("Use that certificate"))
  }

  @Test("a key for another usage, another device, or another hierarchy", .clause("ENG-refused-key"))
  func elsewhere() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let key = try SoftwareKey.generate(.p256)
    let first = try Certificate(
      parsing: estate.issue(Asking.device(Self.device, .keyAgreement, key: key), by: system))
    let refused = Refusal.keyCertifiedElsewhere(first.serialNumber.description)
    for (device, usage) in [
      (Self.device, CertificateUsage.digitalSignature), (EntityID(2), .keyAgreement),
    ] {
      let outcome = try estate.issue([Asking.device(device, usage, key: key)], by: system)[0]
      #expect(refusal(outcome) == refused)
    }
    #expect(throws: refused) {
      try estate.issueOrganisation(
        Asking.organisation(EntityID(0x90B3_D51F_3001_0001), key: key))
    }
    // A new key for the same device and another usage is what the Code wants.
    _ = try estate.issue(Asking.device(Self.device, .digitalSignature), by: system)
  }

  @Test("a key that was reported, or one of the authorities' own", .clause("ENG-refused-key"))
  func refusedKey() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let key = try SoftwareKey.generate(.p256)
    let request = try Asking.device(Self.device, key: key)
    let information = try #require(SubjectPublicKeyInfo(key.publicKey))
    try estate.refuse(information, because: "reported compromised")
    #expect(
      try refusal(estate.issue([request], by: system)[0]) == .keyRefused("reported compromised"))
    let label = try #require(
      try estate.authority.authorities().first { $0.hierarchy == .device }?.keyLabel)
    let ours = try #require(try Founded.once.get().key(label) as? SoftwareKey)
    let outcome = try estate.issue([Asking.device(Self.device, key: ours)], by: system)[0]
    #expect(refusal(outcome)?.code == "key-refused")
    #expect(refusal(outcome)?.found == "the key of CN=TD01")
    _ = try estate.issue(Asking.device(Self.device), by: system)
  }

  @Test(
    "the hundredth certificate of a device is issued, the next one is not",
    .clause("M8-2.3.1.8"), arguments: [1, 99, 100])
  func perDevice(before: Int) throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let outcomes = try estate.issue(
      (0..<before).map { _ in try Asking.device(Self.device) }, by: system)
    #expect(outcomes.allSatisfy { refusal($0) == nil })
    let next = try estate.issue([Asking.device(Self.device)], by: system)[0]
    #expect(refusal(next) == (before < 100 ? nil : .certificatesOfDevice(Self.device, 100)))
    // Another device is not held up.
    _ = try estate.issue(Asking.device(EntityID(2)), by: system)
  }

  @Test("within one batch too: 102 requests, 100 certificates", .clause("M8-2.3.1.8"))
  func perDeviceInOneBatch() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let outcomes = try estate.issue(
      (0..<102).map { _ in try Asking.device(Self.device) }, by: system)
    #expect(outcomes.prefix(100).allSatisfy { refusal($0) == nil })
    #expect(
      outcomes.suffix(2).map(refusal)
        == [.certificatesOfDevice(Self.device, 100), .certificatesOfDevice(Self.device, 100)])
  }

  @Test(
    "possession is proven on the lane: a request signed by another key", .clause("OCP-possession"))
  func possession() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let spoilt = try Asking.device(Self.device, signedBy: .generate(.p256))
    let outcomes = try estate.issue([spoilt, Asking.device(Self.device)], by: system)
    #expect(refusal(outcomes[0])?.code == "possession-not-proven")
    #expect(refusal(outcomes[1]) == nil)
  }

  @Test("a chunk has no more than 500 certificates")
  func chunks() throws {
    let estate = try TestEstate()
    let system = try estate.credential()
    let outcomes = try estate.issue(
      (1...501).map { try Asking.device(EntityID(UInt64($0))) }, by: system)
    #expect(outcomes.allSatisfy { refusal($0) == nil })
    #expect(try estate.chunks().suffix(2).map(\.count) == [Authority.chunkMax, 1])
  }

  @Test("the line holds so many requests; one more is told to come again")
  func busy() throws {
    let estate = try TestEstate(lanes: 1)
    let (taken, go) = (Gate(), Gate())
    struct Enough: Error {}
    try estate.authority.submit {
      taken.open()
      go.wait()
      throw Enough()
    } answer: { _ in
    }
    taken.wait()
    let answers = Guarded(0)
    func submit() throws {
      try estate.authority.submit {
        throw Enough()
      } answer: { _ in
        answers.change { $0 += 1 }
      }
    }
    for _ in 0..<Authority.waitingMax { try submit() }
    #expect(throws: AuthorityError.busy) { try submit() }
    go.open()
    #expect(answers.wait { $0 == Authority.waitingMax ? true : nil })
    try submit()
    estate.authority.close()
    #expect(answers.value == Authority.waitingMax + 1)
    #expect(throws: AuthorityError.busy) { try submit() }
  }
}
