// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import HTTP
import Testing

@Suite("Ambiguous requests")
struct RequestRulesTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let name: String
    let request: String
    let status: Int
    var testDescription: String { name }
  }

  static let host = "Host: localhost\r\n"

  /// Feasibility study, table of ambiguous requests, and others of their kind.
  static let refused: [Case] = [
    Case(
      name: "Content-Length with Transfer-Encoding",
      request: "POST /echo HTTP/1.1\r\n\(host)Content-Length: 4\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n", status: 400),
    Case(
      name: "two different Content-Length",
      request: "POST /echo HTTP/1.1\r\n\(host)Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
      status: 400),
    Case(
      name: "the same Content-Length twice",
      request: "POST /echo HTTP/1.1\r\n\(host)Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
      status: 400),
    Case(
      name: "a signed Content-Length",
      request: "POST /echo HTTP/1.1\r\n\(host)Content-Length: +4\r\n\r\nabcd", status: 400),
    Case(
      name: "a list as Content-Length",
      request: "POST /echo HTTP/1.1\r\n\(host)Content-Length: 4, 4\r\n\r\nabcd", status: 400),
    Case(
      name: "a transfer coding besides chunked",
      request: "POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: gzip, chunked\r\n\r\n"
        + "4\r\nabcd\r\n0\r\n\r\n", status: 501),
    Case(
      name: "an unknown transfer coding",
      request: "POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: xchunked\r\n\r\na", status: 501),
    Case(
      name: "a chunk size with a prefix",
      request: "POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n"
        + "0x4\r\nabcd\r\n0\r\n\r\n", status: 400),
    Case(
      name: "a blank before the colon",
      request: "GET /hello HTTP/1.1\r\n\(host)X-Name : value\r\n\r\n", status: 400),
    Case(
      name: "a query item twice", request: "GET /hello?a=1&b=2&a=1 HTTP/1.1\r\n\(host)\r\n",
      status: 400),
    Case(name: "no Host", request: "GET /hello HTTP/1.1\r\n\r\n", status: 400),
    Case(
      name: "two Hosts", request: "GET /hello HTTP/1.1\r\n\(host)Host: other\r\n\r\n", status: 400),
    Case(
      name: "a blank in Host", request: "GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", status: 400),
    Case(
      name: "a control character in a header value",
      request: "GET /hello HTTP/1.1\r\n\(host)X-Name: a\u{1}b\r\n\r\n", status: 400),
    Case(
      name: "a target that is not a path", request: "GET http://x/hello HTTP/1.1\r\n\(host)\r\n",
      status: 400),
    Case(
      name: "a target with a dot segment", request: "GET /a/../hello HTTP/1.1\r\n\(host)\r\n",
      status: 400),
    Case(
      name: "an unknown expectation",
      request: "POST /echo HTTP/1.1\r\n\(host)Expect: more\r\nContent-Length: 1\r\n\r\na",
      status: 417),
    Case(
      name: "more than 100 header lines",
      request: "GET /hello HTTP/1.1\r\n\(host)" + String(repeating: "X: y\r\n", count: 100)
        + "\r\n",
      status: 431),
  ]

  @Test("is refused and its connection closed", arguments: refused)
  func refuses(_ example: Case) throws {
    let running = try Running([Running.echo, Running.hello])
    let connection = try RawConnection(port: running.server.port)
    connection.send(example.request)
    let answer = connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 \(example.status) "), "\(answer)")
    // Nothing behind a refused request is taken as another one.
    #expect(answer.components(separatedBy: "HTTP/1.1 ").count == 2, "\(answer)")
  }

  /// What the library does not show its caller (decision 15), in each place of a head.
  static let hidden: [(String, String)] = [
    ("bare LF at the end of every line", "GET /hello HTTP/1.1\nHost: a\n\n"),
    ("bare LF behind the request line", "GET /hello HTTP/1.1\nHost: a\r\n\r\n"),
    ("bare LF behind a header line", "GET /hello HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
    ("bare LF behind the last header line", "GET /hello HTTP/1.1\r\nHost: a\n\r\n"),
    ("bare LF as the empty line", "GET /hello HTTP/1.1\r\nHost: a\r\n\n"),
    ("NUL in a value", "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n"),
    ("NUL in a value, more behind it", "GET /hello HTTP/1.1\r\nX: y\0z\r\nHost: a\r\n\r\n"),
    ("NUL before a value", "GET /hello HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"),
    ("NUL in the target", "GET /hello\0x HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("NUL in the method", "GET\0 /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
    ("a folded line", "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n"),
    ("a folded line, more behind it", "GET /hello HTTP/1.1\r\nX: y\r\n z\r\nHost: a\r\n\r\n"),
    ("a folded line of two words", "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\r\n b c\r\n\r\n"),
    ("two blanks in the request line", "GET  /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
  ]

  @Test(
    "bare LF, NUL and folded lines are refused, also behind a good request",
    .clause("ENG-http-limits"), arguments: hidden)
  func refusesHidden(name: String, request: String) throws {
    let running = try Running([Running.hello])
    for before in ["", "GET /hello HTTP/1.1\r\nHost: a\r\n\r\n"] {
      let connection = try RawConnection(port: running.server.port)
      connection.send(before + request)
      let answer = connection.receive()
      let statuses = answer.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
      #expect(statuses == (before.isEmpty ? ["400"] : ["200", "400"]), "\(answer)")
    }
  }

  @Test("lines of every length, in heads of every size, are not taken for such")
  func takesWhole() throws {
    let running = try Running([Running.hello])
    let connection = try RawConnection(port: running.server.port)
    for (count, length) in [(0, 0), (1, 0), (1, 15_900), (98, 100), (40, 390), (3, 5_000)] {
      let lines = (0..<count).map {
        "X-\($0):\($0 % 2 == 0 ? " " : "")"
          + String(repeating: "v", count: length) + "\r\n"
      }
      connection.send(
        "GET /hello?a=1&b=%20 HTTP/1.1\r\nHost: a\r\nCookie: a=b; c=d\r\n"
          + lines.joined() + "\r\n")
      let answer = connection.receive(until: "hello")
      #expect(answer.hasPrefix("HTTP/1.1 200 "), "\(count) lines of \(length): \(answer)")
    }
  }

  /// What the library refuses by itself: request, status, and what the answer must name.
  static let byLibrary: [(String, Int, String)] = [
    ("GET /hello\r\n\r\n", 400, "one space between them"),
    ("GET /hello XTTP/1.1\r\n\r\n", 400, "one space between them"),
    ("GET /hello HTTP/2.0\r\nHost: a\r\n\r\n", 505, "HTTP/1.1 or HTTP/1.0"),
    ("GET /hello HTTP/0.9\r\nHost: a\r\n\r\n", 505, "HTTP/1.1 or HTTP/1.0"),
    ("GET /" + String(repeating: "a", count: 40_000) + " HTTP/1.1\r\n\r\n", 414, "16384 octets"),
    (
      "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 40_000) + "\r\n\r\n",
      431, "16384 octets"
    ),
    (
      "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 17_000) + "\r\n\r\n",
      431, "16384 octets"
    ),
    ("GET /hello HTTP/1.1\r\nHost: a\r\nno colon\r\n\r\n", 400, "a colon"),
    ("GET /hello HTTP/1.1\r\n\r\n", 400, "one Host line"),
    ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400, "decimal digits"),
    (
      "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", 413,
      "at most 1000 octets"
    ),
    (
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400,
      "hexadecimal digits"
    ),
    (
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        + "fffffffffffffffff\r\n", 413, "at most 1000 octets"
    ),
    (
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n"
        + String(repeating: "a", count: 2_000) + "\r\n0\r\n\r\n", 413, "at most 1000 octets"
    ),
  ]

  @Test(
    "what the library refuses is answered once, in our words, and told to the log",
    .clause("ENG-http-limits"), arguments: byLibrary)
  func inOurWords(request: String, status: Int, naming: String) throws {
    let running = try Running([Running.echo, Running.hello]) {
      $0.refusalBody = { Array("{\"expected\":\"\($0.expected ?? "")\"}".utf8) }
    }
    let connection = try RawConnection(port: running.server.port)
    connection.send(request)
    let answer = connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer)")
    #expect(
      answer.components(separatedBy: "HTTP/1.1 ").count == 2 + (naming.contains("HTTP/1.1") ? 1 : 0)
    )
    #expect(answer.contains("Content-Type: application/json"))
    #expect(answer.hasSuffix("}") && answer.contains(naming), "\(answer)")
    #expect(!answer.contains("<html>"))
    #expect(running.server.statistics.refused == 1)
    #expect(running.events.all.contains { $0.hasPrefix("refused(") })
    #expect(!running.events.all.contains { $0.hasPrefix("library(") })
  }

  @Test("what is beside each refusal is taken")
  func takes() throws {
    let running = try Running([Running.echo, Running.hello])
    let connection = try RawConnection(port: running.server.port)
    connection.send(
      "POST /echo HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n")
    #expect(connection.receive(until: "abcd").hasPrefix("HTTP/1.1 200 "))
    connection.send("POST /echo HTTP/1.1\r\n\(Self.host)Content-Length: 4\r\n\r\nefgh")
    #expect(connection.receive(until: "efgh").hasPrefix("HTTP/1.1 200 "))
    connection.send("GET /hello HTTP/1.0\r\n\r\n")
    #expect(connection.receive().hasPrefix("HTTP/1.1 200 "))
  }

  @Test("an answer does not say which software gave it")
  func noBanner() throws {
    let running = try Running([Running.hello])
    let connection = try RawConnection(port: running.server.port)
    connection.send("GET /hello HTTP/1.1\r\n\(Self.host)Connection: close\r\n\r\n")
    let answer = connection.receive().lowercased()
    #expect(answer.contains("content-length: 5"))
    #expect(!answer.contains("server:"))
    #expect(!answer.contains("microhttpd"))
  }
}
