// SPDX-License-Identifier: Apache-2.0

import Audit

/// What a verification of the audit found.
package struct AuditReport: Hashable, Sendable {
  /// The most faults that are listed; all are counted.
  package static let faultsMax = 1_000

  /// One thing that is wrong, and where.
  package struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// The table that holds it.
    package let table: String
    /// The row, by its key.
    package let row: String
    /// The column, or nil when the whole row is missing or too many.
    package let column: String?
    /// What was expected and found.
    package let detail: String

    package var description: String {
      "\(table) \(row)" + (column.map { ".\($0)" } ?? "") + ": " + detail
    }
  }

  /// How many entries were read and hashed.
  package internal(set) var entries = 0
  /// The root over them.
  package internal(set) var root = MerkleTree.emptyRoot
  /// How many checkpoints were verified.
  package internal(set) var checkpoints = 0
  /// How many faults there are.
  package internal(set) var faultCount = 0
  /// The first `faultsMax` of them.
  package internal(set) var faults: [Fault] = []

  /// Whether all is as it should be.
  package var isSound: Bool { faultCount == 0 }

  /// Adds a fault behind the others, or behind so many of them.
  mutating func add(
    _ table: String, _ row: String, _ column: String?, _ detail: String, at place: Int? = nil
  ) {
    faultCount += 1
    if faults.count < Self.faultsMax {
      let fault = Fault(table: table, row: row, column: column, detail: detail)
      faults.insert(fault, at: min(place ?? faults.count, faults.count))
    }
  }
}
