// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("Estates are made whole, and commands act under an officer's name", .serialized)
struct EstateTests {
  private static func json(_ text: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  @Test(
    "what reads answers in JSON when asked to",
    arguments: [
      "party list", "party show example-gas", "apikey list", "credential list", "authority list",
      "eligibility",
      "find --organisation 5A-4D-4B-49-00-00-01-00", "device show 5A4D4B490000FF01",
      "audit entries --last 2",
      "audit entries --from 0", "verify", "version", "clause L8.2",
      "show var/parties/example-gas/ad-hoc.pem", "lint var/parties/example-gas/ad-hoc.pem",
    ])
  func readsJSON(line: String) throws {
    let estate = try OwnEstate()
    let outcome = try Program.run(
      Program.path, line.split(separator: " ").map(String.init) + ["--json"],
      in: line.hasPrefix("clause") ? Program.package : estate.place)
    #expect(outcome.code == 0, "\(outcome.errors)")
    _ = try Self.json(outcome.output)
  }

  @Test("a refusal is whole: in words, and in JSON")
  func refusal() throws {
    let estate = try OwnEstate()
    let words = ["party", "authorise", "--party", "example-meters", "--policy", "organisation"]
    let text = try Program.run(Program.path, words, in: estate.place)
    #expect(text.code == 1)
    for part in ["entry-tests-open", "clause", "L7.1", "expected", "found", "remedy"] {
      #expect(text.errors.contains(part))
    }
    let json = try Program.run(Program.path, words + ["--json"], in: estate.place)
    #expect(json.code == 1)
    let body = try #require(Self.json(json.errors) as? [String: String])
    #expect(body["clause"] == "L7.1")
    #expect(Set(body.keys).isSuperset(of: ["code", "field", "expected", "found", "remedy"]))
  }

  @Test(
    "a party is suspended and reinstated through a serving node and without one",
    .clause("ENG-control", "L2.15"), arguments: [true, false])
  func party(isServing: Bool) throws {
    let estate = try OwnEstate()
    if isServing { try estate.serve() }
    let name = ["--party", "example-gas"]
    for line in [
      "party user-entry --role gas-supplier --evidence UEPT-1",
      "party entry-tests --purpose device --evidence REPORT-17",
      "party suspend --evidence PMA-1", "party reinstate --evidence PMA-2",
    ] {
      let words = line.split(separator: " ").map(String.init) + name
      let outcome = try Program.run(Program.path, words, in: estate.place)
      #expect(outcome.code == 0, "\(line): \(outcome.errors)")
      #expect(outcome.output.hasPrefix("done by "))
    }
    let again = try Program.run(
      Program.path, ["party", "reinstate", "--evidence", "PMA-3"] + name, in: estate.place)
    #expect(again.code == 1)
    let entries = try estate.run("audit", "entries", "--last", "20", "--json").output
    let all = try #require(Self.json(entries) as? [[String: Any]])
    let asked: Set = [
      "user-entry-confirmed", "entry-tests-confirmed", "party-suspended", "party-reinstated",
    ]
    // What a node writes by itself comes when it comes.
    let rows = all.filter { asked.contains($0["action"] as? String ?? "") }.suffix(4)
    #expect(
      rows.compactMap { $0["action"] as? String } == [
        "user-entry-confirmed", "entry-tests-confirmed", "party-suspended", "party-reinstated",
      ])
    #expect(rows.allSatisfy { $0["role"] as? String == "registration-officer" })
  }

