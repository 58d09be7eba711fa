// SPDX-License-Identifier: Apache-2.0

import Audit
import Records
package import SEC

/// ENG-backup: says in the audit that a copy of the estate is taken; the copy has this entry too.
package struct NoteBackup: ControlRequest {
  /// Where the copy will be.
  package let place: String

  package static let name = "backup-note"
  package static let role = Actor.Role.operatorOfSystem

  /// A copy about to be taken.
  package init(place: String) {
    self.place = place
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let entry = Entry(
      officer, "backup-taken", clause: "ENG-backup", at: node.clock(), facts: ["place": place])
    try node.records.write(entry) { _ in }
    return Done(by: officer)
  }
}
