// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Service

extension CertificateProof {
  /// Checks the proof with nothing but the log's key, which must be known from elsewhere.
  ///
  /// - Throws: `AuditError` that says which step does not hold.
  func check(_ known: NoteKey) throws(AuditError) {
    guard format == Self.format else {
      throw AuditError(.proofInvalid, "a proof of the form \(format)")
    }
    let signed = try Checkpoint(note: checkpoint.utf8, keys: [known], origin: known.name)
    guard signed.size == audit.size else {
      throw AuditError(.proofInvalid, "a proof for another size than the checkpoint's")
    }
    let data = Array(entry.utf8)
    try MerkleTree.checkInclusion(
      leaf: MerkleTree.leafHash(data), index: audit.index, size: audit.size, root: signed.root,
      proof: audit.hashes)
    guard let der = Base64.decode(certificate.utf8),
      let root = try Entry.decode(data).facts["certificate-root"].flatMap({ Hex.decode($0) })
    else { throw AuditError(.proofInvalid, "no certificate, or an entry that names no root") }
    let about =
      "\(leaf.kind)\n\(leaf.party)\n\(leaf.issued)\n\(leaf.chunk)/\(chunk.index)\n"
      + "\(leaf.requestHash)\n"
    try MerkleTree.checkInclusion(
      leaf: MerkleTree.leafHash(Array(about.utf8) + der), index: chunk.index, size: chunk.size,
      root: root, proof: chunk.hashes)
  }
}

extension CertificateProof.Inclusion {
  /// The hashes as octets; one that is none has no octets and fails the check.
  fileprivate var hashes: [MerkleTree.Hash] { path.map { Hex.decode($0) ?? [] } }
}
