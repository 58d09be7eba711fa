// SPDX-License-Identifier: Apache-2.0

package import Batches
import DER
import FoundationEssentials
import HTTP
import Registration
import SEC

/// Batches at the port with mutual TLS: the web service of the sources, and the portal's function
/// for files as plain routes.
package struct BatchInterface: Sendable {
  /// The most octets of an archive.
  package static let archiveOctetsMax = 128 * 1_024 * 1_024
  /// Seconds in which an upload must have arrived: a line of 2 Mbit/s does it.
  package static let uploadSecondsMax = 600
  /// Batches of a list.
  static let listMax = 100

  let service: ServiceInterface
  let batches: Batches
  let polls: Polls
  let build: String
  let log: Log

  /// The doors of these batches; `service` knows who asks.
  package init(service: ServiceInterface, batches: Batches, build: String, log: Log) {
    self.service = service
    self.batches = batches
    self.build = build
    self.log = log
    polls = Polls(batches: batches)
  }

  /// M8-2.5-batch-access, M8-2.3-separate-credentials: who may use an interface for batches.
  private func admitted(_ request: Request, to interface: Interface) throws -> AdmittedSystem {
    let system = try service.system(of: request)
    try service.registration.checkInterface(interface, of: system)
    guard system.policies.contains(.device) else {
      throw Refusal.notAuthorisedSubscriber(system.credential.party, .device)
    }
    return system
  }

  /// Refuses before any of a stranger's upload is taken; nil lets it come.
  func admit(_ request: Request, to interface: Interface) -> Response? {
    do {
      _ = try admitted(request, to: interface)
      return nil
    } catch {
      return ErrorBody.response(to: error, log: log, at: request.path)
    }
  }

  // The web service.

  /// M8-AppC-submit: takes a batch in XML.
  func submitXML(_ request: Request) throws -> Response {
    let system = try admitted(request, to: .batched)
    var reference: String?
    let outcome: BatchAnswer.Outcome
    do {
      guard XMLBody.isXML(request.headers["content-type"]) else {
        throw Refusal.mediaType(request.headers["content-type"])
      }
      guard let upload = request.upload else { throw Refusal.batchXML("nothing") }
      let receipt = try batches.submit(
        upload.path, .xml, identifier: nil, for: system.credential.party, by: system.actor
      ) { reference = $0 }
      // M8-AppC-submit: accepted is PENDING, wherever the batch has come meanwhile.
      outcome = .batch(.pending, id: receipt.batch.id)
    } catch let error as BatchesError {
      return Self.busy(error, log: log, at: request.path)
    } catch {
      if !(error is Refusal) {
        log(.error, "request-failed", ["path": request.path, "error": "\(error)"])
      }
      outcome = BatchAnswer.outcome(of: error, failure: "WF:BB2")
    }
    return BatchAnswer(
      kind: .submission, reference: reference, build: build, outcome: outcome
    ).response
  }

  /// M8-AppE-result: where a batch of the asking party stands, and its results once they are there.
  func resultXML(_ request: Request) throws -> Response {
    let system = try admitted(request, to: .batched)
    var batch: Batch?
    let outcome: BatchAnswer.Outcome
    do {
      let found = try ownBatch(request, of: system)
      // What came as files has names that are no IDs of XML.
      guard found.format == .xml else { throw Refusal.batchUnknown("\(found.id)") }
      batch = found
      polls.count(found)
      if found.state == .completed {
        var response = Response(
          type: AdHocAnswer.mediaType, file: try batches.resultXML(of: found, build: build))
        response.headers.append(ServiceInterface.acceptance)
        return response
      }
      outcome = .batch(found.state, id: found.id)
    } catch {
      if !(error is Refusal) {
        log(.error, "request-failed", ["path": request.path, "error": "\(error)"])
      }
      outcome = BatchAnswer.outcome(of: error, failure: "WF:BB1")
    }
    return BatchAnswer(
      kind: .result, reference: batch?.identifier, build: build, outcome: outcome
    ).response
  }

  /// M8-2.5-batch-own: the batch that a query names, if it is the asking party's.
  private func ownBatch(_ request: Request, of system: AdmittedSystem) throws -> Batch {
    let text = request.queryValue("BatchId") ?? ""
    guard let id = Int(text), String(id) == text, id > 0,
      let batch = try batches.find(id, of: system.credential.party)
    else { throw Refusal.batchUnknown(text) }
    return batch
  }

  // The portal's function.

  /// M8-2.5-batch-file: takes an archive of .csr files.
  func submitArchive(_ request: Request) throws -> Response {
    let system = try admitted(request, to: .portalDevice)
    guard let upload = request.upload else { throw Refusal.batchArchive("nothing") }
    let receipt = try batches.submit(
      upload.path, .zip, identifier: request.queryValue("name"), for: system.credential.party,
      by: system.actor)
    if !receipt.isRepeated { polls.countVolume(receipt.batch) }
    var body = BatchBody(try batches.progress(of: receipt.batch))
    body.repeated = receipt.isRepeated
    return try Self.json(body)
  }

  /// How far a batch of the party has come; without a number its newest batches.
  func progress(_ request: Request) throws -> Response {
    let system = try admitted(request, to: .portalDevice)
    guard request.queryValue("BatchId") != nil else {
      return try Self.json(
        try batches.newest(Self.listMax, of: system.credential.party).map(BatchBody.init))
    }
    return try Self.json(
      BatchBody(try batches.progress(of: try ownBatch(request, of: system))))
  }

  /// M8-2.5-batch-file: the archive of certificates.
  func certificates(_ request: Request) throws -> Response {
    let batch = try ownBatch(request, of: try admitted(request, to: .portalDevice))
    var response = Response(
      type: "application/zip", file: try batches.resultArchive(of: batch))
    response.headers.append(Self.attachment(Batches.archiveName(of: batch)))
    response.headers.append(ServiceInterface.acceptance)
    return response
  }

  /// M8-AppF-batch-report: the text report.
  func report(_ request: Request) throws -> Response {
    let batch = try ownBatch(request, of: try admitted(request, to: .portalDevice))
    var response = Response(
      type: "text/plain; charset=utf-8", file: try batches.resultReport(of: batch))
    response.headers.append(Self.attachment("batch-\(batch.id).txt"))
    return response
  }

  /// A name for the file where it is saved, of characters that every header takes.
  private static func attachment(_ name: String) -> (name: String, value: String) {
    let safe = name.unicodeScalars.map { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || "0123456789.-_ ".unicodeScalars.contains(scalar))
        ? Character(scalar) : "_"
    }
    return ("Content-Disposition", "attachment; filename=\"\(String(safe))\"")
  }

  private static func json(_ body: some Encodable) throws -> Response {
    var response = Response(type: "application/json", body: try Control.encode(body))
    response.headers.append(("Cache-Control", "no-store"))
    return response
  }

  /// ENG-http-limits: 503 with the seconds after which there may be room.
  private static func busy(_ error: BatchesError, log: Log, at path: String) -> Response {
    ErrorBody.response(to: error, log: log, at: path)
  }
}
