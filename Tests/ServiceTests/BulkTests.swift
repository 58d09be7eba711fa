// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Foundation
import HTTP
import Registration
import Repository
import SEC
import Service
import Testing
import X509

/// An estate with devices, small segments, and its bulk files.
final class BulkSetting: Sendable {
  let estate: ServingEstate
  let folder: String

  init(devices: Int = 5) throws {
    let setting = try AdHocSetting(
      ServingEstate { configuration in
        configuration.bulk.segmentCertificates = 6
        configuration.bulk.settleSeconds = 10
      })
    estate = setting.estate
    folder = NSTemporaryDirectory() + "smki-mirror-\(UUID().uuidString)"
    maker = setting.maker
    try add(devices, by: setting.maker)
    try estate.node.registration.addAPIKey(
      "a-key", of: "electric", label: "reader", for: "a test", at: estate.now,
      by: ServingEstate.officer)
    _ = try estate.node.signCheckpoint()
  }

  private let maker: ServingEstate.Credential

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func add(_ devices: Int, by credential: ServingEstate.Credential? = nil) throws {
    for _ in 0..<devices {
      let id = EntityID(0x5A4D_4B49_0000_0000 + UInt64.random(in: 0..<1 << 31))
      try estate.issue(
        DeviceDraft(for: id, usage: .keyAgreement).encoded(), by: credential ?? maker)
    }
    estate.pass(seconds: 60)
  }

  @discardableResult
  func make(_ kind: String? = nil) throws -> [String] {
    try MakeBulk(kind: kind).run(in: estate.node, by: ServingEstate.operatorOfSystem).published
  }

  func get(_ name: String, range: String? = nil, key: String? = "a-key") throws -> Response {
    let request = Request(
      method: "GET", path: "/services/bulk\(name.isEmpty ? "" : "/")\(name)",
      query: key.map { [(name: "apikey", value: $0)] } ?? [],
      headers: Headers(range.map { [("Range", $0)] } ?? []))
    return try #require(estate.node.doors.answer(request, at: .repository))
  }

  var index: BulkInterface.Index {
    get throws { try JSONDecoder().decode(BulkInterface.Index.self, from: Data(get("").body)) }
  }

  /// What a mirror reads over the door; `spoil` may change it or throw.
  func fetch(
    _ spoil: @escaping (String, [UInt8]) throws -> [UInt8] = { $1 }
  ) -> Mirror.Fetch {
    { name, range in
      let response = try self.get(
        name, range: range.map { "bytes=\($0.lowerBound)-\($0.upperBound - 1)" })
      try #require(response.status == (range == nil ? 200 : 206))
      let octets = try response.file.map { Array(try Data(contentsOf: URL(filePath: $0))) }
      return try spoil(name, octets ?? response.body)
    }
  }

  func mirror() throws -> Mirror {
    let time = estate.now
    return try Mirror(folder, key: estate.node.bulk.noteKey, clock: { time })
  }

  /// Every certificate that the Repository may show.
  var all: Set<[UInt8]> {
    get throws {
      var all: Set<[UInt8]> = []
      try estate.node.repository.walk { _, certificate in
        if certificate.kind != .iki { all.insert(certificate.der) }
      }
      return all
    }
  }
}

@Suite("Bulk files: made, served in ranges, mirrored and mended", .serialized)
struct BulkTests {
  let setting: BulkSetting

  init() throws { setting = try BulkSetting() }

