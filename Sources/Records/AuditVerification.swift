// SPDX-License-Identifier: Apache-2.0

package import Audit

extension Records {
  /// Recomputes the whole audit from its entries and compares all that is stored with it.
  ///
  /// Reads every entry once, in one snapshot, and holds no more than the edge of the tree.
  ///
  /// - Parameters:
  ///   - keys: the keys whose signatures on checkpoints are believed.
  ///   - origin: the name of the log, or nil to take that of the first checkpoint.
  ///   - visit: is handed each entry that can be read, in order, with its place; it may read in the
  ///     same snapshot.
  /// - Returns: what was found; damage is reported, not thrown.
  /// - Throws: `DatabaseError` when the store cannot be read, or what `visit` throws.
  package func verifyAudit(
    keys: [NoteKey], origin: String? = nil,
    visit: (_ index: Int, _ entry: Entry) throws -> Void = { _, _ in }
  ) throws -> AuditReport {
    try read { reading in
      var walk = AuditWalk(reading: reading, keys: keys, origin: origin)
      try walk.run(visit)
      try walk.checkMigrations(migrations)
      return walk.report
    }
  }
}

/// One pass over the entries.
private struct AuditWalk {
  let reading: Reading
  let keys: [NoteKey]
  var origin: String?
  var report = AuditReport()

  /// The tree over what the entries say.
  private var said = Frontier()
  /// The tree over the stored leaf hashes; it differs only behind a fault, until a stored node
  /// tells which of the two was changed, so that one changed value is one fault.
  private var stored = Frontier()
  private var differ = false
  /// An entry is missing: what covers it cannot be compared.
  private var hasGap = false
  private var nodes: [Int: Int] = [:]
  private var upcoming: Row?
  private var nextCheckpoint = 0
  private var gaps = CheckpointGaps()
  private var lastSize = 0

  init(reading: Reading, keys: [NoteKey], origin: String?) {
    self.reading = reading
    self.keys = keys
    self.origin = origin
  }

  mutating func run(_ visit: (Int, Entry) throws -> Void) throws {
    upcoming = try checkpointRow(from: .min)
    try checkpoints(upTo: 0)
    var walk = self
    try reading.each("SELECT position, leaf, data FROM audit_entry ORDER BY position") { row in
      if let (position, entry) = try walk.entry(row) { try visit(position, entry) }
    }
    self = walk
    try state()
    try checkpoints(upTo: .max)
    for (missing, found, faults) in gaps.unexplained() {
      report.add(
        "audit_checkpoint", "\(missing)", "position", "row \(found) where \(missing) follows",
        at: faults)
    }
    try surplusNodes()
    report.entries = said.size
    report.root = said.root
  }

  /// - Returns: the entry, unless it cannot be read or does not fit its hash.
  private mutating func entry(_ row: Row) throws -> (position: Int, entry: Entry)? {
    let position = try row.int("position")
    if position != said.size {
      if !hasGap {
        report.add(
          "audit_entry", "\(said.size)", "position", "row \(position) where \(said.size) follows")
      }
      hasGap = true
    }
    guard case .blob(let data) = try row.value("data"),
      case .blob(let leaf) = try row.value("leaf")
    else {
      report.add("audit_entry", "\(position)", nil, "a value of another type")
      hasGap = true
      return nil
    }
    let hash = MerkleTree.leafHash(data)
    var entry: Entry?
    if hash != leaf {
      report.add("audit_entry", "\(position)", "data", "data and leaf hash do not belong together")
    } else {
      do throws(AuditError) {
        let decoded = try Entry.decode(data)
        gaps.visit(decoded)
        entry = decoded
      } catch {
        report.add("audit_entry", "\(position)", "data", error.description)
      }
    }
    if hash != leaf, !differ {
      stored = said
      differ = true
    }
    let complete = said.append(hash)
    let other = differ ? stored.append(leaf) : complete
    for (node, alternative) in zip(complete, other)
    where node.level > 0 && node.level.isMultiple(of: Tile.height) {
      try check(node, or: alternative)
    }
    try checkpoints(upTo: said.size)
    return entry.map { (position, $0) }
  }

