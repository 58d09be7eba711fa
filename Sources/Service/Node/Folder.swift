// SPDX-License-Identifier: Apache-2.0

/// Where things lie in an estate's folder.
package struct Folder: Sendable {
  /// The folder itself.
  package let path: String

  /// The folder at a path.
  package init(_ path: String) {
    self.path = path
  }

  /// The store of the records: the server that `estate.json` names, or a file.
  package var records: String {
    (try? Configuration.read(path))?.store ?? "\(path)/\(Self.recordsFile)"
  }
  /// The file of the records, where they are in one.
  package static let recordsFile = "smki.sqlite"
  /// The keys of the issuing authorities and of the audit.
  package var keys: String { "\(path)/keys" }
  /// The keys of the roots; a serving node never opens it.
  package var offline: String { "\(path)/offline" }
  /// The passphrase of both key stores, in a test estate only.
  package var passphrase: String { "\(path)/passphrase" }
  /// The PIN of the tokens, in a test estate only.
  package var pin: String { "\(path)/pin" }
  /// The server's certificate and those above it.
  package var serverCertificate: String { "\(path)/tls/server.pem" }
  /// The server's private key.
  package var serverKey: String { "\(path)/tls/server.key" }
  /// What clients of a test estate trust.
  package var serverAuthority: String { "\(path)/tls/authority.pem" }
  /// Uploads, requests and results of batches.
  package var batches: String { "\(path)/batches" }
  /// The credentials of the sample parties of a test estate.
  package var parties: String { "\(path)/parties" }
  /// The bulk files of the Repository.
  package var bulk: String { "\(path)/bulk" }
  /// The last checkpoint of the audit with the signatures of witnesses.
  package var witnessed: String { "\(path)/witnessed" }
  /// The access log (ENG-audit-log).
  package var access: String { "\(path)/access" }
  /// The last checkpoint of the audit that this node has seen.
  package var lastCheckpoint: String { "\(path)/last.checkpoint" }
  /// When this node was last seen serving (L4.2).
  package var lastServing: String { "\(path)/last.serving" }
  /// Says that the folder is a copy that nobody has verified yet (ENG-backup).
  package var copyNote: String { "\(path)/backup.json" }
  /// The socket by which commands reach a serving node.
  package var control: String { "\(path)/control.sock" }
}
