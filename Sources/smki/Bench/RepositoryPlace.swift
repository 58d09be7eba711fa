// SPDX-License-Identifier: Apache-2.0

import Archive
import Foundation
import Glibc
import Records
import Service

/// Where a Repository that is measured lies, and what its engine says of it.
enum RepositoryPlace {
  /// A file that goes with the measurement.
  case file(String)
  /// A database of a PostgreSQL server; what was lodged there stays.
  case server(String)

  /// What a store is opened by.
  var address: String {
    switch self {
    case .file(let path): path
    case .server(let address): address
    }
  }

  /// Opens the store to write to it.
  ///
  /// - Throws: `Failure.Message` when somebody's certificates lie there already, or why it cannot
  ///   be opened.
  func open() throws -> Records {
    let records = try Records.open(address, clock: SystemClock.now, migrations: Store.migrations)
    guard try records.read({ try $0.first("SELECT 1 AS one FROM certificate LIMIT 1") }) == nil
    else {
      records.close()
      throw Failure.Message(
        .refused, "the store has certificates already: name an empty database (--store)")
    }
    return records
  }

  /// The octets of each table with its index, and of everything.
  func sizes() throws -> (parts: [(name: String, octets: Int)], whole: Int) {
    switch self {
    case .file(let path): (try Self.pages(of: path), FileSystem.size(path) ?? 0)
    case .server:
      try reading { records in
        try records.read { reading in
          var parts: [(name: String, octets: Int)] = []
          try reading.each(
            """
            SELECT relname AS name, pg_relation_size(pg_class.oid) AS octets FROM pg_class
            JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = current_schema() AND relkind IN ('r', 'i')
            """
          ) { parts.append((try $0.text("name"), try $0.int("octets"))) }
          let whole = try reading.first(
            "SELECT pg_database_size(current_database()) AS octets")
          return (parts, try whole?.int("octets") ?? 0)
        }
      }
    }
  }

  /// Opens the store to look at it, for the length of a closure.
  func reading<Value>(_ body: (Records) throws -> Value) throws -> Value {
    let records = try Records.openReadOnly(address, migrations: Store.migrations)
    defer { records.close() }
    return try body(records)
  }

  /// The least that a look-up costs, in milliseconds each: one page anywhere in the file, or one
  /// question to the server that touches no table.
  func least(_ count: Int) throws -> [Double] {
    switch self {
    case .file(let path):
      let file = try FileReader(path)
      return try (0..<count).map { _ in
        let page = Int.random(in: 0..<max(1, file.count / 4096))
        return try Self.milliseconds { _ = try file.read(at: page * 4096, count: 4096) }
      }
    case .server:
      return try reading { records in
        try (0..<count).map { _ in
          try Self.milliseconds {
            _ = try records.read { try $0.first("SELECT 1 AS one") }
          }
        }
      }
    }
  }

  /// What `least` measures.
  var leastName: String {
    switch self {
    case .file: "one page of the file"
    case .server: "one question to the server"
    }
  }

  /// Empties the caches, so that what comes next is read from the disk.
  ///
  /// - Returns: false where that cannot be done: not by anybody but root, nor of a server, which
  ///   has a cache of its own.
  func empty() -> Bool {
    guard case .file = self else { return false }
    sync()
    let descriptor = unsafe Glibc.open("/proc/sys/vm/drop_caches", O_WRONLY)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return unsafe write(descriptor, "3", 1) == 1
  }

  /// How long a closure takes.
  static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .milliseconds(1)
  }

  /// By SQLite's own program: a room may not ask for them.
  private static func pages(of store: String) throws -> [(name: String, octets: Int)] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sqlite3")
    process.arguments = [
      "-readonly", store, "SELECT name, sum(pgsize) FROM dbstat GROUP BY name",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw BenchError.childFailed("sqlite3") }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { line in
      let words = line.split(separator: "|")
      guard words.count == 2, let octets = Int(words[1]) else { return nil }
      return (String(words[0]), octets)
    }
  }
}
