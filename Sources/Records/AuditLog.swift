// SPDX-License-Identifier: Apache-2.0

package import Audit
package import Keys

/// The audit of a store, for reading and for signing what it says about itself.
package struct AuditLog: Sendable {
  /// The most entries that are read at once.
  package static let entriesMax = 1_000

  let records: Records

  /// How many entries are committed.
  package var size: Int {
    get throws { try records.read { try AuditTables.state($0).size } }
  }

  /// The root over all committed entries.
  package var root: MerkleTree.Hash {
    get throws { try records.read { try AuditTables.state($0).root } }
  }

  /// The root over the first `size` entries.
  ///
  /// - Throws: `AuditError.outOfRange`, `DatabaseError`; so do the proofs.
  package func root(size: Int) throws -> MerkleTree.Hash {
    try records.read { reading in
      try check(size, on: reading)
      return try AuditTables.root(size: size, of: reading)
    }
  }

  /// An entry by its place, from 0.
  ///
  /// - Throws: `AuditError`: `outOfRange`, or `malformedEntry` when the store is damaged.
  package func entry(_ index: Int) throws -> Entry {
    try Entry.decode(data(index))
  }

  /// The bytes of an entry: what the tree hashes.
  ///
  /// - Throws: `AuditError.outOfRange`, `DatabaseError`.
  package func data(_ index: Int) throws -> [UInt8] {
    try row(index).blob("data")
  }

  /// The stored leaf hash of an entry.
  ///
  /// - Throws: `AuditError.outOfRange`, `DatabaseError`.
  package func leafHash(_ index: Int) throws -> MerkleTree.Hash {
    try row(index).blob("leaf")
  }

  /// Entries from a place on, in order, at most `entriesMax`.
  ///
  /// - Throws: `AuditError` when the store is damaged, `DatabaseError`.
  package func entries(
    from index: Int, most: Int = AuditLog.entriesMax
  ) throws -> [(index: Int, entry: Entry)] {
    try records.read { reading in
      try reading.query(
        """
        SELECT position, data FROM audit_entry WHERE position >= \(index)
        ORDER BY position LIMIT \(max(0, min(most, Self.entriesMax)))
        """
      ).map { (try $0.int("position"), try Entry.decode($0.blob("data"))) }
    }
  }

  /// The proof that an entry stands in the tree of a size (RFC 9162, 2.1.3.1).
  ///
  /// - Throws: `AuditError.outOfRange`, `DatabaseError`.
  package func inclusionProof(_ index: Int, size: Int) throws -> [MerkleTree.Hash] {
    try records.read { reading in
      try check(size, on: reading)
      return try MerkleTree.inclusionProof(index, size: size) {
        try AuditTables.node($0, $1, of: reading)
      }
    }
  }

  /// The proof that the tree of one size begins the tree of another (RFC 9162, 2.1.4.1).
  ///
  /// - Throws: `AuditError.outOfRange`, `DatabaseError`.
  package func consistencyProof(from first: Int, to second: Int) throws -> [MerkleTree.Hash] {
    try records.read { reading in
      try check(second, on: reading)
      return try MerkleTree.consistencyProof(from: first, to: second) {
        try AuditTables.node($0, $1, of: reading)
      }
    }
  }

  /// The last signed checkpoint, or nil when none was signed yet.
  ///
  /// - Throws: `AuditError` when the stored note is damaged, `DatabaseError`.
  package var checkpoint: SignedNote? {
    get throws { try records.read { try Self.checkpoint(on: $0)?.note } }
  }

  /// Signs the size and root of this moment and keeps the note.
  ///
  /// The root is computed again from the stored nodes, and the last checkpoint must be a beginning
  /// of this tree, before anything is signed. Nothing is kept twice.
  ///
  /// - Parameters:
  ///   - key: the log's Ed25519 key.
  ///   - origin: the log's name, the same for its whole life.
  /// - Returns: the checkpoint and its note; when another thread has kept a later one meanwhile,
  ///   this one is valid and not kept.
  /// - Throws: `DatabaseError.auditDamaged`, what the key throws, and what `write` throws.
  package func signCheckpoint(
    key: some SigningKey, origin: String
  ) throws -> (checkpoint: Checkpoint, note: SignedNote) {
    let checkpoint = try records.read { reading in
      let (size, root) = try AuditTables.state(reading)
      guard try AuditTables.root(size: size, of: reading) == root else {
        throw DatabaseError(.auditDamaged, "the nodes do not have the root of \(size)")
      }
      if let last = try Self.checkpoint(on: reading)?.checkpoint {
        guard last.origin == origin, last.size <= size,
          try AuditTables.root(size: last.size, of: reading) == last.root
        else {
          throw DatabaseError(
            .auditDamaged, "the checkpoint of \(last.origin) at \(last.size) does not lead here")
        }
      }
      return try Checkpoint(origin: origin, size: size, root: root)
    }
    let note = try checkpoint.signed(by: key)
    try records.writeUnlogged { connection in
      let source = Reading(connection)
      let last = try Self.checkpoint(on: source)
      // Another thread may have signed a later one meanwhile: the stored ones never go back.
      guard last?.note != note, last.map({ $0.checkpoint.size <= checkpoint.size }) ?? true
      else { return }
      try connection.change(
        """
        INSERT INTO audit_checkpoint (position, size, note)
        SELECT coalesce(max(position) + 1, 0), \(checkpoint.size), \(note.encoded)
        FROM audit_checkpoint
        """)
    }
    return (checkpoint, note)
  }

  /// The last stored checkpoint.
  static func checkpoint(
    on source: some Querying
  ) throws -> (checkpoint: Checkpoint, note: SignedNote)? {
    let row = try source.first("SELECT note FROM audit_checkpoint ORDER BY position DESC LIMIT 1")
    guard let row else { return nil }
    let note = try SignedNote(row.text("note").utf8)
    return (try Checkpoint(text: note.text), note)
  }

  private func row(_ index: Int) throws -> Row {
    let row = try records.read {
      try $0.first("SELECT leaf, data FROM audit_entry WHERE position = \(index)")
    }
    guard let row else { throw AuditError(.outOfRange, "no entry \(index)") }
    return row
  }

  private func check(_ size: Int, on source: some Querying) throws {
    let stored = try AuditTables.state(source).size
    guard (0...stored).contains(size) else {
      throw AuditError(.outOfRange, "a tree of \(size), with \(stored) entries")
    }
  }
}
