// SPDX-License-Identifier: Apache-2.0

import DER
import Threads

/// What one node of a store on a server tells the others, over a connection of its own: that it is
/// alive, and what it alone is doing.
///
/// Nothing here waits for the one who writes: a claim is one statement.
final class Coordination: Sendable {
  private struct State: Sendable {
    var connection: PostgresConnection?
    var isTaken = false
    var isClosed = false
  }

  /// The number of the node.
  let node: Int
  let name: NodeName
  /// The connection string of the server.
  let address: String
  private let state: Guarded<State>
  /// Since when signs of life have reached the server without a gap.
  private let steadySince = Guarded<ContinuousClock.Instant>(.now)
  private let end = Gate()
  private let heartbeat = Guarded<Worker?>(nil)

  /// Begins to give signs of life.
  init(_ address: String, node: Int, name: NodeName) throws {
    self.address = address
    self.node = node
    self.name = name
    state = Guarded(State(connection: try PostgresConnection(address, .writing)))
    let worker = Worker(name: "records-node") { [weak self, end, name] in
      // Five signs in a lease: some may be late.
      while !end.wait(milliseconds: name.leaseSeconds * 200) { self?.renew() }
    }
    heartbeat.change { $0 = worker }
  }

  /// Runs statements on the connection, alone; one whose server has gone is replaced once.
  func run<Value>(_ body: (PostgresConnection) throws -> Value) throws -> Value {
    let kept = try state.wait { state -> Result<PostgresConnection?, DatabaseError>? in
      if state.isClosed { return .failure(DatabaseError(.storeClosed, "the store is closed")) }
      guard !state.isTaken else { return nil }
      state.isTaken = true
      defer { state.connection = nil }
      return .success(state.connection)
    }.get()
    var connection = kept
    defer {
      state.change { state in
        state.isTaken = false
        state.connection = state.isClosed || connection?.isUsable != true ? nil : connection
      }
    }
    do {
      if let usable = connection, usable.isUsable { return try body(usable) }
    } catch {
      guard connection?.isUsable != true else { throw error }
    }
    let new = try PostgresConnection(address, .writing)
    connection = new
    return try body(new)
  }

  /// A sign of life.
  private func renew() {
    let now = SQL(trusted: PostgresConnection.now)
    do {
      try run { try $0.change("UPDATE server_node SET seen = \(now) WHERE id = \(node)") }
    } catch {
      steadySince.change { $0 = .now }
    }
  }

  /// Whether this node has had the server long enough to call another one dead: after an outage
  /// each gets the time to come back.
  var isSteady: Bool {
    ContinuousClock.now - steadySince.value > .seconds(name.leaseSeconds)
  }

  /// Claims what one node at a time may do; a claim stays until it is released or its node is dead.
  ///
  /// - Returns: whether this node has it.
  func claim(_ claim: String) throws -> Bool {
    let now = SQL(trusted: PostgresConnection.now)
    return try run { connection in
      let holder = try connection.own(
        "SELECT node FROM server_claim WHERE name = \(claim)"
      ).first
      if try holder?.int("node") == node { return true }
      return try !connection.own(
        """
        INSERT INTO server_claim (name, node, since) VALUES (\(claim), \(node), \(now))
        ON CONFLICT (name) DO UPDATE SET node = excluded.node, since = excluded.since
        WHERE server_claim.node NOT IN (SELECT id FROM server_alive) RETURNING node
        """
      ).isEmpty
    }
  }

  /// Gives claims of this node back.
  func release(_ claims: [String]) throws {
    guard !claims.isEmpty else { return }
    try run { connection in
      for claim in claims {
        try connection.change(
          "DELETE FROM server_claim WHERE name = \(claim) AND node = \(node)")
      }
    }
  }

  /// Claims of other living nodes whose names begin so.
  func claimedElsewhere(_ prefix: String) throws -> [String] {
    try run { connection in
      try connection.own(
        """
        SELECT name FROM server_claim WHERE name LIKE \(prefix + "%") AND node <> \(node)
        AND node IN (SELECT id FROM server_alive)
        """
      ).map { try $0.text("name") }
    }
  }

  /// Tells the others that this node ends, and stops.
  func close() {
    end.open()
    let worker = heartbeat.change { worker in
      defer { worker = nil }
      return worker
    }
    worker?.join()
    let now = SQL(trusted: PostgresConnection.now)
    try? run { connection in
      try connection.change("UPDATE server_node SET ended = \(now) WHERE id = \(node)")
      // What it has begun to issue stays known until it is voided.
      try connection.change(
        """
        DELETE FROM server_claim WHERE node = \(node) AND name NOT LIKE \(Work.prefix + "%")
        """)
    }
    state.change { state in
      state.isClosed = true
      state.connection = nil
    }
  }
}
