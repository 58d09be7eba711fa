// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("A party is taken from application to credentials by command line", .serialized)
struct OnboardingTests {
  /// A command at a node that serves is asked in a sixth of the time that one takes which opens the
  /// estate for itself; with `SMKI_LONG=1` the way is gone both times.
  private static let isLong = ProcessInfo.processInfo.environment["SMKI_LONG"] != nil

  private static func json(_ text: String) throws -> Any {
    try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
  }

  /// Runs a command that must succeed, or must be refused with a code.
  @discardableResult
  private static func run(
    _ line: String, in estate: OwnEstate, refused code: String? = nil
  ) throws -> String {
    let words = line.split(separator: " ").map(String.init)
    let outcome = try Program.run(
      Program.path, words + ["--estate", "var", "--json"], in: estate.place)
    guard let code else {
      #expect(outcome.code == 0, "\(line): \(outcome.errors)")
      return outcome.output
    }
    #expect(outcome.code == 1, "\(line): \(outcome.output)")
    let found = (try json(outcome.errors) as? [String: String])?["code"]
    #expect(found == code, "\(line): \(outcome.errors)")
    return ""
  }

  /// Hands in a form of the examples, and gives its number.
  private static func submit(
    _ form: String, _ changes: String = "", in estate: OwnEstate
  ) throws -> Int {
    let output = try run("form submit Examples/forms/\(form).json\(changes)", in: estate)
    let answers = try json(output) as? [[String: Any]]
    return try #require(answers?.first?["number"] as? Int, "\(output)")
  }

  /// Hands in a case and its steps, and has the second officer approve it.
  private static func carry(
    _ form: String, _ steps: [String], in estate: OwnEstate
  ) throws {
    let number = try submit(form, in: estate)
    for step in steps {
      try run(
        "application approve \(number) --as second-officer", in: estate, refused: "steps-open")
      _ = try submit(step, " --answer case=\(number)", in: estate)
    }
    try run("application approve \(number)", in: estate, refused: "same-person")
    try run("application approve \(number) --as second-officer", in: estate)
  }

  @Test(
    "forms, steps, decisions, agreements, tests, credentials",
    .clause(
      "L3.2", "L3.3", "RAPP-5.1", "RAPP-5.2", "RAPP-5.3", "RAPP-5.4", "RAPP-two-people",
      "MP127-screening", "C3-113-2", "C3-116-1", "C3-116-3", "M4-org-info-form", "N4-1-aro",
      "C3-126-1", "C3-74-3", "C3-75-3", "C3-124-4"),
    arguments: isLong ? [true, false] : [true])
  func whole(isServing: Bool) throws {
    let estate = try OwnEstate()
    if isServing { try estate.serve() }
    let party = "--party north-gas"
    let device = "party authorise \(party) --policy device"
    try Self.run("\(device) --as second-officer", in: estate, refused: "party-unknown")
    try Self.carry("organisation-information", ["organisation-identity"], in: estate)
    try Self.run("\(device) --as second-officer", in: estate, refused: "entry-tests-open")
    try Self.run(
      "party entry-tests \(party) --purpose device --evidence SREPT-7", in: estate)
    try Self.run("\(device) --as second-officer", in: estate, refused: "steps-missing")
    try Self.carry("sro-nomination", ["individual-identity", "meeting"], in: estate)
    try Self.carry("aro-nomination", ["individual-identity", "screening", "meeting"], in: estate)
    try Self.run("\(device) --as second-officer", in: estate, refused: "steps-missing")
    _ = try Self.submit("agreement-acceptance", in: estate)
    try Self.run("\(device) --as second-officer", in: estate, refused: "not-applied")
    let application = try Self.submit("subscriber-application", in: estate)
    try Self.run(
      "application refuse \(application) --reason whim", in: estate,
      refused: "refusal-without-failed-step")
    try Self.run(device, in: estate, refused: "same-person")
    try Self.run("\(device) --as second-officer", in: estate)
    try Self.credentials(estate)
    try Self.showing(estate)
    #expect(try estate.run("verify").failure == nil)
  }

  /// A credential for the person, who gets a first certificate with it when the node serves.
  private static func credentials(_ estate: OwnEstate) throws {
    let made = try Program.shell(
      """
      openssl req -new -newkey rsa:2048 -nodes -subj '/O=North Gas Ltd/OU=02/CN=head end' \
      -addext 'keyUsage = critical, digitalSignature' -keyout iki.key -out iki.csr
      """, in: estate.place)
    try #require(made.code == 0, "\(made.errors)")
    let issue = "credential issue --party north-gas --csr iki.csr --interface"
    try run("\(issue) portal-device", in: estate, refused: "credential-needs-person")
    try run(
      "\(issue) ad-hoc --person north-gas-aro-1", in: estate, refused: "credential-of-person")
    try run(
      "\(issue) portal-device --person north-gas-sro-1", in: estate, refused: "person-not-active")
    try run(
      "\(issue) portal-device --person north-gas-aro-1 --token T-0042 --out iki.pem", in: estate)
  }

