// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import Client
import DER
import Foundation
import HTTP
import Records
import Registration
import SEC
import Service
import Testing
import Threads

@Suite("Reads and refusals stand in an access log that the audit knows", .serialized)
struct AccessLogTests {
  private static let search =
    "<CertificateSearchRequest><CertificateSubjectAltName>\(AdHocSetting.device)"
    + "</CertificateSubjectAltName></CertificateSearchRequest>"

  /// An estate that serves, with a reader.
  private static func serving(
    _ kind: Estate.Kind = .test, changing change: (inout Configuration) -> Void = { _ in }
  ) throws -> ServingEstate {
    let estate = try ServingEstate(kind: kind, changing: change)
    try estate.add("electric", [.importSupplier], subscribes: false)
    try estate.node.registration.addAPIKey(
      "key-of-the-reader", of: "electric", label: "reader", for: "a test", at: estate.now,
      by: ServingEstate.officer)
    try estate.node.serve()
    return estate
  }

  private static func ask(
    _ estate: ServingEstate, key: String = "key-of-the-reader"
  ) throws
    -> ClientResponse
  {
    try estate.client().post(
      estate.url(.repository, "/services/certificatesearch?apikey=\(key)"),
      type: "application/xml", body: Array(search.utf8))
  }

  private static func folder(_ estate: ServingEstate) -> AccessFolder {
    AccessFolder(estate.folder.access, node: estate.node.configuration.nodeOfAccessLog)
  }

  /// The lines of everything, sealed or not, once there are as many.
  private static func lines(_ estate: ServingEstate, atLeast count: Int) throws -> [AccessRecord] {
    let folder = folder(estate)
    for _ in 0..<200 {
      let sealed = try folder.days().flatMap { day in
        try folder.segments(of: day).flatMap { try folder.lines(of: $0, isOpen: false) }
      }
      let open = try folder.openSegments().flatMap { try folder.lines(of: $0, isOpen: true) }
      if (sealed + open).count >= count { return sealed + open }
      usleep(20_000)
    }
    Issue.record("the lines never came")
    return []
  }

  /// Lets the minute pass and waits until its segments are sealed.
  private static func seal(_ estate: ServingEstate) throws {
    estate.pass(seconds: 60)
    for _ in 0..<300 {
      if folder(estate).openSegments().isEmpty { return }
      usleep(20_000)
    }
    Issue.record("the segment was never sealed")
  }

  private static func verify(_ estate: ServingEstate) throws -> VerificationReport {
    try Verification(
      records: estate.node.records, keys: [estate.node.checkpointNoteKey],
      accessLog: folder(estate)
    ).run()
  }

