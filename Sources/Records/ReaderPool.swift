// SPDX-License-Identifier: Apache-2.0

import Threads

/// Connections for reading, opened as they are wanted and kept.
final class ReaderPool: Sendable {
  private struct State: Sendable {
    var idle: [Connection] = []
    var opened = 0
    var isClosed = false
  }

  /// The most connections; a reader beyond them waits for one.
  static let connectionsMax = 32

  private let path: String
  private let state = Guarded(State())

  init(_ path: String) {
    self.path = path
  }

  /// Runs a closure in one snapshot of the store.
  func read<T>(_ body: (Reading) throws -> T) throws -> T {
    if let scope = Scope.current, scope.owner === self {
      let reading = Reading(scope.connection)
      defer { reading.end() }
      return try body(reading)
    }
    let connection = try take()
    defer { giveBack(connection) }
    try connection.change("BEGIN")
    // A reading changes nothing, so how it ends cannot matter.
    defer { try? connection.change("COMMIT") }
    let reading = Reading(connection)
    defer { reading.end() }
    let scope = Scope(owner: self, connection: connection, isWriting: false)
    return try Scope.$current.withValue(scope) { try body(reading) }
  }

  /// Refuses further readers and closes what is idle.
  func close() {
    state.change { state in
      state.isClosed = true
      state.idle = []
    }
  }

  private enum Turn: Sendable {
    case kept(Connection)
    case new
    case closed
  }

  private func take() throws -> Connection {
    let turn = state.wait { state -> Turn? in
      if state.isClosed { return .closed }
      if let connection = state.idle.popLast() { return .kept(connection) }
      guard state.opened < Self.connectionsMax else { return nil }
      state.opened += 1
      return .new
    }
    switch turn {
    case .kept(let connection): return connection
    case .closed: throw DatabaseError(.storeClosed, path)
    case .new:
      do {
        return try Connection(path, .reading)
      } catch {
        state.change { $0.opened -= 1 }
        throw error
      }
    }
  }

  private func giveBack(_ connection: Connection) {
    state.change { state in
      if !state.isClosed { state.idle.append(connection) }
    }
  }
}
