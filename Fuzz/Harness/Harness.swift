// SPDX-License-Identifier: Apache-2.0

import CFuzzer
package import FuzzProperties
import Glibc

/// Between libFuzzer and the properties: hands over octets, counts outcomes, tells at the end.
package enum Harness {
  /// What was seen, by outcome; libFuzzer runs one input after the other on one thread.
  nonisolated(unsafe) private static var counts: [Outcome: Int] = [:]
  nonisolated(unsafe) private static var target = Target.der

  /// Fuzzes a reader as the arguments of the command say.
  package static func start(_ target: Target) -> Never {
    unsafe Self.target = target
    atexit { Harness.tell() }
    var count = CommandLine.argc
    var arguments = unsafe CommandLine.unsafeArgv
    let code = unsafe LLVMFuzzerRunDriver(&count, &arguments) { unsafe Harness.run($0, $1) }
    exit(code)
  }

  /// Runs one input; a property that does not hold ends the process, and libFuzzer keeps the input.
  private static func run(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let target = unsafe Self.target
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    do throws(Violation) {
      let outcome = try target.check(input)
      unsafe counts[outcome, default: 0] += 1
    } catch {
      // An optimised build does not say why it stops.
      print("\(target.rawValue): \(error)")
      fflush(nil)
      abort()
    }
    return 0
  }

  /// Changes an input in place; gives the new count.
  fileprivate static func mutate(
    _ data: UnsafeMutablePointer<UInt8>?, _ count: Int, _ countMax: Int, _ seed: UInt32
  ) -> Int {
    guard let data = unsafe data else { return 0 }
    let target = unsafe Self.target
    let buffer = unsafe UnsafeMutableBufferPointer(start: data, count: countMax)
    var mutator = Mutator(seed: UInt64(seed)) { libFuzzer($0, $1) }
    let changed = mutator.change(unsafe Array(buffer[..<count]), for: target, countMax: countMax)
    _ = unsafe buffer.update(fromContentsOf: changed)
    return changed.count
  }

  private static func libFuzzer(_ octets: [UInt8], _ countMax: Int) -> [UInt8] {
    let room = max(countMax, octets.count)
    var changed = octets + [UInt8](repeating: 0, count: room - octets.count)
    let count = unsafe LLVMFuzzerMutate(&changed, octets.count, room)
    return Array(changed.prefix(count))
  }

  private static func tell() {
    let target = unsafe target
    let counts = unsafe counts
    func sum(_ isMeant: (Outcome) -> Bool) -> Int {
      counts.reduce(0) { isMeant($1.key) ? $0 + $1.value : $0 }
    }
    func list(_ isMeant: (Outcome) -> Bool) -> String {
      var sums: [String: Int] = [:]
      for (outcome, count) in counts where isMeant(outcome) {
        if let refusal = outcome.refusal { sums[refusal, default: 0] += count }
      }
      guard !sums.isEmpty else { return "none" }
      return sums.sorted { $0.value > $1.value }.map { "\($0.key) \($0.value)" }
        .joined(separator: ", ")
    }
    print(
      """
      \(target.rawValue): \(sum { _ in true }) runs, \(sum(\.isPastFirstLength)) past the first \
      length, \(sum { $0.refusal == nil }) taken in
        refused: \(list { _ in true })
        refused here, taken in by OpenSSL: \(list(\.isPeerLenient))
      """)
  }
}

/// What libFuzzer calls to change an input.
@_cdecl("LLVMFuzzerCustomMutator")
func mutate(
  _ data: UnsafeMutablePointer<UInt8>?, _ count: Int, _ countMax: Int, _ seed: UInt32
) -> Int {
  unsafe Harness.mutate(data, count, countMax, seed)
}
