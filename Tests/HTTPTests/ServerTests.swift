// SPDX-License-Identifier: Apache-2.0

import Client
import Dispatch
import Foundation
import HTTP
import Synchronization
import Testing
import Threads

@Suite("Server")
struct ServerTests {
  @Test("an unknown path is 404, a wrong method 405 with what is allowed")
  func unknown() throws {
    let running = try Running([Running.hello, Running.echo])
    let client = try HTTPClient()
    let missing = try client.get(running.url + "/missing")
    #expect(missing.status == 404)
    #expect(missing.header("content-type") == "application/json")
    #expect(missing.text == "{\"status\":404,\"error\":\"nothing stands at this path\"}\n")
    let wrong = try client.post(running.url + "/hello", type: "text/plain", body: [1, 2, 3])
    #expect(wrong.status == 405)
    #expect(wrong.header("allow") == "GET, HEAD")
    #expect(try client.get(running.url + "/hello").reusedConnection)
  }

  @Test("HEAD is answered with the length and without the body")
  func head() throws {
    let running = try Running([Running.hello])
    let response = try HTTPClient().send("HEAD", running.url + "/hello", headers: [], body: nil)
    #expect(response.status == 200)
    #expect(response.header("content-length") == "5")
    #expect(response.body.isEmpty)
  }

  @Test("exact paths come before prefixes and longer prefixes before shorter")
  func prefixes() throws {
    let name: @Sendable (String) -> Route = { path in
      Route("GET", path) { _ in Response(type: "text/plain", text: path) }
    }
    let running = try Running([name("/a/*"), name("/a/b/*"), name("/a/b/c"), name("/a/")])
    let client = try HTTPClient()
    #expect(try client.get(running.url + "/a/x").text == "/a/*")
    #expect(try client.get(running.url + "/a/b/x").text == "/a/b/*")
    #expect(try client.get(running.url + "/a/b/c").text == "/a/b/c")
    #expect(try client.get(running.url + "/a/").text == "/a/")
    #expect(try client.get(running.url + "/b").status == 404)
  }

