// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Glibc
import TestProcess
import Testing

@Suite("The Repository's doors by command, with processes of their own", .serialized)
struct RepositoryDrillTests {
  /// Changes estate.json by a line of Python over `e`.
  private static func configure(_ estate: OwnEstate, _ lines: String) throws {
    let done = try Program.run(
      "/usr/bin/python3",
      [
        "-c",
        "import json; p='var/estate.json'; e=json.load(open(p))\n\(lines)\njson.dump(e,open(p,'w'))",
      ], in: estate.place)
    try #require(done.code == 0, "\(done.errors)")
  }

  private static func smki(_ line: String, in estate: OwnEstate) throws -> Program.Outcome {
    try Program.shell("'\(Program.path)' \(line)", in: estate.place)
  }

  @Test(
    "bulk files are made, mirrored over TLS, damaged, found out, mended and searched",
    .clause("MP147-bulk", "ENG-bulk", "ENG-mirror", "ENG-search"))
  func mirror() throws {
    let estate = try OwnEstate()
    try Self.configure(estate, "e.setdefault('bulk',{})['settleSeconds']=0")
    try estate.serve()
    let made = try estate.run("bulk", "make", "--kind", "full")
    #expect(made.code == 0, "\(made.errors)")
    #expect(try estate.run("bulk", "check").code == 0)
    #expect(try estate.run("bulk", "list").output.contains("full-"))
    let key = try estate.run(
      "apikey", "add", "--party", "example-gas", "--label", "mirror", "--purpose",
      "a copy of our own")
    try key.output.write(toFile: "\(estate.place)/reader.key", atomically: true, encoding: .utf8)
    let sync =
      "mirror sync --folder m --trust var/authorities/audit.vkey --url https://localhost:\(estate.ports[1]) "
      + "--authority var/tls/authority.pem --api-key reader.key"
    let first = try Self.smki(sync, in: estate)
    #expect(first.code == 0, "\(first.errors)")
    let check = "mirror check --folder m --trust var/authorities/audit.vkey"
    #expect(try Self.smki(check, in: estate).code == 0)
    // The same answer from the node's store and from the mirror.
    let here = try estate.run("find", "--class", "dca", "--json")
    let there = try Self.smki(
      "mirror find --folder m --trust var/authorities/audit.vkey --class dca --json", in: estate)
    #expect(here.code == 0 && there.code == 0, "\(there.errors)")
    func serials(_ outcome: Program.Outcome) throws -> Set<String> {
      let rows = try #require(
        JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
      return Set(rows.compactMap { $0["serial"] as? String })
    }
    #expect(try serials(here) == serials(there))
    #expect(try serials(here).count > 2)
    let broad = try estate.run("find", "--usage", "DS")
    #expect(broad.code != 0 && broad.errors.contains("search-too-broad"), "\(broad.errors)")
    // One bit, by somebody else's hand.
    _ = try Program.shell(
      """
      f=$(ls m/files/segments/certificates-* | head -1)
      python3 -c "import sys; p=sys.argv[1]; b=bytearray(open(p,'rb').read()); b[50]^=1; \
      open(p,'wb').write(b)" $f
      """, in: estate.place)
    let damaged = try Self.smki(check, in: estate)
    #expect(damaged.code == 4 && damaged.output.contains("octets were changed"))
    let mended = try Self.smki(sync, in: estate)
    #expect(mended.code == 0 && mended.output.contains("mended"), "\(mended.output)")
    #expect(try Self.smki(check, in: estate).code == 0)
  }

