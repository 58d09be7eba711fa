// SPDX-License-Identifier: Apache-2.0

import Batches
import Client
import DER
import FoundationEssentials
import Glibc
import Keys
import Profiles
import SEC
import Service
import X509
import XML

/// One submission of a party, from its requests to its certificates.
struct PartyWork {
  let connection: PartyConnection
  let folder: RequestFolder

  /// The most seconds between two looks at a batch; the web service is asked at most once an hour
  /// for one that takes long (N4-3-poll-before-20, N4-3-poll-after-20).
  static func lookSecondsMax(_ way: Journal.Way) -> Int64 {
    switch way {
    case .archive: 60
    case .webService: 3_600
    }
  }

  /// Seconds until the next look at a batch that has been waited for so long: a twentieth of that.
  static func lookSeconds(_ way: Journal.Way, after waited: Int64) -> Int64 {
    min(lookSecondsMax(way), 1 + waited / 20)
  }

  // Submitting.

  /// One request, whose certificate comes at once.
  func submitOne() throws -> [UInt8] {
    try connection.post(
      "/1.0/DeviceCSR", type: "application/pkcs10", body: folder.items[0].octets,
      headers: [("Accept", "application/pkix-cert")]
    ).body
  }

  /// A batch through the portal's function for archives.
  func submitArchive(named name: String?) throws -> Journal {
    let draft = FileManager.default.temporaryDirectory.appending(
      path: "smki-client-\(getpid())-\(Hex.encode(Random.bytes(4))).zip"
    ).path
    defer { try? FileManager.default.removeItem(atPath: draft) }
    try folder.writeArchive(to: draft)
    let archive = [UInt8](try Data(contentsOf: URL(filePath: draft)))
    let identifier = name ?? "\(stem)-\(Self.mark(archive)).zip"
    let answer = try connection.post(
      "/1.0/DeviceBatch?name=\(Self.escaped(identifier))", type: "application/zip", body: archive)
    let body = try JSONDecoder().decode(BatchBody.self, from: Data(answer.body))
    return Journal(
      way: .archive, url: connection.url, identifier: identifier, batch: body.batch,
      requests: folder.items.count, expected: body.expected)
  }

  /// A batch through the web service.
  func submitXML(named name: String?) throws -> Journal {
    let draft = try folder.xml(id: "")
    let identifier = name ?? "\(stem)-\(Self.mark(draft))"
    let answer = try connection.post(
      "/1.0/PortalCSRBatch/SubmitCSRBatch", type: "application/xml;charset=UTF-8",
      body: try folder.xml(id: Self.attribute(identifier)))
    let root = try XML.Element.read(answer.body)
    guard let batch = root.child("BatchId").flatMap({ Int($0.text) }) else {
      throw Self.failure(in: root)
    }
    return Journal(
      way: .webService, url: connection.url, identifier: identifier, batch: batch,
      requests: folder.items.count, expected: nil)
  }

  /// Letters that differ when the content does.
  private static func mark(_ octets: [UInt8]) -> String {
    Hex.encode(Array(Digest.sha256(octets).prefix(4))).lowercased()
  }

