// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import Records
import Repository
import X509

/// Everything that shows a certificate to be in the audit, to be checked without the program.
///
/// The leaf of the certificate lies under the root of its chunk, which stands in an entry, which
/// lies under the root of a checkpoint, which the log's key has signed (RFC 9162, C2SP).
struct CertificateProof: Codable {
  /// A leaf of a tree and the way to its root: hashes in hexadecimal, from the leaf upwards.
  struct Path: Codable {
    let index: Int
    let size: Int
    let hashes: [String]
  }

  /// The certificate, DER in Base64.
  let certificate: String
  /// What the tree of the chunk has as the leaf: text that ends with the certificate, in Base64.
  let leaf: String
  /// From the leaf to `certificate-root` in the entry.
  let inChunk: Path
  /// The entry of the audit as its canonical JSON.
  let entry: String
  /// From the entry to the root of the checkpoint.
  let inAudit: Path
  /// The signed note.
  let checkpoint: String

  /// The proof for a certificate of an estate.
  init(of serial: [UInt8], in opening: Opening) throws {
    guard let lodged = try opening.repository.certificate(serial: serial) else {
      throw Failure.Message(.faults, "there is no certificate \(Hex.encode(serial))")
    }
    guard let chunk = try AuthorityRecords.chunk(lodged.chunk, in: opening.records),
      let index = chunk.auditIndex
    else {
      throw Failure.Message(
        .faults, "\(Hex.encode(serial)) was made by the founding ceremony",
        remedy: "The entry estate-founded names it: smki audit entries --from 0.")
    }
    let audit = opening.records.audit
    guard let note = try audit.checkpoint, case let signed = try Checkpoint(text: note.text),
      signed.size > index
    else {
      throw Failure.Message(
        .unavailable, "no signed checkpoint covers entry \(index) yet",
        remedy: "Have one signed: smki audit checkpoint.")
    }
    let leaves = try opening.repository.certificates(
      chunk: chunk.id, count: chunk.count, firstSerial: chunk.firstSerial
    ).map { MerkleTree.leafHash($0.leaf) }
    let hashes = try MerkleTree.inclusionProof(lodged.position, size: leaves.count) {
      MerkleTree.root(of: leaves[($1 << $0)..<(($1 + 1) << $0)])
    }
    certificate = Base64.encode(lodged.der)
    leaf = Base64.encode(lodged.leaf)
    inChunk = Path(
      index: lodged.position, size: leaves.count, hashes: hashes.map { Hex.encode($0) })
    entry = String(decoding: try audit.data(index), as: UTF8.self)
    inAudit = Path(
      index: index, size: signed.size,
      hashes: try audit.inclusionProof(index, size: signed.size).map { Hex.encode($0) })
    checkpoint = note.encoded
  }

  /// Checks the proof with nothing but the log's key.
  ///
  /// - Throws: `AuditError` that says which step does not hold.
  func check(_ key: NoteKey) throws {
    let signed = try Checkpoint(note: checkpoint.utf8, keys: [key], origin: key.name)
    let data = Array(entry.utf8)
    try MerkleTree.checkInclusion(
      leaf: MerkleTree.leafHash(data), index: inAudit.index, size: inAudit.size,
      root: signed.root, proof: inAudit.octets)
    guard inAudit.size == signed.size else {
      throw AuditError(.proofInvalid, "a proof for another size than the checkpoint's")
    }
    guard let leaf = Base64.decode(leaf.utf8), let der = Base64.decode(certificate.utf8),
      leaf.suffix(der.count) == der[...],
      let root = try Entry.decode(data).facts["certificate-root"].flatMap({ Hex.decode($0) })
    else { throw AuditError(.proofInvalid, "leaf, certificate and entry do not belong together") }
    try MerkleTree.checkInclusion(
      leaf: MerkleTree.leafHash(leaf), index: inChunk.index, size: inChunk.size, root: root,
      proof: inChunk.octets)
  }
}

extension CertificateProof.Path {
  /// The hashes as octets; one that is none has no octets and fails the check.
  fileprivate var octets: [MerkleTree.Hash] { hashes.map { Hex.decode($0) ?? [] } }
}
