// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import SEC
import Service
import Testing

@Suite("Commands have an officer, and estates serve under conditions")
struct ControlTests {
  private static func configuration() -> Configuration {
    var configuration = Configuration(estate: "TEST")
    configuration.officers = [
      Configuration.Officer(user: 1000, name: "Ada", roles: ["registration-officer"])
    ]
    return configuration
  }

  @Test("a user of the machine is the officer that the configuration names", .clause("ENG-control"))
  func officer() throws {
    let officer = try Control.officer(1000, in: .registrationOfficer, of: Self.configuration())
    #expect(officer == Actor(name: "Ada", role: .registrationOfficer))
  }

  @Test("a user who is nobody here is refused", .clause("ENG-control"))
  func nobody() {
    #expect(throws: Refusal.noOfficer(1001)) {
      try Control.officer(1001, in: .registrationOfficer, of: Self.configuration())
    }
  }

  @Test("an officer without the role is refused", .clause("ENG-control"))
  func role() throws {
    let officer = try #require(Self.configuration().officers.first)
    #expect(throws: Refusal.roleMissing(officer, .operatorOfSystem)) {
      try Control.officer(1000, in: .operatorOfSystem, of: Self.configuration())
    }
  }

  @Test("the operations have names of their own, in lower case with hyphens")
  func names() {
    let names = Control.operations.map { $0.name }
    #expect(names.count == Set(names).count)
    #expect(names.allSatisfy { $0.allSatisfy { $0 == "-" || ("a"..."z").contains($0) } })
  }

  private static func estate(_ kind: Estate.Kind) -> Estate {
    Estate(
      kind: kind, name: "E", devicePolicy: "2.999.1.1", organisationPolicy: "2.999.1.2",
      ikiPolicy: "2.999.1.3")
  }

  @Test(
    "a live estate serves with a right clock and certified keys only; a test estate is told",
    .clause("ENG-clock", "C3-190-1"),
    arguments: [
      (true, false, [String]()), (false, false, ["clock-not-synchronised"]),
      (true, true, ["software-keys"]), (false, true, ["clock-not-synchronised", "software-keys"]),
    ])
  func conditions(isSynchronised: Bool, isSoftware: Bool, codes: [String]) throws {
    let conditions = ServingConditions(
      clockIsSynchronised: isSynchronised, unfitKeys: isSoftware ? [.keyOutsideModule()] : [])
    #expect(try conditions.check(Self.estate(.test)).map(\.code) == codes)
    do throws(Refusal) {
      let met = try conditions.check(Self.estate(.live))
      #expect(met.isEmpty && codes.isEmpty)
    } catch {
      #expect(error.code == codes.first)
    }
  }
}