  @Test(
    "what the register does not allow is refused by its name, and what it allows is done",
    .clause("C3-80", "L7.1", "M4-org-info-form"),
    arguments: [
      ("party suspend --party nobody --evidence PMA-1", "party-unknown"),
      ("party reinstate --party example-gas --evidence PMA-1", "party-not-suspended"),
      ("party entry-tests --party example-gas --purpose device --evidence=", "entry-test-evidence"),
      ("party authorise --party nobody --policy device", "party-unknown"),
      ("apikey add --party nobody --label x", "party-unknown"),
      ("apikey withdraw --party example-gas --label x", "api-key-not-found"),
      ("apikey withdraw --party example-gas --label example-gas-reader", nil),
      ("credential revoke --serial 5 --reason x", "credential-not-found"),
      ("party user-entry --party example-gas --role dcc --evidence x", "role-not-held"),
      ("party user-entry --party nobody --role dcc --evidence x", "party-unknown"),
      ("party leave --party nobody --evidence x", "party-unknown"),
      ("party leave --party example-gas --evidence x", nil),
    ] as [(String, String?)])
  func register(line: String, code: String?) throws {
    let estate = try OwnEstate()
    let words = line.split(separator: " ").map(String.init) + ["--json"]
    let outcome = try Program.run(Program.path, words, in: estate.place)
    #expect(outcome.code == (code == nil ? 0 : 1), "\(outcome.errors)")
    guard let code else { return }
    #expect((try Self.json(outcome.errors) as? [String: String])?["code"] == code)
  }

  @Test(
    "a credential and an organisation certificate are issued for requests by openssl",
    .clause("M8-AppG-one-per-interface", "ICP-revocation"))
  func issue() throws {
    let estate = try OwnEstate()
    let made = try Program.shell(
      """
      cat > iki.cnf <<'END'
      [req]
      prompt = no
      distinguished_name = name
      req_extensions = extensions
      [name]
      O = Example Gas Ltd
      OU = 02
      CN = head end 2
      [extensions]
      keyUsage = critical, digitalSignature
      END
      openssl req -new -newkey rsa:2048 -nodes -config iki.cnf -keyout iki.key -out iki.csr
      """, in: estate.place)
    try #require(made.code == 0, "\(made.errors)")
    let issued = try estate.run(
      "credential", "issue", "--party", "example-gas", "--interface", "batched", "--csr",
      "iki.csr", "--out", "iki.pem")
    #expect(issued.code == 0, "\(issued.errors)")
    let serial = String(issued.output.prefix(32))
    let another = try Program.shell(
      "openssl req -new -newkey rsa:2048 -nodes -config iki.cnf -keyout 2.key -out 2.csr",
      in: estate.place)
    try #require(another.code == 0)
    let second = try estate.run(
      "credential", "issue", "--party", "example-gas", "--interface", "batched", "--csr", "2.csr")
    #expect(second.code == 1)
    #expect(second.errors.contains("credential-name-taken"), "\(second.errors)")
    let verified = try Program.shell(
      """
      openssl verify -CAfile var/authorities/root-iki.pem -policy_check -explicit_policy \
      -policy 1.3.6.1.4.1.32473.1.3 -untrusted var/authorities/issuing-iki.pem iki.pem
      openssl verify -CAfile var/authorities/root-organisation.pem -policy_check \
      -explicit_policy -policy 1.3.6.1.4.1.32473.1.2 -untrusted var/authorities/issuing-organisation.pem \
      var/parties/example-gas/organisation-signing.pem
      """, in: estate.place)
    #expect(verified.output.split(separator: "\n").count == 2, "\(verified.errors)")
    let doctor = try estate.run("doctor", "--client", "iki.pem")
    #expect(doctor.output.contains("head end 2 of example-gas, for batched"))
    let revoked = try estate.run(
      "credential", "revoke", "--serial", serial, "--reason", "key lost")
    #expect(revoked.code == 0, "\(revoked.errors)")
    let ill = try estate.run("doctor", "--client", "iki.pem")
    #expect(ill.code == 4)
    #expect(ill.output.contains("credential-revoked"))
  }