  /// A node that is kept must be there; behind a fault it says which tree goes on.
  private mutating func check(_ node: Frontier.Node, or other: Frontier.Node) throws {
    let level = node.level / Tile.height
    nodes[level] = node.index + 1
    let row = try reading.first(
      "SELECT hash FROM audit_node WHERE level = \(level) AND position = \(node.index)")
    let hash = try row?.value("hash")
    guard !hasGap else { return }
    switch hash {
    case .blob(node.hash): differ = false
    case .blob(other.hash):
      said = stored
      differ = false
    case nil: report.add("audit_node", "\(level)/\(node.index)", nil, "the row is missing")
    default:
      report.add(
        "audit_node", "\(level)/\(node.index)", "hash", "not the hash of the nodes below it")
    }
  }

  /// The state that the next writing goes on from.
  private mutating func state() throws {
    let rows = try reading.query("SELECT id, size, root FROM audit_tree")
    guard rows.count == 1, let row = rows.first else {
      report.add("audit_tree", "0", nil, "\(rows.count) rows")
      return
    }
    if try row.value("id") != .int(0) { report.add("audit_tree", "0", "id", "not 0") }
    if try row.value("size") != .int(Int64(said.size)) {
      report.add("audit_tree", "0", "size", "not the number of entries, \(said.size)")
    }
    guard !hasGap else { return }
    switch try row.value("root") {
    case .blob(said.root): differ = false
    case .blob(stored.root) where differ:
      said = stored
      differ = false
    default: report.add("audit_tree", "0", "root", "not the root of the entries")
    }
  }

  /// The checkpoints of sizes that the walk has reached, in the order in which they were signed.
  private mutating func checkpoints(upTo size: Int) throws {
    while let row = upcoming, case let reached = try row.int("size") <= size, reached {
      let position = try row.int("position")
      if position > nextCheckpoint {
        gaps.add(nextCheckpoint..<position, before: position, behind: report.faults.count)
      }
      nextCheckpoint = position + 1
      check(checkpoint: row, at: "\(position)")
      upcoming = try checkpointRow(from: nextCheckpoint)
    }
  }

  private func checkpointRow(from position: Int) throws -> Row? {
    try reading.first(
      """
      SELECT position, size, note FROM audit_checkpoint WHERE position >= \(position)
      ORDER BY position LIMIT 1
      """)
  }

  private mutating func check(checkpoint row: Row, at position: String) {
    do {
      let note = try SignedNote(row.text("note").utf8)
      try note.verify(keys)
      let checkpoint = try Checkpoint(text: note.text)
      report.checkpoints += 1
      let expected = origin ?? checkpoint.origin
      origin = expected
      if checkpoint.origin != expected {
        report.add("audit_checkpoint", position, "note", "of \(checkpoint.origin)")
      }
      if try row.int("size") != checkpoint.size {
        report.add(
          "audit_checkpoint", position, "size", "not the size in the note, \(checkpoint.size)")
      }
      guard !hasGap else { return }
      if checkpoint.size < lastSize || checkpoint.size > said.size {
        report.add(
          "audit_checkpoint", position, "note", "\(checkpoint.size) of \(said.size) entries")
      } else if checkpoint.size == said.size, checkpoint.root != said.root,
        !differ || checkpoint.root != stored.root
      {
        report.add("audit_checkpoint", position, "note", "not the root of the entries")
      }
      lastSize = max(lastSize, checkpoint.size)
    } catch {
      report.add("audit_checkpoint", position, "note", "\(error)")
    }
  }

  /// Rows of nodes that the entries do not give.
  private mutating func surplusNodes() throws {
    var walk = self
    try reading.each("SELECT level, position FROM audit_node ORDER BY level, position") { row in
      let level = try row.int("level")
      let position = try row.int("position")
      if !(0..<walk.nodes[level, default: 0]).contains(position) {
        walk.report.add("audit_node", "\(level)/\(position)", nil, "no such node in the tree")
      }
    }
    self = walk
  }

  /// The steps of the schema, each in the words and at the time in which it was applied.
  mutating func checkMigrations(_ migrations: [Migration]) throws {
    let rows = try Schema.rows(on: reading)
    for (index, migration) in migrations.enumerated() {
      guard index < rows.count else {
        report.add("schema_migration", "\(index)", nil, "\(migration.name) is missing")
        continue
      }
      do {
        try Schema.check(rows[index], index, against: migrations)
      } catch {
        report.add("schema_migration", "\(index)", "digest", error.message)
      }
    }
    if rows.count > migrations.count {
      report.add("schema_migration", "\(migrations.count)", nil, "unknown to the program")
    }
  }
}
