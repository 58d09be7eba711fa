// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd

/// Stands before the library's function of the same name, by which the library also queues what it
/// refuses by itself, with a body in HTML that nothing else can change (decision 0036).
///
/// Our own answers go to the library's function directly (`Reply.queue`), so that whatever comes
/// here is the library's. Where this function is not found first, the library's bodies are seen.
@c(MHD_queue_response)
func queueForLibrary(
  _ handle: OpaquePointer?, _ status: UInt32, _ response: OpaquePointer?
) -> UInt32 {
  guard let handle = unsafe handle, let kept = unsafe smki_MHD_socket_context(handle) else {
    return 0
  }
  let connection = unsafe Unmanaged<Connection>.fromOpaque(kept).takeUnretainedValue()
  return unsafe connection.server.answerForLibrary(handle, connection, status: Int(status)) ? 1 : 0
}

extension Server {
  /// Answers what the library refuses, in our words.
  ///
  /// - Returns: false when the library is to close the connection without an answer of its own.
  func answerForLibrary(
    _ handle: OpaquePointer, _ connection: Connection, status: Int
  ) -> Bool {
    let exchange = connection.exchange
    let phase = exchange?.phase ?? .head
    exchange?.phase = .answered
    // It was answered already, while its body still came.
    guard phase != .lingering else { return false }
    let hasHead = unsafe smki_MHD_head_size(handle) > 0
    let headers = hasHead && phase == .head ? unsafe HeaderLines.read(handle) : nil
    let problem = problem(status, exchange, phase, headers)
    let answer = written(
      refused(problem.answer, exchange: exchange, address: connection.address))
    connection.expires(inSeconds: configuration.answerSecondsMax)
    // Of a head that came whole the library sends its answer twice (0.9.75), so it sends none.
    guard headers == nil else {
      unsafe connection.sendLast(Reply.text(answer, isHead: false), handle)
      return false
    }
    return unsafe Reply.queue(answer, on: handle)
  }

  /// What is known of why the library refuses: its status, and how far the request had come.
  private func problem(
    _ status: Int, _ exchange: Exchange?, _ phase: Exchange.Phase, _ headers: Headers?
  ) -> RequestRules.Problem {
    switch status {
    case 414:
      .init(
        status: status, reason: "the request line is too long",
        expected: RequestRules.headExpected(configuration.headOctetsMax), found: tooMuch)
    case 431:
      .init(
        status: status, reason: "the head of the request is too large",
        expected: RequestRules.headExpected(configuration.headOctetsMax), found: tooMuch)
    case 413:
      .init(
        status: status, reason: "the body is larger than this path takes",
        expected: "at most \(bodyLimit(exchange)) octets",
        found: headers?["content-length"].map { ServerRefusal.shown($0) + " octets" }
          ?? "a chunk of more than \(UInt64.max) octets")
    case 505:
      .init(
        status: status, reason: "another version of HTTP", expected: "HTTP/1.1 or HTTP/1.0",
        found: "another version")
    case 400: malformed(exchange, phase, headers)
    default: .init(status: 500, reason: "the request was not answered")
    }
  }

  private var tooMuch: String { "more than \(configuration.headOctetsMax) octets" }

  private func malformed(
    _ exchange: Exchange?, _ phase: Exchange.Phase, _ headers: Headers?
  ) -> RequestRules.Problem {
    guard exchange != nil else {
      return .init(
        status: 400, reason: "request line not legal",
        expected: "a method, a path and HTTP/1.1, with one space between them")
    }
    guard phase == .head else {
      return .init(
        status: 400, reason: "a chunk or trailer line not legal",
        expected: "the size in hexadecimal digits, CR LF, so many octets, CR LF")
    }
    guard let headers else {
      return .init(
        status: 400, reason: "a header line without a colon",
        expected: "a name, a colon and a value")
    }
    guard let length = headers["content-length"], !headers.all("host").isEmpty else {
      return .init(status: 400, reason: "no Host line", expected: "one Host line")
    }
    return .init(
      status: 400, reason: "Content-Length not a number", expected: "decimal digits",
      found: ServerRefusal.shown(length))
  }

  /// What the path takes at most, by whatever method.
  private func bodyLimit(_ exchange: Exchange?) -> Int {
    exchange?.route?.bodyLimit ?? exchange?.target.map { router.bodyLimit(at: $0.path) } ?? 0
  }
}
