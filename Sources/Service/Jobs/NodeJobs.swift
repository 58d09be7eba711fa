// SPDX-License-Identifier: Apache-2.0

/// What a node does by itself.
extension Node {
  /// Every job, in the order in which those that are due together are asked.
  var jobs: [Job] {
    [
      Job("access-log-seal") { [access, records] moment in
        try access.seal(in: records, at: moment)
        return nil
      },
      Job("access-log-remove") { [access, records] moment in
        try access.removeOld(in: records, at: moment)
      },
      dutyJob,
    ] + registrationJobs
  }
}
