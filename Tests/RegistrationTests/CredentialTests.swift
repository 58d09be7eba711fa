// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Keys
import Parties
import Profiles
import Records
import Registration
import Repository
import SEC
import TestEstate
import Testing
import X509

@Suite("A system is admitted by its credential", .clause("M8-AppG"))
struct CredentialTests {
  /// An estate, an admitted system and its certificate.
  private static func admitted(
    _ party: SampleParty = .meterMaker
  ) throws -> (TestEstate, AdmittedSystem, [UInt8]) {
    let estate = try TestEstate()
    let system = try estate.credential(for: party)
    let serial = try #require(Hex.decode(system.credential.serial))
    return (
      estate, system, try #require(try estate.repository.certificate(serial: serial)).der
    )
  }

  @Test("who shows it is admitted as its party, in its roles")
  func admission() throws {
    let (estate, system, certificate) = try Self.admitted()
    let again = try estate.registration.admit(certificate: certificate, at: estate.now)
    #expect(again.credential == system.credential)
    #expect(again.roles == SampleParty.meterMaker.roles)
    #expect(again.policies == [.device, .organisation])
    // N4-1-aro: at the portal the audit names the person who holds the credential.
    #expect(
      again.actor
        == Actor(
          name: "example-meters-aro", role: .authorisedResponsibleOfficer,
          party: "example-meters"))
  }

  @Test("none, or one that was not issued here", .clause("M8-2.3-no-credential"))
  func unknown() throws {
    let (estate, _, certificate) = try Self.admitted()
    for other in [[], certificate + [0], Array(certificate.dropLast()) + [0xFF]] {
      #expect(throws: Refusal.credentialUnknown(Digest.sha256(other))) {
        try estate.registration.admit(certificate: other, at: estate.now)
      }
    }
    // A certificate of ours that is no credential.
    let root = try #require(Founded.once.get().whole.roots.first).certificate.encoded
    #expect(throws: Refusal.credentialUnknown(Digest.sha256(root))) {
      try estate.registration.admit(certificate: root, at: estate.now)
    }
  }

  @Test(
    "until its last second, and not after", .clause("ICP-validity"),
    arguments: [(Int64(-1), true), (0, true), (999, true), (1000, false)])
  func expiry(milliseconds: Int64, isAdmitted: Bool) throws {
    let (estate, system, certificate) = try Self.admitted()
    let moment = system.credential.notAfter.adding(milliseconds: milliseconds)
    guard isAdmitted else {
      for admit in [
        { try estate.registration.admit(certificate: certificate, at: moment) },
        { try estate.registration.readmit(system, certificate: certificate, at: moment) },
      ] {
        #expect(throws: Refusal.credentialExpired(system.credential)) { try admit() }
      }
      return
    }
    _ = try estate.registration.admit(certificate: certificate, at: moment)
    _ = try estate.registration.readmit(system, certificate: certificate, at: moment)
  }

  @Test("revoked: refused at the next request of a kept connection", .clause("ICP-revocation"))
  func revocation() throws {
    let (estate, system, certificate) = try Self.admitted()
    func readmit() throws -> AdmittedSystem {
      try estate.registration.readmit(system, certificate: certificate, at: estate.now)
    }
    #expect(try readmit().generation == system.generation)
    func revoke(_ serial: String) throws {
      try estate.registration.revokeCredential(
        serial: serial, reason: "lost", at: estate.now, by: TestEstate.officer)
    }
    #expect(throws: Refusal.credentialNotFound("00")) { try revoke("00") }
    try revoke(system.credential.serial)
    let refusal = Refusal.credentialRevoked(system.credential, estate.now)
    #expect(throws: refusal) { try readmit() }
    #expect(throws: refusal) { try revoke(system.credential.serial) }
    // The name is free again.
    try estate.credential(key: .generate(.rsa2048))
  }

  @Test("a suspended party's systems wait until it is reinstated", .clause("L2.15"))
  func suspension() throws {
    let (estate, system, certificate) = try Self.admitted()
    let party = system.credential.party
    let start = estate.now.adding(seconds: 1)
    estate.now = start
    try estate.register.suspend(
      party, from: start, under: "L2.15", evidence: "letter", by: TestEstate.officer)
    let suspension = try #require(try estate.register.suspension(of: party, at: start))
    func readmit() throws {
      _ = try estate.registration.readmit(system, certificate: certificate, at: estate.now)
    }
    #expect(throws: Refusal.partySuspended(suspension)) { try readmit() }
    // Officers cannot enter anything for it either.
    #expect(throws: Refusal.partySuspended(suspension)) {
      try estate.credential(name: "another", key: .generate(.rsa2048))
    }
    estate.now = start.adding(seconds: 1)
    try estate.register.reinstate(
      party, from: estate.now, evidence: "letter", by: TestEstate.officer)
    try readmit()
  }

  @Test(
    "each interface has credentials of its own", .clause("M8-AppG-one-per-interface"),
    arguments: Interface.allCases)
  func interfaces(_ interface: Interface) throws {
    let estate = try TestEstate()
    let system = try estate.credential(for: .electricity, interface)
    for other in Interface.allCases {
      if other == interface {
        try estate.registration.checkInterface(other, of: system)
      } else {
        #expect(throws: Refusal.credentialForOtherInterface(system.credential, other)) {
          try estate.registration.checkInterface(other, of: system)
        }
      }
    }
  }

  @Test(
    "the Ad Hoc service is for DCC and the two suppliers", .clause("M8-2.4-ad-hoc-roles"),
    arguments: SampleParty.allCases)
  func roles(_ party: SampleParty) throws {
    let estate = try TestEstate()
    guard party == .meterMaker else {
      try estate.credential(for: party, .adHoc)
      return
    }
    #expect(throws: Refusal.interfaceNotForRole(.adHoc, party.roles)) {
      try estate.credential(for: party, .adHoc)
    }
    try estate.credential(for: party, .batched)
  }

  @Test("a name is one party's once for each interface", .clause("M8-AppG-iki-csr"))
  func names() throws {
    let estate = try TestEstate()
    let first = try estate.credential(for: .electricity, .portalDevice, name: "a")
    #expect(throws: Refusal.credentialNameTaken(first.credential)) {
      try estate.credential(
        for: .electricity, .portalDevice, name: "a", key: .generate(.rsa2048))
    }
    try estate.credential(for: .electricity, .batched, name: "a", key: .generate(.rsa2048))
    try estate.credential(for: .electricity, .portalDevice, name: "b", key: .generate(.rsa2048))
    try estate.credential(for: .gas, .portalDevice, name: "a")
    // After the end of the first one the name is free.
    estate.now = first.credential.notAfter.adding(seconds: 1)
    #expect(try estate.registration.credentials().count == 4)
    try estate.credential(
      for: .electricity, .portalDevice, name: "a", key: .generate(.rsa2048))
  }

  @Test("the organisation is the party's trading name", .clause("M8-AppG-iki-csr"))
  func organisation() throws {
    let estate = try TestEstate()
    func authorise(_ organisation: String, by actor: Actor = TestEstate.officer) throws {
      let request = try IKIRequest(
        parsing: Asking.credential(of: .gas, name: "a", organisation: organisation))
      _ = try estate.registration.authorise(
        request, for: SampleParty.gas.id, interface: .batched, at: estate.now, by: actor)
    }
    #expect(throws: Refusal.credentialOrganisation("Another Ltd", SampleParty.gas.name)) {
      try authorise("Another Ltd")
    }
    let actor = Actor(name: "Eve", role: .operatorOfSystem)
    #expect(throws: Refusal.notARegistrationOfficer(actor)) {
      try authorise(SampleParty.gas.name, by: actor)
    }
    try authorise(SampleParty.gas.name)
  }
}
