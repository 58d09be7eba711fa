// SPDX-License-Identifier: Apache-2.0

import Client
import Foundation
import HTTP
import Testing

@Suite("Client against server")
struct HTTPClientTests {
  /// A server with a few routes at the address.
  static func start(_ address: Server.Configuration.Address) throws -> Server {
    let server = Server(
      Server.Configuration(address),
      routes: [
        Route("GET", "/hello") { request in
          Response(
            status: 200, headers: [("X-Seen", request.headers["x-name"] ?? ""), ("X-Two", "2")],
            body: Array("hello".utf8))
        },
        Route("POST", "/echo", bodyLimit: 1_000_000) { request in
          Response(type: request.headers["content-type"] ?? "none/none", body: request.body)
        },
        Route("GET", "/peer") { request in
          let process = request.peer.process
          return Response(
            type: "text/plain",
            text: "\(request.peer.address) \(process?.user ?? 0) \(process?.process ?? 0)")
        },
        Route("GET", "/large") { _ in
          Response(type: "a/b", body: [UInt8](repeating: 1, count: 100_000))
        },
        Route("GET", "/slow") { _ in
          Thread.sleep(forTimeInterval: 3)
          return Response(status: 204)
        },
        Route("GET", "/moved") { _ in
          Response(status: 302, headers: [("Location", "/hello")])
        },
      ])
    try server.start()
    return server
  }

  static func temporaryPath() -> String {
    NSTemporaryDirectory() + "smki-\(UInt32.random(in: 0...UInt32.max)).sock"
  }

  @Test("GET and POST carry header lines and bodies, and the connection is kept")
  func getAndPost() throws {
    let server = try Self.start(.tcp("127.0.0.1", port: 0))
    defer { server.stop(within: 1) }
    let client = try HTTPClient()
    let url = "http://127.0.0.1:\(server.port)"
    let first = try client.get(url + "/hello", headers: [("X-Name", "value")])
    #expect(first.status == 200)
    #expect(first.text == "hello")
    #expect(first.header("x-seen") == "value")
    #expect(first.header("x-two") == "2")
    #expect(!first.reusedConnection)
    let body = (0..<500_000).map { UInt8(truncatingIfNeeded: $0) }
    let second = try client.post(url + "/echo", type: "application/xml", body: body)
    #expect(second.status == 200)
    #expect(second.body == body)
    #expect(second.header("content-type") == "application/xml")
    #expect(second.reusedConnection)
    let third = try client.post(url + "/echo", type: "a/b", body: [])
    #expect(third.status == 200)
    #expect(third.body.isEmpty)
  }

  @Test("a redirection is shown, not followed")
  func redirection() throws {
    let server = try Self.start(.tcp("127.0.0.1", port: 0))
    defer { server.stop(within: 1) }
    let response = try HTTPClient().get("http://127.0.0.1:\(server.port)/moved")
    #expect(response.status == 302)
    #expect(response.header("location") == "/hello")
  }

  @Test("a Unix-domain socket is the owner's only, and the server knows who asks")
  func unixSocket() throws {
    let path = Self.temporaryPath()
    let server = try Self.start(.unix(path))
    let status = try FileManager.default.attributesOfItem(atPath: path)
    #expect(status[.posixPermissions] as? Int == 0o600)
    var options = HTTPClient.Options()
    options.unixSocketPath = path
    let client = try HTTPClient(options)
    let response = try client.get("http://localhost/peer")
    #expect(response.text == "unix \(getuid()) \(getpid())")
    #expect(try client.get("http://localhost/hello").reusedConnection)
    let second = Server(Server.Configuration(.unix(path)), routes: [])
    let error = #expect(throws: HTTPError.self) { try second.start() }
    #expect(error?.code == .addressInUse)
    server.stop(within: 1)
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test("a socket that a dead process left is replaced, anything else is not")
  func staleSocket() throws {
    let path = Self.temporaryPath()
    let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let bound = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(stale, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(bound == 0)
    close(stale)
    let server = try Self.start(.unix(path))
    server.stop(within: 1)
    try "precious".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let refused = Server(Server.Configuration(.unix(path)), routes: [])
    let error = #expect(throws: HTTPError.self) { try refused.start() }
    #expect(error?.code == .addressUnusable)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
  }

  @Test("a larger answer than allowed is refused")
  func bodyTooLarge() throws {
    let server = try Self.start(.tcp("127.0.0.1", port: 0))
    defer { server.stop(within: 1) }
    let url = "http://127.0.0.1:\(server.port)/large"
    var options = HTTPClient.Options()
    options.bodyOctetsMax = 100_000
    #expect(try HTTPClient(options).get(url).body.count == 100_000)
    options.bodyOctetsMax = 99_999
    let client = try HTTPClient(options)
    let error = #expect(throws: ClientError.self) { try client.get(url) }
    #expect(error?.code == .bodyTooLarge)
  }

  @Test("a slow answer is not waited for longer than told")
  func timeout() throws {
    let server = try Self.start(.tcp("127.0.0.1", port: 0))
    defer { server.stop(within: 4) }
    var options = HTTPClient.Options()
    options.totalSecondsMax = 1
    let client = try HTTPClient(options)
    let error = #expect(throws: ClientError.self) {
      try client.get("http://127.0.0.1:\(server.port)/slow")
    }
    #expect(error?.code == .timedOut)
  }

  @Test(
    "what cannot work is told by kind",
    arguments: [
      ("http://127.0.0.1:1/", .unreachable), ("http://no-such-host.invalid/", .unreachable),
      ("ftp://127.0.0.1/", .misused), ("file:///etc/hosts", .misused), ("http://", .misused),
    ] as [(String, ClientError.Code)])
  func failures(_ url: String, _ code: ClientError.Code) throws {
    let client = try HTTPClient()
    let error = #expect(throws: ClientError.self) { try client.get(url) }
    #expect(error?.code == code)
  }

  @Test("a line break in a header line is refused before anything is sent")
  func headerInjection() throws {
    let client = try HTTPClient()
    let error = #expect(throws: ClientError.self) {
      try client.get("http://127.0.0.1:1/", headers: [("X", "a\r\nY: b")])
    }
    #expect(error?.code == .misused)
  }

  @Test("a file that is not there is refused as a matter of TLS")
  func missingFile() throws {
    let server = try Self.start(.tcp("127.0.0.1", port: 0))
    defer { server.stop(within: 1) }
    var options = HTTPClient.Options()
    options.authoritiesPath = "/no/such/file.pem"
    let client = try HTTPClient(options)
    let error = #expect(throws: ClientError.self) {
      try client.get("https://127.0.0.1:\(server.port)/hello")
    }
    #expect(error?.code == .refusedByTLS)
  }
}
