// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Glibc
import Testing

@Suite("Ceremonies that break, and packages that are nobody's business here", .serialized)
struct CeremonyFaultTests {
  @Test(
    "killed at any step, a ceremony was held or was not, and is held at the next attempt",
    .clause("OCP-ceremony"),
    arguments: [
      "begun", "vaults-opened", "acts-done", "records-written", "papers-written", "committed",
    ])
  func killed(step: String) throws {
    let place = try CeremonyPlace(isPrepared: true)
    let killed = try place.hold("stock", stopAt: step)
    #expect(killed.code == SIGKILL)
    #expect(!killed.output.contains("package"))
    let status = try #require(place.json("ceremony status") as? [String: Any])
    let ceremonies = try #require(status["ceremonies"] as? [String])
    #expect(ceremonies == (step == "committed" ? ["founding", "stock-1"] : ["founding"]))
    let again = try place.hold("stock")
    if step == "committed" {
      #expect(again.code == 1 && again.errors.contains("ceremony-held"))
      #expect(try place.smki("ceremony outputs stock-1 --out stock").failure == nil)
    } else {
      #expect(again.code == 0, "\(again.errors)")
    }
    let checked = try place.smki(
      "ceremony check stock/transcript --key var/authorities/ceremony.vkey "
        + "--package stock/package")
    #expect(checked.code == 0, "\(checked.errors)")
    let imported = try place.smki("ceremony import stock/package")
    #expect(imported.code == 0, "\(imported.errors)")
    #expect(try place.smki("verify").failure == nil)
    let left = try Program.shell("ls var/offline | grep -c state-", in: place.place)
    #expect(left.output == "1\n")
  }

  @Test(
    "killed while it imports, an estate took all of a package or nothing",
    .clause("OCP-ceremony"), arguments: ["import-written", "import-done"])
  func killedImport(step: String) throws {
    let place = try CeremonyPlace(isPrepared: true)
    #expect(try place.hold("stock").failure == nil)
    #expect(try place.smki("ceremony import stock/package", stopAt: step).code == SIGKILL)
    let rows = try #require(place.json("authority list") as? [[String: Any]])
    #expect(rows.count == (step == "import-done" ? 8 : 7))
    #expect(try place.smki("verify").failure == nil)
    let again = try place.smki("ceremony import stock/package")
    #expect(again.code == (step == "import-done" ? 1 : 0), "\(again.errors)")
    #expect(try place.smki("verify").failure == nil)
    let files = try Program.shell(
      "grep -c BEGIN var/authorities/issuing-device.pem", in: place.place)
    #expect(files.output == "5\n")
  }

  @Test(
    "a key that a broken ceremony left on line is destroyed, not certified", .clause("C3-74-2"))
  func leftover() throws {
    let place = try CeremonyPlace(isPrepared: true)
    #expect(try place.hold("stock", stopAt: "acts-done").code == SIGKILL)
    let before = try Program.shell("sha256sum var/keys/issuing-td05.key", in: place.place)
    #expect(try place.hold("stock").failure == nil)
    let after = try Program.shell("sha256sum var/keys/issuing-td05.key", in: place.place)
    #expect(before.code == 0 && before.output != after.output)
    #expect(
      try place.text("stock/transcript").contains(
        "destroyed the key issuing-td05 that an earlier attempt left"))
  }

  @Test(
    "packages come in their order, once, and only with their keys at hand", .clause("C3-74-2"))
  func order() throws {
    let place = try CeremonyPlace()
    for name in ["first", "second"] {
      try place.prepare(name, "stock --count 1")
      #expect(try place.hold(name).failure == nil)
    }
    #expect(try place.refusal("ceremony import second/package") == "package-out-of-order")
    let moved = try Program.shell("mv var/keys/issuing-td05.key .", in: place.place)
    #expect(moved.code == 0)
    #expect(try place.refusal("ceremony import first/package") == "package-key-missing")
    _ = try Program.shell("mv issuing-td05.key var/keys/", in: place.place)
    #expect(try place.smki("ceremony import first/package").failure == nil)
    #expect(try place.smki("ceremony import second/package").failure == nil)
    #expect(try place.refusal("ceremony import first/package") == "package-replayed")
    let listed = try place.smki("ceremony packages --out packages")
    #expect(listed.output.split(separator: "\n").count == 4)
    let same = try Program.shell(
      "cmp packages/3-stock-2.package second/package", in: place.place)
    #expect(same.code == 0)
  }

  private static let live = [
    "--name", "REHEARSAL", "--device-policy", "1.3.6.1.4.1.99999.1", "--organisation-policy",
    "1.3.6.1.4.1.99999.2", "--iki-policy", "1.3.6.1.4.1.99999.3",
  ]

  @Test(
    "a package of another estate, of test for live or of live for test, is refused",
    .clause("C3-84-2"))
  func crossing() throws {
    let place = try CeremonyPlace()
    let passphrase = "correct horse\n"
    func smki(_ line: String, _ more: [String] = []) throws -> Program.Outcome {
      try Program.run(
        Program.path, line.split(separator: " ").map(String.init) + more, in: place.place,
        input: passphrase)
    }
    // A live estate, and a test estate of another name, each founded by people.
    for (name, kind) in [("live", ["--live"] + Self.live), ("other", ["--name", "OTHER"])] {
      let custodians = (1...3).flatMap { ["--custodian", "\(name) \($0)"] }
      let plan = try smki(
        "ceremony plan founding --count 1 --out \(name).json", kind + custodians)
      #expect(plan.code == 0, "\(plan.errors)")
      #expect(try smki("ceremony rehearse \(name).json --offline off-\(name)").failure == nil)
      let held = try smki(
        "ceremony run \(name).json --offline off-\(name) --online \(name)/keys --out \(name)-out "
          + "--passphrase-fd 0", CeremonyPlace.people)
      #expect(held.code == 0, "\(held.errors)")
      let made = try smki(
        "init --package \(name)-out/package --ceremony-key off-\(name)/ceremony.vkey "
          + "--estate \(name) --officer Ada --passphrase-fd 0")
      #expect(made.code == 0, "\(made.errors)")
      #expect(try smki("verify --estate \(name)").failure == nil)
    }
    func code(_ package: String, _ estate: String) throws -> String? {
      // The test estate has its passphrase beside it.
      let passphrase = estate == "var" ? "" : " --passphrase-fd 0"
      let outcome = try smki("ceremony import \(package) --estate \(estate) --json\(passphrase)")
      let body = try? JSONSerialization.jsonObject(with: Data(outcome.errors.utf8))
      return (body as? [String: String])?["code"]
    }
    let own = "var/offline/current/ceremonies/founding/package"
    #expect(try code(own, "live") == "package-other-kind")
    #expect(try code("live-out/package", "var") == "package-other-kind")
    #expect(try code("other-out/package", "var") == "package-other-estate")
    #expect(try code(own, "other") == "package-other-estate")
    #expect(try code(own, "var") == "package-replayed")
    // Nor does a store take the file or the shares of another estate.
    try place.prepare("stock", "stock --count 1")
    #expect(
      try place.refusal("ceremony rehearse stock.json --offline off-other")
        == "ceremony-other-estate")
    let shares = try place.refusal(
      "ceremony run stock.json --online var/keys --share off-other/custody",
      CeremonyPlace.people)
    #expect(shares == "share-other-estate")
  }
}
