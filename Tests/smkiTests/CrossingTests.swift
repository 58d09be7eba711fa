// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import TestToken
import Testing

@Suite(
  "Estates never meet: each way of bringing in what belongs to another is refused",
  .clause("C3-84-2"))
struct CrossingTests {
  private static let both = Result {
    try Pattern { place in
      let made = try Program.shell(
        """
        cp -a '\(OwnEstate.pattern.get().place)/.' .
        '\(Program.path)' init --test --samples --name OTHER --estate other
        """, in: place)
      try #require(made.code == 0, "\(made.errors)")
    }
  }

  /// An estate of the tests, named TEST, and another beside it in the same place.
  private static func two() throws -> OwnEstate { try OwnEstate(of: both) }

  private static let live = Result {
    try Pattern { place in
      let made = try Program.run(
        Program.path,
        [
          "init", "--live", "--name", "L", "--device-policy", "1.3.6.1.4.1.99999.1",
          "--organisation-policy", "1.3.6.1.4.1.99999.2", "--iki-policy", "1.3.6.1.4.1.99999.3",
          "--officer", "A", "--passphrase-fd", "0", "--estate", "\(place)/var",
        ], input: "horse\n")
      try #require(made.code == 0, "\(made.errors)")
    }
  }

  @Test(
    "folders, files and names of another estate",
    arguments: [
      // Its whole key store, a single key of it, its records, and its configuration.
      (
        "rm -r var/keys; cp -a other/keys var/keys; cp other/passphrase var/passphrase",
        "belongs to OTHER"
      ),
      ("cp other/keys/issuing-td01.key var/keys/issuing-td01.key", "belongs to another estate"),
      (
        "cp other/keys/issuing-td01.key var/keys/; sed -i s/OTHER/QQQQQ/ var/keys/*td01.key",
        "issuing-td01"
      ),
      ("rm var/smki.sqlite*; cp other/smki.sqlite* var/", "are those of OTHER"),
      ("cp other/estate.json var/estate.json", "is that of OTHER"),
    ])
  func files(change: String, says: String) throws {
    let estate = try Self.two()
    let changed = try Program.shell(change, in: estate.place)
    try #require(changed.code == 0, "\(changed.errors)")
    let outcome = try estate.run("audit", "checkpoint")
    #expect(outcome.code != 0)
    #expect(outcome.errors.contains(says), "\(outcome.errors)")
  }

  @Test("a system that another estate certified is not known here")
  func credential() throws {
    let estate = try Self.two()
    for (folder, isKnown) in [("var", true), ("other", false)] {
      let outcome = try estate.run(
        "doctor", "--client", "\(folder)/parties/example-meters/portal-device.pem")
      #expect(outcome.output.contains("credential-unknown") == !isKnown)
    }
  }

  @Test("what one estate's roots vouch for, another's do not")
  func anchors() throws {
    let estate = try Self.two()
    for (root, isVouched) in [("var", true), ("other", false)] {
      let outcome = try Program.shell(
        "openssl verify -CAfile \(root)/authorities/root-iki.pem -untrusted "
          + "var/authorities/issuing-iki.pem var/parties/example-meters/portal-device.pem",
        in: estate.place)
      #expect((outcome.code == 0) == isVouched, "\(outcome.errors)")
    }
  }

  @Test(
    "two estates of one name, one token: neither finds the other's keys",
    .enabled(if: TestToken.isThere, "no SoftHSM"))
  func tokens() throws {
    let estate = try OwnEstate()
    let settings = try TestToken.prepare(estate.place, labels: ["ca", "roots"])
    func run(_ line: String) throws -> Program.Outcome {
      try Program.shell(
        "export SOFTHSM2_CONF='\(settings)'\n'\(Program.path)' \(line) 3<<<horse "
          + "4<<<'\(TestToken.pin)'", in: estate.place)
    }
    let module = "--module \(TestToken.softHSM) --token ca --root-token roots --pin-fd 4"
    let test = try run("init --test --name SAME \(module) --estate a")
    #expect(test.code == 0, "\(test.errors)")
    let live = try run(
      "init --live --name SAME --device-policy 1.3.6.1.4.1.99999.1 --organisation-policy "
        + "1.3.6.1.4.1.99999.2 --iki-policy 1.3.6.1.4.1.99999.3 --officer A --passphrase-fd 3 "
        + "\(module) --estate b")
    #expect(live.code == 0, "\(live.errors)")
    let all = try TestToken.run(
      "/usr/bin/pkcs11-tool",
      [
        "--module", TestToken.softHSM, "--token-label", "ca", "--login", "--pin", TestToken.pin,
        "--list-objects", "--type", "privkey",
      ], environment: ["SOFTHSM2_CONF": settings])
    #expect(all.components(separatedBy: "smki/test/SAME/").count == 8)
    #expect(all.components(separatedBy: "smki/live/SAME/").count == 7)
    // The test estate's own list has none of the live one's, whose names have no T.
    let seen = try run("module check --json --estate a").output
    #expect(seen.contains("issuing-td01") && !seen.contains("issuing-d01"))
    // The live estate's records with the test estate's configuration and keys.
    _ = try Program.shell("cp b/smki.sqlite* a/", in: estate.place)
    let crossed = try run("module check --estate a")
    #expect(crossed.code != 0, "\(crossed.output)")
  }

  @Test(
    "what only a test estate may, a live one may not",
    arguments: [
      ("--clock 2030-01-01T00:00:00Z", "", "machine's clock"),
      ("--plain-port 9", "", "no port without TLS"), ("", "SMKI_STOP_AT=recorded", "recorded"),
    ])
  func live(words: String, environment: String, says: String) throws {
    let estate = try OwnEstate(of: Self.live)
    let outcome = try Program.shell(
      "\(environment) '\(Program.path)' serve --estate var --passphrase-fd 3 \(words) "
        + "3<<<horse", in: estate.place)
    #expect(outcome.code != 0)
    // The clock and the keys of a live estate are looked at before its doors.
    let isEarlier = ["clock-not-synchronised", "software-keys"].contains {
      outcome.errors.contains($0)
    }
    #expect(outcome.errors.contains(says) || (words.hasPrefix("--plain") && isEarlier))
  }
}
