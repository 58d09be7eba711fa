// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("Ceremonies, from the file to the estate", .serialized)
struct CeremonyTests {
  @Test(
    "the founding of a quick estate is a ceremony like any other, and its transcript is in order",
    .clause("OCP-ceremony", "C3-74-3", "L3.1(a)", "L3.1(b)", "C3-72", "C3-150"))
  func founding() throws {
    let place = try CeremonyPlace()
    let papers = "var/offline/current/ceremonies/founding"
    let checked = try place.smki(
      "ceremony check \(papers)/transcript --key var/authorities/ceremony.vkey "
        + "--package \(papers)/package --file \(papers)/file.json --share var/offline/custody")
    #expect(checked.code == 0, "\(checked.errors)")
    #expect(checked.output.contains("11 certificates"))
    #expect(checked.output.contains("share 5 of the contingency vault is that of custodian 5"))
    let printed = try place.smki("ceremony transcript founding")
    #expect(try printed.output == place.text("\(papers)/transcript"))
    let rows = try #require(place.json("authorities") as? [[String: Any]])
    let authorities = rows.filter { $0["state"] as? String != "registered" }
    #expect(authorities.count == 11)
    #expect(authorities.allSatisfy { $0["ceremony"] as? String == "founding" })
    #expect(authorities.allSatisfy { $0["applicant"] as? String == "DCC" })
    #expect(Set(rows.compactMap { $0["pki"] as? String }).isSuperset(of: ["device", "dccki"]))
  }

