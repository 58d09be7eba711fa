// SPDX-License-Identifier: Apache-2.0

import Threads

/// Connections for reading, opened as they are wanted and kept.
final class ReaderPool: Sendable {
  private struct State: Sendable {
    var idle: [any Engine] = []
    var opened = 0
    var isClosed = false
  }

  /// The most connections; a reader beyond them waits for one.
  static let connectionsMax = 32

  private let place: StorePlace
  private let state = Guarded(State())

  init(_ place: StorePlace) {
    self.place = place
  }

  /// Runs a closure in one snapshot of the store.
  func read<T>(_ body: (Reading) throws -> T) throws -> T {
    if let scope = Scope.current, scope.owner === self {
      let reading = Reading(scope.connection)
      defer { reading.end() }
      return try body(reading)
    }
    let connection = try begin()
    defer { giveBack(connection) }
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

  /// A connection with a view begun; one whose server has gone is put away for a new one.
  private func begin() throws -> any Engine {
    while true {
      let connection = try take()
      do {
        try connection.begin(.reading)
        return connection
      } catch {
        let isLost = !connection.isUsable
        giveBack(connection)
        if !isLost { throw error }
      }
    }
  }

  private enum Turn: Sendable {
    case kept(any Engine)
    case new
    case closed
  }

  private func take() throws -> any Engine {
    let turn = state.wait { state -> Turn? in
      if state.isClosed { return .closed }
      if let connection = state.idle.popLast() { return .kept(connection) }
      guard state.opened < Self.connectionsMax else { return nil }
      state.opened += 1
      return .new
    }
    switch turn {
    case .kept(let connection): return connection
    case .closed: throw DatabaseError(.storeClosed, place.description)
    case .new:
      do {
        return try place.connect(.reading)
      } catch {
        state.change { $0.opened -= 1 }
        throw error
      }
    }
  }

  private func giveBack(_ connection: any Engine) {
    state.change { state in
      if !connection.isUsable {
        state.opened -= 1
      } else if !state.isClosed {
        state.idle.append(connection)
      }
    }
  }
}
