// SPDX-License-Identifier: Apache-2.0

package import Batches
package import HTTP
import SEC
import XML

/// What the Batched Device CSR Web Service answers, but for results (M8-AppC-submit,
/// M8-AppE-result).
package struct BatchAnswer: Sendable {
  /// Which of the two answers.
  package enum Kind: String, Sendable {
    case submission = "SubmitCSRBatchStatus"
    case result = "CSRBatchResult"
  }

  /// What stands at its end.
  package enum Outcome: Sendable {
    /// Where a batch stands, and its number.
    case batch(BatchState, id: Int)
    /// FORMAT_ERROR with code and reason.
    case formatError(code: String, text: String)
    /// WORKFLOW_ERROR with code and reason.
    case workflowError(code: String, text: String)
  }

  package let kind: Kind
  /// The party's reference; nil where it could not be read.
  package let reference: String?
  package let build: String
  package let outcome: Outcome

  /// M8-AppB-http: the answer as it is sent; its HTTP status is 200 also for errors.
  package var response: Response {
    var writer = XMLWriter()
    writer.start(kind.rawValue, attributes: reference.map { [(name: "ID", value: $0)] } ?? [])
    writer.element("Version", text: SubmissionReader.version)
    writer.element("Build", text: build)
    switch outcome {
    case .batch(let state, let id):
      writer.element("BatchStatus", text: state.rawValue)
      writer.element("BatchId", text: String(id))
    case .formatError(let code, let text): error("FORMAT_ERROR", code, text, &writer)
    case .workflowError(let code, let text): error("WORKFLOW_ERROR", code, text, &writer)
    }
    writer.end()
    return Response(type: AdHocAnswer.mediaType, body: writer.finished())
  }

  private func error(_ status: String, _ code: String, _ text: String, _ writer: inout XMLWriter) {
    writer.element("BatchStatus", text: status)
    writer.start("Error")
    writer.element("ErrorCode", text: code)
    writer.element("ErrorText", text: text)
    writer.end()
  }

  /// Error codes of refusals of a whole batch, and of wrong queries.
  ///
  /// `FM:AA1`, `FM:AA2` and `FM:AA3` are given by the sources; the others are ours [assumed].
  package static let codes: [String: String] = [
    "media-type": "FM:AA1", "batch-xml": "FM:AA1", "batch-reference": "FM:AA1",
    "batch-item-id": "FM:AA1", "batch-too-large": "FM:AA2", "batch-unknown": "FM:AA3",
    "batch-put-away": "FM:AA3", "batch-too-small": "FM:AA4", "batch-identifier-taken": "FM:AA5",
  ]

  /// The outcome that tells of a refusal or failure; the code of a failure differs by service.
  package static func outcome(of error: any Error, failure: String) -> Outcome {
    guard let refusal = error as? Refusal else {
      return .workflowError(code: failure, text: "A failure of ours. Report the code.")
    }
    guard let code = codes[refusal.code] else {
      return .workflowError(code: "WF:OTHER", text: refusal.description)
    }
    return .formatError(code: code, text: refusal.description)
  }
}
