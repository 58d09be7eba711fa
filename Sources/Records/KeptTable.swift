// SPDX-License-Identifier: Apache-2.0

import DER
import Keys

/// A small table whose every row is told to the audit when it is written.
///
/// `Transaction.keep` writes a row and notes the hash of all its columns in the audit entry of the
/// writing, so that a value changed behind the program's back is found and located afterwards.
package struct KeptTable: Sendable {
  /// The name of the table.
  package let name: String
  /// The columns of its primary key.
  package let key: [String]
  /// The other columns.
  package let columns: [String]

  /// Whether a change of it may change what somebody is allowed to do (`Standing`).
  package let changesStanding: Bool
  let upsert: [String]
  let select: SQL

  /// A table with these columns; the names are constants of the program.
  package init(_ name: String, key: [String], columns: [String], changesStanding: Bool = true) {
    self.name = name
    self.key = key
    self.columns = columns
    self.changesStanding = changesStanding
    let all = key + columns
    let updates = columns.map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    let conflict = columns.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(updates)"
    upsert = [
      "INSERT INTO \(name) (\(all.joined(separator: ", "))) VALUES (",
      ") ON CONFLICT (\(key.joined(separator: ", "))) \(conflict)",
    ]
    select = SQL(
      trusted: "SELECT \(all.joined(separator: ", ")) FROM \(name) "
        + "ORDER BY \(key.joined(separator: ", "))")
  }

  /// The name under which the audit knows a row: table and key.
  func fact(_ values: ArraySlice<SQL.Value>) -> String {
    "row:\(name):" + values.map(Self.text).joined(separator: "/")
  }

  /// SHA-256 over all columns in order, each with its type and length.
  static func hash(_ values: [SQL.Value]) -> [UInt8] {
    var bytes: [UInt8] = []
    for value in values {
      let (type, content): (UInt8, [UInt8]) =
        switch value {
        case .null: (0, [])
        case .int(let value): (1, Array(String(value).utf8))
        case .text(let text): (2, Array(text.utf8))
        case .blob(let blob): (3, blob)
        }
      bytes.append(type)
      bytes += (0..<4).reversed().map { UInt8(truncatingIfNeeded: content.count >> ($0 * 8)) }
      bytes += content
    }
    return Digest.sha256(bytes)
  }

  private static func text(_ value: SQL.Value) -> String {
    switch value {
    case .null: "-"
    case .int(let value): String(value)
    case .text(let text): text
    case .blob(let blob): Hex.encode(blob)
    }
  }
}

/// The generation of the facts that decide what somebody is allowed to do.
///
/// It is one more than the place of the last audit entry that changed such a fact, so it can be
/// proven, and every node of a store sees a change at its next request.
package enum Standing {
  /// The definition of its table.
  package static let migrations = [
    Migration(
      name: "standing-1",
      statements: [
        "CREATE TABLE standing (generation BIGINT NOT NULL)",
        "INSERT INTO standing (generation) VALUES (0)",
      ])
  ]

  /// The generation now.
  package static func generation(in reading: some Querying) throws -> Int {
    try reading.first("SELECT generation FROM standing")?.int("generation") ?? 0
  }
}

extension Transaction {
  /// Writes a row of a kept table, new or over the old one, and tells the audit.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - values: the key's columns and then the others, in the table's order.
  /// - Throws: `DatabaseError`.
  package func keep(_ table: KeptTable, _ values: [SQL.Value]) throws {
    precondition(values.count == table.key.count + table.columns.count, "a row of \(table.name)")
    let statement: SQL =
      "\(SQL(trusted: table.upsert[0]))\(list: values)\(SQL(trusted: table.upsert[1]))"
    try execute(statement)
    if table.changesStanding {
      try execute("UPDATE standing SET generation = \(auditIndex + 1)")
    }
    note(table.fact(values.prefix(table.key.count)), Hex.encode(KeptTable.hash(values)))
  }
}

extension DatabaseError {
  /// A stored value that no writing of the program can have made.
  package static func damaged(_ place: String) -> DatabaseError {
    DatabaseError(.columnType, "\(place) holds a value that cannot be read")
  }
}
