// SPDX-License-Identifier: Apache-2.0

/// A named step of the schema, applied once to a store and then never changed.
package struct Migration: Sendable {
  /// The room and a number, such as `repository-1`; unique in the program.
  package let name: String
  /// One statement each, in text that SQLite and PostgreSQL both read.
  package let statements: [SQL]

  /// A step, whole.
  package init(name: String, statements: [SQL]) {
    self.name = name
    self.statements = statements
  }
}
