// SPDX-License-Identifier: Apache-2.0

package import DER

/// ENG-two-commits: certificates that were recorded, signed and lodged together, by one authority.
package struct IssuanceChunk: Hashable, Sendable {
  /// What became of it.
  package enum State: String, Hashable, Sendable {
    /// What will be signed is durable; nothing has been answered.
    case recorded
    /// The certificates are durable and may be answered.
    case lodged
    /// The process ended between the two; its serial numbers are never used again.
    case voided
  }

  /// A number of this estate, from 1; 0 stands for certificates made by a ceremony.
  package let id: Int
  /// The issuing authority's number.
  package let authority: Int
  /// C3-112: the version of the certificate policy in force when it was recorded.
  package let policy: String
  package let recorded: Time
  /// How many certificates.
  package let count: Int
  /// Serial number of the first, 16 octets.
  package let firstSerial: [UInt8]
  /// Merkle root over the to-be-signed bytes, 32 octets.
  package let intentRoot: [UInt8]
  package let state: State
  /// Merkle root over the leaves of the lodged certificates, 32 octets, once they are.
  package let certificateRoot: [UInt8]?
  /// The audit entry that names `certificateRoot`.
  package let auditIndex: Int?

  /// The name of the work on it, by which other nodes know that it is under way.
  var work: String { Self.workPrefix + String(id) }
  private static let workPrefix = "chunk/"

  /// The number of the chunk that some work is on.
  static func id(ofWork name: String) -> Int? {
    name.hasPrefix(workPrefix) ? Int(name.dropFirst(workPrefix.count)) : nil
  }

  /// The same chunk, lodged.
  func lodged(root: [UInt8], auditIndex: Int) -> IssuanceChunk {
    IssuanceChunk(
      id: id, authority: authority, policy: policy, recorded: recorded, count: count,
      firstSerial: firstSerial, intentRoot: intentRoot, state: .lodged, certificateRoot: root,
      auditIndex: auditIndex)
  }

  /// The same chunk, given up.
  func voided(auditIndex: Int) -> IssuanceChunk {
    IssuanceChunk(
      id: id, authority: authority, policy: policy, recorded: recorded, count: count,
      firstSerial: firstSerial, intentRoot: intentRoot, state: .voided, certificateRoot: nil,
      auditIndex: auditIndex)
  }
}
