// SPDX-License-Identifier: Apache-2.0

import Client
import HTTP
import Synchronization
import Testing
import Threads

/// Prints how many trivial requests a second are answered; client and server share the machine.
@Suite("Throughput", .serialized)
struct ThroughputTests {
  static let connections = 32
  static let requestsEach = 200

  static let routes = [
    Route("GET", "/blocking") { _ in Response(type: "text/plain", text: "hello") },
    .deferred("GET", "/deferred") { _, answer in
      answer(Response(type: "text/plain", text: "hello"))
    },
  ]

  static func run(_ name: String, _ url: String, _ options: HTTPClient.Options) -> Int {
    let answered = Atomic<Int>(0)
    let time = ContinuousClock().measure {
      let workers = (0..<connections).map { index in
        Worker(name: "loader-\(index)") {
          guard let client = try? HTTPClient(options) else { return }
          for _ in 1...requestsEach where (try? client.get(url))?.status == 200 {
            answered.add(1, ordering: .relaxed)
          }
        }
      }
      for worker in workers { worker.join() }
    }
    let count = answered.load(ordering: .relaxed)
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    print("HTTP \(name): \(count) requests, \(Int(Double(count) / seconds)) a second")
    return count
  }

  @Test("plain, kept connections", arguments: ["blocking", "deferred"])
  func plain(_ path: String) throws {
    let running = try Running(Self.routes)
    let count = Self.run("plain \(path)", running.url + "/\(path)", HTTPClient.Options())
    #expect(count == Self.connections * Self.requestsEach)
  }

  @Test("mutual TLS, kept connections", arguments: ["blocking", "deferred"])
  func mutual(_ path: String) throws {
    let certificates = try Certificates.shared.get()
    let running = try Running(Self.routes) {
      $0.tls = .init(
        certificatePath: certificates.server.certificate, keyPath: certificates.server.key,
        clientCertificate: .required)
    }
    var options = HTTPClient.Options()
    options.authoritiesPath = certificates.authority
    options.certificatePath = certificates.client.certificate
    options.keyPath = certificates.client.key
    let url = "https://localhost:\(running.server.port)/\(path)"
    #expect(Self.run("mutual TLS \(path)", url, options) == Self.connections * Self.requestsEach)
  }
}
