// SPDX-License-Identifier: Apache-2.0

package import Audit
import DER
import FoundationEssentials
package import Governance
import Keys
package import Records

/// The proof that the PMA decided something, for somebody who has neither the store nor this
/// program: `Scripts/check-proof.py` checks it with nothing else at hand.
///
/// It leads from the statement, which Members sign, to the audit entry that names its digest, and
/// from there to a signed checkpoint.
package struct DecisionProof: Codable, Hashable, Sendable {
  /// The form of the proof; another one gets another name.
  package static let format = "smki-decision-proof-1"

  /// A signature under the statement.
  package struct Signed: Codable, Hashable, Sendable {
    /// Who signed, by which credential.
    package let person: String
    package let serial: String
    /// Over the statement with SHA-256, in Base64.
    package let signature: String
  }

  /// Always `format`.
  package let format: String
  /// The decision, as it is signed.
  package let statement: String
  package let signatures: [Signed]
  /// The audit entry that names the digest of the statement, as it was hashed: canonical JSON.
  package let entry: String
  /// The entry in the audit tree of the checkpoint.
  package let audit: CertificateProof.Inclusion
  /// The signed checkpoint (C2SP tlog-checkpoint).
  package let checkpoint: String
  /// The key that signed it, `name+id+base64`; whoever checks must know it from elsewhere.
  package let key: String

  /// Makes the proof of a decision.
  ///
  /// - Throws: `ProofError.notYetSigned`, and the refusals of a vote that is not closed.
  package static func make(
    _ vote: String, votes: Votes, records: Records, key: NoteKey
  ) throws -> DecisionProof {
    let statement = try votes.statement(of: vote)
    guard let index = try votes.place(of: vote), let note = try records.audit.checkpoint,
      case let checkpoint = try Checkpoint(text: note.text), checkpoint.size > index
    else { throw ProofError.notYetSigned }
    return DecisionProof(
      format: format, statement: statement,
      signatures: try votes.signatures(of: vote).map {
        Signed(person: $0.person, serial: $0.serial, signature: Base64.encode($0.octets))
      },
      entry: String(decoding: try records.audit.data(index), as: UTF8.self),
      audit: CertificateProof.Inclusion(
        index: index, size: checkpoint.size,
        path: try records.audit.inclusionProof(index, size: checkpoint.size).map {
          Hex.encode($0)
        }),
      checkpoint: note.encoded, key: key.description)
  }

  /// Checks the proof with nothing but the key of the audit, as the script does.
  ///
  /// - Throws: `AuditError` that says which step does not hold.
  package func check(_ key: NoteKey) throws(AuditError) {
    let signed = try Checkpoint(note: checkpoint.utf8, keys: [key], origin: key.name)
    let data = Array(entry.utf8)
    let told = try Entry.decode(data).facts["statement"]
    guard format == Self.format, audit.size == signed.size, self.key == key.description,
      told == Hex.encode(Digest.sha256(Array(statement.utf8)))
    else {
      throw AuditError(.proofInvalid, "the parts of the proof do not belong together")
    }
    try MerkleTree.checkInclusion(
      leaf: MerkleTree.leafHash(data), index: audit.index, size: audit.size, root: signed.root,
      proof: audit.path.map { Hex.decode($0) ?? [] })
  }

  /// The proof as JSON, its members in the order of their names.
  package func encoded() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self))
  }
}
