// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Keys
import Records
import SEC
import TestEstate
import Testing

@Suite("The register of modules, and the keys that are bound to it")
struct ModuleRegisterTests {
  private static func module(
    _ name: String = "hsm", owner: String = CryptographicModule.dcc,
    kind: CryptographicModule.Kind = .cryptographicModule, country: String = "GB",
    location: String = "Hall 1", affectsSupply: Bool = false,
    standard: CryptographicModule.Standard = .fips140part2, level: Int = 3,
    certificate: String = "4153", assessment: String = ""
  ) -> CryptographicModule {
    CryptographicModule(
      name: name, owner: owner, kind: kind, function: "signing", location: location,
      country: country, affectsSupply: affectsSupply, standard: standard, level: level,
      certificate: certificate, assessment: assessment, since: TestEstate.beginning)
  }

  @Test(
    "only the DCC's own module of level 3 with a certificate holds authorities",
    .clause("C3-190-1"),
    arguments: [
      (module(), true), (module(standard: .fips140part3, level: 4), true),
      (module(level: 2), false), (module(standard: .none, level: 0, certificate: ""), false),
      (module(owner: "example-gas"), false), (module(kind: .component), false),
    ])
  func fitness(module: CryptographicModule, isFit: Bool) throws {
    let estate = try TestEstate()
    let place = KeyPlace.token(module: "hsm", token: "ca")
    #expect(throws: Refusal.moduleUnfit("hsm", nil)) {
      try ActivatedKey.check(place, in: estate.records)
    }
    #expect(throws: Refusal.keyOutsideModule()) {
      try ActivatedKey.check(.folder, in: estate.records)
    }
    try ModuleRegister.add(module, in: estate.records, by: TestEstate.operatorOfSystem)
    let key = ActivatedKey(try SoftwareKey.generate(.p256), at: place, records: estate.records)
    #expect((key.fault == nil) == isFit)
    #expect((try? key.sign([1])) != nil ? isFit : !isFit)
    if !isFit {
      #expect(throws: Refusal.moduleUnfit("hsm", module)) { try key.sign([1]) }
    }
  }

  @Test("a level is that of a certificate, and a component stands somewhere", .clause("C3-187"))
  func form() throws {
    let estate = try TestEstate()
    func add(_ module: CryptographicModule) throws {
      try ModuleRegister.add(module, in: estate.records, by: TestEstate.operatorOfSystem)
    }
    for wrong in [
      Self.module(level: 5), Self.module(level: 0), Self.module(certificate: ""),
      Self.module(standard: .none, level: 3), Self.module(standard: .none, level: 0),
    ] {
      #expect(throws: Refusal.moduleLevel(wrong)) { try add(wrong) }
    }
    for wrong in [Self.module(""), Self.module(country: "UK1"), Self.module(location: "")] {
      #expect(throws: Refusal.moduleLocation(wrong)) { try add(wrong) }
    }
    try add(Self.module())
    #expect(try ModuleRegister.all(in: estate.records).map(\.module) == [Self.module()])
  }

  @Test("what affects supply is attested in five activities, or flagged", .clause("C3-188-1"))
  func attestations() throws {
    let estate = try TestEstate()
    let officer = TestEstate.operatorOfSystem
    func attest(_ activity: ModuleAttestation.Activity, _ isInUK: Bool, _ evidence: String) throws {
      try ModuleRegister.attest(
        ModuleAttestation(
          module: "adm", activity: activity, isInUK: isInUK, evidence: evidence,
          attested: estate.now),
        in: estate.records, by: officer)
    }
    #expect(throws: Refusal.moduleUnknown("adm")) { try attest(.located, true, "letter") }
    try ModuleRegister.add(
      Self.module(
        "adm", owner: "example-gas", kind: .anomalyDetection, country: "FR", affectsSupply: true,
        standard: .none, level: 0, certificate: ""),
      in: estate.records, by: officer)
    #expect(throws: Refusal.attestationEvidence()) { try attest(.located, true, "") }
    func flags() throws -> [String] { try ModuleRegister.all(in: estate.records)[0].flags }
    #expect(try flags().count == 2)
    for activity in ModuleAttestation.Activity.allCases { try attest(activity, true, "letter") }
    #expect(try flags() == ["affects supply from outside the United Kingdom (C3-187)"])
    try attest(.tested, false, "letter")
    #expect(try flags().last == "not attested: tested (C3-188)")
  }

  @Test("a small User's module rests on a risk assessment, or is flagged", .clause("C3-190-2"))
  func assessments() throws {
    let estate = try TestEstate()
    for (assessment, count) in [("", 1), ("RA 7", 0)] {
      try ModuleRegister.add(
        Self.module(
          "small", owner: "example-gas", standard: .none, level: 0, certificate: "",
          assessment: assessment),
        in: estate.records, by: TestEstate.operatorOfSystem)
      #expect(try ModuleRegister.all(in: estate.records)[0].flags.count == count)
    }
  }
}
