// SPDX-License-Identifier: Apache-2.0

/// A table of the store, so that a verification can walk through all there are.
package struct Table: Hashable, Sendable {
  /// As the schema has it.
  package let name: String
  /// The names of the columns in their order.
  package let columns: [String]
  /// The columns that name a row; empty when none do.
  package let key: [String]
}

extension Querying {
  /// Hands over each row of a table, in the order of its key.
  ///
  /// - Throws: `DatabaseError`, or what `body` throws.
  package func each(of table: Table, _ body: (Row) throws -> Void) throws {
    let columns = table.columns.map(Table.quoted).joined(separator: ", ")
    let key = table.key.map(Table.quoted).joined(separator: ", ")
    let order = key.isEmpty ? "" : " ORDER BY " + key
    try each(SQL(trusted: "SELECT \(columns) FROM \(Table.quoted(table.name))\(order)"), body)
  }
}

extension Table {
  /// A name from the schema in quotes, in which it can be nothing but a name.
  static func quoted(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }
}