  @Test(
    "a witness of its own cosigns what the node serves, and an account reads the audit's entries",
    .clause("ENG-witness", "ENG-audit-tree", "P3-3.1-password"))
  func witness() throws {
    let estate = try OwnEstate()
    let made = try Self.smki("witness init --folder w --name pma.example/w1", in: estate)
    try #require(made.code == 0, "\(made.errors)")
    let port = try OwnEstate.freePorts(1)[0]
    let process = Process()
    process.executableURL = URL(filePath: Program.path)
    process.currentDirectoryURL = URL(filePath: estate.place)
    process.arguments = [
      "witness", "serve", "--folder", "w", "--logs", "var/authorities/audit.vkey", "--port",
      "\(port)",
    ]
    try process.run()
    defer {
      kill(process.processIdentifier, SIGTERM)
      process.waitForEnd()
    }
    // It answers a request that is none with 400 as soon as it listens.
    try estate.wait {
      let asked = try? Program.shell(
        "curl -s -o /dev/null -w '%{http_code}' --data x http://127.0.0.1:\(port)/add-checkpoint")
      return asked?.output == "400"
    }
    let key = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    try Self.configure(
      estate,
      "e['witnesses']=[{'url':'http://127.0.0.1:\(port)','key':'\(key)'}]")
    try estate.serve()
    let url = "http://127.0.0.1:\(estate.ports[2])"
    try estate.wait {
      let seen = try? Program.shell("curl -sS \(url)/audit/checkpoint")
      if seen?.output.contains("— pma.example/w1 ") == true { return true }
      // A witness that was not up yet is asked again after ten seconds.
      return false
    }
    // An auditor's account: the first password opens nothing but the change of it.
    let given = try estate.run(
      "account", "add", "audrey", "--party", "assessor", "--capacity", "auditor", "--purpose",
      "the yearly assessment")
    try #require(given.code == 0, "\(given.errors)")
    let first = given.output.trimmingCharacters(in: .whitespacesAndNewlines)
    func status(_ password: String, _ words: String) throws -> String {
      try Program.shell(
        "curl -sS -o /dev/null -w '%{http_code}' -u 'audrey:\(password)' \(words)"
      ).output
    }
    let entries = "\(url)/audit/tile/entries/000.p/1"
    #expect(try status(first, entries) == "403")
    let change = "--data '{\"password\":\"quite another one\"}' \(url)/services/password"
    #expect(try status(first, change) == "204")
    #expect(try status("quite another one", entries) == "200")
    #expect(try Program.shell("curl -sS -o /dev/null -w '%{http_code}' \(entries)").output == "403")
    #expect(try estate.run("account", "list").output.contains("open"))
  }