  @Test(
    "a founding needs its vaults shared out, a ceremony key, and a policy for its DCCKI",
    .clause("OCP-two-person", "C3-84-2"))
  func foundingFile() throws {
    let place = try CeremonyPlace()
    let names = (1...3).flatMap { ["--custodian", "custodian \($0)"] }
    let planned = try place.smki(
      "ceremony plan founding --count 1 --threshold 2 --out good.json", names)
    #expect(planned.code == 0, "\(planned.errors)")
    #expect(try place.smki("ceremony rehearse good.json --offline none").failure == nil)
    let good = try #require(
      JSONSerialization.jsonObject(with: Data(place.text("good.json").utf8)) as? [String: Any])
    let acts = try #require(good["acts"] as? [[String: Any]])
    func refusal(
      _ acts: [[String: Any]], _ change: (inout [String: Any]) -> Void = { _ in }
    )
      throws -> String?
    {
      var bad = good
      bad["acts"] = acts
      change(&bad)
      let octets = try JSONSerialization.data(withJSONObject: bad)
      try place.write("bad.json", String(decoding: octets, as: UTF8.self))
      return try place.refusal("ceremony rehearse bad.json --offline none")
    }
    func without(_ name: String, _ value: String) -> [[String: Any]] {
      acts.filter { $0[name] as? String != value }
    }
    func sharing(_ threshold: Int) -> [[String: Any]] {
      acts.map { act in
        act["threshold"] == nil ? act : act.merging(["threshold": threshold]) { $1 }
      }
    }
    #expect(try refusal(without("vault", "contingency")) == "vault-not-shared")
    #expect(try refusal(without("act", "make-ceremony-key")) == "ceremony-does-not-fit")
    #expect(try refusal(sharing(1)) == "ceremony-file")
    #expect(try refusal(sharing(4)) == "ceremony-file")
    let policy = try refusal(acts) { file in
      var estate = file["estate"] as? [String: Any]
      estate?["dccki-policy"] = nil
      file["estate"] = estate
    }
    #expect(policy == "dccki-policy-missing")
  }

  @Test("the hash in the note is that of the first line, by another tool", .clause("OCP-ceremony"))
  func note() throws {
    let place = try CeremonyPlace()
    let found = try Program.shell(
      """
      cd var/offline/current/ceremonies/founding
      test "$(head -n 1 transcript | sha256sum | cut -d ' ' -f 1)" = "$(sed -n 4p transcript)"
      """, in: place.place)
    #expect(found.code == 0, "\(found.errors)")
  }

  @Test(
    "a transcript that was changed is found out", .clause("OCP-ceremony"))
  func changedTranscript() throws {
    let place = try CeremonyPlace()
    let text = try place.text("var/offline/current/ceremonies/founding/transcript")
    for (from, to) in [
      ("\"TD01\"", "\"TD09\""), ("custodian 1", "custodian 6"), ("\"rehearsal\":false", "x"),
      ("test estate TEST", "test estate BEST"), ("smki/TEST/ceremony", "smki/REST/ceremony"),
    ] {
      try #require(text.contains(from))
      try place.write("spoilt", text.replacing(from, with: to))
      #expect(try place.smki("ceremony check spoilt").code == 4, "\(from) to \(to)")
    }
  }

  @Test("a package that was changed in any octet is refused", .clause("OCP-ceremony"))
  func changedPackage() throws {
    let place = try CeremonyPlace(isPrepared: true)
    #expect(try place.hold("stock").failure == nil)
    let octets = Array(try place.text("stock/package").utf8)
    // Each place of the note, and a few of the first line.
    let noteStart = try #require(octets.firstIndex(of: 0x0A))
    let places =
      Array(stride(from: 0, to: noteStart, by: noteStart / 12)) + [noteStart, octets.count - 1]
    for index in places {
      var spoilt = octets
      spoilt[index] ^= 1
      try place.write("spoilt", String(decoding: spoilt, as: UTF8.self))
      let outcome = try place.smki("ceremony import spoilt")
      #expect(outcome.code == 1, "octet \(index): \(outcome.output)")
    }
    try place.write("longer", String(decoding: octets, as: UTF8.self) + "\n")
    #expect(try place.refusal("ceremony import longer") == "signed-document-form")
    #expect(try place.smki("ceremony import stock/package").failure == nil)
    #expect(try place.smki("verify").failure == nil)
  }

  @Test(
    "a stock of issuing authorities is certified, imported by a serving node, and verified",
    .clause("C3-74-2", "C3-118-4", "OCP-ceremony"))
  func stock() throws {
    let place = try CeremonyPlace()
    try place.estate.serve()
    let asked = try place.smki(
      "ceremony request --authority issuing-dca --name TD05 --out TD05.csr")
    #expect(asked.code == 0, "\(asked.errors)")
    let again = try place.smki(
      "ceremony request --authority issuing-dca --name TD05 --out again.csr")
    #expect(again.code == 0)
    let keys = try Program.shell(
      """
      openssl req -in TD05.csr -verify -noout -subject
      diff <(openssl req -in TD05.csr -noout -pubkey) <(openssl req -in again.csr -noout -pubkey)
      """, in: place.place)
    #expect(keys.code == 0 && keys.output.contains("CN = TD05"), "\(keys.errors)")
    try place.through("stock", "stock --count 2", ["--request", "TD05.csr"])
    let rows = try #require(place.json("authority list") as? [[String: Any]])
    #expect(rows.compactMap { $0["name"] as? String }.suffix(2) == ["TD05", "TD06"])
    let verified = try Program.shell(
      """
      csplit -s -z -f issuing- var/authorities/issuing-device.pem '/BEGIN/' '{*}'
      openssl verify -CAfile var/authorities/root-device.pem issuing-*
      """, in: place.place)
    #expect(verified.output.split(separator: "\n").count == 6, "\(verified.errors)")
    #expect(try place.refusal("ceremony import stock/package") == "package-replayed")
    #expect(
      try place.refusal(
        "ceremony request --authority issuing-dca --name TD05 --out more.csr")
        == "authority-name-taken")
    #expect(try place.estate.stop(SIGTERM).code == 0)
    #expect(try place.smki("verify").failure == nil)
  }

  @Test(
    "every hierarchy is re-keyed; the new root of organisations brings a new contingency key",
    .clause("L10.1(b)(ii)", "L10.1(b)(iii)", "OCP-names"),
    arguments: ["device", "organisation", "iki", "dccki"])
  func rekey(hierarchy: String) throws {
    let place = try CeremonyPlace()
    try place.through("rekey", "rekey --hierarchy \(hierarchy)")
    // Root, issuing authority, and the first list of a root that has lists.
    let parts = try place.parts("rekey/package")
    #expect(parts.count == (hierarchy == "device" ? 2 : 3))
    let verified = try Program.shell(
      """
      csplit -s -z -f root- var/authorities/root-\(hierarchy).pem '/BEGIN/' '{*}'
      csplit -s -z -f issuing- var/authorities/issuing-\(hierarchy).pem '/BEGIN/' '{*}'
      last=$(ls issuing-* | tail -n 1)
      openssl verify -CAfile root-01 $last
      ! openssl verify -CAfile root-00 $last
      openssl x509 -in root-01 -noout -text
      """, in: place.place)
    #expect(verified.code == 0, "\(verified.errors)")
    #expect(verified.output.contains("1.3.6.1.5.5.7.1.20") == (hierarchy == "organisation"))
    let keys = try Program.shell(
      "ls var/offline/current/vaults/contingency", in: place.place)
    #expect(keys.output.contains("contingency-2.key") == (hierarchy == "organisation"))
    #expect(keys.output.contains("contingency-symmetric-2") == (hierarchy == "organisation"))
    #expect(try place.smki("verify").failure == nil)
  }

  @Test(
    "lists of revoked authorities are signed by the root, go forward, and are accepted by openssl",
    .clause("OCP-annex-B-arl", "C3-124-3", "C3-118-3"))
  func lists() throws {
    let place = try CeremonyPlace()
    let serial = try place.serial("TO01")
    // Before the estate has revoked it, a list with it is one too many: nothing of it goes in.
    try place.prepare("early", "list --root TOR", ["--revoke", "\(serial)=superseded"])
    #expect(try place.hold("early").code == 0)
    #expect(try place.refusal("ceremony import early/package") == "list-count")
    let ordered = try place.smki(
      "revoke order --serial \(serial) --decision PMA-1 --evidence minutes")
    #expect(ordered.code == 0, "\(ordered.errors)")
    #expect(try place.smki("ceremony import early/package").code == 0)
    try place.through("list2", "list --root TOR")
    let verified = try Program.shell(
      """
      openssl crl -in var/authorities/arl-organisation.pem -noout -text -verify \
      -CAfile var/authorities/root-organisation.pem
      ! openssl verify -crl_check_all -CAfile var/authorities/root-organisation.pem \
      -CRLfile var/authorities/arl-organisation.pem var/authorities/issuing-organisation.pem
      """, in: place.place)
    #expect(verified.code == 0, "\(verified.errors)")
    #expect(verified.errors.contains("certificate revoked"))
    #expect(verified.output.contains(serial.uppercased()))
    let text = try place.text("early.json").replacing("\"list-1\"", with: "\"list-9\"")
    try place.write("older.json", text)
    #expect(try place.refusal("ceremony rehearse older.json") == "ceremony-does-not-fit")
    try place.write(
      "fewer.json",
      try place.text("list2.json").replacing("\"list-2\"", with: "\"list-9\"")
        .replacing("\"number\": 3", with: "\"number\": 4")
        .replacing(#/"revoked": \[[^\]]*\]/#, with: "\"revoked\": []"))
    #expect(try place.refusal("ceremony rehearse fewer.json") == "ceremony-does-not-fit")
    #expect(try place.smki("verify").failure == nil)
    // Every root that has lists has one from the founding on, lodged like all others.
    let rows = try #require(place.json("crl list") as? [[String: Any]])
    let numbers = Dictionary(
      uniqueKeysWithValues: rows.map { ($0["issuer"] as? String ?? "", $0["number"] as? Int) })
    #expect(numbers["TOR"] == 3 && numbers["TIKI root"] == 1 && numbers["TDCCKI root"] == 1)
    #expect(numbers.keys.contains("TO01") && !numbers.keys.contains("TDR"))
    for line in ["crl list", "crl list --all"] {
      let table = try place.smki(line).output
      #expect(table.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(table)")
      #expect(table.contains("TOR"), "\(table)")
    }
    let versions = try #require(place.json("crl list --all") as? [[String: Any]])
    #expect(versions.count { $0["name"] as? String == "TOR" } == 3)
  }

  /// Takes the DCC from its form to an Authorised Subscriber for Organisation Certificates.
  private static let enrolDCC = """
    set -e
    smki='\(Program.path)'
    mkdir forms
    for form in Examples/forms/*.json; do
      sed -e 's/gas-supplier 02/dcc 01/; s/-00-10-00/-00-20-00/; s/-00-10-FF/-00-20-0F/' \
        -e 's/north-gas/dcc/g; s/North Gas Ltd/DCC/g; s/small-supplier/dcc/' \
        -e 's/gas-supplier/dcc/; s/"policy": "device"/"policy": "organisation"/' \
        "$form" >"forms/${form##*/}"
    done
    submit() {
      name=$1; shift
      "$smki" form submit "forms/$name.json" "$@" --estate var --json |
        python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["number"])'
    }
    carry() {
      number=$(submit "$1"); shift
      for step in "$@"; do submit "$step" --answer "case=$number" >/dev/null; done
      "$smki" application approve "$number" --as second-officer --estate var
    }
    carry organisation-information organisation-identity
    "$smki" party entry-tests --party dcc --purpose organisation --evidence REPORT-1 --estate var
    carry sro-nomination individual-identity meeting
    carry aro-nomination individual-identity screening meeting
    submit agreement-acceptance
    submit subscriber-application
    "$smki" party authorise --party dcc --policy organisation --as second-officer --estate var
    """

  @Test(
    "the Recovery key pair is made in custody, and its certificate issued for the request",
    .clause("L10.1(b)(i)", "L10.6(b)(ii)"))
  func recovery() throws {
    let place = try CeremonyPlace()
    try place.through("recovery", "recovery --identifier 5A-4D-4B-49-00-00-20-01")
    let der = try #require(place.parts("recovery/package")["recovery"])
    try der.write(to: URL(filePath: "\(place.place)/recovery.der"))
    let enrolled = try Program.shell(Self.enrolDCC, in: place.place)
    try #require(enrolled.code == 0, "\(enrolled.errors)")
    let outcome = try place.smki(
      "issue organisation --party dcc --csr recovery.der --out recovery.pem")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let shown = try Program.shell(
      """
      openssl verify -CAfile var/authorities/root-organisation.pem \
      -untrusted var/authorities/issuing-organisation.pem recovery.pem
      openssl x509 -in recovery.pem -noout -subject
      """, in: place.place)
    #expect(shown.output.contains("recovery.pem: OK") && shown.output.contains("OU = 01"))
    let files = try Program.shell(
      "find var -name 'recovery*.key'; ls var/keys", in: place.place)
    #expect(files.output.contains("/vaults/recovery/recovery.key"))
    #expect(!files.output.split(separator: "\n").contains("recovery.key"))
  }

  @Test(
    "a new ceremony key signs from the next package on, and the old one no more",
    .clause("OCP-ceremony"))
  func ceremonyKey() throws {
    let place = try CeremonyPlace()
    let old = try place.text("var/authorities/ceremony.vkey")
    try place.through("key", "ceremony-key")
    try place.through("stock", "stock --count 1")
    let keys = try place.text("var/authorities/ceremony.vkey")
    #expect(keys.hasPrefix(old) && keys.split(separator: "\n").count == 2)
    try place.write("old.vkey", old)
    #expect(try place.smki("ceremony check stock/transcript --key old.vkey").code == 4)
    #expect(try place.smki("ceremony check key/transcript --key old.vkey").failure == nil)
  }
}
