// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Glibc
import Testing

@Suite("A running node, by the tools of other people", .serialized)
struct EndToEndTests {
  private static let device = "5A-4D-4B-49-00-00-FF-01"
  private static let meters = "var/parties/example-meters/portal-device"

  /// A request by plain openssl, as README says.
  private static func makeRequest(
    _ name: String = "device", _ eui64: String = "5A4D4B490000FF01", in estate: OwnEstate
  ) throws {
    let made = try Program.shell(
      """
      EUI64=\(eui64) openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
      -config Examples/device.cnf -subj / -keyout \(name).key -out \(name).csr
      """, in: estate.place)
    try #require(made.code == 0, "\(made.errors)")
  }

  private static func post(
    _ name: String = "device", in estate: OwnEstate, credential: String = meters
  ) throws -> Program.Outcome {
    try Program.shell(
      """
      curl -sS -w '%{http_code}' --cacert var/tls/authority.pem --cert \(credential).pem \
      --key \(credential).key --data-binary @\(name).csr -o \(name).pem \
      https://127.0.0.1:\(estate.ports[0])/1.0/DeviceCSR
      """, in: estate.place)
  }

  @Test(
    "a first certificate: openssl asks, curl fetches, openssl verifies, the audit proves",
    .clause("M8-2.3", "L5.3(a)", "ENG-audit-tree"))
  func firstCertificate() throws {
    let estate = try OwnEstate()
    try estate.serve()
    try Self.makeRequest(in: estate)
    #expect(try Self.post(in: estate).output == "200")
    let verdicts = [("1", "device.pem: OK"), ("2", "")]
    for (policy, verdict) in verdicts.map({ ("1.3.6.1.4.1.32473.1.\($0)", $1) }) {
      let verified = try Program.shell(
        """
        openssl verify -CAfile var/authorities/root-device.pem -policy_check -explicit_policy \
        -untrusted var/authorities/issuing-device.pem -policy \(policy) device.pem || true
        """, in: estate.place)
      #expect(verified.output.trimmingCharacters(in: .newlines) == verdict)
    }
    let found = try estate.run("find", "--device", Self.device, "--json")
    let rows = try #require(
      JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [[String: Any]])
    let certificate = try String(contentsOfFile: "\(estate.place)/device.pem", encoding: .utf8)
    #expect(rows.map { $0["certificate"] as? String } == [certificate])
    let serial = try #require(rows.first?["serial"] as? String)
    #expect(try estate.run("audit", "checkpoint").failure == nil)
    #expect(try estate.run("audit", "prove", serial, "--out", "proof.json").failure == nil)
    let check = ["audit", "check", "proof.json", "--key", "var/authorities/audit.vkey"]
    #expect(try Program.run(Program.path, check, in: estate.place).failure == nil)
    #expect(try estate.run("audit", "check", "proof.json").output == "proven by smki/TEST\n")
    let other = try Program.shell(
      "python3 '\(Program.package)/Scripts/check-proof.py' proof.json \"$(cat \(check[4]))\"",
      in: estate.place)
    #expect(other.code == 0, "\(other.errors)")
    let proof = try String(contentsOfFile: "\(estate.place)/proof.json", encoding: .utf8)
    for (from, to) in [
      ("\"party\" : \"example-meters\"", "\"party\" : \"example-gas\""),
      ("certificates-lodged", "certificates-lodgeD"), ("smki/TEST\\n", "smki/PEST\\n"),
      ("\"kind\" : \"device\"", "\"kind\" : \"iki\""),
      ("certificate-proof-1", "certificate-proof-2"),
    ] {
      let spoilt = proof.replacing(from, with: to)
      try #require(spoilt != proof, "\(from)")
      try spoilt.write(toFile: "\(estate.place)/proof.json", atomically: true, encoding: .utf8)
      let outcome = try Program.run(Program.path, check, in: estate.place)
      #expect(outcome.code == 4)
      #expect(outcome.errors.contains("not proven"))
    }
    #expect(try estate.run("verify").failure == nil)
  }

  @Test("what the welcome says works as it stands, in at most 18 lines")
  func welcome() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let lines = estate.welcome.split(separator: "\n")
    #expect(lines.count <= 18)
    let commands = lines.filter { $0.hasPrefix("EUI64=") || $0.hasPrefix("curl") }
    try #require(commands.count == 2)
    let issued = try Program.shell(String(commands[0]), in: estate.place)
    #expect(issued.output.contains("BEGIN CERTIFICATE"), "\(issued.errors)")
    let found = try Program.shell(String(commands[1]), in: estate.place)
    #expect(found.output.contains("<CertificateSerial>"), "\(found.output)")
    #expect(found.output.contains(Self.device))
    let last = try #require(lines.last { $0.contains("smki verify") })
    let verify = last.replacing(".build/release/smki", with: Program.path)
    #expect(try Program.shell(String(verify), in: estate.place).failure == nil)
  }

  @Test(
    "a second start goes on: the same request gets the same certificate",
    .clause("ENG-same-request"))
  func secondStart() throws {
    let estate = try OwnEstate()
    try estate.serve()
    try Self.makeRequest(in: estate)
    #expect(try Self.post(in: estate).output == "200")
    let first = try String(contentsOfFile: "\(estate.place)/device.pem", encoding: .utf8)
    let end = try estate.stop(SIGTERM)
    #expect(end.code == 0)
    #expect(end.seconds < 5)
    try estate.serve()
    #expect(try Self.post(in: estate).output == "200")
    #expect(try String(contentsOfFile: "\(estate.place)/device.pem", encoding: .utf8) == first)
    #expect(try estate.stop(SIGINT).code == 0)
  }

  @Test("the log is JSON, line by line, and holds no secret")
  func log() throws {
    let estate = try OwnEstate()
    try estate.serve()
    _ = try estate.stop(SIGTERM)
    #expect(estate.lines.allSatisfy { $0["time"] != nil && $0["event"] != nil })
    #expect(estate.events.contains("stopping"))
    let passphrase = try String(contentsOfFile: "\(estate.folder)/passphrase", encoding: .utf8)
    let text = try String(contentsOfFile: estate.log, encoding: .utf8)
    #expect(!text.contains(passphrase.trimmingCharacters(in: .newlines)))
  }

  @Test("SIGHUP reads the server's certificate again, and a broken one leaves the old in use")
  func reload() throws {
    let estate = try OwnEstate()
    try estate.serve()
    try estate.signal(SIGHUP)
    try estate.wait { estate.events.contains("certificates-reloaded") }
    try "nothing".write(
      toFile: "\(estate.folder)/tls/server.pem", atomically: true, encoding: .utf8)
    try estate.signal(SIGHUP)
    try estate.wait { estate.events.contains("certificates-not-reloaded") }
    try Self.makeRequest(in: estate)
    #expect(try Self.post(in: estate).output == "200")
  }

  @Test("a taken port is named, with the flag and the line that change it")
  func takenPort() throws {
    let estate = try OwnEstate()
    let taken = try Listener()
    for (flag, key) in [
      ("--service-port", "doors.service"), ("--repository-port", "doors.repository"),
      ("--plain-port", "doors.repositoryPlain"), ("--monitoring-port", "doors.monitoring"),
    ] {
      var words = ["serve", "--estate", "var"]
      for (option, port) in zip(
        ["--service-port", "--repository-port", "--plain-port", "--monitoring-port"], estate.ports)
      { words += [option, option == flag ? "\(taken.port)" : "\(port)"] }
      let outcome = try Program.run(Program.path, words, in: estate.place)
      #expect(outcome.code == 5)
      for part in ["port \(taken.port) ", flag, key] { #expect(outcome.errors.contains(part)) }
    }
    let other = try Listener()
    let both = try estate.run(
      "serve", "--service-port", "\(taken.port)", "--repository-port", "\(estate.ports[1])",
      "--plain-port", "\(other.port)", "--monitoring-port", "\(estate.ports[3])")
    for part in ["\(taken.port)", "\(other.port)", "--service-port PORT --plain-port PORT"] {
      #expect(both.errors.contains(part), "\(both.errors)")
    }
  }

  @Test("a door that cannot be opened is said with what to do", .clause("ENG-http-tls"))
  func unusable() throws {
    let estate = try OwnEstate()
    let named = try estate.run("serve", "--address", "localhost")
    #expect(named.code == 3)
    #expect(named.errors.contains("not a numeric address"))
    #expect(named.errors.contains("such as 127.0.0.1"))
    let key = "\(estate.folder)/tls/server.key"
    let made = try Program.shell(
      "openssl genrsa 2048 > other && cat other > '\(key)'", in: estate.place)
    try #require(made.code == 0, "\(made.errors)")
    let mismatched = try estate.run("serve")
    #expect(mismatched.code == 3)
    #expect(mismatched.errors.contains("key do not match"))
    #expect(mismatched.errors.contains("must be that of the first certificate"))
    #expect(try estate.run("doctor").output.contains("wrong    server key"))
  }

  @Test("commands ask the node for the ports that options of serve changed")
  func portsInUse() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let doctor = try estate.run("doctor")
    #expect(doctor.code == 0, "\(doctor.output)")
    // What is so because it is a test estate is a note: a newcomer can do nothing about it.
    let warnings = doctor.output.split(separator: "\n").filter { $0.hasPrefix("warning") }
    #expect(warnings.allSatisfy { $0.contains("stock") }, "\(warnings)")
    #expect(doctor.output.contains("note     policy: the text of"))
    for port in estate.ports {
      #expect(doctor.output.contains("port \(port): the node listens there"))
    }
    try Self.makeRequest(in: estate)
    let issued = try estate.run(
      "issue", "device", "--csr", "device.csr", "--cert", "\(Self.meters).pem", "--key",
      "\(Self.meters).key")
    #expect(issued.code == 0, "\(issued.errors)")
    let found = try estate.run("find", "--device", Self.device, "--json")
    #expect(found.code == 0)
    let table = try estate.run("find", "--device", Self.device).output.split(separator: "\n")
    #expect(table[0].split(separator: " ") == ["serial", "kind", "identifier", "state", "until"])
    #expect(table.allSatisfy { $0.count <= 80 }, "\(table)")
    let entries = try estate.run("audit", "entries", "--last", "20").output
    #expect(entries.contains("asked-by=example-meters/"))
    let unknown = try estate.run("audit", "request", "5")
    #expect(unknown.code == 4 && unknown.errors.contains("there is no certificate"))
    let none = try estate.run("find", "--serial", "5")
    #expect(none.code == 4)
    #expect(none.errors.contains("nothing is lodged with --serial 5"))
    let verified = try estate.run("verify", "--json").output
    #expect(verified.contains("\"verdict\" : \"sound\""))
  }

  @Test(
    "who sends far too much gets the refusal with its figures, and the log has it in fields",
    .clause("ENG-http-limits", "ENG-http-routes"))
  func farTooMuch() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let credential = Self.meters
    let tls =
      "--cacert var/tls/authority.pem --cert \(credential).pem --key \(credential).key "
      + "https://127.0.0.1:\(estate.ports[0])/1.0/DeviceCSR"
    let plain = "http://127.0.0.1:\(estate.ports[2])/services/certificatesearch"
    for (options, limit) in [
      ("-H 'Transfer-Encoding: chunked' --data-binary @big \(tls)", 16_384),
      ("-H Expect: --data-binary @big \(tls)", 16_384),
      ("-H 'Transfer-Encoding: chunked' --data-binary @big \(plain)", 4_096),
      ("-H Expect: --data-binary @big \(plain)", 4_096),
    ] {
      let sent = try Program.shell(
        "head -c 12000000 /dev/zero > big; curl -sS -w ' %{http_code}' \(options)",
        in: estate.place)
      #expect(sent.code == 0, "\(options): \(sent.errors)")
      #expect(sent.output.hasSuffix(" 413"))
      #expect(sent.output.contains("at most \(limit) octets"), "\(sent.output)")
    }
    for (options, parts) in [
      ("http://127.0.0.1:\(estate.ports[2])/nowhere", ["unknown-path", "GET /style.css"]),
      ("-X DELETE http://127.0.0.1:\(estate.ports[2])/", ["method-not-allowed", "GET, HEAD"]),
      ("'\(plain)?apikey=a&apikey=b' -d a", ["malformed-http", "stands twice"]),
      (
        "-H \"X: $(head -c 40000 /dev/zero | tr '\\0' a)\" \(tls)",
        ["head-too-large", "at most 16384 octets", "ENG-http-limits"]
      ),
      (
        "-H \"X: $(head -c 17000 /dev/zero | tr '\\0' a)\" '\(plain)'",
        ["head-too-large", "at most 16384 octets"]
      ),
      ("-H 'Host:' '\(plain)'", ["malformed-http", "one Host line", "remedy"]),
    ] {
      let said = try Program.shell("curl -sS \(options)", in: estate.place).output
      for part in parts { #expect(said.contains(part), "\(said)") }
    }
    let refused = estate.lines.filter { $0["event"] as? String == "http-refused" }
    #expect(
      refused.map { $0["status"] as? String } == [
        "413", "413", "413", "413", "404", "405", "400", "431", "431", "400",
      ])
    #expect(refused.allSatisfy { $0["address"] as? String == "127.0.0.1" })
    #expect(refused.first?["door"] as? String == "service")
    #expect(refused.first?["path"] as? String == "/1.0/DeviceCSR")
    #expect(refused.first?["reason"] as? String == "the body is larger than this path takes")
  }

  @Test(
    "a clock that is set ahead is warned of, and the estate does not go back afterwards",
    .clause("C3-118-4a"))
  func clockAhead() throws {
    let estate = try OwnEstate()
    let tomorrow = ISO8601DateFormatter().string(from: Date(timeIntervalSinceNow: 86_400))
    try estate.serve(options: ["--clock", tomorrow])
    let told = estate.lines.first { $0["event"] as? String == "clock-set" }
    #expect((told?["consequence"] as? String)?.contains("does not go back") == true)
    try Self.makeRequest(in: estate)
    #expect(try Self.post(in: estate).output == "200")
    #expect(try estate.stop(SIGTERM).code == 0)
    let before = try estate.run("authority", "list").output
    let back = try estate.run("serve")
    #expect(back.code == 3)
    #expect(back.errors.contains("the time of an estate does not go back"), "\(back.errors)")
    #expect(back.errors.contains("--clock"))
    // No authority was taken for spent by that.
    #expect(try estate.run("authority", "list").output == before)
  }

  @Test("a second node on the same estate is turned away", .clause("ENG-records"))
  func secondNode() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let second = try estate.run("serve")
    #expect(second.code == 5)
    #expect(second.errors.contains("another process has the estate open"))
    #expect(second.errors.contains("https://127.0.0.1:\(estate.ports[0])"))
  }

  @Test("after a kill -9 commands open the estate themselves, and it is sound")
  func killed() throws {
    let estate = try OwnEstate()
    try estate.serve()
    try Self.makeRequest(in: estate)
    #expect(try Self.post(in: estate).output == "200")
    _ = try estate.stop(SIGKILL)
    #expect(FileManager.default.fileExists(atPath: "\(estate.folder)/control.sock"))
    let added = try estate.run(
      "party", "user-entry", "--party", "example-gas", "--role", "gas-supplier", "--evidence", "x")
    #expect(added.code == 0, "\(added.errors)")
    #expect(try estate.run("verify").failure == nil)
  }

  @Test(
    "the access log finds the line of an answer, and verify a line that was changed",
    .clause("ENG-audit-log", "K-audit-reference"))
  func accessLog() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let asked = try Program.shell(
      """
      curl -sS -H 'Content-Type: application/xml' \
      --data-binary @Examples/xml/search-organisation-request.xml \
      "http://127.0.0.1:\(estate.ports[2])/services/certificatesearch?apikey=$(cat \
      var/parties/example-gas/api-key)"
      curl -sS "http://127.0.0.1:\(estate.ports[2])/services/certificatesearch?apikey=x" -d x
      """, in: estate.place)
    let answer = try #require(asked.output.firstMatch(of: #/<AuditReference>([^<]+)</#))
    let reference = String(answer.1)
    usleep(200_000)
    let line = try estate.run("audit", "access", "--reference", reference)
    #expect(line.code == 0, "\(line.errors)")
    #expect(line.output.contains("example-gas"))
    #expect(line.output.contains("5A-4D-4B-49-00-00-01-00"))
    let refused = try estate.run("audit", "access", "--refused", "--json").output
    #expect(refused.contains("api-key-unknown"))
    #expect(try estate.run("audit", "access", "--party", "nobody").code == 4)
    _ = try estate.stop(SIGTERM)
    #expect(try estate.run("verify").output.contains("1 segment of the access log, 0 open"))
    _ = try Program.shell("sed -i s/example-gas/example-oil/ var/access/20*/*", in: estate.place)
    let found = try estate.run("verify")
    #expect(found.code == 4)
    #expect(found.output.contains("access_log 20"), "\(found.output)")
  }

  @Test(
    "another interface's credential is refused with its clause",
    .clause("M8-AppG-one-per-interface"))
  func otherInterface() throws {
    let estate = try OwnEstate()
    try estate.serve()
    try Self.makeRequest(in: estate)
    let credential = "var/parties/example-gas/ad-hoc"
    let refused = try Self.post(in: estate, credential: credential)
    #expect(refused.output == "403")
    let body = try String(contentsOfFile: "\(estate.place)/device.pem", encoding: .utf8)
    #expect(body.contains("M8-AppG-one-per-interface"))
    let asked = try estate.run(
      "issue", "device", "--csr", "device.csr", "--cert", "\(credential).pem", "--key",
      "\(credential).key", "--authority", "var/tls/authority.pem", "--url",
      "https://127.0.0.1:\(estate.ports[0])")
    #expect(asked.code == 1)
    #expect(asked.errors.contains("M8-AppG-one-per-interface"))
  }
}
