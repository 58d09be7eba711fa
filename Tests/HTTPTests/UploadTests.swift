// SPDX-License-Identifier: Apache-2.0

import Client
import Foundation
import HTTP
import Testing
import Threads

@Suite("Large bodies go through files, in and out")
struct UploadTests {
  private final class Place {
    let path = NSTemporaryDirectory() + "smki-upload-" + UUID().uuidString
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    var names: [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    }
  }

  private func serving(
    _ place: Place, refusing: @escaping @Sendable (Request) -> Response? = { _ in nil },
    seconds: Int = 60, handler: @escaping @Sendable (Request) throws -> Response,
    body: (Server) throws -> Void
  ) throws {
    var route = Route("POST", "/upload", bodyLimit: 3_000_000, handler: handler)
    route.upload = Route.Upload(folder: place.path, secondsMax: seconds, admit: refusing)
    let server = Server(
      Server.Configuration(.tcp("127.0.0.1", port: 0)), routes: [route])
    try server.start()
    defer { server.stop(within: 2) }
    try body(server)
  }

  @Test("a body lies in a file, and comes back out of one")
  func whole() throws {
    let place = try Place()
    let octets = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let kept = place.path + "-kept"
    defer { try? FileManager.default.removeItem(atPath: kept) }
    try serving(place) { request in
      let upload = try #require(request.upload)
      guard request.body.isEmpty, upload.count == 2_000_000 else { return Response(status: 500) }
      try FileManager.default.copyItem(atPath: upload.path, toPath: kept)
      return Response(type: "application/octet-stream", file: kept)
    } body: { server in
      let client = try HTTPClient()
      let url = "http://127.0.0.1:\(server.port)/upload"
      let answer = try client.post(url, type: "text/plain", body: octets)
      #expect(answer.status == 200)
      #expect(answer.body == octets)
    }
    #expect(place.names == [])
  }

  @Test("who is not admitted is answered before the body, and nothing is kept")
  func refused() throws {
    let place = try Place()
    let handled = Guarded(false)
    try serving(place, refusing: { _ in Response(status: 403, type: "text/plain", text: "no") }) {
      _ in
      handled.change { $0 = true }
      return Response(status: 200)
    } body: { server in
      let url = "http://127.0.0.1:\(server.port)/upload"
      let small = try HTTPClient().post(url, type: "text/plain", body: [1])
      #expect(small.status == 403)
      #expect(small.text == "no")
    }
    #expect(!handled.value)
    #expect(place.names == [])
  }

  @Test("a body over the limit is 413, announced or not")
  func tooLarge() throws {
    let place = try Place()
    try serving(place) { _ in
      Response(status: 200)
    } body: { server in
      let url = "http://127.0.0.1:\(server.port)/upload"
      let answer = try HTTPClient().post(
        url, type: "text/plain", body: [UInt8](repeating: 1, count: 3_000_001))
      #expect(answer.status == 413)
      let chunked = try HTTPClient().send(
        "POST", url, headers: [("Transfer-Encoding", "chunked")],
        body: [UInt8](repeating: 1, count: 3_000_001))
      #expect(chunked.status == 413)
    }
    #expect(place.names == [])
  }

  @Test("an upload that was cut, or that is too slow, is never handled and leaves nothing")
  func cut() throws {
    let place = try Place()
    let handled = Guarded(0)
    try serving(place, seconds: 1) { _ in
      handled.change { $0 += 1 }
      return Response(status: 200)
    } body: { server in
      for octets in [0, 1, 99] {
        // It goes with the end of this turn.
        try RawConnection(port: server.port).send(
          "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"
            + String(repeating: "x", count: octets))
      }
      let slow = try RawConnection(port: server.port)
      slow.send("POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nx")
      #expect(slow.receive().isEmpty)
    }
    #expect(handled.value == 0)
    #expect(place.names == [])
  }
}
