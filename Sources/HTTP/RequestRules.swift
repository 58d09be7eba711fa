// SPDX-License-Identifier: Apache-2.0

/// What is refused before routing, because two readers could understand it in two ways.
///
/// The library lets through what RFC 9112 section 6.3 and RFC 9110 section 5.5 call wrong; these
/// rules do not. Three things it never shows its caller: a bare LF, which ends a line for it, a
/// NUL, at which a value ends for it, and a folded line. `HeadPlaces` finds them by distances.
struct RequestRules {
  /// Why a request is refused.
  struct Problem: Error {
    let status: Int
    let reason: StaticString
    var expected: String?
    var found: String?

    /// What the client is told; the connection ends, as nobody knows where the next request begins.
    var answer: Response {
      .refusal(status, reason, expected: expected, found: found, closing: true)
    }
  }

  /// The most header lines of a request.
  static let linesMax = 100
  /// The most characters of a method.
  static let methodOctetsMax = 32

  /// The announced size of the body; nil when it comes in chunks or not at all.
  let contentLength: Int?
  /// Whether the body comes in chunks.
  let isChunked: Bool

  init(
    method: String, version: String, target: Target?, headers: Headers
  ) throws(Problem) {
    guard let target else { throw Problem(status: 400, reason: "request target not legal") }
    // One reader would take the first, another the last.
    guard Set(target.query.map(\.name)).count == target.query.count else {
      throw Problem(status: 400, reason: "a query item stands twice")
    }
    guard !method.isEmpty, method.utf8.count <= Self.methodOctetsMax,
      method.utf8.allSatisfy(Self.isToken)
    else { throw Problem(status: 400, reason: "method not legal") }
    try Self.checkLines(headers)
    try Self.checkHost(headers, version: version)
    isChunked = try Self.transferCoding(headers, version: version)
    contentLength = try Self.contentLength(headers, isChunked: isChunked)
    if let expectation = headers["expect"], expectation.lowercased() != "100-continue" {
      throw Problem(
        status: 417, reason: "expectation not known", expected: "100-continue, or none",
        found: ServerRefusal.shown(expectation))
    }
  }

  /// The head as it came, before anything in it is believed.
  static func checkHead(octets: Int, most: Int, isWhole: Bool) throws(Problem) {
    guard octets <= most else {
      throw Problem(
        status: 431, reason: "the head of the request is too large", expected: headExpected(most),
        found: "\(octets) octets")
    }
    guard isWhole else {
      throw Problem(
        status: 400,
        reason: "a line of the head is folded, holds a NUL or does not end with CR LF",
        expected:
          "lines without NUL, each ended by CR LF, and one space between the words of the first"
      )
    }
  }

  /// What is said of the size of a head, wherever it is found to be too large.
  static func headExpected(_ most: Int) -> String {
    "at most \(most) octets of request line and header lines"
  }

  private static func checkLines(_ headers: Headers) throws(Problem) {
    guard headers.lines.count <= linesMax else {
      throw Problem(
        status: 431, reason: "too many header lines", expected: "at most \(linesMax) header lines",
        found: "\(headers.lines.count) header lines")
    }
    for line in headers.lines {
      guard !line.name.isEmpty, line.name.utf8.allSatisfy(isToken) else {
        throw Problem(
          status: 400, reason: "header name not legal",
          expected: "letters, digits and !#$%&'*+-.^_`|~ up to the colon")
      }
      guard line.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
        throw Problem(status: 400, reason: "control character in a header value")
      }
    }
  }

  private static func checkHost(_ headers: Headers, version: String) throws(Problem) {
    let hosts = headers.all("host")
    guard hosts.count <= 1 else { throw Problem(status: 400, reason: "several Host lines") }
    guard let host = hosts.first else {
      guard version == "HTTP/1.0" else { throw Problem(status: 400, reason: "no Host line") }
      return
    }
    let forbidden: [UInt8] = Array(" \t,/@?#\\".utf8)
    guard !host.utf8.contains(where: { forbidden.contains($0) }) else {
      throw Problem(status: 400, reason: "Host not legal")
    }
  }

  private static func transferCoding(
    _ headers: Headers, version: String
  ) throws(Problem) -> Bool {
    let codings = headers.all("transfer-encoding")
    guard !codings.isEmpty else { return false }
    guard headers["content-length"] == nil else {
      throw Problem(status: 400, reason: "Content-Length with Transfer-Encoding")
    }
    guard version != "HTTP/1.0" else {
      throw Problem(status: 400, reason: "Transfer-Encoding in HTTP/1.0")
    }
    guard codings.count == 1, codings[0].lowercased() == "chunked" else {
      throw Problem(
        status: 501, reason: "transfer coding other than chunked",
        found: ServerRefusal.shown(codings.joined(separator: ", ")))
    }
    return true
  }

  private static func contentLength(
    _ headers: Headers, isChunked: Bool
  ) throws(Problem) -> Int? {
    let lengths = headers.all("content-length")
    guard let length = lengths.first else { return nil }
    guard lengths.count == 1 else {
      throw Problem(status: 400, reason: "several Content-Length lines")
    }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard length.utf8.allSatisfy({ digits.contains($0) }), let value = Int(length) else {
      throw Problem(
        status: 400, reason: "Content-Length not a number", expected: "decimal digits",
        found: ServerRefusal.shown(length))
    }
    return value
  }

  /// The characters of a token (RFC 9110 section 5.6.2).
  static func isToken(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e, 0x5f, 0x60, 0x7c, 0x7e:
      true
    default: false
    }
  }
}