  private static func showing(_ estate: OwnEstate) throws {
    let shown = try run("party show north-gas", in: estate)
    let party = try #require(try json(shown) as? [String: Any])
    #expect(party["category"] as? String == "small-supplier")
    #expect(party["policies"] as? [String] == ["device"])
    #expect((party["persons"] as? [String])?.count == 2)
    let people = try run("person list --party north-gas", in: estate)
    #expect(!people.contains("Gwen"))
    let entries = try run("audit entries --last 60", in: estate)
    #expect(!entries.contains("Gwen") && entries.contains("north-gas-aro-1"))
  }

  @Test(
    "a person is exported and erased, and a caller identified",
    .clause("ENG-personal-data", "P3-2.2-service-desk"))
  func person() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let person = "example-gas-aro-1"
    let exported = try Self.run("person export \(person)", in: estate)
    #expect(exported.contains("Alex Authorised"))
    try Self.run("person erase \(person) --reason asked", in: estate, refused: "person-active")
    let call =
      "desk log --channel telephone --party example-gas --person \(person) --request token "
      + "--action told --answer memorable-word=Sample"
    #expect(try Self.run(call, in: estate).contains("not identified"))
    #expect(
      try Self.run("\(call) --answer date-of-birth=1980-02-01", in: estate)
        .contains("\"identified: 2 answers agree\""))
    #expect(try Self.run("desk list --party example-gas", in: estate).contains("telephone"))
    _ = try Self.submit(
      "leaving",
      " --answer party=example-gas --answer person=\(person)", in: estate)
    try Self.run("person erase \(person) --reason asked", in: estate)
    let gone = try Self.run("person export \(person)", in: estate)
    #expect(!gone.contains("Alex") && gone.contains("erased"))
    try Self.run("person erase \(person) --reason asked", in: estate, refused: "nothing-kept")
    #expect(try estate.run("verify").failure == nil)
  }

  @Test(
    "an officer whose rights were revoked does nothing any more",
    .clause("RAPP-8.3.3", "M4-ra-revoke-how"))
  func officer() throws {
    let estate = try OwnEstate()
    let number = try Self.submit("officer-revocation", in: estate)
    _ = try Self.submit("requester-check", " --answer case=\(number)", in: estate)
    try Self.run(
      "application approve \(number) --as second-officer", in: estate, refused: "same-person")
    let own = try Self.submit(
      "officer-revocation", " --answer officer=Mallory", in: estate)
    _ = try Self.submit("requester-check", " --answer case=\(own)", in: estate)
    try Self.run("application approve \(own) --as second-officer", in: estate)
    try Self.run("application list --as nobody", in: estate)
    try Self.run(
      "party suspend --party example-gas --evidence x --as nobody", in: estate,
      refused: "no-officer")
    // Renamed to whom the case revoked: what estate.json says does not count any more.
    let path = "\(estate.folder)/estate.json"
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    try whole.replacing("second-officer", with: "Mallory")
      .write(toFile: path, atomically: true, encoding: .utf8)
    try Self.run(
      "party suspend --party example-gas --evidence x --as Mallory", in: estate,
      refused: "officer-revoked")
    #expect(try Self.run("officer list", in: estate).contains("\"revoked\" : \"20"))
  }

  @Test(
    "a party that did nothing in its first six months is listed", .clause("C3-LT33-M8"))
  func inactive() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let years = ["old": "2020-01-05", "new": String(Date().ISO8601Format().prefix(10))]
    for (party, acceded) in years {
      let number = try Self.submit(
        "organisation-information",
        " --answer party=\(party) --answer trading-name=\(party) --answer identifiers="
          + " --answer acceded=\(acceded)", in: estate)
      _ = try Self.submit("organisation-identity", " --answer case=\(number)", in: estate)
      try Self.run("application approve \(number) --as second-officer", in: estate)
    }
    let listed = try Self.run("party inactive", in: estate)
    #expect(listed.contains("\"old\"") && listed.contains("2020-01-05"))
    #expect(!listed.contains("\"new\""))
    try Self.run(
      "party user-entry --party old --role gas-supplier --evidence UEPT-1", in: estate)
    #expect(try !Self.run("party inactive", in: estate).contains("\"old\""))
  }

  @Test("forms are shown, proposed and approved", .clause("M4-org-info-form-c"))
  func forms() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let schema = try Self.run("form show organisation-information --schema", in: estate)
    let whole = try #require(try Self.json(schema) as? [String: Any])
    #expect((whole["required"] as? [String])?.contains("accurate") == true)
    #expect((whole["properties"] as? [String: Any])?.count == 12)
    try Self.run("form show organisation-information --template", in: estate)
      .write(toFile: "\(estate.place)/empty.json", atomically: true, encoding: .utf8)
    try Self.run("form submit empty.json", in: estate, refused: "form-incomplete")
    try "{".write(toFile: "\(estate.place)/bad.json", atomically: true, encoding: .utf8)
    try Self.run("form submit bad.json", in: estate, refused: "form-file")
    try Self.run("form propose Examples/forms/new-version.json", in: estate)
    try Self.run(
      "form submit Examples/forms/organisation-information.json", in: estate)
    try Self.run(
      "form approve --form organisation-information --version 2 --evidence PMA-9", in: estate)
    try Self.run(
      "form submit Examples/forms/organisation-information.json", in: estate,
      refused: "form-not-in-force")
    #expect(try Self.run("form list", in: estate).contains("\"inForce\" : \"2\""))
    try Self.run(
      "agreement publish --agreement subscriber --version 2 --evidence PMA-8", in: estate)
    try Self.run(
      "agreement publish --agreement subscriber --version 2 --evidence PMA-8", in: estate,
      refused: "agreement-exists")
    #expect(try Self.run("agreement list", in: estate).contains("PMA-8"))
  }

  @Test(
    "an Organisation Certificate is asked for over mutual TLS and by command, and listed",
    .clause("M8-2.3.1.3", "M8-2.3.1.4", "L3.18", "M8-2.3.1.5", "L11.5", "L11.7"))
  func organisation() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let made = try Program.shell(
      """
      export EUI64=5A4D4B4900000210
      for name in own other; do
        openssl asn1parse -noout -genconf Examples/organisation.cnf -out $name.template
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out $name.key
        openssl x509 -x509toreq -copy_extensions copyall -inform DER -in $name.template \
        -key $name.key -out $name.csr
        export EUI64=5A4D4B4900000110
      done
      for name in own other; do
        curl -s -o $name.answer -w '%{http_code} ' --cacert var/tls/authority.pem \
        --cert var/parties/example-gas/portal-organisation.pem \
        --key var/parties/example-gas/portal-organisation.key --data-binary @$name.csr \
        https://127.0.0.1:\(estate.ports[0])/1.0/OrganisationCSR
      done
      """, in: estate.place)
    #expect(made.output == "200 400 ", "\(made.errors)")
    // L11.5: held against its request before it is used; what does not match is rejected.
    #expect(try Self.run("client match own.csr own.answer", in: estate).contains("[\n\n]"))
    let mismatch = try estate.run("client", "match", "other.csr", "own.answer")
    #expect(mismatch.code == 4 && mismatch.output.contains("another key"))
    let serial = try Program.shell(
      "openssl x509 -serial -noout -in own.answer | cut -d= -f2", in: estate.place
    ).output.trimmingCharacters(in: .whitespacesAndNewlines)
    let rejection = "organisation reject --serial \(serial) --reason key --verified called --person"
    try Self.run(
      "\(rejection) example-electricity-aro-1", in: estate, refused: "organisation-case-unknown")
    try Self.run("\(rejection) example-gas-aro-1", in: estate)
    try Self.run(
      "\(rejection) example-gas-aro-1", in: estate, refused: "organisation-case-state")
    #expect(try Self.run("revoke list", in: estate).contains(serial))
    let answer = try String(contentsOfFile: "\(estate.place)/other.answer", encoding: .utf8)
    #expect(answer.contains("identifier-not-of-party"))
    let list = try Self.run("organisation list --party example-gas", in: estate)
    let rows = try #require(try Self.json(list) as? [[String: Any]])
    #expect(
      rows.compactMap { $0["state"] as? String } == ["issued", "issued", "rejected", "refused"])
    #expect(rows.last?["asker"] as? String == "example-gas-aro-1")
    #expect(try Self.run("notices", in: estate).contains("["))
    #expect(try Self.run("party inactive", in: estate).contains("["))
    #expect(try estate.run("verify").failure == nil)
  }

  @Test(
    "a person's credential as PKCS #12 opens with its passphrase and no other", .clause("RAPP-5.4"))
  func bundle() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let issue =
      "credential issue --party example-meters --interface portal-organisation --p12 own.p12"
    let nobody = try Program.run(
      Program.path, issue.split(separator: " ").map(String.init) + ["--estate", "var"],
      in: estate.place)
    #expect(nobody.code == 2)
    let asked = try Program.shell(
      """
      openssl req -new -newkey rsa:2048 -nodes -subj '/O=Example Meters Ltd/OU=7F/CN=head end' \
      -addext 'keyUsage = critical, digitalSignature' -keyout iki.key -out iki.csr
      """, in: estate.place)
    try #require(asked.code == 0, "\(asked.errors)")
    try Self.run(
      "credential issue --party example-meters --interface ad-hoc --csr iki.csr",
      in: estate, refused: "interface-not-for-role")
    let made = try Self.run("\(issue) --person example-meters-aro-1", in: estate)
    let answer = try #require(try Self.json(made) as? [String: String])
    let passphrase = try #require(answer["passphrase"])
    let opened = try Program.shell(
      "openssl pkcs12 -in own.p12 -passin pass:\(passphrase) -nodes", in: estate.place)
    #expect(opened.output.components(separatedBy: "BEGIN CERTIFICATE").count == 4)
    #expect(opened.output.contains("BEGIN PRIVATE KEY"))
    #expect(opened.output.contains("example-meters-aro-1"))
    let wrong = try Program.run(
      "/usr/bin/openssl", ["pkcs12", "-in", "own.p12", "-passin", "pass:x", "-noout"],
      in: estate.place)
    #expect(wrong.code != 0)
    #expect(try Self.run("credential list", in: estate).contains(answer["serial"] ?? "-"))
  }

  @Test(
    "the matrix fits a terminal of 80 columns and says who may ask for what",
    .clause(
      "L3.16", "L3.16-a", "L3.16-b", "L3.16-c", "L3.16-d", "C3-80-dev-1", "C3-80-dev-2",
      "C3-80-dev-3", "C3-80-dev-4"))
  func matrix() throws {
    let text = try Program.run("eligibility").output
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.contains { $0.hasPrefix("gas-supplier") && $0.contains("GSME") })
    func cells(_ role: String, _ type: String) -> String? {
      lines.map { $0.split(separator: " ") }.first {
        $0.count == 11 && $0[0] == role && $0[1] == type
      }?.dropFirst(2).joined()
    }
    // Letters: a gas, b electricity, c the DCC's hubs, d meters that are not installed.
    let (none, notInstalled) = (".........", "dd..ddddd")
    for (role, expected) in [
      ("gas-supplier", ["GSME": "aaaaaaaaa", "PPMID": "aaaaaaaaa", "HCALCS": "aaaaaaaaa"]),
      ("import-supplier", ["ESME": "bbbbbbbbb", "PPMID": "bbbbbbbbb", "HCALCS": "bbbbbbbbb"]),
      ("dcc", ["CHF": "ccccccccc", "GPF": "ccccccccc"]), ("other-party", [:]),
      ("electricity-distributor", [:]),
    ] {
      for type in ["ESME", "GSME", "CHF", "GPF", "PPMID", "HCALCS"] {
        let usual = type.hasSuffix("SME") ? notInstalled : none
        #expect(cells(role, type) == expected[type] ?? usual, "\(role) \(type)")
      }
    }
    #expect(cells("service-provider", "ESME") == none)
  }

  @Test(
    "a supplier agent may send what is on its list, for the Supplier that nominated it",
    .clause(
      "C3-11", "C3-197-1", "C3-197-2", "C3-197-3", "C3-200-1", "C3-200-2", "C3-200-3", "C3-204",
      "C3-205-1", "C3-205-2", "C3-205-3", "C3-205-4", "C3-205-5", "C3-205-6", "C3-205-7",
      "C3-LT4-H2"))
  func agents() throws {
    let estate = try OwnEstate()
    let number = try Self.submit(
      "organisation-information",
      " --answer party=mop --answer trading-name=MOP --answer category=supplier-agent"
        + " --answer user-roles=registered-supplier-agent --answer basis=voluntary"
        + " --answer identifiers= --answer nominated-by=example-gas", in: estate)
    _ = try Self.submit(
      "organisation-identity", " --answer case=\(number)", in: estate)
    try Self.run("application approve \(number) --as second-officer", in: estate)
    for request in ["6.2", "6.13", "7.4", "8.2", "11.2"] {
      let line = "party agent --party mop --request \(request)"
      try Self.run("\(line) --supplier example-gas", in: estate)
      try Self.run("\(line) --supplier example-electricity", in: estate, refused: "agent-supplier")
      try Self.run(line, in: estate, refused: "agent-supplier")
    }
    for request in ["12.1", "12.2", "SMKI"] {
      try Self.run("party agent --party mop --request \(request)", in: estate)
    }
    try Self.run("party agent --party mop --request 1.1.1", in: estate, refused: "agent-request")
    let path = "\(estate.folder)/estate.json"
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    try whole.replacing("\"supplierAgentOption\" : 3", with: "\"supplierAgentOption\" : 1")
      .write(toFile: path, atomically: true, encoding: .utf8)
    try Self.run(
      "party agent --party mop --request 12.1", in: estate, refused: "agent-option")
  }
}
