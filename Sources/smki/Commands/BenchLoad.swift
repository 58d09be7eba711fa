// SPDX-License-Identifier: Apache-2.0

import Client
import DER
import Foundation
import SEC
import Service

/// What `bench load` prints as JSON for `bench`.
struct LoadReport: Codable {
  let kind: String
  let result: LoadResult
  /// The serial numbers of what was issued, for look-ups afterwards.
  var serials: [String] = []
}

extension Command {
  /// Puts one kind of load on a serving node; `bench` runs it in a process of its own.
  static let benchLoad = Command(
    name: "bench load", summary: "put load on a serving test estate and measure it",
    notes: """
      The client is this process, the node is another. The kinds are issue (first certificates \
      over mutual TLS), handshake (a new connection for each request), search (by device) and \
      retrieve (by serial number, read from standard input).
      """,
    options: [
      .required(
        "--kind", "KIND", "what to ask for",
        words: ["issue", "handshake", "search", "retrieve"]),
      .value("--connections", "N", "connections at a time; 8 by default"),
      .value("--requests", "N", "how many requests; 1000 by default"),
      .value("--from", "N", "number of the first device; 0 by default"),
    ], example: "smki bench load --kind issue --connections 8 --requests 5000 --estate var"
  ) { invocation in
    let kind = try invocation.required("--kind")
    let connections = try invocation.number("--connections", in: 1...1000) ?? 8
    let count = try invocation.number("--requests", in: 1...1_000_000) ?? 1000
    let first = try invocation.number("--from", in: 0...1_000_000_000) ?? 0
    let target = try LoadTarget(invocation.folder)
    let report = try target.load(kind, connections: connections, count: count, first: first)
    try invocation.show(report) {
      Table(headings: LoadReport.headings, rows: [report.row(connections)]).text()
    }
    return .done
  }
}

extension LoadReport {
  static let headings = ["load", "connections", "requests", "per second", "p50 ms", "p99 ms"]

  func row(_ connections: Int) -> [String] {
    [
      kind, String(connections), String(result.requests), String(Int(result.rate)),
      result.median.formatted(decimals: 2), result.percentile99.formatted(decimals: 2),
    ]
  }
}

extension Double {
  /// With so many digits behind the point.
  func formatted(decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}

/// A serving test estate as a client finds it: addresses, credentials, key.
struct LoadTarget {
  private let folder: Folder
  private let doors: Configuration.Doors
  /// The sample party that makes meters.
  static let party = "example-meters"

  init(_ folder: Folder) throws {
    self.folder = folder
    doors = try Configuration.read(folder.path).doors
  }

  private var options: HTTPClient.Options {
    var options = HTTPClient.Options()
    options.authoritiesPath = folder.serverAuthority
    options.certificatePath = "\(folder.parties)/\(Self.party)/portal-device.pem"
    options.keyPath = "\(folder.parties)/\(Self.party)/portal-device.key"
    return options
  }

  private var service: String { "https://127.0.0.1:\(doors.service)" }
  private var plain: String { "http://127.0.0.1:\(doors.repositoryPlain ?? 0)" }
  private static let key = RepositoryInterface.testAPIKey
  /// Serial numbers that are handed on for look-ups.
  private static let serialsMax = 5000

  func load(_ kind: String, connections: Int, count: Int, first: Int) throws -> LoadReport {
    switch kind {
    case "issue":
      let made = try RequestForge.make(count, from: first)
      let (result, serials) = try Load.issue(
        made, url: service, connections: connections, options: options)
      return LoadReport(
        kind: kind, result: result, serials: Array(serials.prefix(Self.serialsMax)))
    case "handshake":
      let load = Load(connections: connections, options: options, handshakeEach: true)
      let service = service
      // A path that no route has: what is measured is the handshake.
      let result = try load.run(count) { _, client in try client.get("\(service)/handshake") }
      return LoadReport(kind: kind, result: result)
    case "search":
      let devices = (0..<max(1, first)).map {
        EntityID(RequestForge.firstDevice + UInt64($0))
      }
      let result = try Load.search(
        devices, url: plain, key: Self.key, connections: connections, count: count)
      return LoadReport(kind: kind, result: result)
    default:
      let lines = String(
        decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
      let serials = lines.split(separator: "\n").map(String.init)
      guard !serials.isEmpty else { throw BenchError.wrongCertificate("no serial numbers") }
      let result = try Load.retrieve(
        serials, url: plain, key: Self.key, connections: connections, count: count)
      return LoadReport(kind: kind, result: result)
    }
  }
}
