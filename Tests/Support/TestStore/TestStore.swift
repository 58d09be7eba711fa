// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestProcess
package import Testing

/// Where a test keeps its store: in a file, or on the PostgreSQL server of `SMKI_TEST_SERVER`.
///
/// Each folder of a test has a schema of its own on the server, so that the same tests run on both
/// engines and side by side.
package enum TestStore {
  /// The connection string of the server, or nil when the tests run on SQLite.
  package static let server = ProcessInfo.processInfo.environment["SMKI_TEST_SERVER"].flatMap {
    $0.isEmpty ? nil : $0
  }

  /// The place of a store whose file, on SQLite, would be at a path.
  package static func place(_ path: String) -> String {
    guard let server else { return path }
    // Fowler–Noll–Vo: the same path is the same schema in every process of a test.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for octet in path.utf8 { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
    let schema = "test_" + String(hash, radix: 16)
    let separator = server.contains("?") ? "&" : "?"
    return "\(server)\(separator)options=-csearch_path%3D\(schema)"
  }

  /// Copies the store at one path to another path, as it is at this moment.
  ///
  /// From SQLite's file as a crash would leave it; from a server what is committed, which is the
  /// same.
  package static func copy(_ path: String, to other: String) throws {
    guard let server else {
      for end in ["", "-wal"] where FileManager.default.fileExists(atPath: path + end) {
        try FileManager.default.copyItem(atPath: path + end, toPath: other + end)
      }
      return
    }
    let script = """
      set -eo pipefail
      pg_dump --no-owner -n "$2" "$1" | sed "s/$2/$3/g" | psql -q -v ON_ERROR_STOP=1 "$1" >/dev/null
      """
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script, "copy", server, schema(of: path), schema(of: other)]
    try process.run()
    process.waitForEnd()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
  }

  /// Runs statements on the server behind the program's back.
  package static func run(_ statements: String, on path: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/psql")
    process.arguments = [place(path), "-q", "-v", "ON_ERROR_STOP=1", "-c", statements]
    try process.run()
    process.waitForEnd()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
  }

  private static func schema(of path: String) -> String {
    String(place(path).split(separator: "%3D").last ?? "")
  }
}

extension Trait where Self == ConditionTrait {
  /// For what only a store in SQLite's file can suffer.
  package static var onFile: Self { .enabled(if: TestStore.server == nil, "SQLite's file only") }
  /// For what only a store on a server can suffer.
  package static var onServer: Self {
    .enabled(if: TestStore.server != nil, "a PostgreSQL server only")
  }
}
