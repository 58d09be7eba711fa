// SPDX-License-Identifier: Apache-2.0

package import Audit
import DER
import FoundationEssentials

package import Records
import Repository

/// The proof that a certificate was issued and entered in the audit, for somebody who has neither
/// the store nor this program: `Scripts/check-proof.py` checks it with nothing else at hand.
///
/// It leads from the certificate to its leaf, from there to the root of its chunk, to the audit
/// entry that names this root, to the root of the audit, and to a checkpoint signed over that.
package struct CertificateProof: Codable, Hashable, Sendable {
  /// The form of the proof; another one gets another name.
  package static let format = "smki-certificate-proof-1"

  /// A place in a Merkle tree, and what leads from there to its root (RFC 9162, 2.1.3).
  package struct Inclusion: Codable, Hashable, Sendable {
    /// The place, from 0.
    package let index: Int
    /// How many leaves the tree has.
    package let size: Int
    /// The hashes that lead to the root, 64 lower- or upper-case hexadecimal digits each.
    package let path: [String]
  }

  /// What the leaf says of the certificate beside its bytes (`LodgedCertificate.leaf`).
  package struct Leaf: Codable, Hashable, Sendable {
    /// The class of the certificate.
    package let kind: String
    /// The party that asked; empty for a ceremony.
    package let party: String
    /// When it was issued, in milliseconds since 1970.
    package let issued: Int64
    /// The chunk of issuing, 0 for a ceremony.
    package let chunk: Int
    /// SHA-256 of the request, 64 hexadecimal digits; empty for a ceremony.
    package let requestHash: String
  }

  /// Always `format`.
  package let format: String
  /// The certificate, DER in Base64.
  package let certificate: String
  /// What else the leaf says.
  package let leaf: Leaf
  /// The leaf among those of its chunk.
  package let chunk: Inclusion
  /// The audit entry that names the root of the chunk, as it was hashed: canonical JSON.
  package let entry: String
  /// The entry in the audit tree of the checkpoint.
  package let audit: Inclusion
  /// The signed checkpoint (C2SP tlog-checkpoint).
  package let checkpoint: String
  /// The key that signed it, `name+id+base64`; whoever checks must know it from elsewhere.
  package let key: String
}

/// Why there is no proof of a certificate.
package enum ProofError: Error, Hashable, Sendable {
  /// No certificate has the serial number.
  case unknownSerial(String)
  /// The audit has not been signed since the certificate was lodged: ask again in a second.
  case notYetSigned
  /// The store contradicts itself: `smki verify` says where.
  case damaged(String)
}

extension CertificateProof {
  /// Makes the proof of the certificate with a serial number of 16 octets.
  ///
  /// - Parameters:
  ///   - serial: 16 octets.
  ///   - records: the store.
  ///   - key: the key that signs checkpoints of the audit.
  /// - Returns: all that an outsider needs to check it.
  /// - Throws: `ProofError`, or a failure of the store.
  package static func make(
    serial: [UInt8], records: Records, key: NoteKey
  ) throws -> CertificateProof {
    try records.read { reading in
      guard let certificate = try Repository(records: records).certificate(serial: serial) else {
        throw ProofError.unknownSerial(Hex.encode(serial))
      }
      let (auditIndex, leaves) = try chunk(of: certificate, records, reading)
      guard let note = try records.audit.checkpoint,
        case let checkpoint = try Checkpoint(text: note.text), checkpoint.size > auditIndex
      else { throw ProofError.notYetSigned }
      let data = try records.audit.data(auditIndex)
      let root = Hex.encode(MerkleTree.root(of: leaves))
      guard try Entry.decode(data).facts["certificate-root"] == root else {
        throw ProofError.damaged("entry \(auditIndex) does not name the root of the chunk")
      }
      let frontier = TreeOfLeaves(leaves)
      return CertificateProof(
        format: format, certificate: Base64.encode(certificate.der),
        leaf: Leaf(
          kind: certificate.kind.rawValue, party: certificate.party ?? "",
          issued: certificate.issued.milliseconds, chunk: certificate.chunk,
          requestHash: certificate.requestHash.map { Hex.encode($0) } ?? ""),
        chunk: Inclusion(
          index: certificate.position, size: leaves.count,
          path: try MerkleTree.inclusionProof(
            certificate.position, size: leaves.count, from: frontier.node
          ).map { Hex.encode($0) }),
        entry: String(decoding: data, as: UTF8.self),
        audit: Inclusion(
          index: auditIndex, size: checkpoint.size,
          path: try records.audit.inclusionProof(auditIndex, size: checkpoint.size)
            .map { Hex.encode($0) }),
        checkpoint: note.encoded, key: key.description)
    }
  }

