// SPDX-License-Identifier: Apache-2.0

package import Audit
import FoundationEssentials
package import Records
package import SEC

/// The last checkpoint that a node has seen, kept in its folder, apart from the records.
///
/// A store that was put back to an earlier moment, or a standby that was promoted without its last
/// transactions, is consistent in itself; what it has lost only somebody outside it can know.
/// A node that remembers a larger tree does not serve, since certificates that are out would be
/// unknown and revocations undone (ENG-backup).
package struct LastCheckpoint: Sendable {
  /// What a store lacks that a checkpoint was signed for.
  package struct Loss: Error, Hashable, Sendable {
    /// Entries of the tree that was signed.
    package let signed: Int
    /// Entries that the store has of it: fewer, or as many with another root.
    package let found: Int
  }

  private let path: String

  /// The file of a folder.
  package init(_ folder: Folder) {
    path = folder.lastCheckpoint
  }

  /// The checkpoint that is kept, or nil before the first.
  ///
  /// - Throws: `AuditError` when the file is damaged.
  package var kept: Checkpoint? {
    get throws {
      guard let data = FileManager.default.contents(atPath: path) else { return nil }
      return try Checkpoint(text: SignedNote([UInt8](data)).text)
    }
  }

  /// Keeps a checkpoint.
  package func keep(_ note: SignedNote) throws {
    try Data(note.encoded.utf8).write(to: URL(filePath: path), options: .atomic)
  }

  /// What an audit has lost of what was signed, or nil.
  package func loss(in audit: AuditLog) throws -> Loss? {
    guard let kept = try kept else { return nil }
    let size = try audit.size
    if size >= kept.size, try audit.root(size: kept.size) == kept.root { return nil }
    return Loss(signed: kept.size, found: size)
  }

  /// Goes on from what the store has; an officer has taken the loss upon himself or herself.
  package func forget() throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    try FileManager.default.removeItem(atPath: path)
  }
}

extension Estate {
  /// The name of the estate's audit in its checkpoints: one word, as the names of note keys are.
  package var auditOrigin: String {
    "smki/" + name.split { $0.isWhitespace || $0 == "+" }.joined(separator: "-")
  }
}
