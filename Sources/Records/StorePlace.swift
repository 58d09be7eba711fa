// SPDX-License-Identifier: Apache-2.0

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

  /// Opens a connection; writing makes a file that is not there, never a server's database.
  func connect(_ use: EngineUse) throws(DatabaseError) -> any Engine {
    switch kind {
    case .file(let path): try SQLiteConnection(path, use)
    case .server(let string): try PostgresConnection(string, use)
    }
  }

  /// Opens the one connection that writes, with the right to be the only one.
  ///
  /// A file is locked by another file beside it before it is made. On a server the connection
  /// holds the right and loses it with the connection.
  ///
  /// - Throws: `storeInUse`, `storeNotOpened`.
  func connectWriter() throws(DatabaseError) -> (connection: any Engine, lock: StoreLock?) {
    switch kind {
    case .file(let path):
      let lock = try StoreLock(path)
      return (try SQLiteConnection(path, .writing), lock)
    case .server(let string):
      let connection = try PostgresConnection(string, .writing)
      try connection.makeSchema()
      try connection.takeWriterLock()
      return (connection, nil)
    }
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