  @Test(
    "a Repository of some size keeps a certificate in 400 octets, and answers",
    .clause("ENG-compact-rows", "ENG-bulk"))
  func size() throws {
    let isLong = ProcessInfo.processInfo.environment["SMKI_LONG"] != nil
    let scale = isLong ? 100_000 : 5_000
    let outcome = try Program.run(
      "bench", "repository", "--scale", "\(scale)", "--looks", "100", "--json")
    try #require(outcome.code == 0, "\(outcome.errors)")
    let rows = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [[String: Any]])
    let figures = Dictionary(
      rows.compactMap { row in
        (row["name"] as? String).flatMap { name in (row["value"] as? Double).map { (name, $0) } }
      }, uniquingKeysWith: { first, _ in first })
    #expect(try #require(figures["rows and indexes"]) <= 400)
    #expect(figures["lodged"] == Double(scale))
    #expect(figures["full extract, certificates"] == Double(scale))
    #expect(figures["delta extract, certificates"].map { $0 >= Double(scale / 100) } == true)
    // Each look-up was right, or the bench would have ended with an error.
    #expect(figures["by serial, warm, p99"] != nil && figures["by device, warm, p99"] != nil)
  }

  @Test(
    "a party fetches the bulk files by SFTP, and gets out of its folder in no way",
    .clause("MP147-bulk", "L5.6"),
    .enabled(if: getuid() == 0, "a chroot, its user and its folders are root's to make"))
  func sftp() throws {
    let estate = try OwnEstate()
    try Self.configure(estate, "e.setdefault('bulk',{})['settleSeconds']=0")
    #expect(try estate.run("bulk", "make", "--kind", "full").code == 0)
    let party = "t" + UUID().uuidString.lowercased().prefix(8)
    let root = "/var/lib/smki-sftp-\(party)"
    let script = "'\(Program.package)/Scripts/sftp-party'"
    let port = try OwnEstate.freePorts(1)[0]
    defer {
      _ = try? Program.shell("\(script) remove \(party) \(root); rm -rf \(root)")
    }
    let prepared = try Program.shell(
      """
      ssh-keygen -q -t ed25519 -N '' -f party.key
      ssh-keygen -q -t ed25519 -N '' -f host.key
      \(script) add \(party) party.key.pub \(root) var/bulk
      mkdir -p /run/sshd
      { echo "Port \(port)"; echo "ListenAddress 127.0.0.1"; echo "HostKey $PWD/host.key"
        echo "PidFile $PWD/sshd.pid"; echo "UsePAM no"; echo "Subsystem sftp internal-sftp"
        \(script) config \(root); } > sshd.conf
      """, in: estate.place)
    try #require(prepared.code == 0, "\(prepared.errors)")
    // It leaves the test's process by itself: sshd closes what it inherited, which Foundation takes
    // for its end, and would wait for that with every other program of the tests.
    let started = try Program.shell("/usr/sbin/sshd -f \"$PWD/sshd.conf\"", in: estate.place)
    try #require(started.code == 0, "\(started.errors)")
    defer { _ = try? Program.shell("kill -9 \"$(cat sshd.pid)\"", in: estate.place) }
    let options =
      "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes "
      + "-o LogLevel=ERROR -i party.key"
    func sftp(_ lines: String...) throws -> Program.Outcome {
      try Program.run(
        "/bin/bash",
        ["-c", "sftp -q -b - -P \(port) \(options) smki-\(party)@127.0.0.1"],
        in: estate.place, input: lines.map { $0 + "\n" }.joined())
    }
    try estate.wait { (try? sftp("pwd"))?.code == 0 }
    let fetched = try sftp("get -r bulk got")
    #expect(fetched.code == 0, "\(fetched.errors)")
    let same = try Program.shell(
      """
      test -n "$(ls got/segments)"
      for part in manifests segments; do
        for f in got/$part/*; do cmp "$f" "var/bulk/$part/$(basename "$f")"; done
      done
      """, in: estate.place)
    #expect(same.code == 0, "\(same.errors)")
    // An interrupted download goes on: what is there already is not fetched again.
    _ = try Program.shell(
      "cd got/manifests; for f in *; do truncate -s 10 $f; done", in: estate.place)
    #expect(try sftp("reget -r bulk/manifests got/manifests").code == 0)
    try Self.tryToLeave(estate, options: options, port: port, user: "smki-\(party)", sftp)
  }

  /// What a party may not do, and a stranger may not either.
  private static func tryToLeave(
    _ estate: OwnEstate, options: String, port: UInt16, user: String,
    _ sftp: (String...) throws -> Program.Outcome
  ) throws {
    for line in [
      "get /etc/passwd stolen", "get ../../../etc/passwd stolen", "ls /etc",
      "put party.key bulk/planted", "rm bulk/manifests/*", "mkdir bulk/x", "ln -s / bulk/all",
      "chmod 777 bulk",
    ] {
      #expect(try sftp(line).code != 0, "\(line)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(estate.place)/stolen"))
    let shell = try Program.shell(
      "ssh -p \(port) \(options) \(user)@127.0.0.1 cat /etc/passwd </dev/null || true",
      in: estate.place)
    #expect(!shell.output.contains("root:"))
    // Another key opens nothing.
    let stranger = try Program.shell(
      """
      ssh-keygen -q -t ed25519 -N '' -f other.key
      sftp -q -b /dev/null -P \(port) -o StrictHostKeyChecking=no \
        -o UserKnownHostsFile=/dev/null -o IdentitiesOnly=yes -i other.key \
        \(user)@127.0.0.1
      """, in: estate.place)
    #expect(stranger.code != 0)
  }
}