  @Test(
    "a full extract a week and a delta a day, each signed and whole",
    .clause("MP147-bulk", "ENG-bulk"))
  func week() throws {
    #expect(try setting.make() == ["delta-2026-11-21", "full-2026-11-21"])
    #expect(try setting.make() == [])
    var deltas = ["delta-2026-11-21"]
    for day in 22...30 {
      setting.estate.pass(seconds: 86_400 - 60)
      try setting.add(1)
      let made = try setting.make()
      // A week after the first, the next full extract.
      #expect(made == ["delta-2026-11-\(day)"] + (day == 28 ? ["full-2026-11-28"] : []))
      deltas.append("delta-2026-11-\(day)")
    }
    let index = try setting.index
    #expect(index.full == ["full-2026-11-21", "full-2026-11-28"])
    #expect(index.delta == deltas.suffix(7))
    let folder = setting.estate.node.bulk.folder
    let key = try setting.estate.node.bulk.noteKey
    var found: Set<[UInt8]> = []
    var perDelta: [Int] = []
    for name in ["full-2026-11-28"] + index.delta {
      let manifest = try #require(try folder.manifest(name, key: key))
      perDelta.append(manifest.certificates)
      for segment in manifest.segments {
        #expect(folder.fault(of: segment) == nil)
        #expect(segment.count <= 6)
        try folder.each(of: segment) { found.insert($0) }
      }
    }
    #expect(perDelta.dropFirst().allSatisfy { $0 == 1 })
    #expect(try setting.all.isSubset(of: found))
    // A full segment stays the same file from one week to the next.
    let (old, new) = (
      try #require(try folder.manifest("full-2026-11-21", key: key)),
      try #require(try folder.manifest("full-2026-11-28", key: key))
    )
    #expect(old.segments.first == new.segments.first)
    #expect(new.treeSize > 0)
  }

  @Test("only a reader with a key sees them, and nothing but them", .clause("L5.6", "ENG-bulk"))
  func door() throws {
    try setting.make("full")
    #expect(try setting.get("", key: nil).status == 403)
    #expect(try setting.get("full-2026-11-21", key: "wrong").status == 403)
    #expect(try setting.get("full-2026-11-21").status == 200)
    for name in [
      "../estate.json", "..", "%2e%2e", ".pending", "manifests/full-2026-11-21", "full-2026-11-20",
      "segments", "x.zst", "a/../b.zst", "certificates-000000000001-000000000006.line", "",
    ] where !name.isEmpty {
      let response = try setting.get(name)
      #expect(response.status == 404, "\(name)")
      let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
      #expect(body.code == "bulk-file-unknown")
    }
    #expect(throws: Refusal.bulkKind("daily")) { try setting.make("daily") }
  }

