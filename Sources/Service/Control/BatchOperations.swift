// SPDX-License-Identifier: Apache-2.0

import Authority
import Batches
import Registration
package import SEC

/// M8-2.5-batch-file: takes an archive or an XML batch that an officer hands in for a party.
package struct SubmitBatch: ControlRequest {
  /// The party, the file's path in the folder of uploads, `xml` or `zip`, and the archive's name.
  package let party: String
  package let path: String
  package let format: String
  package let identifier: String

  package static let name = "batch-submit"
  package static let role = Actor.Role.registrationOfficer

  /// A batch to be taken.
  package init(party: String, path: String, format: String, identifier: String) {
    self.party = party
    self.path = path
    self.format = format
    self.identifier = identifier
  }

  package func run(in node: Node, by officer: Actor) throws -> BatchBody {
    let format = try Control.word(format, Batch.Format.init, "format")
    if let refusal = try node.registration.refusal(ofBatchesOf: party, at: node.clock()) {
      throw refusal
    }
    let receipt = try node.batches.submit(
      path, format, identifier: identifier, for: party, by: officer)
    var body = BatchBody(try node.batches.progress(of: receipt.batch))
    body.repeated = receipt.isRepeated
    return body
  }
}

/// M8-2.5-batch-states: what an officer decides about a batch.
package struct DecideBatch: ControlRequest {
  /// What is decided.
  package enum Decision: String, Codable, Sendable {
    case approve, reject, pause, resume
  }

  /// The batch, the decision, and the reason where one is asked for.
  package let batch: Int
  package let decision: Decision
  package let reason: String

  package static let name = "batch-decide"
  package static let role = Actor.Role.registrationOfficer

  /// A decision to be taken.
  package init(batch: Int, decision: Decision, reason: String = "") {
    self.batch = batch
    self.decision = decision
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> BatchBody {
    let decided =
      switch decision {
      case .approve: try node.batches.approve(batch, by: officer)
      case .reject: try node.batches.reject(batch, because: reason, by: officer)
      case .pause: try node.batches.hold(batch, because: reason, by: officer)
      case .resume: try node.batches.release(batch, by: officer)
      }
    return BatchBody(try node.batches.progress(of: decided))
  }
}

/// M8-2.3-collection: the files of a completed batch, made now if they were not before.
package struct CollectBatch: ControlRequest {
  /// The batch.
  package let batch: Int

  package static let name = "batch-collect"
  package static let role = Actor.Role.registrationOfficer

  /// Where the files lie, and how they should be called.
  package struct Answer: Codable, Sendable {
    /// Path and name of the archive, the report, and the answer in XML of an XML batch.
    package let archive: String
    package let archiveName: String
    package let report: String
    package let xml: String?
  }

  /// A batch to be collected.
  package init(batch: Int) {
    self.batch = batch
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    guard let batch = try node.batches.find(batch) else {
      throw Refusal.noSuchBatch(batch)
    }
    return Answer(
      archive: try node.batches.resultArchive(of: batch),
      archiveName: Batches.archiveName(of: batch),
      report: try node.batches.resultReport(of: batch),
      xml: batch.format == .xml
        ? try node.batches.resultXML(of: batch, build: Product.version) : nil)
  }
}

/// M8-2.3.1.8: raises the limit of certificates of one device after a look at it.
package struct RaiseDeviceLimit: ControlRequest {
  /// The EUI-64, how many certificates it may have, and why.
  package let device: String
  package let certificates: Int
  package let reason: String

  package static let name = "device-limit"
  package static let role = Actor.Role.registrationOfficer

  /// A limit to be raised.
  package init(device: String, certificates: Int, reason: String) {
    self.device = device
    self.certificates = certificates
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.authority.raiseLimit(
      of: Control.word(device, { EntityID($0) }, "device"), to: certificates, because: reason,
      by: officer)
    return Done(by: officer)
  }
}
