// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import Repository

/// Certificates in the order of lodging fall into runs, one for each chunk: holds each run against
/// its chunk, or against the entry of its ceremony.
struct ChunkRuns {
  /// What a run has to be.
  private struct Expected {
    let count: Int
    let root: [UInt8]
    let auditIndex: Int
    /// The chunk, or nil for a ceremony.
    let chunk: ChunkRow?
  }

  private struct Run {
    let chunk: Int
    let expected: Expected?
    var tree = Frontier()
    /// Each row could be read, so that the root can be compared.
    var isWhole = true
  }

  /// Octets at the beginning of a serial number that all of a chunk share (ENG-serial).
  private static let sharedSerialOctets = 8

  let parties: Set<String>
  private var ceremonies: ArraySlice<ToldByAudit.Ceremony>
  private var run: Run?
  private var lastID = 0
  private var lastAuditIndex = -1
  /// Runs of chunks, ceremonies not counted.
  private(set) var count = 0

  init(parties: Set<String>, ceremonies: [ToldByAudit.Ceremony]) {
    self.parties = parties
    self.ceremonies = ceremonies[...]
  }

  /// Ceremonies whose certificates have not come.
  var ceremoniesLeft: Int { ceremonies.count }

  /// Takes the next certificate.
  ///
  /// - Returns: what is wrong with its place, and with the run that it ended.
  mutating func add(
    _ row: CertificateExamination, _ find: (Int) throws -> ChunkRow?
  ) throws -> [VerificationReport.Fault] {
    var faults: [VerificationReport.Fault] = []
    func fault(_ column: String, _ detail: String) {
      faults.append(
        .init(table: "certificate", row: row.name, column: column, detail: detail))
    }
    if row.id != lastID + 1 { fault("id", "\(row.id) where \(lastID + 1) follows") }
    lastID = row.id
    let isFull = run.map { $0.tree.size == $0.expected?.count } ?? true
    if run?.chunk != row.chunk || (row.chunk == 0 && isFull) {
      faults += finish()
      run = Run(chunk: row.chunk, expected: try expected(row.chunk, find))
      if run?.expected == nil { fault("chunk", "nothing was lodged as \(row.chunk)") }
      if row.chunk != 0 { count += 1 }
    }
    let position = run?.tree.size ?? 0
    if row.position != position {
      fault("position", "\(row.position) where \(position) follows in chunk \(row.chunk)")
    }
    if let chunk = run?.expected?.chunk {
      if row.issued != chunk.recorded {
        fault("issued", "the chunk is of \(chunk.recorded.rfc3339)")
      }
      let shared = chunk.firstSerial.prefix(Self.sharedSerialOctets)
      if position == 0 ? row.serial != chunk.firstSerial : !row.serial.starts(with: shared) {
        fault("serial", "the chunk begins with \(Hex.encode(chunk.firstSerial))")
      }
    }
    if row.chunk == 0 ? row.party != nil : !parties.contains(row.party ?? "") {
      fault("party", "\(row.party ?? "nobody") is no party")
    }
    if row.leaf == nil { run?.isWhole = false }
    run?.tree.append(row.leaf ?? MerkleTree.emptyRoot)
    return faults
  }

  /// Ends the run; called once more when there are no more certificates.
  mutating func finish() -> [VerificationReport.Fault] {
    guard let run else { return [] }
    self.run = nil
    guard let expected = run.expected else { return [] }
    var faults: [VerificationReport.Fault] = []
    func fault(_ column: String?, _ detail: String) {
      faults.append(
        .init(table: "certificate", row: "chunk \(run.chunk)", column: column, detail: detail))
    }
    if run.tree.size != expected.count {
      fault("chunk", "\(run.tree.size) certificates of \(expected.count)")
    } else if run.isWhole, run.tree.root != expected.root {
      fault(
        nil,
        "kind, party, issued, place, request_hash or der of a row is not what was lodged: "
          + "entry \(expected.auditIndex) has another root")
    }
    if expected.auditIndex <= lastAuditIndex {
      fault("id", "it was lodged before the chunk that stands in front of it")
    }
    lastAuditIndex = expected.auditIndex
    return faults
  }

  private mutating func expected(
    _ id: Int, _ find: (Int) throws -> ChunkRow?
  ) throws -> Expected? {
    guard id != 0 else {
      return ceremonies.popFirst().map {
        Expected(count: $0.count, root: $0.root, auditIndex: $0.auditIndex, chunk: nil)
      }
    }
    guard let chunk = try find(id), chunk.state == .lodged, let root = chunk.certificateRoot,
      let auditIndex = chunk.auditIndex
    else { return nil }
    return Expected(count: chunk.count, root: root, auditIndex: auditIndex, chunk: chunk)
  }
}
