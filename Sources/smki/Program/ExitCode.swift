// SPDX-License-Identifier: Apache-2.0

/// How a command ended, for scripts.
enum ExitCode: Int32, CaseIterable {
  /// It was done.
  case done = 0
  /// The Code said no; nothing was changed.
  case refused = 1
  /// The command was not understood.
  case usage = 2
  /// We failed: a disk, a key store, a mistake of ours.
  case failed = 3
  /// A check found something wrong, or a search found nothing.
  case faults = 4
  /// The estate's store or node cannot be reached, or somebody else has it open.
  case unavailable = 5

  /// What help and the manual say of it.
  var meaning: String {
    switch self {
    case .done: "done"
    case .refused: "a rule said no: code, clause, expected, found and remedy are on standard error"
    case .usage: "the command was not understood"
    case .failed: "a failure of ours: a file, a key, the network; not a matter of the rules"
    case .faults: "a check found faults, or what was asked for is not there"
    case .unavailable: "the estate cannot be reached, or another process has it open"
    }
  }
}
