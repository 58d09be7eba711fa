// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC

/// Every way in which the room of batches says no.
extension Refusal {
  /// L8.2: a batch holds more than one and no more than 50,000 requests.
  package static func batchSize(_ count: Int) -> Refusal {
    Refusal(
      count > Batch.requestsMax ? "batch-too-large" : "batch-too-small", clause: "L8.2",
      field: "DeviceCSR", expected: "from \(Batch.requestsMin) to \(Batch.requestsMax) requests",
      found: count > Batch.requestsMax ? "more than \(Batch.requestsMax)" : "\(count)",
      remedy: count > Batch.requestsMax
        ? "Split the batch."
        : count == 0
          ? "Put the requests into it." : "Send one request over the portal's device function.")
  }

  /// M8-AppC-submit: the XML is not the schema's.
  package static func batchXML(_ found: String) -> Refusal {
    Refusal(
      "batch-xml", clause: "M8-AppC-submit", field: "SubmitCSRBatch",
      expected: "SubmitCSRBatch with ID, Version 1.0, then DeviceCSR elements with ID, and no more",
      found: shown(found), remedy: "Check the document against the schema and send it again.")
  }

  /// M8-AppC-limits: the ID of the batch has 1 to 256 characters.
  package static func batchReference(_ found: String?) -> Refusal {
    Refusal(
      "batch-reference", clause: "M8-AppC-limits", field: "ID",
      expected: "an identifier of 1 to \(SubmissionReader.referenceCharactersMax) characters",
      found: found.map { "\($0.unicodeScalars.count) characters" } ?? "none",
      remedy: "Give the batch an identifier of its own; results come back under it.")
  }

  /// M8-AppC-limits: the ID of a request is an XML name of 1 to 100 characters, unique in the
  /// batch.
  package static func batchItemID(_ found: String?, isDouble: Bool, line: Int) -> Refusal {
    Refusal(
      "batch-item-id", clause: "M8-AppC-limits", field: "DeviceCSR ID",
      expected: "an XML name of 1 to \(SubmissionReader.itemCharactersMax) characters that no "
        + "other request of the batch has",
      found: (found.map { shown($0) + (isDouble ? ", twice" : "") } ?? "none") + " in line \(line)",
      remedy: "Begin each ID with a letter or _ and number the requests: ID0, ID1, ID2.")
  }

  /// M8-2.5-batch-file: it is no ZIP file that is taken.
  package static func batchArchive(_ found: String) -> Refusal {
    Refusal(
      "batch-archive", clause: "M8-2.5-batch-file", field: "archive",
      expected: "a whole ZIP file, not encrypted, of small .csr files", found: shown(found),
      remedy: "Make the archive anew: zip batch.zip *.csr.")
  }

  /// M8-2.5-batch-file: an entry that is no .csr file in the root of the archive, or one twice.
  package static func batchFileName(_ name: String, _ problem: String) -> Refusal {
    Refusal(
      "batch-file-name", clause: "M8-2.5-batch-file", field: shown(name),
      expected: "uniquely named .csr files in the root of the archive", found: problem,
      remedy: "Put only .csr files into the archive, without folders: zip -j batch.zip *.csr.")
  }

  /// ENG-batch-receipt: another file came under the same identifier before.
  package static func batchIdentifierTaken(_ batch: Batch) -> Refusal {
    Refusal(
      "batch-identifier-taken", clause: "ENG-batch-receipt", field: "ID",
      expected: "an identifier under which no other content was submitted",
      found: "\(shown(batch.identifier)), batch \(batch.id) with other content",
      remedy: "Give the new batch another identifier; the same file again gets its receipt again.")
  }

  /// M8-2.5-batch-own: no batch of the party has this number, which may be another party's.
  package static func batchUnknown(_ found: String) -> Refusal {
    Refusal(
      "batch-unknown", clause: "M8-2.5-batch-own", field: "BatchId",
      expected: "the number of a batch of the asking party", found: shown(found),
      remedy: "Use the number that the submission returned.")
  }

  /// M8-2.5-batch-own: no batch has the number that an officer named.
  package static func noSuchBatch(_ found: Int) -> Refusal {
    Refusal(
      "batch-unknown", clause: "M8-2.5-batch-own", field: "BATCH",
      expected: "the number of a batch", found: "\(found)",
      remedy: "See which there are: smki batch list.")
  }

  /// M8-2.5-batch-states: an act that does not fit where the batch stands.
  package static func batchStep(_ batch: Batch, _ expected: String) -> Refusal {
    Refusal(
      "batch-step", clause: "M8-2.5-batch-states", field: "BatchStatus", expected: expected,
      found: "batch \(batch.id), \(batch.state.rawValue)\(batch.isHeld ? ", held" : "")",
      remedy: "See where it stands: smki batch show \(batch.id).")
  }

  /// M8-2.5-batch-states: results are there when the batch is completed.
  package static func batchNotCompleted(_ batch: Batch) -> Refusal {
    Refusal(
      "batch-not-completed", clause: "M8-2.5-batch-states", field: "BatchStatus",
      expected: BatchState.completed.rawValue, found: batch.state.rawValue,
      remedy: "Ask again later; the progress says when it is expected.")
  }

  /// M8-2.3-collection: results can be collected for 30 days.
  package static func batchPutAway(_ batch: Batch, days: Int) -> Refusal {
    Refusal(
      "batch-put-away", clause: "M8-2.3-collection", field: "BatchId",
      expected: "a batch that was completed in the last \(days) days",
      found: "batch \(batch.id), completed \(batch.finished?.rfc3339 ?? "never")",
      remedy: "Find its certificates in the Repository.")
  }

  /// ENG-refused-key: two requests of a batch for one key, of which the second cannot be granted.
  package static func keyTwiceInBatch(_ first: String) -> Refusal {
    Refusal(
      "key-twice-in-batch", clause: "ENG-refused-key", field: "subjectPublicKey",
      expected: "a key that no other request of the batch has", found: "the key of \(shown(first))",
      remedy: "Make a new key pair and a new request.")
  }

  /// What was found, no longer than a person reads.
  private static func shown(_ found: String) -> String {
    found.unicodeScalars.count <= 120 ? found : String(found.unicodeScalars.prefix(120)) + "…"
  }
}
