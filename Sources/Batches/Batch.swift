// SPDX-License-Identifier: Apache-2.0

package import DER
import SEC

/// L8.2: requests for Device Certificates that came in one communication.
package struct Batch: Hashable, Sendable {
  /// L8.2: the most requests of a batch.
  package static let requestsMax = 50_000
  /// L8.2: the fewest; one request is no batch.
  package static let requestsMin = 2
  /// How many requests are decided together (ENG-two-commits).
  package static let chunkSize = 500

  /// How it came.
  package enum Format: String, Hashable, Sendable, CaseIterable {
    /// `SubmitCSRBatch` (M8-AppC-submit).
    case xml
    /// An archive of .csr files (M8-2.5-batch-file).
    case zip
  }

  /// A positive number of this estate, which the party is told.
  package let id: Int
  package let party: String
  /// The party's own reference: the ID of the XML, or the name of the archive.
  package let identifier: String
  package let format: Format
  /// Who submitted it: the name of the system, or of the officer.
  package let submitter: String
  /// SHA-256 of the upload as it came, 32 octets, and its size.
  package let digest: [UInt8]
  package let octets: Int
  /// SHA-256 of the requests as they were read from it, 32 octets.
  package let requestsDigest: [UInt8]
  /// How many requests.
  package let count: Int
  package let received: Time
  package internal(set) var state: BatchState
  /// Whether an officer stopped it.
  package internal(set) var isHeld = false
  /// Who approved or rejected it.
  package internal(set) var decidedBy: String?
  /// When its first request was taken up, and when its last one had its outcome.
  package internal(set) var started: Time?
  package internal(set) var finished: Time?
  /// A reason in words: of a rejection, of a pause.
  package internal(set) var note = ""
  /// Whether its outcomes were put away after the days of collection.
  package internal(set) var isPutAway = false

  /// How many chunks it is decided in.
  package var chunks: Int { (count + Self.chunkSize - 1) / Self.chunkSize }

  /// The numbers of the requests of one chunk, from 0.
  package func requests(ofChunk chunk: Int) -> Range<Int> {
    chunk * Self.chunkSize..<min(count, (chunk + 1) * Self.chunkSize)
  }

  /// L8.1(b): the moment by which every certificate has to be sent.
  package var due: Time { UKTime.due(ofBatchReceived: received) }
}
