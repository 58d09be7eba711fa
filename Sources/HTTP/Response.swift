// SPDX-License-Identifier: Apache-2.0

/// An answer: status, header lines and body.
///
/// Content-Length, Date and Connection are written by the server. Nothing says which software it
/// is. A name or value that is not a legal header line turns the answer into a 500.
package struct Response: Sendable {
  /// The status code, 200 to 599 (RFC 9110 section 15).
  package var status: Int
  /// Header lines in their order.
  package var headers: [(name: String, value: String)]
  /// The body; not sent to a HEAD request, though its length is.
  package var body: [UInt8]
  /// A file whose content is the body instead; it must not change any more.
  package var file: String?
  /// Whether the connection is closed after this answer.
  package var closesConnection: Bool
  /// What the access log is to say of this answer; none of it is sent.
  package var told: [String: String] = [:]
  /// Why the server itself refuses; nil when a handler answers.
  var refusal: ServerRefusal?

  /// An answer with the stated parts.
  package init(
    status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    closesConnection: Bool = false
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.closesConnection = closesConnection
  }

  /// An answer with a body of the stated media type.
  package init(status: Int = 200, type: String, body: [UInt8]) {
    self.init(status: status, headers: [("Content-Type", type)], body: body)
  }

  /// An answer whose body is what a file holds, sent without being read into memory.
  package init(status: Int = 200, type: String, file: String) {
    self.init(status: status, headers: [("Content-Type", type)])
    self.file = file
  }

  /// An answer with a text of the stated media type in UTF-8.
  package init(status: Int = 200, type: String, text: String) {
    self.init(status: status, type: type, body: Array(text.utf8))
  }

  /// The server's own refusal as JSON: `{"status":404,"error":"…"}`.
  ///
  /// `error` is a fixed sentence of this room and needs no escaping; what was expected and found
  /// is for whoever writes another body (`Configuration.refusalBody`).
  static func refusal(
    _ status: Int, _ error: StaticString, expected: String? = nil, found: String? = nil,
    closing: Bool = false
  ) -> Response {
    var response = Response(
      status: status, type: "application/json",
      text: "{\"status\":\(status),\"error\":\"\(error)\"}\n")
    response.headers.append(("Cache-Control", "no-store"))
    response.closesConnection = closing
    response.refusal = ServerRefusal(
      status: status, reason: "\(error)", expected: expected, found: found)
    return response
  }
}
