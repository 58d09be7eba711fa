// SPDX-License-Identifier: Apache-2.0

import Archive
import Batches
import Client
import DER
import Foundation
import Keys
import Registration
import SEC
import Service
import Testing
import Threads
import X509
import XML

/// A serving estate with two makers of meters, each with the credentials for batches.
struct BatchSetting: Sendable {
  /// For suites that do not change how batches are run.
  static let shared = Result { try BatchSetting() }

  static let submitPath = "/1.0/PortalCSRBatch/SubmitCSRBatch"
  static let resultPath = "/1.0/PortalCSRBatch/CSRBatchResult"
  static let mediaType = "application/xml;charset=UTF-8"

  /// A party with its credentials.
  struct Maker: Sendable {
    let id: String
    let batched: ServingEstate.Credential
    let portal: ServingEstate.Credential
  }

  let estate: ServingEstate
  let one: Maker
  let other: Maker

  init(
    module: HardwareModule? = nil, changing change: (inout BatchSettings) -> Void = { _ in }
  ) throws {
    let name = module.map { _ in "B-\(UUID().uuidString.prefix(8))" }
    estate = try ServingEstate(named: name, module: module) { configuration in
      configuration.batches.automaticApproval = true
      configuration.batches.windowOpens = "00:00"
      configuration.batches.windowCloses = "00:00"
      configuration.workers = 8
      change(&configuration.batches)
    }
    func maker(_ id: String, _ estate: ServingEstate) throws -> Maker {
      try estate.add(id, [.otherParty])
      return Maker(
        id: id, batched: try estate.credential(of: id, for: .batched),
        portal: try estate.credential(of: id, for: .portalDevice))
    }
    one = try maker("one-meters", estate)
    other = try maker("other-meters", estate)
    try estate.node.serve()
  }

  /// Requests for devices that nobody else has.
  static func requests(_ count: Int) throws -> [[UInt8]] {
    try (0..<count).map { _ in try DeviceDraft(for: newDevice()).encoded() }
  }

  static func newDevice() -> EntityID { EntityID(UInt64.random(in: 1 << 40...(1 << 60))) }

  /// The XML of a batch.
  static func xml(_ requests: [[UInt8]], id: String = UUID().uuidString) -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SubmitCSRBatch ID=\"\(id)\"><Version>1.0</Version>"
      + requests.enumerated().map {
        "<DeviceCSR ID=\"ID\($0)\">\(Base64.encode($1))</DeviceCSR>"
      }.joined() + "</SubmitCSRBatch>"
  }

  /// An archive of files.
  static func zip(_ files: [(String, [UInt8])]) throws -> [UInt8] {
    let path = NSTemporaryDirectory() + "smki-batch-\(UUID().uuidString).zip"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try FileWriter(new: path)
    var writer = ZipWriter(
      into: file, year: 2026, month: 11, day: 21, hour: 8, minute: 0, second: 0)
    for (name, octets) in files { try writer.add(name, octets) }
    try writer.finish()
    return [UInt8](try Data(contentsOf: URL(filePath: path)))
  }

  /// A file of an archive: the request as Base64 in PEM.
  static func file(_ request: [UInt8]) -> [UInt8] {
    Array(PEM(label: "CERTIFICATE REQUEST", bytes: request).text.utf8)
  }

  /// Submits XML and reads the answer.
  func submit(_ text: String, by maker: Maker? = nil) throws -> BatchReply {
    let response = try estate.client((maker ?? one).batched).post(
      estate.url(.service, Self.submitPath), type: Self.mediaType, body: Array(text.utf8))
    return try BatchReply(response)
  }

  /// Asks for the result of a batch.
  func result(_ id: String, by maker: Maker? = nil) throws -> BatchReply {
    try BatchReply(
      estate.client((maker ?? one).batched).get(
        estate.url(.service, Self.resultPath) + "?BatchId=\(id)"))
  }

  /// Asks until the batch is in a state.
  func wait(
    _ id: String, for state: String = "COMPLETED", by maker: Maker? = nil
  ) throws -> BatchReply {
    for _ in 0..<1_200 {
      let reply = try result(id, by: maker)
      if reply.status == state { return reply }
      usleep(25_000)
    }
    Issue.record("batch \(id) never was \(state): \(estate.lines.value)")
    throw CancellationError()
  }

  /// Uploads an archive as the portal's function does.
  func upload(
    _ archive: [UInt8], name: String, by maker: Maker? = nil
  ) throws -> ClientResponse {
    try estate.client((maker ?? one).portal).post(
      estate.url(.service, "/1.0/DeviceBatch") + "?name=\(name)", type: "application/zip",
      body: archive)
  }

  /// Asks the portal's function for something of a batch.
  func ask(_ path: String, of batch: Int, by maker: Maker? = nil) throws -> ClientResponse {
    try estate.client((maker ?? one).portal).get(
      estate.url(.service, "/1.0/DeviceBatch\(path)") + "?BatchId=\(batch)")
  }

  /// Lets time pass, and has the batches looked at then.
  func pass(seconds: Int64) {
    estate.pass(seconds: seconds)
    estate.node.batches.hurry()
  }

  /// Long enough for a look that was asked for; what must not happen has its chance.
  func rest() { usleep(50_000) }

  /// Waits until a batch is in a state, as the records say.
  func wait(_ batch: Int, for state: BatchState) throws {
    for _ in 0..<1_200 {
      if try estate.node.batches.find(batch)?.state == state { return }
      usleep(25_000)
    }
    Issue.record("batch \(batch) never was \(state): \(estate.lines.value)")
    throw CancellationError()
  }
}

/// An answer of the web service.
struct BatchReply {
  let root: XML.Element
  let body: [UInt8]

  init(_ response: ClientResponse) throws {
    try #require(response.status == 200, "\(response.status) \(response.text)")
    #expect(response.header("content-type") == "application/xml;charset=UTF-8")
    body = response.body
    root = try XML.Element.read(
      response.body,
      limits: XMLReaderLimits(octetsMax: 1 << 26, elementsMax: 300_000))
  }

  var status: String { root.child("BatchStatus")?.text ?? "" }
  var batch: String? { root.child("BatchId")?.text }
  var code: String? { root.child("Error")?.child("ErrorCode")?.text }
  var text: String { root.child("Error")?.child("ErrorText")?.text ?? "" }
  var names: [String] { root.children.map(\.name) }
  var items: [XML.Element] { root.children.filter { $0.name == "DeviceCertificate" } }
  var itemStatuses: [String] { items.map { $0.child("Status")?.text ?? "" } }
  var itemCodes: [String?] { items.map { $0.child("Error")?.child("ErrorCode")?.text } }

  /// The certificates, where there are some.
  func certificates() throws -> [Certificate?] {
    try items.map { item in
      guard let text = item.child("Certificate")?.text else { return nil }
      return try Certificate(parsing: #require(Base64.decode(Array(text.utf8))))
    }
  }
}
