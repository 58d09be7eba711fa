// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import Batches
import DER
import Records
import Repository
import Revocation
import SEC

/// What a node does by itself.
extension Node {
  /// Every job, in the order in which those that are due together are asked.
  package var jobs: [Job] {
    [
      Job("access-log-seal", ofEachNode: true) { [access, records] moment in
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
      Job("access-log-remove", ofEachNode: true) { [access, records] moment in
        try access.putAway(in: records, at: moment)
      },
      deadNodes, availabilityJob, batchResults, batchFiles, usageCounts,
      compactRows, bulkFiles, cosignatures,
      dutyJob,
      delayJob,
      listJob,
      Job("ocsp-answers", ofEachNode: true) { [responder] moment in try responder.renew(at: moment)
      },
      issuingLifeJob,
    ] + registrationJobs
  }

  /// ENG-compact-rows: packs the certificates that an older version has lodged.
  private var compactRows: Job {
    Job("certificates-compact") { [repository] moment in
      let done = try repository.compact(at: moment, by: Actor(name: "repository", role: .node))
      return done > 0 ? nil : moment.adding(seconds: 86_400)
    }
  }

  /// MP147-bulk: the delta of each day and the full extract of each week, a segment at a time.
  private var bulkFiles: Job {
    Job("bulk-files", ofEachNode: true) { [bulk] moment in
      let made = try bulk.work(at: moment, by: Actor(name: "bulk", role: .node))
      return made.hasMore ? nil : moment.adding(seconds: 600)
    }
  }

  /// ENG-witness: has the last checkpoint cosigned.
  private var cosignatures: Job {
    Job("cosignatures") { [cosigning] moment in
      try cosigning.ask()
      return moment.adding(seconds: 60)
    }
  }

  /// M8-2.3-collection: puts away the results of batches that can no longer be collected.
  private var batchResults: Job {
    Job("batch-results") { [batches] now in
      try batches.putAway() > 0 ? nil : now.adding(seconds: 3_600)
    }
  }

  /// M8-2.3-collection: removes this node's files of batches that were put away by any node.
  private var batchFiles: Job {
    Job("batch-files", ofEachNode: true) { [batches] now in
      try batches.tidy()
      return now.adding(seconds: 3_600)
    }
  }

  /// ENG-two-commits: voids what nodes that died had begun, and frees what they had claimed.
  private var deadNodes: Job {
    Job("dead-nodes") { [records, authority, log] moment in
      for name in try records.buryDead() {
        log(.warning, "node-dead", ["node": name])
        try AvailabilityRecords.bury(name, in: records, at: moment)
      }
      try authority.voidChunksOfDead()
      return nil
    }
  }

  /// N4-3-portal-batch: writes how often parties went over their usage limits.
  private var usageCounts: Job {
    Job("usage-counts", ofEachNode: true) { [batches] now in
      batches.flushUsage()
      return now.adding(seconds: 60)
    }
  }
}