  @Test("a file comes whole, or from any octet on", .clause("ENG-bulk"))
  func ranges() throws {
    try setting.make("full")
    let folder = setting.estate.node.bulk.folder
    let manifest = try #require(
      try folder.manifest("full-2026-11-21", key: setting.estate.node.bulk.noteKey))
    let segment = try #require(manifest.segments.first)
    let octets = Array(try Data(contentsOf: URL(filePath: folder.segment(segment.name))))
    let whole = try setting.get(segment.name)
    #expect(whole.status == 200 && whole.file == folder.segment(segment.name))
    let size = octets.count
    for (range, expected) in [
      ("bytes=0-0", 0..<1), ("bytes=10-19", 10..<20), ("bytes=100-", 100..<size),
      ("bytes=-5", size - 5..<size), ("bytes=0-999999999", 0..<size),
    ] {
      let response = try setting.get(segment.name, range: range)
      #expect(response.status == 206)
      #expect(response.body == Array(octets[expected]))
      #expect(
        response.headers.contains {
          $0 == ("Content-Range", "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/\(size)")
        })
    }
    for range in ["bytes=\(size)-", "bytes=-0"] {
      let response = try setting.get(segment.name, range: range)
      #expect(response.status == 416)
      let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
      #expect(body.code == "range-outside")
    }
    // What is no single range is answered whole.
    for range in ["bytes=5-1", "bytes=1-2,4-5", "lines=1-2", "bytes=+1-2"] {
      #expect(try setting.get(segment.name, range: range).status == 200)
    }
  }

  private struct Interrupted: Error {}

  @Test(
    "a mirror that was interrupted goes on, and finds what the Repository finds",
    .clause("ENG-mirror"))
  func mirror() throws {
    try setting.make()
    let mirror = try setting.mirror()
    defer { mirror.close() }
    var pieces = 0
    #expect(throws: Interrupted.self) {
      try mirror.synchronise(
        index: setting.index,
        fetch: setting.fetch { name, octets in
          pieces += name.hasSuffix(".zst") ? 1 : 0
          if pieces == 3 { throw Interrupted() }
          return octets
        })
    }
    var left = 0
    let report = try mirror.synchronise(
      index: setting.index,
      fetch: setting.fetch { name, octets in
        left += name.hasSuffix(".zst") ? 1 : 0
        return octets
      })
    #expect(pieces == 3 && left > 0)
    let all = try setting.all
    #expect(report.certificates == all.count)
    var found: Set<[UInt8]> = []
    try mirror.repository.walk { _, certificate in found.insert(certificate.der) }
    #expect(found == all)
    #expect(try mirror.faults() == [])
    // The next day only what is new is fetched.
    setting.estate.pass(seconds: 86_400)
    try setting.add(2)
    try setting.make()
    let next = try mirror.synchronise(index: setting.index, fetch: setting.fetch())
    #expect(next.added == 2)
    #expect(next.certificates == all.count + 2)
  }

  @Test("the mirror answers searches as the Repository does", .clause("ENG-mirror", "ENG-search"))
  func searches() throws {
    try setting.make()
    let mirror = try setting.mirror()
    defer { mirror.close() }
    _ = try mirror.synchronise(index: setting.index, fetch: setting.fetch())
    let node = setting.estate.node
    for words in [["class": "dca"], ["class": "oca"], ["role": "2"], ["status": "R"]] {
      func search(_ repository: Repository, _ revocations: Revocations) throws -> [[UInt8]] {
        try repository.search(
          CertificateQuery { words[$0] }, for: "test", sealedBy: [1], at: setting.estate.now,
          revocations: revocations
        ).certificates.map(\.der)
      }
      #expect(
        Set(try search(mirror.repository, mirror.revocations))
          == Set(try search(node.repository, node.revocation.known)))
    }
  }

  @Test("an octet that was changed here is found and mended", .clause("ENG-mirror", "ENG-bulk"))
  func mends() throws {
    try setting.make()
    let mirror = try setting.mirror()
    defer { mirror.close() }
    _ = try mirror.synchronise(index: setting.index, fetch: setting.fetch())
    let folder = mirror.files.path + "/segments/"
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted().first)
    var octets = try Data(contentsOf: URL(filePath: folder + name))
    octets[octets.count / 2] ^= 1
    try octets.write(to: URL(filePath: folder + name))
    #expect(try mirror.faults() == ["\(name): octets were changed"])
    let report = try mirror.synchronise(index: setting.index, fetch: setting.fetch())
    #expect(report.mended == [name])
    #expect(try mirror.faults() == [])
    // So is one in the Repository's own folder.
    let own = setting.estate.node.bulk.folder
    let manifest = try #require(
      try own.manifest(own.names(of: .full)[0], key: setting.estate.node.bulk.noteKey))
    let segment = try #require(manifest.segments.first)
    var served = try Data(contentsOf: URL(filePath: own.segment(segment.name)))
    served[0] ^= 1
    try served.write(to: URL(filePath: own.segment(segment.name)))
    #expect(own.fault(of: segment) == "\(segment.name): octets were changed")
  }

  @Test(
    "what nobody known signed, what is older and what is other octets is not taken",
    .clause("ENG-mirror"))
  func refusals() throws {
    try setting.make()
    let mirror = try setting.mirror()
    defer { mirror.close() }
    #expect(throws: AuditError.self) {
      try mirror.synchronise(
        index: setting.index,
        fetch: setting.fetch { name, octets in
          name.hasSuffix(".zst")
            ? octets
            : Array(String(decoding: octets, as: UTF8.self).replacing("full ", with: "Full ").utf8)
        })
    }
    let error = #expect(throws: Refusal.self) {
      try mirror.synchronise(
        index: setting.index,
        fetch: setting.fetch { name, octets in
          name.hasSuffix(".zst")
            ? Array(octets.dropLast()) + [octets.last.map { ~$0 } ?? 0] : octets
        })
    }
    #expect(error == .mirrorSegment("", ""))
    _ = try mirror.synchronise(index: setting.index, fetch: setting.fetch())
    let old = try setting.index
    setting.estate.pass(seconds: 86_400)
    try setting.add(3)
    let first = old.full + old.delta
    var kept: [String: [UInt8]] = [:]
    for name in first { kept[name] = try setting.fetch()(name, nil) }
    try setting.make()
    _ = try mirror.synchronise(index: setting.index, fetch: setting.fetch())
    let older = #expect(throws: Refusal.self) {
      try mirror.synchronise(index: old, fetch: { name, _ in kept[name] ?? [] })
    }
    #expect(older == .mirrorOlder(0, 0))
  }
}
