// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import TestToken
import Testing

@Suite("Estates with their keys in modules", .enabled(if: TestToken.isThere, "no SoftHSM"))
struct ModuleTests {
  private static let register =
    "module add --module hsm --function issuing --location 'Hall 1' --country GB "
    + "--standard fips-140-2 --certificate 4153 --level "

  @Test(
    "a test estate is made in tokens, which other people's tool sees, and says so",
    .clause("C3-74-1"))
  func made() throws {
    let estate = try TokenEstate()
    let keys = try estate.keys("ca")
    #expect(keys.count == 7 && keys.allSatisfy { $0.hasPrefix("smki/test/TEST/issuing-") })
    #expect(
      try estate.keys("roots").filter { $0.hasPrefix("smki/test/TEST/root-") }.count == 4)
    let files = try Program.shell("ls var/keys var/offline", in: estate.place).output
    #expect(!files.contains("issuing-") && !files.contains("root-"))
    let check = try estate.run("module check")
    #expect(check.code == 0 && check.output.contains("up"))
    #expect(check.output.contains("issuing-td01"))
    let doctor = try estate.run("doctor")
    #expect(doctor.output.contains("token hsm ca"))
    let verified = try estate.run("verify")
    #expect(verified.code == 0, "\(verified.output)")
    let again = try Program.shell(
      "SOFTHSM2_CONF='\(estate.place)/softhsm2.conf' '\(Program.path)' init --test --module "
        + "\(TestToken.softHSM) --token ca --pin-fd 4 --estate other 4<<<'\(TestToken.pin)'",
      in: estate.place)
    #expect(again.code != 0 && again.errors.contains("has keys of an estate TEST already"))
  }

  @Test("a wrong PIN is said, and put right without the keys being made again", .clause("C3-192"))
  func pin() throws {
    let estate = try TokenEstate()
    let wrong = try estate.run("module pin --module hsm --token ca --pin-fd 4", pin: "314159")
    #expect(wrong.code == 0, "\(wrong.errors)")
    let check = try estate.run("module check")
    #expect(check.code == 4 && check.output.contains("CKR_PIN_INCORRECT"))
    #expect(try estate.run("module pin --module hsm --token ca --pin-fd 4").failure == nil)
    #expect(try estate.run("module check").failure == nil)
    #expect(try estate.run("module pin --module hsm --token none --pin-fd 4").code != 0)
    let entries = try estate.run("audit entries --last 4")
    #expect(entries.output.contains("module-pin-kept"))
  }

  @Test(
    "a live estate's keys are activated by a record of level 3 and by nothing else",
    .clause("C3-190-1"))
  func live() throws {
    let estate = try TokenEstate(live: true)
    #expect(try estate.keys("roots").filter { $0.contains("live/L/root-") }.count == 3)
    func doctor() throws -> String { try estate.run("doctor").output }
    #expect(try doctor().contains("wrong    keys: token hsm ca: none"))
    let refused = try estate.run("serve")
    #expect(refused.code == 1)
    for (level, isFit) in [(2, false), (3, true)] {
      let added = try estate.run(Self.register + "\(level)")
      #expect(added.code == 0, "\(added.errors)")
      #expect(try doctor().contains("which is certified") == isFit)
    }
    let file = try Program.shell("ls var", in: estate.place).output
    #expect(!file.contains("passphrase") && !file.contains("pin"))
  }

  @Test(
    "a live estate has its roots in a token of their own",
    arguments: [
      ("--token ca", "--root-token"), ("--token ca --root-token ca", "another token"),
      ("--root-token roots", "--token is missing"),
    ])
  func liveRoots(words: String, says: String) throws {
    let outcome = try Program.shell(
      "'\(Program.path)' init --live --name L --device-policy 1.3.6.1 --organisation-policy 1.3.6.2 "
        + "--iki-policy 1.3.6.3 --officer A --estate /tmp/smki-never --module /x \(words)")
    #expect(outcome.code == 2 && outcome.errors.contains(says), "\(outcome.errors)")
  }

  @Test(
    "the register of modules is kept and read through commands",
    .clause("C3-187", "C3-188-1", "C3-188-2", "C3-190-2"))
  func register() throws {
    let estate = try OwnEstate()
    func run(_ line: String) throws -> Program.Outcome {
      try Program.shell("'\(Program.path)' \(line) --estate var", in: estate.place)
    }
    #expect(
      try run(
        "module add --module adm --owner example-gas --kind anomaly-detection --function checks "
          + "--location Paris --country FR --affects-supply"
      ).code == 0)
    #expect(
      try run("module attest --module adm --activity located --outside --evidence L1").code == 0)
    for (line, code) in [
      ("module attest --module none --activity tested --evidence L1", "module-unknown"),
      ("module attest --module adm --activity tested --evidence=", "attestation-evidence"),
      (Self.register + "0", "module-level"),
      ("module add --module x --function f --location= --country GB", "module-location"),
      ("authority retire --authority 99", "authority-not-on-line"),
    ] {
      let refused = try run(line)
      #expect(refused.code == 1 && refused.errors.contains(code), "\(refused.errors)")
    }
    #expect(
      try run(
        "module add --module small --owner example-gas --function f --location L --country GB"
      ).code == 0)
    let list = try run("module list --json").output
    #expect(list.contains("no level and no risk assessment (C3-190)"))
    #expect(list.contains("affects supply from outside the United Kingdom (C3-187)"))
    #expect(list.contains("not attested: located, operated"))
    #expect(try run("doctor").output.contains("module adm"))
  }
}
