// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import HTTP
import Testing
import Threads

@Suite("The end among clients that misbehave")
struct StopTests {
  private static let host = "Host: localhost\r\n"

  /// Requests that are answered, refused by us, and refused by the library itself.
  private static let requests = [
    "GET /work HTTP/1.1\r\n\(host)\r\n",
    "GET /later HTTP/1.1\r\n\(host)\r\n",
    "HEAD /later HTTP/1.1\r\n\(host)\r\n",
    "GET /nothing HTTP/1.1\r\n\(host)\r\n",
    "POST /echo HTTP/1.1\r\n\(host)Content-Length: 4\r\n\r\nabcd",
    "POST /echo HTTP/1.1\r\n\(host)Expect: 100-continue\r\nContent-Length: 4\r\n\r\nabcd",
    "POST /echo HTTP/1.1\r\n\(host)Content-Length: 2000000\r\n\r\n\(long)",
    "POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n",
    "POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\nfff\r\n\(long)",
    "POST /echo HTTP/1.1\r\n\(host)Transfer-Encoding: chunked\r\n\r\nno length\r\n",
    "GET /work HTTP/1.1\r\n\(host)no colon\r\n\r\n",
    "GET /work HTTP/1.1\r\n\r\n",
    "GET /work HTTP/9.9\r\n\(host)\r\n",
    "GET /\(long)\(long) HTTP/1.1\r\n\(host)\r\n",
  ]
  private static let long = String(repeating: "x", count: 20_000)

  /// How long it goes on, in seconds.
  private static let seconds =
    ProcessInfo.processInfo.environment["SMKI_LONG"] == nil ? 4 : 60

  /// The library must not refuse a request while it is being stopped.
  ///
  /// Version 0.9.75 crashes then; only many rounds meet that moment.
  @Test("a server that stops in the middle of refusals comes to its end, over and over")
  func stopAmongRefusals() throws {
    let end = ContinuousClock.now + .seconds(Self.seconds)
    var seed: UInt64 = 0
    repeat {
      seed += 1
      try stopOnce(seed: seed)
    } while ContinuousClock.now < end
  }

  private func stopOnce(seed: UInt64) throws {
    let running = try Running([
      Route("GET", "/work") { _ in Response(status: 204) },
      .deferred("GET", "/later") { _, answer in
        DispatchQueue.global().async { answer(Response(status: 204)) }
      },
      Running.echo,
    ]) { $0.workers = 2 }
    let server = running.server
    let port = server.port
    let loaders = (0..<4).map { index in
      Worker(name: "loader-\(index)") {
        var random = Seeded(state: seed &* 4 &+ UInt64(index))
        // Held open with a part of a request, so that the rest arrives while the server stops.
        var held: [(connection: RawConnection, rest: [UInt8])] = []
        while let connection = try? RawConnection(port: port), held.count < 2_000 {
          let octets = Array(Self.requests[random.below(Self.requests.count)].utf8)
          let cut = random.below(octets.count)
          connection.send(Array(octets[..<cut]))
          held.append((connection, Array(octets[cut...])))
          guard held.count > 20 else { continue }
          let next = held.remove(at: random.below(held.count))
          next.connection.send(next.rest)
          if random.below(2) == 0 { _ = next.connection.status() }
        }
        for next in held.shuffled(using: &random) { next.connection.send(next.rest) }
      }
    }
    _ = Gate().wait(milliseconds: 20 + Int(seed % 20))
    let time = ContinuousClock().measure { server.stop(within: 2) }
    for loader in loaders { loader.join() }
    #expect(time < .seconds(6), "seed \(seed)")
    #expect(server.statistics.openConnections == 0, "seed \(seed)")
    #expect(server.statistics.acceptedRequests == 0, "seed \(seed)")
  }
}

/// A small seeded generator (splitmix64), so that what clients do can be had again.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
