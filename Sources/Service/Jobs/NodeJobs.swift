// SPDX-License-Identifier: Apache-2.0

import Revocation

/// What a node does by itself.
extension Node {
  /// Every job, in the order in which those that are due together are asked.
  package var jobs: [Job] {
    [
      Job("access-log-seal") { [access, records] moment in
        try access.seal(in: records, at: moment)
        return nil
      },
      Job("access-log-remove") { [access, records] moment in
        try access.removeOld(in: records, at: moment)
      },
      dutyJob,
      delayJob,
      listJob,
      Job("ocsp-answers") { [responder] moment in try responder.renew(at: moment) },
    ]
  }
}
