// SPDX-License-Identifier: Apache-2.0

/// What a node does by itself.
extension Node {
  /// Every job, in the order in which those that are due together are asked.
  package var jobs: [Job] { [delayJob, listJob] }
}
