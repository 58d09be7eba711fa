// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import TestToken
import Testing

@Suite("Ceremonies with their keys in tokens", .enabled(if: TestToken.isThere, "no SoftHSM"))
struct TokenCeremonyTests {
  private static let initialise =
    "init --test --module \(TestToken.softHSM) --token ca --root-token roots --stock 1 --pin-fd 4"
  private static let held =
    "--share var/offline/custody --witness Ada --witness Alan --holder Grace"

  /// Plans, rehearses, holds, checks and imports.
  private func through(_ name: String, _ plan: String, in estate: TokenEstate) throws {
    for line in [
      "ceremony plan \(plan) --out \(name).json", "ceremony rehearse \(name).json",
      "ceremony run \(name).json --online var/keys --out \(name) \(Self.held)",
      "ceremony check \(name)/transcript --key var/authorities/ceremony.vkey "
        + "--package \(name)/package --file \(name).json --rehearsal \(name).json.rehearsal",
      "ceremony import \(name)/package",
    ] {
      let outcome = try estate.run(line)
      try #require(outcome.code == 0, "\(line): \(outcome.errors)")
    }
  }

  @Test(
    "successors, a re-key, lists and a Recovery key are made with the roots in their token",
    .clause("C3-74-1", "OCP-ceremony", "OCP-annex-B-arl", "L10.1(b)(i)"))
  func ceremonies() throws {
    let estate = try TokenEstate()
    let (issuing, roots) = (try estate.keys("ca"), try estate.keys("roots"))
    try through("stock", "stock --count 2", in: estate)
    #expect(try estate.keys("ca").count == issuing.count + 2)
    #expect(try estate.keys("roots") == roots)
    try through("rekey", "rekey --hierarchy organisation", in: estate)
    #expect(try estate.keys("ca").count == issuing.count + 3)
    #expect(try estate.keys("roots").count == roots.count + 1)
    try through("list", "list --root TOR", in: estate)
    try through("recovery", "recovery --identifier 5A-4D-4B-49-00-00-20-01", in: estate)
    // Nothing of roots, issuing authorities or recovery lies in the clear or in another place.
    let files = try Program.shell("find var -name '*.key' | sort", in: estate.place).output
    #expect(files.contains("vaults/recovery/recovery.key"))
    #expect(!files.contains("issuing-") && !files.contains("root-"), "\(files)")
    let verified = try Program.shell(
      """
      csplit -s -z -f issuing- var/authorities/issuing-device.pem '/BEGIN/' '{*}'
      openssl verify -CAfile var/authorities/root-device.pem issuing-0*
      csplit -s -z -f oca- var/authorities/issuing-organisation.pem '/BEGIN/' '{*}'
      openssl verify -crl_check_all -CAfile var/authorities/root-organisation.pem \
        -CRLfile var/authorities/arl-organisation.pem oca-0*
      """, in: estate.place)
    #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
    let sound = try estate.run("verify")
    #expect(sound.code == 0, "\(sound.output)")
  }

  @Test(
    "a ceremony that was killed with keys in tokens leaves none that the next one minds",
    .clause("OCP-ceremony"), arguments: ["acts-done", "records-written"])
  func killed(step: String) throws {
    let estate = try TokenEstate()
    let (issuing, roots) = (try estate.keys("ca"), try estate.keys("roots"))
    let plan = "ceremony plan rekey --hierarchy device --out rekey.json"
    #expect(try estate.run(plan).code == 0)
    #expect(try estate.run("ceremony rehearse rekey.json").code == 0)
    let run = "ceremony run rekey.json --online var/keys --out rekey \(Self.held)"
    #expect(try estate.run(run, stopAt: step).code != 0)
    #expect(try estate.keys("roots").count == roots.count + 1)
    let again = try estate.run(run)
    #expect(again.code == 0, "\(again.errors)")
    #expect(try estate.keys("ca").count == issuing.count + 1)
    #expect(try estate.keys("roots").count == roots.count + 1)
    let told = try estate.run("ceremony transcript rekey-device-1")
    #expect(told.output.contains("that an earlier attempt left"))
    #expect(try estate.run("ceremony import rekey/package").code == 0)
    #expect(try estate.run("verify").code == 0)
  }

  @Test(
    "a founding that fails, or is killed, leaves no keys in its tokens, and touches no others",
    .clause("C3-74-1"))
  func failedFounding() throws {
    let estate = try TokenEstate(isMade: false)
    let failed = try estate.run(
      Self.initialise + " --store postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
    #expect(failed.code != 0)
    #expect(try estate.keys("ca") == [] && estate.keys("roots") == [])
    #expect(try estate.run(Self.initialise, stopAt: "committed").code != 0)
    #expect(try !estate.keys("ca").isEmpty && !estate.keys("roots").isEmpty)
    // Another folder does not know whose they are, and does not touch them.
    let other = try estate.run(Self.initialise, folder: "other")
    #expect(other.code != 0 && other.errors.contains("has keys of an estate TEST already"))
    let left = try estate.keys("ca")
    let made = try estate.run(Self.initialise)
    #expect(made.code == 0, "\(made.errors)")
    #expect(try estate.keys("ca").count == left.count)
    let checked = try estate.run("module check")
    #expect(checked.code == 0, "\(checked.output)")
    #expect(try estate.run("verify").code == 0)
  }
}