  @Test("the query reaches the handler decoded")
  func query() throws {
    let running = try Running([
      Route("GET", "/q") { request in
        let items = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        return Response(type: "text/plain", text: items)
      }
    ])
    let client = try HTTPClient()
    #expect(
      try client.get(running.url + "/q?BatchId=7&name=a%26b+c&empty=").text
        == "BatchId=7;name=a&b c;empty=")
    #expect(try client.get(running.url + "/q?name=%zz").status == 400)
  }

  @Test(
    "a body at the limit is taken, one octet more is 413 and the end",
    arguments: [
      (1_000, 200, true), (1_001, 413, false), (3_000_000, 413, false),
    ])
  func bodyLimit(_ count: Int, _ status: Int, _ staysOpen: Bool) throws {
    let running = try Running([Running.echo, Running.hello])
    let client = try HTTPClient()
    let body = [UInt8](repeating: 7, count: count)
    let response = try client.post(running.url + "/echo", type: "a/b", body: body)
    #expect(response.status == status)
    #expect(response.status != 200 || response.body == body)
    #expect(try client.get(running.url + "/hello").reusedConnection == staysOpen)
  }

  @Test("a body in chunks beyond the limit is 413")
  func chunkedLimit() throws {
    let running = try Running([Running.echo])
    let connection = try RawConnection(port: running.server.port)
    connection.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "200\r\n" + String(repeating: "x", count: 512) + "\r\n"
    for _ in 1...3 { connection.send(chunk) }
    connection.send("0\r\n\r\n")
    let answer = connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
  }

  @Test(
    "the sender of a body far over the limit gets the 413, however it is sent",
    arguments: ["Transfer-Encoding: chunked", "Content-Length: 8000000"])
  func farOverTheLimit(_ header: String) throws {
    let running = try Running([Running.echo])
    let connection = try RawConnection(port: running.server.port)
    connection.send("POST /echo HTTP/1.1\r\nHost: a\r\n\(header)\r\n\r\n")
    let isChunked = header.contains("chunked")
    for _ in 1...100 {
      if isChunked { connection.send("13880\r\n") }
      #expect(connection.send([UInt8](repeating: 7, count: 80_000)))
      if isChunked { connection.send("\r\n") }
    }
    let answer = connection.receive()
    #expect(answer.hasPrefix("HTTP/1.1 413 "))
    #expect(answer.contains("\r\nConnection: close\r\n"))
    let body = answer.components(separatedBy: "\r\n\r\n").last
    #expect(body == "{\"status\":413,\"error\":\"the body is larger than this path takes\"}\n")
    #expect(answer.contains("\r\nContent-Length: \(body?.utf8.count ?? 0)\r\n"))
    #expect(running.server.statistics.refused == 1)
  }

  @Test("what the server refuses is told with what it takes and what came")
  func figures() throws {
    let seen = Seen<ServerRefusal>()
    let running = try Running([Running.echo, Running.hello]) {
      $0.refusalBody = { refusal in
        seen.add(refusal)
        return []
      }
    }
    let client = try HTTPClient()
    _ = try client.get(running.url + "/nowhere")
    _ = try client.post(running.url + "/hello", type: "a/b", body: [])
    _ = try client.post(
      running.url + "/echo", type: "a/b", body: [UInt8](repeating: 7, count: 1_001))
    #expect(
      seen.all.map { [$0.expected, $0.found] } == [
        ["POST /echo, GET /hello", "/nowhere"], ["GET, HEAD", "POST"],
        ["at most 1000 octets", "1001 octets"],
      ])
    #expect(seen.all.map(\.status) == [404, 405, 413])
  }

  @Test("a body in chunks without end is cut off")
  func endlessChunks() throws {
    let running = try Running([Running.echo])
    let connection = try RawConnection(port: running.server.port)
    connection.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
    var sent = 0
    while sent < 1_000, connection.send(chunk) { sent += 1 }
    #expect(sent < 1_000)
  }

  @Test("a large body goes both ways whole")
  func largeBody() throws {
    let running = try Running([
      Route("POST", "/large", bodyLimit: 20_000_000) { Response(type: "a/b", body: $0.body) }
    ])
    let body = (0..<15_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let response = try HTTPClient().post(running.url + "/large", type: "a/b", body: body)
    #expect(response.status == 200)
    #expect(response.body == body)
  }

  @Test("header lines beyond the limit are refused")
  func headLimit() throws {
    let running = try Running([Running.hello]) { $0.headOctetsMax = 8_192 }
    let connection = try RawConnection(port: running.server.port)
    connection.send(
      "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 20_000) + "\r\n\r\n")
    #expect(connection.status() == 431)
  }

  @Test("an error of a handler is a 500 that says nothing")
  func handlerFails() throws {
    struct Secret: Error {}
    let running = try Running([Route("GET", "/fails") { _ in throw Secret() }])
    let response = try HTTPClient().get(running.url + "/fails")
    #expect(response.status == 500)
    #expect(!response.text.contains("Secret"))
    #expect(running.events.all.contains { $0.contains("Secret") })
  }

  @Test("an answer with a line break in a header line is a 500")
  func headerInjection() throws {
    let running = try Running([
      Route("GET", "/bad") { _ in
        Response(status: 200, headers: [("X-Name", "a\r\nX-Other: b")])
      }
    ])
    let response = try HTTPClient().get(running.url + "/bad")
    #expect(response.status == 500)
    #expect(response.header("x-other") == nil)
  }

  @Test("a taken port is named")
  func addressInUse() throws {
    let running = try Running([Running.hello])
    let port = running.server.port
    let second = Server(Server.Configuration(.tcp("127.0.0.1", port: port)), routes: [])
    let error = #expect(throws: HTTPError.self) { try second.start() }
    #expect(error?.code == .addressInUse)
    #expect(error?.detail.contains("127.0.0.1 port \(port)") == true)
  }

  @Test("an address that is not a numeric one is refused")
  func addressUnusable() throws {
    let server = Server(Server.Configuration(.tcp("no such host", port: 0)), routes: [])
    #expect(throws: HTTPError.self) { try server.start() }
  }

  @Test("IPv6 is served")
  func six() throws {
    let running = try Running([Running.hello]) { $0.address = .tcp("::1", port: 0) }
    let response = try HTTPClient().get("http://[::1]:\(running.server.port)/hello")
    #expect(response.text == "hello")
  }

  @Test("32 clients with kept connections each get their own answers")
  func manyClients() throws {
    let running = try Running([
      Route("GET", "/number/*") { Response(type: "text/plain", text: $0.path) },
      .deferred("GET", "/later/*") { request, answer in
        DispatchQueue.global().async { answer(Response(type: "text/plain", text: request.path)) }
      },
    ])
    let url = running.url
    let wrong = Atomic<Int>(0)
    let fresh = Atomic<Int>(0)
    let workers = (0..<32).map { index in
      Worker(name: "client-\(index)") {
        guard let client = try? HTTPClient() else { return }
        for number in 1...50 {
          let path = (number % 2 == 0 ? "/number/" : "/later/") + "\(index)-\(number)"
          let response = try? client.get(url + path)
          if response?.text != path { wrong.add(1, ordering: .relaxed) }
          if response?.reusedConnection == false { fresh.add(1, ordering: .relaxed) }
        }
      }
    }
    for worker in workers { worker.join() }
    #expect(wrong.load(ordering: .relaxed) == 0)
    #expect(fresh.load(ordering: .relaxed) == 32)
    let statistics = running.server.statistics
    #expect(statistics.requests == 1_600)
    #expect(statistics.connections == 32)
  }
}
