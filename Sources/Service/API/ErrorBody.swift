// SPDX-License-Identifier: Apache-2.0

import Authority
import Batches
import FoundationEssentials
package import HTTP
import Records
package import SEC

/// L3.4: what a caller is told outside the fixed XML formats: the refusal whole, or that we failed.
package struct ErrorBody: Codable, Sendable {
  /// Stable name for machines.
  package let code: String
  /// The rule that said no; empty when it was no rule but a failure of ours.
  package let clause: String
  package let field: String
  package let expected: String
  package let found: String
  package let remedy: String

  /// The parts of a refusal.
  package init(_ refusal: Refusal) {
    code = refusal.code
    clause = refusal.clause.id
    field = refusal.field
    expected = refusal.expected
    found = refusal.found
    remedy = refusal.remedy
  }

  /// ENG-http-limits, ENG-http-routes: what the server itself refuses, before any handler.
  static func body(of refusal: ServerRefusal) -> [UInt8] {
    let (code, clause, field, expected, remedy): (String, Clause, String, String, String) =
      switch refusal.status {
      case 403:
        (
          "no-client-certificate", "M8-2.3-no-credential", "request", "a client certificate",
          "Present the certificate that was issued for this interface."
        )
      case 404:
        (
          "unknown-path", "ENG-http-routes", "path", "a path of docs/routes.md on this port",
          "Check the path and the port; docs/routes.md lists those of every port."
        )
      case 405:
        (
          "method-not-allowed", "ENG-http-routes", "method", "a method that the header Allow names",
          "Use another method."
        )
      case 413:
        (
          "body-too-large", "ENG-http-limits", "body", "a body within the limit of docs/routes.md",
          "Send one request at a time; docs/routes.md has the limit of every path."
        )
      case 414, 431:
        (
          "head-too-large", "ENG-http-limits", "head", "a shorter head",
          "Send fewer and shorter header lines; what is long belongs in the body."
        )
      case 505:
        (
          "http-version", "ENG-http-limits", "request line", "HTTP/1.1 or HTTP/1.0",
          "Have the client speak HTTP/1.1."
        )
      case 501:
        (
          "transfer-coding", "ENG-http-limits", "Transfer-Encoding", "chunked, or Content-Length",
          "Send the body in chunks, or with its length."
        )
      case 503:
        (
          "busy", "ENG-http-limits", "request", "a request that can be taken now",
          "Try again in a second."
        )
      case 500...: ("failure", "", "", "", "Try again; the log has the reason.")
      default:
        (
          "malformed-http", "ENG-http-limits", "request", "an HTTP/1.1 request (RFC 9112)",
          "Send the request with a usual HTTP client."
        )
      }
    return encode(
      ErrorBody(
        code, clause: clause.id, field: field, expected: refusal.expected ?? expected,
        found: code == "malformed-http"
          ? [refusal.reason, refusal.found].compactMap(\.self).joined(separator: ": ")
          : refusal.found ?? refusal.reason,
        remedy: remedy))
  }

  private init(
    _ code: String, clause: String = "", field: String = "", expected: String = "",
    found: String = "", remedy: String
  ) {
    self.code = code
    self.clause = clause
    self.field = field
    self.expected = expected
    self.found = found
    self.remedy = remedy
  }

  /// ENG-audit-log: a live estate shows nothing of which it cannot keep that it did.
  static var accessLogUnwritable: Response {
    var response = response(
      503,
      ErrorBody(
        "access-log-unwritable", clause: "ENG-audit-log", field: "access log",
        expected: "a line of the access log for each read", found: "a log that cannot be written",
        remedy: "Try again later; an operator is needed."))
    response.headers.append(("Retry-After", "60"))
    return response
  }

  /// The answer to a refusal or failure; a failure goes to the log, where its reason belongs.
  static func response(to error: any Error, log: Log, at path: String) -> Response {
    let response = response(to: error)
    if response.status >= 500, !(error is AuthorityError) {
      log(.error, "request-failed", ["path": path, "error": "\(error)"])
    }
    return response
  }

  /// The answer to a refusal or failure, with the status that fits it.
  package static func response(to error: any Error) -> Response {
    switch error {
    case let refusal as Refusal:
      var response = response(status(of: refusal), ErrorBody(refusal))
      response.told["reason"] = refusal.code
      return response
    case AuthorityError.busy, AuthorityError.stopping, AuthorityError.chunkVoided:
      var response = response(503, ErrorBody("busy", remedy: "Try again in a second."))
      response.headers.append(("Retry-After", "1"))
      return response
    case BatchesError.full(let seconds):
      var response = response(
        503, ErrorBody("too-many-batches", remedy: "Try again in \(seconds) seconds."))
      response.headers.append(("Retry-After", "\(seconds)"))
      return response
    case AuthorityError.outOfStock:
      var response = response(
        503, ErrorBody("out-of-stock", remedy: "Try again when an authority is on line."))
      response.headers.append(("Retry-After", "3600"))
      return response
    case AuthorityError.signerDown, AuthorityError.badSignature:
      var response = response(
        503,
        ErrorBody("signer-down", remedy: "Try again later; the node tries the module by itself."))
      response.headers.append(("Retry-After", "10"))
      return response
    case let error as DatabaseError where error.code == .storeUnavailable:
      var response = response(
        503, ErrorBody("store-unavailable", remedy: "Try again later; an operator is needed."))
      response.headers.append(("Retry-After", "60"))
      return response
    default:
      return response(500, ErrorBody("failure", remedy: "Try again; the log has the reason."))
    }
  }

  /// 403 for who asks, 409 for what is there already, 400 for what is asked.
  private static func status(of refusal: Refusal) -> Int {
    switch refusal.code {
    case "credential-unknown", "credential-revoked", "credential-expired",
      "credential-for-other-interface", "interface-not-for-role", "not-an-authorised-subscriber",
      "party-suspended", "not-eligible", "not-a-registration-officer", "api-key-unknown",
      "party-has-left", "person-not-active", "agreement-open", "account-unknown",
      "account-locked", "password-to-be-changed", "account-capacity", "purpose-not-stated":
      403
    case "duplicate-certificate", "key-certified-elsewhere", "certificates-of-device",
      "party-exists", "range-taken", "credential-name-taken":
      409
    case "batch-identifier-taken", "batch-step", "batch-not-completed", "organisation-case-state",
      "revoked-already":
      409
    case "batch-unknown", "list-unknown", "organisation-case-unknown", "device-certificate-unknown",
      "bulk-file-unknown", "tile-unknown", "certificate-not-found":
      404
    case "batch-put-away":
      410
    case "departs-from-profile":
      500
    default:
      400
    }
  }

  private static func encode(_ body: ErrorBody) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(body)).map(Array.init) ?? []
  }

  private static func response(_ status: Int, _ body: ErrorBody) -> Response {
    var response = Response(status: status, type: "application/json", body: encode(body))
    response.headers.append(("Cache-Control", "no-store"))
    return response
  }
}
