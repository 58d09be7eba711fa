// SPDX-License-Identifier: Apache-2.0

import Client
import FoundationEssentials
import Glibc
import SEC
import Service

/// The way of a command to its estate: through the node that serves, or by opening the estate here.
struct Channel {
  let invocation: Invocation

  /// Performs an operation under the name of the officer who is this user.
  func perform<Request: ControlRequest>(_ request: Request) throws -> Request.Answer {
    if let socket = invocation.namedSocket { return try ask(request, at: socket) }
    if FileManager.default.fileExists(atPath: invocation.folder.control) {
      do {
        return try ask(request, at: invocation.folder.control)
      } catch let error as ClientError where error.code == .unreachable {
        // A node that was killed left its socket behind: nobody serves.
      }
    }
    let node = try Opening.node(invocation, log: .silent)
    defer { node.stop() }
    return try Control.perform(
      request, in: node, as: getuid(), named: invocation.value("--as"))
  }

  /// Where the doors of the estate are: as its serving node says, else as `estate.json` says.
  static func doors(
    of folder: Folder, _ configured: Configuration.Doors
  ) -> (doors: Configuration.Doors, node: OpenDoors?) {
    let node = openDoors(of: folder)
    return (node?.replacing(configured) ?? configured, node)
  }

  /// What the serving node of a folder says of its doors; nil when none serves, or none that this
  /// user may ask.
  static func openDoors(of folder: Folder) -> OpenDoors? {
    guard FileManager.default.fileExists(atPath: folder.control) else { return nil }
    var options = HTTPClient.Options()
    options.unixSocketPath = folder.control
    options.totalSecondsMax = 5
    let response = try? HTTPClient(options).get("http://localhost\(OpenDoors.path)")
    guard let response, response.status == 200 else { return nil }
    return try? JSONDecoder().decode(OpenDoors.self, from: Data(response.body))
  }

  private func ask<Request: ControlRequest>(
    _ request: Request, at socket: String
  ) throws -> Request.Answer {
    var options = HTTPClient.Options()
    options.unixSocketPath = socket
    let response = try HTTPClient(options).post(
      "http://localhost\(Control.pathPrefix)\(Request.name)", type: "application/json",
      body: try Control.encode(request),
      headers: invocation.value("--as").map { [(Control.officerHeader, $0)] } ?? [])
    guard response.status == 200 else { throw Self.error(in: response) }
    return try JSONDecoder().decode(Request.Answer.self, from: Data(response.body))
  }

  /// What the node said instead of an answer.
  static func error(in response: ClientResponse) -> any Error {
    guard let body = try? JSONDecoder().decode(ErrorBody.self, from: Data(response.body)) else {
      return Failure.Message(
        .failed, "status \(response.status): \(response.text.cut(to: 200))")
    }
    guard body.clause.isEmpty else {
      return Refusal(
        body.code, clause: Clause(body.clause), field: body.field, expected: body.expected,
        found: body.found, remedy: body.remedy)
    }
    return Failure.Message(
      response.status == 503 ? .unavailable : .failed, "the node says \(body.code)",
      remedy: body.remedy)
  }
}

extension Log {
  /// For commands, whose results are their words.
  static let silent = Log { _ in }
}
