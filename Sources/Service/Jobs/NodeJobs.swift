// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Records
import SEC

/// What a node does by itself.
extension Node {
  /// Every job, in the order in which those that are due together are asked.
  var jobs: [Job] {
    [
      Job("access-log-seal") { [access, records] moment in
        try access.seal(in: records, at: moment)
        return nil
      },
      Job("checkpoints-prune") { [records] moment in
        let entry = Entry(
          Actor(name: "checkpoints", role: .node), AuditLog.pruningAction,
          clause: "ENG-audit-tree", at: moment)
        let hasMore = try records.audit.pruneCheckpoints(entry)
        return hasMore ? nil : moment.adding(seconds: 86_400)
      },
      Job("access-log-remove") { [access, records] moment in
        try access.removeOld(in: records, at: moment)
      },
      dutyJob,
    ]
  }
}
