// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Foundation
import Keys
import Profiles
import Registration
import SEC
import Service
import Threads

/// How fast the authorities issue when nothing is between them and who asks: no TLS, no HTTP.
enum IssuingRate {
  /// Certificates a second with so many requests waiting at a time.
  static func measure(
    in estate: BenchEstate, requests: [RequestForge.Made], waiting: Int, lanes: Int
  ) throws -> Double {
    let registration = Registration(records: estate.records)
    let keys = estate.keys
    let authority = try Authority(
      records: estate.records, estate: estate.estate, lanes: lanes, clock: SystemClock.now,
      random: { Random.bytes($0) }, key: { try keys.key(label: $0) })
    defer { authority.close() }
    let system = try registration.admit(certificate: BenchEstate.certificate, at: SystemClock.now())
    let next = Guarded(0)
    let done = Guarded((answered: 0, failed: 0))
    @Sendable func submitNext() {
      let index = next.change { index in
        defer { index += 1 }
        return index
      }
      guard index < requests.count else { return }
      let made = requests[index]
      do {
        try authority.submit {
          let system = try registration.readmit(
            system, certificate: BenchEstate.certificate, at: SystemClock.now())
          let request = Result { () throws(Refusal) in try DeviceRequest(parsing: made.request) }
          return Authority.prepare(
            try registration.authorise([request], by: system, over: .portalDevice))
        } answer: { outcomes in
          var isGood = false
          if case .success(let outcomes) = outcomes, case .success = outcomes[0] { isGood = true }
          if !isGood { print(outcomes) }
          done.change {
            $0.answered += 1
            $0.failed += isGood ? 0 : 1
          }
          submitNext()
        }
      } catch {
        done.change { $0 = ($0.answered + 1, $0.failed + 1) }
      }
    }
    let clock = ContinuousClock()
    let start = clock.now
    for _ in 0..<waiting { submitNext() }
    _ = done.wait { $0.answered == requests.count ? true : nil }
    let seconds = (clock.now - start) / .seconds(1)
    guard done.value.failed == 0 else {
      throw BenchError.wrongCertificate("\(done.value.failed) failed")
    }
    return Double(requests.count) / seconds
  }
}
