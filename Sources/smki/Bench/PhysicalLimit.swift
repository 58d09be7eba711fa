// SPDX-License-Identifier: Apache-2.0

import Foundation
import Keys
import Threads

/// What this machine can do at most: per certificate one signature to verify, one to make, and our
/// own to verify again, on all cores, in this same run (decision 2).
enum PhysicalLimit {
  /// Certificates a second with and without the third part, and with the third part by a table
  /// of the key's multiples, as our own self-check is done.
  struct Rates {
    let withSelfCheck: Double
    let withoutSelfCheck: Double
    let withTable: Double
  }

  /// Measures all three for about `seconds`.
  static func measure(seconds: Double) throws -> Rates {
    let key = try SoftwareKey.generate(.p256)
    guard case .p256(let publicKey) = key.publicKey else { throw BenchError.unusableKey }
    let message = [UInt8](repeating: 0x5A, count: 300)
    let signature = try key.sign(message)
    let table = try P256Table(publicKey)
    // As many at a time as share an inversion when a chunk is signed.
    let company = Array(repeating: P256Table.Signed(signature: signature, over: message), count: 16)
    func rate(_ verifications: Int, byTable: Bool = false) -> Double {
      let count = Guarded(0)
      let clock = ContinuousClock()
      let start = clock.now
      Worker.onAllCores(ProcessInfo.processInfo.activeProcessorCount) { _ in
        var done = 0
        while (clock.now - start) / .seconds(1) < seconds / 3 {
          guard let made = try? key.sign(message), !made.isEmpty else { return }
          for _ in 0..<verifications {
            guard
              P256.verify(
                signature: signature[...], over: message[...], point: publicKey.point[...])
                == .valid
            else { return }
          }
          if byTable, done.isMultiple(of: company.count) {
            guard table.invalid(among: company) == nil else { return }
          }
          done += 1
        }
        let total = done
        count.change { $0 += total }
      }
      return Double(count.value) / ((clock.now - start) / .seconds(1))
    }
    return Rates(
      withSelfCheck: rate(2), withoutSelfCheck: rate(1), withTable: rate(1, byTable: true))
  }
}
