// SPDX-License-Identifier: Apache-2.0

/// What a verification of a store found: every fault with its place, and what was proven.
package struct VerificationReport: Codable, Hashable, Sendable {
  /// The most faults that are listed; all are counted.
  package static let faultsMax = 1_000

  /// One thing that is wrong, and where.
  package struct Fault: Codable, Hashable, Sendable, CustomStringConvertible {
    /// The table that holds it.
    package let table: String
    /// The row, by its key; empty when the whole table is meant.
    package let row: String
    /// The column, or nil when the whole row is meant.
    package let column: String?
    /// What was expected and found.
    package let detail: String

    package var description: String {
      table + (row.isEmpty ? "" : " \(row)") + (column.map { ".\($0)" } ?? "") + ": " + detail
    }
  }

  /// How much was looked at and found to be as it should.
  package struct Counts: Codable, Hashable, Sendable {
    /// Entries of the audit that were read and hashed.
    package var entries = 0
    /// Signed checkpoints of the audit.
    package var checkpoints = 0
    /// Rows that agree with their audit entry.
    package var keptRows = 0
    /// Chunks of issuing whose certificates were lodged.
    package var lodgedChunks = 0
    /// Chunks that were given up, each with its entry.
    package var voidedChunks = 0
    /// Chunks that are recorded and not yet lodged.
    package var openChunks = 0
    /// Certificates in the store, those of authorities among them.
    package var certificates = 0
    /// Certificates whose signature, profile, columns and leaf are right.
    package var soundCertificates = 0
    /// Certificates that were revoked.
    package var revoked = 0
    /// Published lists, each made again from its entries, verified and held against the one before.
    package var lists = 0
    /// Revocations that are on no list yet.
    package var unlisted = 0
    /// Segments of the access log that have the hash in their entry.
    package var accessSegments = 0
    /// Segments of the access log that are not entered yet: a serving node is writing them, the
    /// next start enters those that a crash left.
    package var openAccessSegments = 0
  }

  /// The name of the estate, or empty when the store holds none.
  package internal(set) var estate = ""
  /// How much was proven.
  package internal(set) var counts = Counts()
  /// The root over all audit entries, 64 hexadecimal digits.
  package internal(set) var auditRoot = ""
  /// How many faults there are.
  package internal(set) var faultCount = 0
  /// The first `faultsMax` of them.
  package internal(set) var faults: [Fault] = []
  /// How long it took, in milliseconds.
  package internal(set) var elapsedMilliseconds: Int64 = 0

  /// Whether all is as it should be.
  package var isSound: Bool { faultCount == 0 }

  /// Certificates looked at in one second.
  package var certificatesPerSecond: Int64 {
    Int64(counts.certificates) * 1000 / max(1, elapsedMilliseconds)
  }

  mutating func add(_ table: String, _ row: String, _ column: String?, _ detail: String) {
    add(Fault(table: table, row: row, column: column, detail: detail))
  }

  mutating func add(_ fault: Fault) {
    faultCount += 1
    if faults.count < Self.faultsMax { faults.append(fault) }
  }

  mutating func add(_ others: some Sequence<Fault>) {
    for fault in others { add(fault) }
  }
}
