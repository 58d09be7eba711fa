// SPDX-License-Identifier: Apache-2.0

import Client
import Foundation
import HTTP
import TestProcess
import Testing
import Threads

@Suite("TLS")
struct TLSTests {
  let certificates: Certificates

  init() throws {
    certificates = try Certificates.shared.get()
  }

  func tls(
    _ clients: Server.Configuration.TLS.ClientCertificate = .asked
  ) throws -> Server.Configuration.TLS {
    let server = certificates.server
    return Server.Configuration.TLS(
      certificatePath: server.certificate, keyPath: server.key,
      clientAuthorities: [try Certificates.der(certificates.authority)],
      clientCertificate: clients)
  }

  func client(_ pair: (certificate: String, key: String)?) throws -> HTTPClient {
    var options = HTTPClient.Options()
    options.authoritiesPath = certificates.authority
    options.certificatePath = pair?.certificate
    options.keyPath = pair?.key
    return try HTTPClient(options)
  }

  /// A server that answers with what its authentication made of the certificates.
  func start(
    _ clients: Server.Configuration.TLS.ClientCertificate = .asked,
    authenticate: @escaping @Sendable (Peer) -> String = {
      $0.certificates.isEmpty ? "none" : "some"
    }
  ) throws -> Server {
    let server = Server(
      Server.Configuration(.tcp("127.0.0.1", port: 0), tls: try tls(clients)),
      routes: [
        Route("GET", "/who") {
          Response(type: "text/plain", text: $0.identity as? String ?? "nobody")
        }
      ], authenticate: authenticate)
    try server.start()
    return server
  }

  func get(_ server: Server, _ pair: (certificate: String, key: String)?) throws -> ClientResponse {
    try client(pair).get("https://localhost:\(server.port)/who")
  }

  @Test("a client's certificate reaches the authentication once for each connection")
  func authenticatedOnce() throws {
    let calls = Seen<[[UInt8]]>()
    let server = Server(
      Server.Configuration(.tcp("127.0.0.1", port: 0), tls: try tls()),
      routes: [
        Route("GET", "/who") { request in
          Response(type: "text/plain", text: request.identity as? String ?? "nobody")
        }
      ],
      authenticate: { peer in
        calls.add(peer.certificates)
        return "number \(calls.all.count)"
      })
    try server.start()
    defer { server.stop(within: 2) }
    let client = try client(certificates.client)
    for _ in 1...3 {
      let response = try client.get("https://localhost:\(server.port)/who")
      #expect(response.status == 200)
      #expect(response.text == "number 1")
    }
    #expect(calls.all.count == 1)
    #expect(calls.all.first?.first == (try Certificates.der(certificates.client.certificate)))
  }