  @Test("a user who is no officer is refused, and one without the role", .clause("ENG-control"))
  func officers() throws {
    let estate = try OwnEstate()
    let path = "\(estate.folder)/estate.json"
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    for (from, to, code) in [
      ("\"user\" : ", "\"user\" : 4000", "no-officer"),
      ("\"operator\"", "\"other\"", "role-missing"),
    ] {
      try whole.replacing(from, with: to).write(toFile: path, atomically: true, encoding: .utf8)
      let refused = try estate.run("audit", "checkpoint")
      #expect(refused.code == 1)
      #expect(refused.errors.contains(code), "\(refused.errors)")
    }
    try whole.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try estate.run("audit", "checkpoint").failure == nil)
  }

  @Test("the socket refuses what is no request and what is no word of the Code")
  func socket() throws {
    let estate = try OwnEstate()
    try estate.serve()
    for (body, code) in [
      ("{}", "control-request-form"),
      (#"{"party":"example-gas","policy":"nonsense"}"#, "unknown-word"),
      (#"{"party":"example-gas","policy":"device"}"#, "not-applied"),
    ] {
      let answer = try Program.shell(
        "curl -sS --unix-socket var/control.sock -d '\(body)' http://x/control/party-authorise",
        in: estate.place)
      #expect(answer.output.contains(code), "\(answer.output)")
    }
  }

  @Test(
    "the key of DCC's public client is given to nobody; a made one is shown once",
    .clause("K-test-api-key"))
  func apiKey() throws {
    let estate = try OwnEstate()
    let words = ["apikey", "add", "--party", "example-gas", "--label", "x"]
    let refused = try Program.run(
      Program.path, words + ["--key", "u3bg9gt38htd0j2"], in: estate.place)
    #expect(refused.code == 1)
    #expect(refused.errors.contains("key-of-public-client"))
    let early = try Program.run(Program.path, words + ["--until", "soon"], in: estate.place)
    #expect(early.code == 2)
    let made = try Program.run(
      Program.path, words + ["--until", "2099-01-31"], in: estate.place)
    #expect(try estate.run("apikey", "list").output.contains("2099-01-31T00:00:00.000Z"))
    #expect(made.output.trimmingCharacters(in: .newlines).count == 48)
    let store = try Data(contentsOf: URL(filePath: "\(estate.folder)/smki.sqlite"))
    #expect(store.range(of: Data(made.output.dropLast().utf8)) == nil)
  }

  @Test("an estate is never made over another, and a failure leaves nothing behind")
  func makeTwice() throws {
    let estate = try OwnEstate()
    let again = try estate.run("init", "--test")
    #expect(again.code == 3)
    #expect(again.errors.contains("there is an estate"))
    #expect(try estate.run("verify").failure == nil)
    #expect(!FileManager.default.fileExists(atPath: "\(estate.folder)/.founding"))
  }

  @Test("nobody else may read an estate, and doctor says when somebody may")
  func permissions() throws {
    let estate = try OwnEstate()
    let listed = try Program.shell(
      "find var -perm /077 -path '*key*' -o -name pass* -perm /077",
      in: estate.place)
    #expect(listed.output.split(separator: "\n").filter { $0.hasSuffix(".key") } == [])
    let mode = try Program.shell("stat -c %a var var/passphrase var/keys", in: estate.place)
    #expect(mode.output == "700\n600\n700\n")
    #expect(!(try estate.run("doctor").output.contains("wrong    permissions")))
    _ = try Program.shell("chmod go+r var/passphrase", in: estate.place)
    let doctor = try estate.run("doctor")
    #expect(doctor.code == 4)
    #expect(doctor.output.contains("others may use var/passphrase"))
  }

  private static let live = [
    "--name", "REHEARSAL", "--device-policy", "1.3.6.1.4.1.99999.1", "--organisation-policy",
    "1.3.6.1.4.1.99999.2", "--iki-policy", "1.3.6.1.4.1.99999.3", "--officer", "Ada",
  ]

  @Test("a live estate has no defaults", arguments: [0, 2, 4, 6, 8])
  func liveDefaults(missing: Int) throws {
    let words = Self.live.indices.filter { $0 / 2 * 2 != missing }.map { Self.live[$0] }
    let outcome = try Program.run(
      Program.path, ["init", "--live", "--estate", "/tmp/smki-never"] + words)
    #expect(outcome.code == 2)
    #expect(outcome.errors.contains(Self.live[missing]))
    #expect(!FileManager.default.fileExists(atPath: "/tmp/smki-never"))
  }

  @Test(
    "a live estate keeps no passphrase and does not serve with keys in the process",
    .clause("C3-190-1"))
  func live() throws {
    let place = "/tmp/smki-\(UUID().uuidString.prefix(8))"
    defer { try? FileManager.default.removeItem(atPath: place) }
    let words = ["--estate", place, "--passphrase-fd", "0"]
    let made = try Program.run(
      Program.path, ["init", "--live"] + words + Self.live, input: "correct horse\n")
    #expect(made.code == 0, "\(made.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(place)/passphrase"))
    let refused = try Program.run(Program.path, ["serve"] + words, input: "correct horse\n")
    #expect(refused.code == 1)
    #expect(
      refused.errors.contains("software-keys") || refused.errors.contains("clock-not-synchronised"))
    let wrong = try Program.run(Program.path, ["serve"] + words, input: "wrong horse\n")
    #expect(wrong.code == 3)
    #expect(wrong.errors.contains("does not open with this passphrase"))
    let none = try Program.run(Program.path, ["serve", "--estate", place])
    #expect(none.errors.contains("no passphrase"))
  }

  @Test("a credential of the service manager opens the keys")
  func credential() throws {
    let estate = try OwnEstate()
    let moved = try Program.shell(
      """
      mkdir credentials && mv var/passphrase credentials/smki-passphrase
      CREDENTIALS_DIRECTORY=credentials '\(Program.path)' audit checkpoint
      """, in: estate.place)
    #expect(moved.output.hasPrefix("smki/TEST\n"), "\(moved.errors)")
  }

  @Test("tables are no wider than the terminal", arguments: [60, 100])
  func width(columns: Int) throws {
    let estate = try OwnEstate()
    let shown = try Program.shell(
      "script -qec \"stty cols \(columns); '\(Program.path)' party list\" /dev/null",
      in: estate.place)
    let lines = shown.output.split(whereSeparator: \.isNewline)
    #expect(lines.count == 4)
    #expect(lines.allSatisfy { $0.count <= columns })
    #expect(lines.contains { $0.contains("…") } == (columns == 60))
  }

  @Test("what was asked for and cannot be kept is said, before anything is issued where it can be")
  func lostOutput() throws {
    let estate = try OwnEstate()
    let full = try Program.shell("'\(Program.path)' help >/dev/full", in: estate.place)
    #expect(full.code == 3)
    #expect(full.errors.contains("No space left"))
    let nowhere = try estate.run(
      "issue", "device", "--csr", "/dev/null", "--cert", "x", "--key", "y", "--out", "/no/x.pem")
    #expect(nowhere.code == 3)
    #expect(nowhere.errors.contains("/no/x.pem: No such file"))
  }

  @Test("a setting that cannot be is named, and so is an estate that somebody else owns")
  func unusable() throws {
    let estate = try OwnEstate()
    let file = "\(estate.folder)/estate.json"
    let good = try String(contentsOfFile: file, encoding: .utf8)
    try good.replacing(/"service" : \d+/, with: "\"service\" : 99999")
      .write(toFile: file, atomically: true, encoding: .utf8)
    let wrong = try estate.run("party", "list")
    #expect(wrong.code == 3)
    #expect(wrong.errors.contains("65535 at most"), "\(wrong.errors)")
    try good.replacing(/"service" : \d+/, with: "\"service\" : \"x\"")
      .write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try estate.run("party", "list").errors.contains("doors.service"))
    try good.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try estate.run("party", "list").code == 0)
    try FileManager.default.removeItem(atPath: "\(estate.folder)/smki.sqlite")
    let lost = try estate.run("verify")
    #expect(lost.code == 5)
    #expect(lost.errors.contains("smki restore"), "\(lost.errors)")
  }

  @Test(
    "an estate of somebody else is not said to be none",
    .enabled(if: getuid() == 0, "only root can become somebody else"))
  func foreign() throws {
    let estate = try OwnEstate()
    _ = try Program.shell("chmod 711 . && chmod 700 var", in: estate.place)
    let foreign = try Program.shell(
      "setpriv --reuid=65534 --clear-groups '\(Program.path)' party list --estate var",
      in: estate.place)
    #expect(foreign.code == 5, "\(foreign.errors)")
    #expect(foreign.errors.contains("not this user's"), "\(foreign.errors)")
  }
}
