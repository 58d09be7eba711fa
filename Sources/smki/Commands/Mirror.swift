// SPDX-License-Identifier: Apache-2.0

import Client
import FoundationEssentials
import Repository
import SEC
import Service

extension Command {
  private static let folder = Option.required("--folder", "DIR", "the folder of the mirror")
  private static let trust = Option.required(
    "--trust", "FILE", "the key of the estate's audit, as audit.vkey has it")
  /// What every command on a mirror takes.
  static let mirrorOptions = [folder, trust]

  static let mirrorSync = Command(
    name: "mirror sync", summary: "bring a local copy of the Repository to what is served now",
    notes: """
      Only what the signed manifests name is taken. A download that was interrupted goes on, and a \
      file whose octets were changed here is fetched again.
      """,
    options: [
      folder, trust,
      .required("--url", "URL", "the Repository, such as https://repository.example:8444"),
      .required("--api-key", "FILE", "a file with the API key"),
      .value("--authority", "FILE", "whom the server must go back to; by default the system's"),
    ],
    example: "smki mirror sync --folder mirror --trust audit.vkey --url https://localhost:8444 "
      + "--api-key reader.key"
  ) { invocation in
    let source = try MirrorSource(invocation)
    let mirror = try invocation.mirror()
    defer { mirror.close() }
    let report = try mirror.synchronise(index: source.index(), fetch: source.fetch) { name in
      if !invocation.isJSON { Terminal.complain("smki: fetching \(name)") }
    }
    try invocation.show(report) {
      "\(report.certificates) certificates, \(report.added) of them new, "
        + "\(Table.count(report.fetched, "octet")) fetched"
        + (report.mended.isEmpty ? "" : "; mended \(report.mended.joined(separator: ", "))")
    }
    return .done
  }

  static let mirrorCheck = Command(
    name: "mirror check", summary: "check every octet of a local copy, and its store against it",
    notes: "Ends with 4 when something is wrong; mirror sync then mends the files.",
    options: [folder, trust],
    example: "smki mirror check --folder mirror --trust audit.vkey"
  ) { invocation in
    let mirror = try invocation.mirror()
    defer { mirror.close() }
    let faults = try mirror.faults()
    try invocation.show(faults) {
      faults.isEmpty ? "the mirror is as it was signed" : faults.joined(separator: "\n")
    }
    return faults.isEmpty ? .done : .faults
  }

  static let mirrorFind = Command(
    name: "mirror find", summary: "find certificates in a local copy, as smki find does",
    notes: "Nothing is asked of anybody. The status is that of the lists in the newest files.",
    options: [folder, trust] + searchOptions,
    example: "smki mirror find --folder mirror --trust audit.vkey --device 90-B3-D5-1F-30-01-00-00"
  ) { invocation in
    let mirror = try invocation.mirror()
    defer { mirror.close() }
    return try LocalSearch(
      repository: mirror.repository, revocations: mirror.revocations,
      status: { try mirror.status(of: $0, at: $1) }, estate: mirror.folder
    ).run(invocation)
  }
}

extension Invocation {
  func mirror() throws -> Mirror {
    try Mirror(
      required("--folder"), key: AuditKey.ofBulk(required("--trust")), clock: SystemClock.now)
  }
}

/// The Repository from which a mirror is fed.
private struct MirrorSource {
  /// How often a request is sent when the network or a busy node is in the way.
  private static let triesMax = 4

  private let url: String
  private let query: String
  private let client: HTTPClient

  init(_ invocation: Invocation) throws {
    let url = try invocation.required("--url")
    self.url = (url.hasSuffix("/") ? String(url.dropLast()) : url) + BulkInterface.index
    let key = try Files.read(invocation.required("--api-key"))
    let text = String(decoding: key, as: UTF8.self).filter { !$0.isWhitespace }
    query = "?apikey=" + Self.escaped(text)
    var options = HTTPClient.Options()
    options.authoritiesPath = invocation.value("--authority")
    client = try HTTPClient(options)
  }

  /// RFC 3986, 2.3: what is not unreserved is escaped.
  private static func escaped(_ text: String) -> String {
    text.utf8.map { octet in
      let isPlain =
        (48...57).contains(octet) || (65...90).contains(octet) || (97...122).contains(octet)
        || [45, 46, 95, 126].contains(octet)
      let digits = String(octet, radix: 16, uppercase: true)
      return isPlain
        ? String(UnicodeScalar(octet)) : "%" + (digits.utf8.count == 1 ? "0" : "") + digits
    }.joined()
  }

  func index() throws -> BulkInterface.Index {
    try JSONDecoder().decode(BulkInterface.Index.self, from: Data(get(url + query, nil)))
  }

  func fetch(_ name: String, _ range: Range<Int>?) throws -> [UInt8] {
    try get("\(url)/\(name)\(query)", range)
  }

  private func get(_ address: String, _ range: Range<Int>?) throws -> [UInt8] {
    let headers = range.map { [("Range", "bytes=\($0.lowerBound)-\($0.upperBound - 1)")] } ?? []
    for number in 1... {
      do {
        let response = try client.get(address, headers: headers)
        guard response.status == (range == nil ? 200 : 206) else {
          throw Channel.error(in: response)
        }
        return response.body
      } catch let error as ClientError {
        let helps = [.unreachable, .timedOut, .broken].contains(error.code)
        guard helps, number < Self.triesMax else { throw error }
      }
    }
    return []
  }
}