  @Test(
    "a read, a wrong key, a stranger and an unknown path are lines of a segment with an entry",
    .clause("ENG-audit-log", "K-audit-reference", "L5.6"))
  func linesAndEntry() throws {
    let estate = try Self.serving()
    let found = try Self.ask(estate)
    #expect(found.status == 402)
    #expect(try Self.ask(estate, key: "wrong").status == 403)
    _ = try estate.client().get(estate.url(.repository, "/nowhere"))
    _ = try estate.client().post(
      estate.url(.service, "/1.0/DeviceCSR"), type: "text/plain", body: [1])
    let lines = try Self.lines(estate, atLeast: 4)
    #expect(lines.map(\.kind) == [.read, .refusal, .refusal, .refusal])
    let read = try #require(lines.first)
    #expect(read.facts["party"] == "electric")
    #expect(read.facts["reader"] == "reader")
    #expect(read.facts["subject"] == "\(AdHocSetting.device)")
    #expect(read.facts["status"] == "402")
    #expect(read.facts["address"]?.isEmpty == false)
    #expect(found.text.contains("<AuditReference>\(read.facts["reference"] ?? "none")<"))
    #expect(
      lines.dropFirst().map { $0.facts["reason"] } == [
        "api-key-unknown", "nothing stands at this path", "credential-unknown",
      ])
    #expect(!lines.contains { "\($0)".contains("key-of-the-reader") })
    try Self.seal(estate)
    let audit = estate.node.records.audit
    let entry = try #require(
      audit.entries(from: max(0, audit.size - 5)).map(\.entry).last {
        $0.action == "access-segment-sealed"
      })
    #expect(entry.facts["lines"] == "4")
    let report = try Self.verify(estate)
    #expect(report.faults == [])
    #expect(report.counts.accessSegments == 1)
    #expect(report.counts.openAccessSegments == 0)
  }

  @Test(
    "a changed, a missing and an added line or segment is found", .clause("ENG-audit-log"),
    arguments: ["change", "cut", "remove", "add", "nothing"])
  func tampering(how: String) throws {
    let estate = try Self.serving()
    _ = try Self.ask(estate)
    _ = try Self.lines(estate, atLeast: 1)
    try Self.seal(estate)
    let folder = Self.folder(estate)
    let day = try #require(folder.days().first)
    let name = try #require(folder.segments(of: day).first)
    let file = "\(folder.path)/\(day)/\(name)"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    switch how {
    case "change":
      try text.replacing("electric", with: "electrix").write(
        toFile: file, atomically: true, encoding: .utf8)
    case "cut": try "".write(toFile: file, atomically: true, encoding: .utf8)
    case "remove": try FileManager.default.removeItem(atPath: file)
    case "add": try text.write(toFile: file + "1", atomically: true, encoding: .utf8)
    default: break
    }
    let faults = try Self.verify(estate).faults
    #expect(faults.map(\.table) == (how == "nothing" ? [] : ["access_log"]))
    #expect(faults.map(\.row) == (how == "nothing" ? [] : [how == "add" ? name + "1" : name]))
  }

  @Test("a flood is counted and not listed", .clause("ENG-audit-log"))
  func flood() throws {
    let estate = try Self.serving {
      $0.accessLog.refusalsListedMax = 3
      $0.accessLog.readsListedMax = 2
    }
    for _ in 0..<5 { _ = try Self.ask(estate) }
    for _ in 0..<7 { _ = try Self.ask(estate, key: "wrong") }
    try Self.seal(estate)
    let lines = try Self.lines(estate, atLeast: 7)
    #expect(lines.map(\.kind) == [.read, .read, .refusal, .refusal, .refusal, .counted, .counted])
    let counted = lines.filter { $0.kind == .counted }
    #expect(
      Set(counted.map { "\($0.facts["of"] ?? "") \($0.facts["times"] ?? "")" })
        == ["read 3", "refusal 4"])
    #expect(counted.allSatisfy { $0.facts["address"] == nil && $0.facts["party"] == nil })
  }

  @Test(
    "when the log cannot be written a live estate answers reads 503 and a test estate goes on",
    .clause("ENG-audit-log"), arguments: [Estate.Kind.live, .test])
  func unwritable(kind: Estate.Kind) throws {
    let estate = try Self.serving(kind)
    #expect(try Self.ask(estate).status == 402)
    _ = try Self.lines(estate, atLeast: 1)
    try Self.seal(estate)
    // A file where the folder was: even root cannot make a segment in it.
    let open = estate.folder.access + "/open"
    try FileManager.default.removeItem(atPath: open)
    try Data().write(to: URL(filePath: open))
    let refused = try Self.ask(estate)
    #expect(refused.status == (kind == .live ? 503 : 402))
    #expect(refused.text.contains("ENG-audit-log") == (kind == .live))
    for _ in 0..<100 where estate.node.access.isWritable { usleep(20_000) }
    #expect(estate.lines.value.count { $0.contains("access-log-failed") } == 1)
    try FileManager.default.removeItem(atPath: open)
    _ = try Self.ask(estate)
    #expect(try Self.ask(estate).status == 402)
    let lines = try Self.lines(estate, atLeast: 3)
    #expect(lines.contains { $0.kind == .lost })
  }

  @Test("a segment that a crash left open is sealed at the next start", .clause("ENG-audit-log"))
  func leftOpen() throws {
    let estate = try ServingEstate()
    let open = estate.folder.access + "/open"
    try FileManager.default.createDirectory(atPath: open, withIntermediateDirectories: true)
    try Data("{\"kind\":\"read\",\"time\":\"2026-11-21T07:00:00.000Z\"}\n{\"ki".utf8)
      .write(to: URL(filePath: open + "/2026-11-21T0700Z-0"))
    #expect(try Self.verify(estate).counts.openAccessSegments == 1)
    try estate.node.serve()
    for _ in 0..<200 where !Self.folder(estate).openSegments().isEmpty { usleep(20_000) }
    let report = try Self.verify(estate)
    #expect(report.faults == [])
    #expect(report.counts.accessSegments == 1)
  }

  @Test("segments stay on line for their time, and no longer", .clause("ENG-audit-log"))
  func retention() throws {
    let estate = try Self.serving {
      $0.accessLog.daysOnLine = 30
      $0.accessLog.archiveYears = 0
    }
    _ = try Self.ask(estate)
    _ = try Self.lines(estate, atLeast: 1)
    try Self.seal(estate)
    let folder = Self.folder(estate)
    #expect(folder.days() == ["2026-11-21"])
    estate.pass(seconds: 30 * 86_400)
    estate.node.schedule?.look()
    #expect(folder.days() == ["2026-11-21"])
    estate.pass(seconds: 86_400)
    estate.node.schedule?.look()
    #expect(folder.days() == [])
    let report = try Self.verify(estate)
    #expect(report.faults == [])
    #expect(report.counts.accessSegments == 0)
  }

  @Test(
    "segments go from the line into the archive, are proven there, and leave it after their years",
    .clause("ENG-audit-log"))
  func archive() throws {
    let estate = try Self.serving {
      $0.accessLog.daysOnLine = 30
      $0.accessLog.archiveYears = 2
    }
    _ = try Self.ask(estate)
    _ = try Self.lines(estate, atLeast: 1)
    try Self.seal(estate)
    let folder = Self.folder(estate)
    estate.pass(seconds: 31 * 86_400)
    estate.node.schedule?.look()
    #expect(folder.days() == [])
    #expect(folder.archivedDays() == ["2026-11-21"])
    let name = try #require(folder.archivedSegments(of: "2026-11-21").first)
    #expect(try folder.lines(of: name, isOpen: false).first?.facts["party"] == "electric")
    #expect(try Self.verify(estate).faults == [])
    #expect(try Self.verify(estate).counts.accessSegments == 1)
    // One octet of the packed file.
    let file = "\(folder.path)/archive/2026-11-21/\(name).zst"
    let whole = try Data(contentsOf: URL(filePath: file))
    var spoilt = whole
    spoilt[spoilt.count / 2] ^= 1
    try spoilt.write(to: URL(filePath: file))
    #expect(try Self.verify(estate).faults.map(\.row) == [name])
    try FileManager.default.removeItem(atPath: file)
    #expect(try Self.verify(estate).faults.map(\.row) == [name])
    try whole.write(to: URL(filePath: file))
    estate.pass(seconds: 729 * 86_400 - 31 * 86_400)
    estate.node.schedule?.look()
    #expect(folder.archivedDays() == ["2026-11-21"])
    estate.pass(seconds: 3 * 86_400)
    estate.node.schedule?.look()
    #expect(folder.archivedDays() == [])
    #expect(try Self.verify(estate).faults == [])
  }
}