  /// The entry that lodged a certificate, and the leaf hashes of all that it lodged.
  private static func chunk(
    of certificate: LodgedCertificate, _ records: Records, _ reading: Reading
  ) throws -> (auditIndex: Int, leaves: [MerkleTree.Hash]) {
    let repository = Repository(records: records)
    var auditIndex: Int?
    var count = 0
    var firstSerial: [UInt8] = []
    if certificate.chunk == 0 {
      (auditIndex, count, firstSerial) = try ceremony(of: certificate, records, reading)
    } else if let row = try ChunkRow.find(certificate.chunk, in: reading) {
      (auditIndex, count, firstSerial) = (row.auditIndex, row.count, row.firstSerial)
    }
    let lodged = try repository.certificates(
      chunk: certificate.chunk, count: count, firstSerial: firstSerial)
    guard let auditIndex, lodged.count == count, count > 0 else {
      throw ProofError.damaged("chunk \(certificate.chunk) is not whole")
    }
    return (auditIndex, lodged.map { MerkleTree.leafHash($0.leaf) })
  }

  /// The certificates of a ceremony lie together and are told by its entry, which stands where the
  /// log begins or where authorities were added.
  private static func ceremony(
    of certificate: LodgedCertificate, _ records: Records, _ reading: Reading
  ) throws -> (auditIndex: Int?, count: Int, firstSerial: [UInt8]) {
    let row = try reading.first("SELECT id FROM certificate WHERE serial = \(certificate.serial)")
    guard let id = try row?.int("id"),
      let first = try reading.first(
        "SELECT serial FROM certificate WHERE id = \(id - certificate.position)")
    else { return (nil, 0, []) }
    let firstSerial = try first.blob("serial")
    // How many went before tells which ceremony it is.
    var before =
      try reading.first(
        """
        SELECT count(*) AS count FROM certificate
        WHERE chunk = 0 AND id < \(id - certificate.position)
        """
      )?.int("count") ?? 0
    var next = 0
    while case let entries = try records.audit.entries(from: next), !entries.isEmpty {
      for (index, entry) in entries where entry.facts["chunk"] == "0" {
        let count = entry.facts["count"].flatMap { Int($0) } ?? 0
        if before <= 0 { return (index, count, firstSerial) }
        before -= count
      }
      next += entries.count
    }
    return (nil, 0, [])
  }

  /// Checks the proof with nothing but the key of the audit, as the script does.
  ///
  /// - Throws: `AuditError` that says which step does not hold.
  package func check(_ key: NoteKey) throws(AuditError) {
    let failure = AuditError(.proofInvalid, "the parts of the proof do not belong together")
    let signed = try Checkpoint(note: checkpoint.utf8, keys: [key], origin: key.name)
    let data = Array(entry.utf8)
    let facts = try Entry.decode(data).facts
    guard format == Self.format, audit.size == signed.size, self.key == key.description,
      let der = Base64.decode(certificate.utf8), let kind = CertificateClass(rawValue: leaf.kind),
      let root = facts["certificate-root"].flatMap({ Hex.decode($0) }),
      facts["chunk"] == "\(leaf.chunk)", facts["count"] == "\(chunk.size)",
      case let requestHash = leaf.requestHash.isEmpty ? nil : Hex.decode(leaf.requestHash),
      (requestHash == nil) == leaf.requestHash.isEmpty
    else { throw failure }
    try MerkleTree.checkInclusion(
      leaf: MerkleTree.leafHash(data), index: audit.index, size: audit.size, root: signed.root,
      proof: audit.hashes)
    let said = LodgedCertificate(
      serial: [], kind: kind, entity: nil, keyIdentifier: [], usage: nil, role: nil,
      chunk: leaf.chunk, position: chunk.index, party: leaf.party.isEmpty ? nil : leaf.party,
      requestHash: requestHash, issued: Time(milliseconds: leaf.issued),
      notAfter: .noWellDefinedExpiry, der: der)
    try MerkleTree.checkInclusion(
      leaf: MerkleTree.leafHash(said.leaf), index: chunk.index, size: chunk.size, root: root,
      proof: chunk.hashes)
  }

  /// The proof as JSON, its members in the order of their names.
  package func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }
}

extension CertificateProof.Inclusion {
  /// The hashes as octets; one that is none has no octets and fails the check.
  fileprivate var hashes: [MerkleTree.Hash] { path.map { Hex.decode($0) ?? [] } }
}

/// The complete nodes of a small tree, all of whose leaves are at hand.
private struct TreeOfLeaves {
  let leaves: [MerkleTree.Hash]

  init(_ leaves: [MerkleTree.Hash]) { self.leaves = leaves }

  func node(_ level: Int, _ index: Int) -> MerkleTree.Hash {
    MerkleTree.root(of: leaves[(index << level)..<((index + 1) << level)])
  }
}
