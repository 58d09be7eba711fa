// SPDX-License-Identifier: Apache-2.0

import HTTP

/// A plain server on a port that the system chose, stopped when it goes.
final class Running {
  let server: Server
  let events: Seen<String>

  var url: String { "http://127.0.0.1:\(server.port)" }

  init(
    _ routes: [Route], changing change: (inout Server.Configuration) -> Void = { _ in }
  ) throws {
    var configuration = Server.Configuration(.tcp("127.0.0.1", port: 0))
    change(&configuration)
    let events = Seen<String>()
    self.events = events
    server = Server(configuration, routes: routes, onLog: { events.add(String(describing: $0)) })
    try server.start()
  }

  deinit {
    server.stop(within: 2)
  }

  /// Answers with the octets of the body.
  static let echo = Route("POST", "/echo", bodyLimit: 1_000) {
    Response(type: "application/octet-stream", body: $0.body)
  }

  /// Answers hello.
  static let hello = Route("GET", "/hello") { _ in Response(type: "text/plain", text: "hello") }
}
