// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import Profiles
import Records
import X509

/// A chunk as its row says.
struct ChunkRow: Sendable {
  let id: Int
  let authority: Int
  let policy: String
  let recorded: Time
  let count: Int
  let firstSerial: [UInt8]
  let intentRoot: [UInt8]
  let state: IssuanceChunk.State
  let certificateRoot: [UInt8]?
  let auditIndex: Int?

  static let columns: SQL =
    """
    id, authority, policy, recorded, count, first_serial, intent_root, state, certificate_root,
    audit_index
    """

  init(_ row: Row) throws {
    guard let state = IssuanceChunk.State(rawValue: try row.text("state")) else {
      throw DatabaseError.damaged("issuance_chunk.state")
    }
    id = try row.int("id")
    authority = try row.int("authority")
    policy = try row.text("policy")
    recorded = try row.time("recorded")
    count = try row.int("count")
    firstSerial = try row.blob("first_serial")
    intentRoot = try row.blob("intent_root")
    self.state = state
    certificateRoot = try row.optionalBlob("certificate_root")
    auditIndex = try row.optionalInt("audit_index")
  }

  static func find(_ id: Int, in reading: Reading) throws -> ChunkRow? {
    try reading.first("SELECT \(columns) FROM issuance_chunk WHERE id = \(id)").map(ChunkRow.init)
  }
}

extension StoreWalk {
  /// Every chunk: its number, its authority and policy, what became of it and where that is told.
  mutating func chunks() throws {
    let policies = try reading.query(
      "SELECT hierarchy, since, version FROM policy_version ORDER BY since")
    var walk = self
    var next = 1
    try reading.each("SELECT \(ChunkRow.columns) FROM issuance_chunk ORDER BY id") { row in
      let name = "\(row.values[0])"
      do {
        let chunk = try ChunkRow(row)
        if chunk.id != next {
          walk.report.add("issuance_chunk", "\(next)", "id", "chunk \(chunk.id) follows instead")
        }
        next = chunk.id + 1
        try walk.chunk(chunk, policies)
      } catch {
        walk.report.add("issuance_chunk", name, nil, "\(error)")
      }
    }
    self = walk
    try strayIntents()
  }

  private mutating func chunk(_ chunk: ChunkRow, _ policies: [Row]) throws {
    func fault(_ column: String, _ detail: String) -> VerificationReport.Fault {
      .init(table: "issuance_chunk", row: "\(chunk.id)", column: column, detail: detail)
    }
    guard let authority = signers[chunk.authority] else {
      report.add(fault("authority", "there is no authority \(chunk.authority)"))
      return
    }
    totals.reserved[chunk.authority, default: 0] += Int64(chunk.count)
    if let reason = authority.mayNotSign(at: chunk.recorded) {
      report.add(fault("authority", "authority \(chunk.authority) was \(reason)"))
    }
    let inForce = try policies.last {
      try $0.text("hierarchy") == authority.hierarchy.rawValue
        && $0.time("since") <= chunk.recorded
    }
    if try inForce?.text("version") != chunk.policy {
      report.add(fault("policy", "another version of the policy was in force (C3-112)"))
    }
    if chunk.count < 1 { report.add(fault("count", "\(chunk.count) certificates")) }
    let intent = try AuthorityRecords.intent(of: chunk.id, in: reading)
    switch chunk.state {
    case .recorded:
      report.counts.openChunks += 1
      try open(chunk, intent)
    case .lodged:
      report.counts.lodgedChunks += 1
      totals.lodgedChunks += 1
      if chunk.certificateRoot == nil { report.add(fault("certificate_root", "missing")) }
      try check(
        chunk,
        told: [
          "chunk": "\(chunk.id)", "count": "\(chunk.count)", "policy": chunk.policy,
          "certificate-root": Hex.encode(chunk.certificateRoot ?? []),
        ], by: "certificates-lodged")
    case .voided:
      report.counts.voidedChunks += 1
      if chunk.certificateRoot != nil { report.add(fault("certificate_root", "not signed")) }
      try check(
        chunk, told: ["chunk": "\(chunk.id)", "count": "\(chunk.count)"], by: "certificates-voided")
      try checkUnused([chunk.firstSerial], of: chunk)
    }
    if chunk.state != .recorded, !intent.isEmpty {
      report.add("issuance_intent", "\(chunk.id)", nil, "the chunk is \(chunk.state.rawValue)")
    }
  }

  /// The entry that a chunk points at says what became of it.
  private mutating func check(
    _ chunk: ChunkRow, told facts: [String: String], by action: String
  ) throws {
    let row = try chunk.auditIndex.flatMap { index in
      try reading.first("SELECT data FROM audit_entry WHERE position = \(index)")
    }
    guard let entry = try row.map({ try Entry.decode($0.blob("data")) }) else {
      report.add("issuance_chunk", "\(chunk.id)", "audit_index", "no such entry")
      return
    }
    let differing = facts.filter { entry.facts[$0.key] != $0.value }.keys.sorted()
    if entry.action != action || !differing.isEmpty {
      report.add(
        "issuance_chunk", "\(chunk.id)", "audit_index",
        "entry \(chunk.auditIndex ?? -1), \(entry.action), says otherwise: "
          + differing.joined(separator: ", "))
    }
  }

  /// ENG-two-commits: what is recorded and not yet lodged is whole, and nothing of it was lodged.
  private mutating func open(_ chunk: ChunkRow, _ intent: [[UInt8]]) throws {
    if !mayBeOpen {
      report.add(
        "issuance_chunk", "\(chunk.id)", "state",
        "recorded, and no process holds the store: its next start voids the chunk")
    }
    if chunk.certificateRoot != nil || chunk.auditIndex != nil {
      report.add("issuance_chunk", "\(chunk.id)", "state", "recorded, and yet there is a result")
    }
    guard intent.count == chunk.count,
      MerkleTree.root(of: intent.map { MerkleTree.leafHash($0) }) == chunk.intentRoot
    else {
      report.add("issuance_intent", "\(chunk.id)", "intended", "not what was recorded")
      return
    }
    let serials = try intent.map { bytes in
      try Reader.read(bytes) { (reader) throws(DERError) in
        Array(try TBSCertificate(from: &reader).serialNumber.magnitude)
      }
    }
    if serials.first != chunk.firstSerial {
      report.add("issuance_chunk", "\(chunk.id)", "first_serial", "not that of the intent")
    }
    try checkUnused(serials, of: chunk)
  }

  private mutating func checkUnused(_ serials: [[UInt8]], of chunk: ChunkRow) throws {
    for serial in serials
    where try reading.first("SELECT 1 AS one FROM certificate WHERE serial = \(serial)") != nil {
      report.add(
        "certificate", Hex.encode(serial), "serial",
        "a serial number of chunk \(chunk.id), which is \(chunk.state.rawValue)")
    }
  }

  private mutating func strayIntents() throws {
    for row in try reading.query(
      """
      SELECT chunk FROM issuance_intent
      WHERE chunk NOT IN (SELECT id FROM issuance_chunk WHERE state = 'recorded')
      """)
    {
      report.add("issuance_intent", "\(try row.int("chunk"))", "chunk", "no chunk of it is open")
    }
  }
}
