// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Keys
package import Records
import SEC
import Threads

/// ENG-audit-tree: signs a checkpoint of the audit whenever its tree has grown.
package final class Checkpoints: Sendable {
  private struct State {
    /// The size that the last checkpoint covers; nil before the first one of this process.
    var size: Int?
    /// The size of the last checkpoint of another node that was seen.
    var signed: Int?
    /// When it was last seen that a checkpoint covers every entry.
    var covered: Time?
    var running: (worker: Worker, end: Gate)?
    var hasFailed = false
  }

  /// The name of the log in its checkpoints.
  package let origin: String
  private let records: Records
  private let key: SoftwareKey
  private let seconds: Int
  private let memory: LastCheckpoint?
  private let clock: @Sendable () -> Time
  private let log: Log
  private let state = Guarded(State())

  /// A job that looks every so many seconds.
  package init(
    records: Records, key: SoftwareKey, origin: String, everySeconds seconds: Int,
    memory: LastCheckpoint? = nil, clock: @escaping @Sendable () -> Time, log: Log
  ) {
    self.records = records
    self.key = key
    self.origin = origin
    self.seconds = max(1, seconds)
    self.memory = memory
    self.clock = clock
    self.log = log
  }

  /// Seconds since a checkpoint was last seen to cover every entry; nil when none ever did.
  package func age(at moment: Time) -> Int64? {
    state.value.covered.map { max(0, moment.seconds - $0.seconds) }
  }

  /// Seconds after which the lack of a checkpoint means that something is wrong.
  package var ageMax: Int64 { Int64(seconds) * 3 + 7 }

  /// Looks now, and then again and again until it is stopped.
  package func start() {
    sign()
    let end = Gate()
    let worker = Worker(name: "checkpoints") { [self] in
      while !end.wait(milliseconds: seconds * 1000) { sign() }
    }
    state.change { $0.running = (worker, end) }
  }

  /// Signs a last checkpoint and ends; what is written afterwards is covered by the next start.
  package func stop() {
    let running = state.change { state in
      defer { state.running = nil }
      return state.running
    }
    guard let running else { return }
    running.end.open()
    running.worker.join()
    sign()
  }

  /// The claim of the one node that signs.
  private static let claim = "checkpoints"

  /// Sees whether the node that signs has covered what was there at the last look.
  private func observe(_ size: Int, at moment: Time) {
    guard let note = try? records.audit.checkpoint,
      let signed = try? Checkpoint(text: note.text).size
    else { return }
    if signed != state.value.signed { try? memory?.keep(note) }
    state.change { state in
      state.signed = signed
      if let seen = state.size, signed >= seen { state.covered = moment }
      state.size = size
      state.hasFailed = false
    }
  }

  /// Signs when the tree has grown; says once that it cannot.
  package func sign() {
    let moment = clock()
    do {
      let size = try records.audit.size
      guard try records.claim(Self.claim) else {
        observe(size, at: moment)
        return
      }
      if size != state.value.size {
        let (checkpoint, note) = try records.audit.signCheckpoint(key: key, origin: origin)
        try memory?.keep(note)
        state.change { $0.size = checkpoint.size }
      }
      state.change {
        $0.covered = moment
        $0.hasFailed = false
      }
    } catch {
      let isNews = state.change { state in
        defer { state.hasFailed = true }
        return !state.hasFailed
      }
      if isNews { log(.error, "checkpoint-failed", ["error": "\(error)"]) }
    }
  }
}
