// SPDX-License-Identifier: Apache-2.0

import DER
import Threads

/// A store that several nodes share.
extension Records {
  /// Whether other nodes may write to the store: on a server, and never in a file.
  package var isShared: Bool { coordination != nil }

  /// The number of this node, or nil for a store in a file.
  package var node: Int? { coordination?.node }

  /// Whether this node has had the server long enough to call another one dead.
  package var isSteady: Bool { coordination?.isSteady ?? true }

  /// Claims what one node at a time may do; a claim stays until it is released or its node is dead.
  ///
  /// - Returns: whether this node has it; always in a file, which has one process.
  package func claim(_ name: String) throws -> Bool {
    try coordination?.claim(name) ?? true
  }

  /// Gives claims back.
  package func release(_ names: [String]) throws {
    try coordination?.release(names)
  }

  /// Claims of other living nodes whose names begin so.
  package func claimedElsewhere(_ prefix: String) throws -> [String] {
    try coordination?.claimedElsewhere(prefix) ?? []
  }

  /// Runs a body with a claim, after whoever has it.
  ///
  /// - Throws: `busy` when it is not to be had for a minute, or what the body throws.
  package func alone<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
    guard isShared else { return try body() }
    let gate = Gate()
    let end = ContinuousClock.now + .seconds(60)
    while try !claim(name) {
      guard ContinuousClock.now < end else {
        throw DatabaseError(.busy, "another node has had \(name) for a minute")
      }
      _ = gate.wait(milliseconds: 20)
    }
    defer { try? release([name]) }
    return try body()
  }

  /// Every node that this store has had, the newest first; none in a file.
  package func nodes() throws -> [NodeStanding] {
    try read { reading in
      guard StorePlace(path).isServer else { return [] }
      var work: [Int: [String]] = [:]
      for row in try reading.query("SELECT name, node FROM server_claim ORDER BY name") {
        work[try row.int("node"), default: []].append(try row.text("name"))
      }
      return try reading.query(
        """
        SELECT node.id AS id, name, version, process, since, seen, ended, alive.id AS alive
        FROM server_node AS node LEFT JOIN server_alive AS alive ON alive.id = node.id
        ORDER BY node.id DESC
        """
      ).map { row in
        let id = try row.int("id")
        return NodeStanding(
          id: id, name: try row.text("name"), version: try row.text("version"),
          process: try row.text("process"), since: try row.time("since"),
          seen: try row.time("seen"), ended: try row.optionalTime("ended"),
          isAlive: try row.optionalInt("alive") != nil, work: work[id] ?? [])
      }
    }
  }

  /// Says of the dead nodes that they have ended, and frees what they had claimed, except for work
  /// that has to be voided.
  ///
  /// - Returns: the names of those that were found dead.
  package func buryDead() throws -> [String] {
    guard let coordination, coordination.isSteady else { return [] }
    return try coordination.run { connection in
      let dead = try connection.own(
        """
        UPDATE server_node SET ended = \(SQL(trusted: PostgresConnection.now))
        WHERE ended IS NULL AND id NOT IN (SELECT id FROM server_alive) RETURNING name
        """
      ).map { try $0.text("name") }
      try connection.change(
        """
        DELETE FROM server_claim WHERE name NOT LIKE 'work/%'
        AND node NOT IN (SELECT id FROM server_alive)
        """)
      return dead
    }
  }
}
