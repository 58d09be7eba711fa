// SPDX-License-Identifier: Apache-2.0

import Client
import HTTP
import Testing

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
      }, onLog: { print($0) })
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
}
