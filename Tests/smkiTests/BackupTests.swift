// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Glibc
import Testing

@Suite("A copy of a serving estate serves once it was verified", .serialized)
struct BackupTests {
  /// Searches, so that the access log has a segment.
  private static func search(_ estate: OwnEstate) throws {
    let asked = try Program.shell(
      """
      curl -sS -H 'Content-Type: application/xml' \
      --data-binary @Examples/xml/search-organisation-request.xml \
      'http://127.0.0.1:\(estate.ports[2])/services/certificatesearch?apikey=u3bg9gt38htd0j2'
      """, in: estate.place)
    try #require(asked.output.contains("<ResponseCode>200<"), "\(asked.errors)")
  }

  private static func command(_ line: String, in estate: OwnEstate) throws -> Program.Outcome {
    try Program.run(
      Program.path, line.split(separator: " ").map(String.init), in: estate.place)
  }

  /// A statement on the copied store by somebody else's program.
  private static func sql(_ statement: String) -> String {
    "python3 -c \"import sqlite3; c = sqlite3.connect('copy/smki.sqlite'); "
      + "c.execute(\\\"\(statement)\\\"); c.commit()\""
  }

  @Test(
    "it is taken while the node serves, is refused before it was verified, and goes on",
    .clause("ENG-backup"))
  func takenWhileServing() throws {
    let estate = try OwnEstate()
    try estate.serve()
    try Self.search(estate)
    let taken = try Self.command("backup copy --estate var", in: estate)
    #expect(taken.code == 0, "\(taken.errors)")
    #expect(try Self.command("backup copy --estate var", in: estate).code == 3)
    _ = try estate.stop(SIGTERM)
    let left = try Program.shell("cd copy; ls -A; stat -c %a . keys", in: estate.place).output
    for name in ["passphrase", "offline", "control.sock"] { #expect(!left.contains(name)) }
    #expect(left.hasSuffix("700\n700\n"), "\(left)")
    let verified = try Self.command("verify --estate copy", in: estate)
    #expect(verified.code == 0, "\(verified.output)")

    _ = try Program.shell("cp var/passphrase copy/passphrase", in: estate.place)
    for line in ["serve --estate copy", "audit checkpoint --estate copy"] {
      let refused = try Self.command(line, in: estate)
      #expect(refused.code == 3)
      #expect(refused.errors.contains("ENG-backup"), "\(refused.errors)")
    }
    let restored = try Self.command("restore --estate copy", in: estate)
    #expect(restored.code == 0, "\(restored.errors)")
    #expect(try Self.command("audit checkpoint --estate copy", in: estate).failure == nil)
    let entries = try Self.command("audit entries --last 9 --estate copy", in: estate).output
    #expect(entries.contains("backup-taken"))
    #expect(entries.contains("estate-restored"))
    #expect(try Self.command("verify --estate copy", in: estate).failure == nil)
    #expect(try Self.command("restore --estate copy", in: estate).code == 3)
  }

  @Test(
    "a spoilt copy does not serve", .clause("ENG-backup"),
    arguments: [
      sql("UPDATE party SET name = 'x' WHERE id = 'example-gas'"),
      sql("DELETE FROM audit_checkpoint WHERE position = 0"),
      "sed -i 's/\"root\".*/\"root\" : \"\",/' copy/backup.json",
    ])
  func spoilt(how: String) throws {
    let estate = try OwnEstate()
    try #require(try Self.command("backup copy --estate var", in: estate).code == 0)
    let done = try Program.shell(how, in: estate.place)
    try #require(done.code == 0, "\(done.errors)")
    let refused = try Self.command("restore --estate copy", in: estate)
    #expect(refused.code == 4, "\(refused.errors)")
    #expect(try Self.command("serve --estate copy", in: estate).code == 3)
  }

  @Test("a copy that ends before a checkpoint needs consent", .clause("ENG-backup"))
  func older() throws {
    let estate = try OwnEstate()
    let early = try Self.command("audit checkpoint --estate var", in: estate).output
    try early.write(toFile: "\(estate.place)/early", atomically: true, encoding: .utf8)
    try #require(try Self.command("backup copy --estate var", in: estate).code == 0)
    _ = try Self.command("party suspend --party example-gas --evidence P --estate var", in: estate)
    let late = try Self.command("audit checkpoint --estate var", in: estate).output
    try late.write(toFile: "\(estate.place)/late", atomically: true, encoding: .utf8)
    _ = try Program.shell("cp -a copy second", in: estate.place)
    let lacking = try Self.command("restore --estate copy --checkpoint late", in: estate)
    #expect(lacking.code == 4)
    #expect(lacking.errors.contains("lacks 1 entries"), "\(lacking.errors)")
    let consented = try Self.command(
      "restore --estate copy --checkpoint late --accept-loss", in: estate)
    #expect(consented.code == 0, "\(consented.errors)")
    #expect(
      try Self.command("restore --estate second --checkpoint early", in: estate).failure == nil)
  }

  @Test("what a crash left is said in words", .clause("ENG-two-commits"))
  func openChunks() throws {
    let estate = try OwnEstate()
    try estate.serve(["SMKI_STOP_AT": "recorded"])
    let asked = try Program.shell(
      """
      EUI64=5A4D4B490000FF09 openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
      -config Examples/device.cnf -subj / -keyout d.key -out d.csr
      P=var/parties/example-meters/portal-device
      curl -sS --max-time 3 --cacert var/tls/authority.pem --cert $P.pem --key $P.key \
      --data-binary @d.csr https://127.0.0.1:\(estate.ports[0])/1.0/DeviceCSR || echo unanswered
      """, in: estate.place)
    #expect(asked.output.contains("unanswered"))
    let serving = try estate.run("verify")
    #expect(serving.code == 0)
    #expect(serving.output.contains("1 open chunks: the process that has the estate"))
    _ = try estate.stop(SIGKILL)
    let crashed = try estate.run("verify")
    #expect(crashed.code == 0)
    #expect(crashed.output.contains("1 open chunks: a crash left them; the next start voids them"))
    _ = try estate.run("audit", "checkpoint")
    let voided = try estate.run("verify").output
    #expect(voided.contains("1 chunk voided, 0 open"), "\(voided)")
  }
}
