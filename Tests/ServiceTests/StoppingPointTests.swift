// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import SEC
import Service
import TestEstate
import Testing
import Threads

@Suite("A drill stops a test estate's process at a step, and no live one's")
struct StoppingPointTests {
  private static let live = Estate(
    kind: .live, name: "live", devicePolicy: "1.2.3", organisationPolicy: "1.2.4",
    ikiPolicy: "1.2.5")

  @Test("without the variable there is no such point, in any estate")
  func none() throws {
    for estate in [Founded.estate, Self.live] {
      let point = try StoppingPoint(nil, of: estate)
      #expect(point == nil)
    }
  }

  @Test(
    "what is no step is refused",
    arguments: [
      "", ":", "lunch", "recorded:", "recorded:0", "recorded:-1",
      "recorded:1:1", "Recorded", "recorded:one",
    ])
  func wrong(_ value: String) {
    #expect(throws: NodeError.stoppingPoint(value)) {
      try StoppingPoint(value, of: Founded.estate)
    }
  }

  @Test("in a live estate each step is refused", arguments: IssuingStep.allCases)
  func live(_ step: IssuingStep) throws {
    #expect(throws: NodeError.stoppingPoint(step.rawValue)) {
      try StoppingPoint(step.rawValue, of: Self.live)
    }
    _ = try #require(try StoppingPoint(step.rawValue, of: Founded.estate))
  }

  @Test("it stops once, when the step is reached so many times", arguments: [1, 3])
  func count(_ count: Int) throws {
    let stops = Guarded(0)
    let point = try #require(
      try StoppingPoint("signed:\(count)", of: Founded.estate) { stops.change { $0 += 1 } })
    for number in 1...5 {
      point.reached(.recorded)
      point.reached(.signed)
      #expect(stops.value == (number >= count ? 1 : 0))
    }
  }
}
