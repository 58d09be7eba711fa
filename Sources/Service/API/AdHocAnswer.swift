// SPDX-License-Identifier: Apache-2.0

import DER
package import HTTP
import XML

/// What the Ad Hoc Device CSR Web Service answers (M8-AppA-elements, M8-2.4-status).
package struct AdHocAnswer: Sendable {
  /// M8-2.4-status: the seven statuses.
  package enum Status: String, Hashable, Sendable, CaseIterable {
    case success = "SUCCESS"
    /// No Device Certificate was issued before, so that nothing can be replaced.
    case unknownDevice = "UNKNOWN_DEVICE"
    /// An officer must look before it is tried again.
    case issuanceAnomaly = "ISSUANCE_ANOMALY"
    /// The request for a certificate is wrong: correct it and send it again.
    case csrError = "CSR_ERROR"
    /// We failed; trying again may help.
    case caError = "CA_ERROR"
    /// The XML is wrong: correct it and send it again.
    case formatError = "FORMAT_ERROR"
    /// Trying again is unlikely to help.
    case workflowError = "WORKFLOW_ERROR"

    /// M8-2.4-status: the letters before the colon of its error codes; none for success.
    package var prefix: String? {
      switch self {
      case .success: nil
      case .unknownDevice: "UD"
      case .issuanceAnomaly, .caError: "CA"
      case .csrError: "CR"
      case .formatError: "FM"
      case .workflowError: "WF"
      }
    }
  }

  /// What stands at the end of an answer.
  package enum Outcome: Sendable {
    /// The certificate in DER.
    case certificate([UInt8])
    /// Why there is none: status, error code, and the refusal whole.
    case error(Status, code: String, text: String)
  }

  /// The client's reference; nil when the request was malformed.
  package let id: String?
  /// The build that answers.
  package let build: String
  /// A positive number that no other answer has.
  package let transaction: Int64
  package let outcome: Outcome

  /// An answer, whole.
  package init(id: String?, build: String, transaction: Int64, outcome: Outcome) {
    self.id = id
    self.build = build
    self.transaction = transaction
    self.outcome = outcome
  }

  /// M8-AppB-http: the answer as it is sent; its HTTP status is 200 also for errors.
  package var response: Response {
    var writer = XMLWriter()
    writer.reserve(2048)
    writer.start(
      "DeviceCertificateSigningResponse", attributes: id.map { [(name: "ID", value: $0)] } ?? [])
    writer.element("Version", text: AdHocRequest.version)
    writer.element("Build", text: build)
    writer.element("TransactionId", text: String(transaction))
    switch outcome {
    case .certificate(let der):
      writer.element("Status", text: Status.success.rawValue)
      writer.element("Certificate", text: Base64.encode(der))
    case .error(let status, let code, let text):
      writer.element("Status", text: status.rawValue)
      writer.start("Error")
      writer.element("ErrorCode", text: code)
      writer.element("ErrorText", text: text)
      writer.end()
    }
    writer.end()
    return Response(type: Self.mediaType, body: writer.finished())
  }

  /// M8-AppB-http: the media type of requests and answers.
  package static let mediaType = "application/xml;charset=UTF-8"
}
