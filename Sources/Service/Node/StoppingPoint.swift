// SPDX-License-Identifier: Apache-2.0

package import Authority
import Glibc
package import Revocation
package import SEC
import Threads

/// A step of issuing or of publishing a list at which a test estate's process stops itself, so that
/// a drill can kill it there from outside (`Scripts/drill-kill`).
///
/// `SMKI_STOP_AT=recorded` stops when the step is reached for the first time, `recorded:7` when it
/// is for the seventh. A live estate does not start with it.
package struct StoppingPoint: Sendable {
  /// The variable of the environment.
  static let variable = "SMKI_STOP_AT"

  private let step: String
  private let left: Guarded<Int>
  private let stop: @Sendable () -> Void

  /// The point that the environment names, or nil when it names none.
  ///
  /// - Parameters:
  ///   - value: what the variable holds.
  ///   - estate: the estate that is opened.
  ///   - stop: stops the process.
  /// - Throws: `NodeError.stoppingPoint` for a live estate, or for what is no step.
  package init?(
    _ value: String?, of estate: Estate, stop: @escaping @Sendable () -> Void = { raise(SIGSTOP) }
  ) throws(NodeError) {
    guard let value else { return nil }
    let parts = value.split(separator: ":", omittingEmptySubsequences: false)
    guard estate.kind == .test, Self.steps.contains(String(parts[0])),
      let count = parts.count == 1 ? 1 : Int(parts[1]), parts.count <= 2, count > 0
    else { throw .stoppingPoint(value) }
    step = String(parts[0])
    left = Guarded(count)
    self.stop = stop
  }

  /// Every step at which a process can be stopped.
  package static let steps = Set(
    IssuingStep.allCases.map(\.rawValue) + PublicationStep.allCases.map(\.rawValue))

  /// Stops the whole process when its time has come; it goes on by SIGCONT.
  package func reached(_ step: IssuingStep) { reached(step.rawValue) }

  /// Stops the whole process when its time has come; it goes on by SIGCONT.
  package func reached(_ step: PublicationStep) { reached(step.rawValue) }

  private func reached(_ step: String) {
    guard step == self.step else { return }
    let isNow = left.change { left in
      left -= 1
      return left == 0
    }
    if isNow { stop() }
  }
}