  @Test("whoever signed it and whatever its time, the certificate reaches the authentication")
  func allReach() throws {
    let seen = Seen<[UInt8]?>()
    let server = try start { peer in
      seen.add(peer.certificates.first)
      return "seen"
    }
    defer { server.stop(within: 1) }
    for pair in [certificates.expired, certificates.stranger] {
      #expect(try get(server, pair).text == "seen")
    }
    #expect(
      seen.all == [
        try Certificates.der(certificates.expired.certificate),
        try Certificates.der(certificates.stranger.certificate),
      ])
  }

  @Test("without a certificate: taken where it is asked for, 403 where it is required")
  func noCertificate() throws {
    let asking = try start(.asked)
    defer { asking.stop(within: 1) }
    #expect(try get(asking, nil).text == "none")
    let requiring = try start(.required)
    defer { requiring.stop(within: 1) }
    let refused = try get(requiring, nil)
    #expect(refused.status == 403)
    #expect(refused.header("content-type") == "application/json")
    #expect(try get(requiring, certificates.client).text == "some")
  }

  @Test("new connections after a reload get the new certificate, old ones stay")
  func reload() throws {
    let name = "renewed-\(UInt32.random(in: 0...UInt32.max))"
    try certificates.make(name, by: "ca", days: "10")
    let pair = certificates.pair(name)
    let server = Server(
      Server.Configuration(
        .tcp("127.0.0.1", port: 0),
        tls: .init(certificatePath: pair.certificate, keyPath: pair.key)),
      routes: [Running.hello])
    try server.start()
    defer { server.stop(within: 1) }
    let url = "https://localhost:\(server.port)/hello"
    let before = try client(nil)
    #expect(try before.get(url).status == 200)
    try certificates.make(name, by: "other", days: "10")
    try server.reloadTLS()
    let response = try before.get(url)
    #expect(response.status == 200)
    #expect(response.reusedConnection)
    let error = #expect(throws: ClientError.self) { try client(nil).get(url) }
    #expect(error?.code == .refusedByTLS)
  }

  @Test("credentials that cannot be read are refused and the ones in use stay")
  func badReload() throws {
    let name = "spoilt-\(UInt32.random(in: 0...UInt32.max))"
    try certificates.make(name, by: "ca", days: "10")
    let pair = certificates.pair(name)
    let server = Server(
      Server.Configuration(
        .tcp("127.0.0.1", port: 0),
        tls: .init(certificatePath: pair.certificate, keyPath: pair.key)),
      routes: [Running.hello])
    try server.start()
    defer { server.stop(within: 1) }
    try "nothing".write(toFile: pair.key, atomically: true, encoding: .utf8)
    let error = #expect(throws: HTTPError.self) { try server.reloadTLS() }
    #expect(error?.code == .credentialsUnusable)
    #expect(error?.detail.contains(pair.key) == true)
    #expect(try client(nil).get("https://localhost:\(server.port)/hello").status == 200)
  }

  @Test(
    "the suites of the interface specification are spoken, others are not",
    arguments: [
      ("-tls1_3", "ALL", true), ("-tls1_2", "ECDHE-RSA-AES256-GCM-SHA384", true),
      ("-tls1_2", "ECDHE-RSA-AES256-SHA384", true),
      ("-tls1_2", "ECDHE-RSA-AES128-GCM-SHA256", true),
      ("-tls1_2", "ECDHE-RSA-AES128-SHA256", true), ("-tls1_2", "ECDHE-RSA-AES256-SHA", false),
      ("-tls1_2", "AES256-GCM-SHA384", false), ("-tls1_2", "DHE-RSA-AES256-GCM-SHA384", false),
      ("-tls1_1", "ALL:@SECLEVEL=0", false),
    ])
  func suites(_ version: String, _ suite: String, _ works: Bool) throws {
    let server = try start()
    defer { server.stop(within: 1) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
    process.arguments = [
      "s_client", "-connect", "127.0.0.1:\(server.port)", version, "-cipher", suite, "-brief",
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitForEnd()
    #expect((process.terminationStatus == 0) == works)
  }

  @Test("a plain client and a silent one do not hold up the others")
  func notTLS() throws {
    let server = try start()
    defer { server.stop(within: 1) }
    let silent = try RawConnection(port: server.port)
    let plain = try RawConnection(port: server.port)
    plain.send("GET /who HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(!plain.receive().contains("HTTP/1.1 200"))
    #expect(try get(server, certificates.client).text == "some")
    silent.send("x")
  }

  @Test("stopping ends connections that never shook hands, and idle ones")
  func stopEndsAll() throws {
    let server = try start()
    let client = try client(certificates.client)
    #expect(try client.get("https://localhost:\(server.port)/who").status == 200)
    // Nothing, a record that does not end, and what is no record.
    let connections = try ["", "\u{16}\u{03}\u{01}\u{02}", "GET /who HTTP/1.1\r\n"].map {
      let connection = try RawConnection(port: server.port)
      connection.send($0)
      return connection
    }
    while server.statistics.connections < 1 + connections.count {
      _ = Gate().wait(milliseconds: 5)
    }
    let time = ContinuousClock().measure { server.stop(within: 5) }
    #expect(time < .seconds(4))
    #expect(server.statistics.openConnections == 0)
    #expect(connections[0].receive() == "")
  }
}
