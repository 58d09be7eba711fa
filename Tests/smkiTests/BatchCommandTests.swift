// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("A party and an officer reach batches by command", .serialized)
struct BatchCommandTests {
  private static let credential = [
    "--cert", "var/parties/example-meters/portal-device.pem", "--key",
    "var/parties/example-meters/portal-device.key", "--authority", "var/tls/authority.pem",
  ]

  private func ask(_ estate: OwnEstate, _ words: String...) throws -> Program.Outcome {
    try Program.run(
      Program.path,
      words + Self.credential
        + ["--url", "https://localhost:\(estate.ports[0])", "--estate", "var"], in: estate.place)
  }

  private func object(_ outcome: Program.Outcome) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any],
      "\(outcome.errors)")
  }

  @Test(
    "a party makes, checks, submits and collects; what was bad is named and nothing else lost",
    .clause("L11.6", "L11.7", "M8-2.5-batch-file", "ENG-refused-key"))
  func party() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let made = try estate.run(
      "client", "make", "--out", "meters", "--first", "5A-4D-4B-49-00-77-00-00", "--count", "3")
    #expect(made.code == 0, "\(made.errors)")
    #expect(try estate.run("client", "check", "meters").failure == nil)
    let again = try estate.run(
      "client", "make", "--out", "meters", "--first", "5A-4D-4B-49-00-77-00-00", "--count", "3")
    #expect(again.output.contains("0 requests"))
    // openssl reads what was made, and one request is copied, one broken.
    let spoilt = try Program.shell(
      """
      for f in meters/*.csr; do openssl req -verify -noout -in $f; done
      first=$(ls meters/*.csr | head -1)
      cp $first meters/z-copy.csr
      echo broken >meters/z-broken.csr
      """, in: estate.place)
    #expect(spoilt.code == 0, "\(spoilt.errors)")
    let checked = try estate.run("client", "check", "meters")
    #expect(checked.code == 4)
    #expect(checked.output.contains("z-copy: key-twice-in-batch [ENG-refused-key]"))
    #expect(checked.output.contains("z-broken: malformed-request"))
    // What the service would refuse in an archive is neither passed over nor sent.
    _ = try Program.shell(
      "cp meters/z-broken.csr notes.txt && cp meters/z-broken.csr z.csr "
        + "&& python3 -m zipfile -c odd.zip z.csr notes.txt", in: estate.place)
    let odd = try estate.run("client", "check", "odd.zip")
    #expect(odd.code == 4 && odd.output.contains("odd.zip: batch-file-name"), "\(odd.output)")
    #expect(try ask(estate, "client", "submit", "odd.zip").errors.contains("batch-file-name"))
    let submitted = try ask(estate, "client", "submit", "meters", "--wait", "--json")
    #expect(submitted.code == 4, "\(submitted.errors)")
    let summary = try object(submitted)
    #expect(summary["certificates"] as? Int == 7)
    let problems = try #require(summary["problems"] as? [String: String])
    #expect(problems == ["z-broken": "error CR:DER"])
    let collected = try ask(estate, "client", "collect", "meters", "--json")
    #expect(try object(collected)["certificates"] as? Int == 7)
    // Each certificate is for the key of its request, by openssl; one that is not is named.
    let compared = try Program.shell(
      """
      for f in meters/*.crt; do
        cmp <(openssl x509 -pubkey -noout -in $f) <(openssl req -pubkey -noout -in ${f%.crt}.csr)
      done
      cp $(ls meters/*.csr | tail -4 | head -1) $(ls meters/*.csr | head -2 | tail -1)
      """, in: estate.place)
    #expect(compared.code == 0, "\(compared.errors)")
    let mismatched = try ask(estate, "client", "collect", "meters", "--json")
    #expect(mismatched.code == 4)
    #expect(mismatched.output.contains("does not match: another key"))
    let none = try ask(estate, "client", "collect", "nowhere")
    #expect(none.code != 0)
  }

  @Test(
    "one request is answered at once, and a wrong one says why", .clause("M8-2.3", "L11.6"))
  func single() throws {
    let estate = try OwnEstate()
    try estate.serve()
    _ = try estate.run(
      "client", "make", "--out", "one", "--first", "5A-4D-4B-49-00-78-00-00", "--count", "1",
      "--usage", "signing")
    let name = "one/5A-4D-4B-49-00-78-00-00-signing"
    let done = try ask(estate, "client", "submit", "\(name).csr")
    #expect(done.code == 0, "\(done.errors)")
    let verified = try Program.shell(
      "openssl x509 -noout -in \(name).crt && echo broken >one/b.csr", in: estate.place)
    #expect(verified.code == 0)
    let refused = try ask(estate, "client", "submit", "one/b.csr")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("malformed-request"))
  }

  @Test(
    "an officer hands in, lists, stops, lets go on and collects",
    .clause("M8-2.5-batch-states", "M8-2.3-collection", "N4-3-capacity", "M8-2.3.1.8"))
  func officer() throws {
    let estate = try OwnEstate()
    // Approval by an officer, and no hours of processing for now.
    let closed = try Program.shell(
      """
      python3 - <<'END'
      import json
      s = json.load(open('var/estate.json'))
      s['batches']['automaticApproval'] = False
      json.dump(s, open('var/estate.json', 'w'))
      END
      """, in: estate.place)
    #expect(closed.code == 0, "\(closed.errors)")
    try estate.serve()
    for (folder, first) in [("a", "5A-4D-4B-49-00-79-00-00"), ("b", "5A-4D-4B-49-00-7A-00-00")] {
      _ = try estate.run("client", "make", "--out", folder, "--first", first, "--count", "2")
      _ = try Program.shell(
        "cd \(folder) && python3 -m zipfile -c ../\(folder).zip *.csr", in: estate.place)
      let handed = try estate.run(
        "batch", "submit", "\(folder).zip", "--party", "example-meters", "--json")
      #expect(handed.code == 0, "\(handed.errors)")
      #expect(try object(handed)["state"] as? String == "PENDING")
    }
    let same = try estate.run("batch", "submit", "a.zip", "--party", "example-meters")
    #expect(same.output.contains("submitted before"))
    #expect(try estate.run("batch", "reject", "2", "--reason", "not announced").failure == nil)
    #expect(try estate.run("batch", "pause", "1", "--reason", "x").code == 1)
    #expect(try estate.run("batch", "approve", "1").failure == nil)
    #expect(try estate.run("batch", "watch", "1").output.contains("4 of 4 decided"))
    #expect(try estate.run("batch", "watch", "2").code == 1)
    #expect(try estate.run("batch", "show", "2").output.contains("not announced"))
    #expect(try estate.run("batch", "show", "99").errors.contains("batch-unknown"))
    let list = try estate.run("batch", "list", "--party", "example-meters")
    #expect(list.output.contains("COMPLETED"))
    #expect(list.output.contains("REJECTED"))
    let result = try estate.run("batch", "result", "1", "--out", "out")
    #expect(result.code == 0, "\(result.errors)")
    let listed = try Program.shell(
      "unzip -Z1 out/a-response.zip; cat out/batch-1.txt", in: estate.place)
    #expect(listed.output.split(separator: "\n").count == 8, "\(listed.output)")
    #expect(try estate.run("capacity", "50000").output.hasPrefix("50000 now: about"))
    #expect(try estate.run("capacity", "many").code == 2)
    #expect(try estate.run("usage", "list").failure == nil)
    let raised = try estate.run(
      "device", "limit", "5A-4D-4B-49-00-79-00-00", "--certificates", "101", "--reason", "looked")
    #expect(raised.code == 0, "\(raised.errors)")
    #expect(try estate.run("device", "anomalies").output == "no device waits for an officer\n")
    #expect(try estate.stop(SIGTERM).code == 0)
    #expect(try estate.run("verify").failure == nil)
  }
}
