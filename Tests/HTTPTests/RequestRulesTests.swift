// SPDX-License-Identifier: Apache-2.0

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
    // The library sends the head of its own refusals twice; what counts is that nothing behind a
    // refused request is taken as another one.
    #expect(!answer.contains("HTTP/1.1 200"))
  }

  /// What the library does with the three things that it does not show (decision 15): the request
  /// and the header lines that it makes of it.
  static let unseen: [(String, [String])] = [
    ("GET /seen HTTP/1.1\nHost: localhost\nX-Name: a\n\n", ["host: localhost", "x-name: a"]),
    (
      "GET /seen HTTP/1.1\r\nHost: localhost\r\nX-Name: a\0b\r\n\r\n",
      ["host: localhost", "x-name: a"]
    ),
    (
      "GET /seen HTTP/1.1\r\nHost: localhost\r\nX-Name: a\r\n b\r\n\r\n",
      ["host: localhost", "x-nameb: a"]
    ),
  ]

  @Test("bare LF, NUL and folded lines are read in one way", arguments: unseen)
  func readsOneWay(_ request: String, _ lines: [String]) throws {
    let seen = Seen<[String]>()
    let route = Route("GET", "/seen") { request in
      seen.add(request.headers.lines.map { "\($0.name): \($0.value)" })
      return Response(status: 200)
    }
    let running = try Running([route])
    let connection = try RawConnection(port: running.server.port)
    connection.send(request)
    #expect(connection.status() == 200)
    #expect(seen.all == [lines])
  }

  @Test("a folded line whose text is no token is refused")
  func refusesFolded() throws {
    let running = try Running([Running.hello])
    let connection = try RawConnection(port: running.server.port)
    connection.send("GET /hello HTTP/1.1\r\n\(Self.host)X-Name: a\r\n b c\r\n\r\n")
    #expect(connection.status() == 400)
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