  private var stem: String {
    URL(filePath: folder.path).standardizedFileURL.deletingPathExtension().lastPathComponent
  }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { octet in
      let isPlain =
        0x30...0x39 ~= octet || 0x41...0x5a ~= octet || 0x61...0x7a ~= octet
        || [0x2d, 0x2e, 0x5f].contains(octet)
      return isPlain ? String(UnicodeScalar(octet)) : "%" + Hex.encode([octet])
    }.joined()
  }

  private static func attribute(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }

  private static func failure(in root: XML.Element) -> Failure.Message {
    let error = root.child("Error")
    return Failure.Message(
      .refused,
      "\(root.child("BatchStatus")?.text ?? ""), \(error?.child("ErrorCode")?.text ?? "")",
      remedy: error?.child("ErrorText")?.text ?? "")
  }

  // Waiting.

  /// Where a batch stands: the word of the XML, how many requests have their outcome, and what is
  /// to be expected.
  struct Look {
    let state: String
    let done: Int
    let outlook: String
  }

  /// Where the batch stands.
  func look(at journal: Journal) throws -> Look {
    switch journal.way {
    case .archive:
      let answer = try connection.get("/1.0/DeviceBatch?BatchId=\(journal.batch)")
      let body = try JSONDecoder().decode(BatchBody.self, from: Data(answer.body))
      return Look(
        state: body.state, done: body.done, outlook: body.outlook(at: SystemClock.now()))
    case .webService:
      let state = try result(of: journal).child("BatchStatus")?.text ?? ""
      return Look(
        state: state, done: state == "COMPLETED" ? journal.requests : 0, outlook: "")
    }
  }

  /// Looks until the batch has ended.
  func wait(for journal: Journal) throws {
    let start = SystemClock.now()
    while true {
      let look = try look(at: journal)
      let waited = SystemClock.now().seconds - start.seconds
      switch look.state {
      case "COMPLETED":
        return Terminal.progress(
          look.state.padded(to: 10), journal.requests, of: journal.requests)
      case "REJECTED", "TAMPERED":
        throw Failure.Message(
          .refused,
          "batch \(journal.batch) is \(look.state)"
            + (look.outlook.isEmpty ? "" : ": \(look.outlook)"),
          remedy: "Ask the Service Desk, then submit again under another name: --name NAME.")
      default:
        Terminal.progress(
          look.state.padded(to: 10), min(look.done, journal.requests - 1), of: journal.requests,
          look.outlook)
      }
      sleep(UInt32(max(1, Self.lookSeconds(journal.way, after: waited))))
    }
  }

  private func result(of journal: Journal) throws -> XML.Element {
    let answer = try connection.get("/1.0/PortalCSRBatch/CSRBatchResult?BatchId=\(journal.batch)")
    let root = try XML.Element.read(
      answer.body,
      limits: XMLReaderLimits(
        octetsMax: PartyConnection.octetsMax, elementsMax: Batch.requestsMax * 6 + 10))
    guard root.child("BatchStatus")?.text.hasSuffix("_ERROR") == false else {
      throw Self.failure(in: root)
    }
    return root
  }

  // Collecting.

  /// One line of the collection: a request, and its certificate or why there is none.
  struct Collected: Codable {
    let name: String
    var certificate: Data?
    var problem: String?
  }

  /// Fetches the outcome of each request and checks each certificate against it (L11.6).
  func collect(_ journal: Journal) throws -> [Collected] {
    var collected: [Collected]
    switch journal.way {
    case .archive: collected = try collectArchive(journal)
    case .webService: collected = try collectXML(journal)
    }
    guard collected.count == folder.items.count else {
      throw Failure.Message(
        .faults, "\(collected.count) outcomes for \(folder.items.count) requests")
    }
    for (place, item) in folder.items.enumerated() {
      guard let der = collected[place].certificate else { continue }
      do {
        let certificate = try Certificate(parsing: Array(der))
        let differences = Matching.differences(certificate, from: try item.request.get())
        if !differences.isEmpty {
          collected[place].problem = "does not match: \(differences.joined(separator: ", "))"
        }
      } catch {
        collected[place].problem = "cannot be read: \(error)"
      }
    }
    return collected
  }

  private func collectArchive(_ journal: Journal) throws -> [Collected] {
    let query = "?BatchId=\(journal.batch)"
    let draft = FileManager.default.temporaryDirectory.appending(
      path: "smki-client-\(getpid())-\(Hex.encode(Random.bytes(4))).zip"
    ).path
    defer { try? FileManager.default.removeItem(atPath: draft) }
    try Data(connection.get("/1.0/DeviceBatch/Certificates" + query).body)
      .write(to: URL(filePath: draft))
    var certificates: [String: [UInt8]] = [:]
    for entry in try RequestFolder.entries(draft, ArchiveReader.certificateExtension) {
      certificates[entry.name] = try Certificate(pem: entry.octets).encoded
    }
    let report = try connection.get("/1.0/DeviceBatch/Report" + query).text
    let outcomes = report.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard outcomes.count == folder.items.count, outcomes.allSatisfy({ $0.count == 4 }) else {
      throw Failure.Message(.faults, "a report of \(outcomes.count) lines")
    }
    return zip(folder.items, outcomes).map { item, outcome in
      let isNamed = outcome[1] == item.name + ArchiveReader.requestExtension
      let certificate = isNamed ? certificates[item.name] : nil
      return Collected(
        name: item.name, certificate: certificate.map { Data($0) },
        problem: certificate == nil ? "\(outcome[2]) \(outcome[3])" : nil)
    }
  }

  private func collectXML(_ journal: Journal) throws -> [Collected] {
    let items = try result(of: journal).children.filter { $0.name == "DeviceCertificate" }
    return zip(folder.items, items).enumerated().map { number, pair in
      let (item, answer) = pair
      let isNamed = answer.attribute("ID") == RequestFolder.id(number)
      let der = answer.child("Certificate").flatMap { Base64.decode(Array($0.text.utf8)) }
      let error = answer.child("Error")
      return Collected(
        name: item.name, certificate: isNamed ? der.map { Data($0) } : nil,
        problem: isNamed && der != nil
          ? nil
          : "\(answer.child("Status")?.text ?? "") \(error?.child("ErrorCode")?.text ?? ""): "
            + (error?.child("ErrorText")?.text ?? ""))
    }
  }
}
