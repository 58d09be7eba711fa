// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("What an operator of the Repository asks and says by command", .serialized)
struct RepositoryCommandTests {
  private static func configure(_ estate: OwnEstate, _ lines: String) throws {
    let done = try Program.run(
      "/usr/bin/python3",
      [
        "-c",
        "import json; p='var/estate.json'; e=json.load(open(p))\n\(lines)\njson.dump(e,open(p,'w'))",
      ], in: estate.place)
    try #require(done.code == 0, "\(done.errors)")
  }

  /// Runs a line and reads the JSON that it prints.
  private static func json<Value>(_ line: String, in estate: OwnEstate) throws -> Value {
    let outcome = try Program.shell("'\(Program.path)' \(line) --json", in: estate.place)
    try #require(outcome.code == 0, "\(line): \(outcome.errors)")
    let found = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(found as? Value)
  }

  @Test(
    "each authority's certificate is found in the Repository, and its lag is said",
    .clause("C3-159-row-2", "C3-159-row-5", "L5.1(b)", "L5.1(d)"))
  func authorities() throws {
    let estate = try OwnEstate()
    let rows: [[String: Any]] = try Self.json("authorities", in: estate)
    let issuing: [[String: Any]] = try Self.json("authority list", in: estate)
    for (pki, kind) in [("device", "dca"), ("organisation", "oca")] {
      let own = rows.filter { $0["pki"] as? String == pki }
      // A root, and all that sign or will.
      #expect(own.filter { $0["state"] as? String == "offline" }.count == 1)
      #expect(
        Set(own.filter { $0["state"] as? String != "offline" }.compactMap { $0["name"] as? String })
          == Set(
            issuing.filter { $0["hierarchy"] as? String == pki }.compactMap {
              $0["name"] as? String
            }))
      let found: [[String: Any]] = try Self.json("find --class \(kind)", in: estate)
      #expect(
        Set(own.compactMap { $0["serial"] as? String })
          == Set(found.compactMap { $0["serial"] as? String }))
      for row in own {
        #expect((0..<600).contains(try #require(row["lodgedAfterSeconds"] as? Int)))
        #expect((row["lodged"] as? String)?.hasSuffix("Z") == true)
      }
    }
    let text = try estate.run("authorities").output
    #expect(text.contains("after, s"))
  }

  @Test("records are brought in where there are none, and a store that stands is said to stand")
  func moving() throws {
    let estate = try OwnEstate()
    #expect(try estate.run("export", "records.smki").failure == nil)
    let taken = try estate.run("import", "records.smki", "--file")
    #expect(taken.code == 3 && taken.errors.contains("Put it aside first"), "\(taken.errors)")
    _ = try Program.shell("mkdir old; mv var/smki.sqlite* old/", in: estate.place)
    #expect(try estate.run("import", "records.smki", "--file").failure == nil)
    #expect(try estate.run("verify").failure == nil)
  }

  @Test("the interfaces say which versions of which documents they are", .clause("L6.1"))
  func interface() throws {
    let estate = try OwnEstate()
    let all: [[String: Any]] = try Self.json("interface", in: estate)
    #expect(
      all.map { $0["interface"] as? String } == [
        "SMKI Service Interface", "SMKI Repository Interface",
      ])
    try Self.configure(estate, "e['interfaceVersions']={'P': '3.1'}")
    let text = try estate.run("interface", "repository").output
    #expect(text.contains("Appendix P SMKI Repository Code of Connection, version 3.1"))
    #expect(text.contains("/services/retrievecertificate"))
    #expect(try estate.run("interface", "library").code == 2)
    // A letter that is no document of an interface is not taken.
    try Self.configure(estate, "e['interfaceVersions']={'X': '1'}")
    let wrong = try estate.run("bulk", "make")
    #expect(wrong.code != 0 && wrong.errors.contains("interfaceVersions"), "\(wrong.errors)")
  }

  @Test(
    "a certificate is marked, found by its mark, and exported in the tools' shape",
    .clause("L3.11", "K-database-file"))
  func marks() throws {
    let estate = try OwnEstate()
    let find = "find --organisation 5A-4D-4B-49-00-00-01-00"
    let found: [[String: Any]] = try Self.json(find, in: estate)
    let serial = try #require(found.first?["serial"] as? String)
    let mark = ["organisation", "mark", serial, "--reason", "installing in 2027"]
    #expect(try Program.run(Program.path, mark, in: estate.place).failure == nil)
    let marked: [[String: Any]] = try Self.json("find --manufacturing true", in: estate)
    #expect(marked.map { $0["serial"] as? String } == [serial])
    #expect(marked.first?["manufacturing"] as? Bool == true)
    let device = try estate.run("organisation", "mark", "12", "--reason", "installing")
    #expect(device.code == 1 && device.errors.contains("manufacturing-mark"))
    #expect(
      try estate.run("organisation", "database", "--out", "organisations.json").failure == nil)
    let read = try Program.shell(
      """
      python3 - <<'END'
      import json, subprocess
      whole = json.load(open("organisations.json"))
      item = whole["5a4d4b4900000100"]
      usage = "digitalSignature" if "digitalSignature" in item else "keyAgreement"
      for serial, one in item[usage].items():
          out = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=one["certificate"],
                               capture_output=True, text=True, check=True).stdout
          assert int(out.strip().split("=")[1], 16) == int(serial), (out, serial)
          print(one["role"])
      END
      """, in: estate.place)
    #expect(read.code == 0 && Int(read.output.prefix { $0 != "\n" }) != nil, "\(read.errors)")
    let withdrawn = try Program.run(Program.path, mark + ["--withdraw"], in: estate.place)
    #expect(withdrawn.failure == nil)
    #expect(try estate.run("find", "--manufacturing", "true").code == 4)
  }

  @Test(
    "a document is lodged at the request of an ARO who was identified, and of nobody else",
    .clause("P3-1.3-lodging"))
  func proxy() throws {
    let estate = try OwnEstate()
    try Self.configure(estate, "e['documentAskers']=['example-gas']")
    let log =
      "desk log --channel telephone --party example-gas --person example-gas-aro-1 "
      + "--request lodging --action lodged --answer memorable-word=Sample"
    let first: [String: Any] = try Self.json(log, in: estate)
    let second: [String: Any] = try Self.json(
      log + " --answer date-of-birth=1980-02-01", in: estate)
    try "policy".write(toFile: "\(estate.place)/policy.txt", atomically: true, encoding: .utf8)
    func lodge(_ call: Any?) throws -> Program.Outcome {
      try Program.shell(
        "'\(Program.path)' document lodge --kind compliance-policy --version 2.0 "
          + "--title 'SMKI Compliance Policy' --file policy.txt --call \(call ?? "-")",
        in: estate.place)
    }
    let refused = try lodge(first["number"])
    #expect(refused.code == 1 && refused.errors.contains("proxy-call"), "\(refused.errors)")
    let lodged = try lodge(second["number"])
    #expect(lodged.code == 0, "\(lodged.errors)")
    #expect(lodged.output.contains("for example-gas-aro-1 of example-gas (call 2, identified"))
    let list: [[String: Any]] = try Self.json("document list --kind compliance-policy", in: estate)
    let proxy = try #require(list.first?["proxy"] as? [String: Any])
    #expect(proxy["person"] as? String == "example-gas-aro-1")
    #expect(proxy["check"] as? String == "identified: 2 answers agree")
    #expect(try estate.run("verify").failure == nil)
  }

  @Test(
    "the availability of the Repository begins with the services, and sets aside what was planned",
    .clause("L6.2", "L6.2(a)"))
  func availability() throws {
    let estate = try OwnEstate()
    try Self.configure(estate, "e.pop('servicesStart', None)")
    let none = try estate.run("availability", "--interface", "repository")
    #expect(none.code == 1 && none.errors.contains("services-start-open"), "\(none.errors)")
    let format = ISO8601DateFormatter()
    let now = Date()
    func time(_ hours: Double) -> String {
      format.string(from: now.addingTimeInterval(hours * 3_600))
    }
    let day = String(time(-48).prefix(10))
    // Planned by a clock of three hours ago, so that it is over by now.
    try Self.configure(estate, "e['servicesStart']='\(day)'; e['clockAheadSeconds']=-10800")
    let planned = try estate.run(
      "maintenance", "plan", "--interface", "repository", "--from", time(-2), "--until", time(-1),
      "--reason", "new disks")
    #expect(planned.failure == nil)
    try Self.configure(estate, "del e['clockAheadSeconds']")
    let ask = "availability --interface repository --from \(time(-4)) --until \(time(0))"
    let found: [String: Any] = try Self.json(ask, in: estate)
    #expect(found["plannedSeconds"] as? Int == 3_600)
    #expect(found["lostSeconds"] as? Int == 3 * 3_600)
    #expect((found["outages"] as? [Any])?.count == 2)
    // What is asked about before the services began does not count.
    let whole: [String: Any] = try Self.json(
      "availability --interface repository --from 2020-01-01", in: estate)
    #expect((whole["from"] as? String)?.hasPrefix("\(day)T00:00:00") == true)
    let service: [String: Any] = try Self.json(
      ask.replacing("repository", with: "service"), in: estate)
    #expect(service["plannedSeconds"] as? Int == 0)
    let entry: [[String: Any]] = try Self.json("audit entries --last 5", in: estate)
    let plan = entry.first { $0["action"] as? String == "maintenance-planned" }
    #expect(plan?["clause"] as? String == "L6.2")
  }
}
