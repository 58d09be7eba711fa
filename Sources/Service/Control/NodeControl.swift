// SPDX-License-Identifier: Apache-2.0

package import Audit
import HTTP
import Keys
import Records

/// What a node has for its officers.
extension Node {
  /// ENG-audit-tree: signs the size and root of the audit of this moment.
  package func signCheckpoint() throws -> (checkpoint: Checkpoint, note: SignedNote) {
    try records.audit.signCheckpoint(key: checkpointKey, origin: estate.auditOrigin)
  }

  /// The public half of the checkpoint key, as assessors are given it.
  package var checkpointNoteKey: NoteKey {
    get throws {
      try NoteKey(estate.auditOrigin, checkpointKey.publicKey)
    }
  }

  /// Threads that answer commands: people are few and wait for each other.
  static let controlWorkers = 2

  /// The doors for commands: a socket in the folder that only its owner opens, and the one for the
  /// officers' group, when there is one.
  func controlDoors() throws -> [Server] {
    var addresses = [Server.Configuration.Address.unix(folder.control)]
    if let shared = configuration.officersSocket {
      addresses.append(.sharedUnix(shared.path, group: try OfficersGroup.number(of: shared.group)))
    }
    return addresses.map { address in
      var configuration = Server.Configuration(address)
      configuration.workers = Self.controlWorkers
      return Server(configuration, routes: Control.routes(of: self), onLog: onLog(of: "control"))
    }
  }
}
