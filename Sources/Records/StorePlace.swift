// SPDX-License-Identifier: Apache-2.0

import CSQLite

/// Where a store is: a file of SQLite, or a schema on a PostgreSQL server.
struct StorePlace: Sendable, CustomStringConvertible {
  private enum Kind: Sendable {
    case file(String)
    case server(String)
  }

  /// How the connection string of a server begins (PostgreSQL manual, 34.1.1.2).
  static let serverPrefixes = ["postgresql://", "postgres://"]

  private let kind: Kind

  /// A path, or the connection string of a server.
  init(_ text: String) {
    let isServer = Self.serverPrefixes.contains { text.hasPrefix($0) }
    kind = isServer ? .server(text) : .file(text)
  }

  /// Whether it is on a server.
  var isServer: Bool {
    switch kind {
    case .file: false
    case .server: true
    }
  }

  /// Whether nothing is there yet.
  func isEmpty() throws -> Bool {
    if case .file(let path) = kind, unsafe access(path, F_OK) != 0 { return true }
    return try connect(.reading).tables().isEmpty
  }

  /// Opens a connection; writing makes a file that is not there, never a server's database.
  func connect(_ use: EngineUse) throws(DatabaseError) -> any Engine {
    switch kind {
    case .file(let path): try SQLiteConnection(path, use)
    case .server(let string): try PostgresConnection(string, use)
    }
  }

  /// What is had with the right to write.
  struct Writing {
    let connection: any Engine
    /// The right to be the only process that writes to a file.
    let lock: StoreLock?
    /// What this process tells the other nodes of a store on a server.
    let coordination: Coordination?
  }

  /// Opens the connection that writes.
  ///
  /// A file is locked by another file beside it before it is made. A server has any number of
  /// nodes, each of another name; the connection holds the name and loses it with the connection.
  ///
  /// - Throws: `storeInUse`, `storeNotOpened`.
  func connectWriter(as node: NodeName) throws -> Writing {
    switch kind {
    case .file(let path):
      let lock = try StoreLock(path)
      return Writing(
        connection: try SQLiteConnection(path, .writing), lock: lock, coordination: nil)
    case .server(let string):
      let connection = try PostgresConnection(string, .writing)
      try connection.makeSchema()
      let id = try connection.exclusively { try connection.join(as: node) }
      return Writing(
        connection: connection, lock: nil,
        coordination: try Coordination(string, node: id, name: node))
    }
  }

  /// Opens the connection that writes again, after the server was lost.
  ///
  /// - Throws: `storeInUse`, `storeNotOpened`.
  func reconnectWriter(of node: Int) throws -> any Engine {
    guard case .server(let string) = kind else {
      throw DatabaseError(.misuse, "a file is never lost")
    }
    let connection = try PostgresConnection(string, .writing)
    try connection.rejoin(node)
    return connection
  }

  /// Whether a living process has the store open for writing.
  var isHeld: Bool {
    switch kind {
    case .file(let path): StoreLock.isHeld(path)
    case .server(let string):
      // A server that cannot be asked has no writer that could be at work.
      (try? PostgresConnection(string, .reading).isWriterLockHeld()) ?? false
    }
  }

  /// Copies the store as it is at this moment into a new file.
  ///
  /// - Throws: `misuse` for a server, which has means of its own.
  func copy(to target: String) throws(DatabaseError) {
    switch kind {
    case .file(let path): try SQLiteConnection(path, .reading).copy(to: target)
    case .server:
      throw DatabaseError(.misuse, "records on a server are copied by the server's own means")
    }
  }

  /// The path, or the server and its database without a password.
  var description: String {
    switch kind {
    case .file(let path): path
    case .server(let string): PostgresConnection.place(of: string)
    }
  }
}
