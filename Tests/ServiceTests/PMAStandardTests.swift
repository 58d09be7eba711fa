// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Governance
import SEC
import Service
import Testing

@Suite("Standards and the days from which they apply, by operations of a node")
struct PMAStandardTests {
  private static func standard(
    _ version: String, follows: String = "", name: String = "BS 7858", day: String? = nil
  ) -> PMABusiness.Act {
    .standard(
      name: name, version: version, issuer: "BSI", obligation: "RAPP 5.3", follows: follows,
      day: day)
  }

  private static func accepted(_ door: PMADoor, _ day: Day) throws -> [String] {
    try door.estate.node.standards.accepted("BS 7858", on: day).map(\.version)
  }

  @Test(
    "before the day either version is good enough, from it on the successor alone",
    .clause(
      "L1.21", "L1.22", "L1.22(a)", "L1.22(a)(i)", "L1.22(a)(ii)", "L1.22(b)", "L1.23(a)",
      "L1.23(b)", "L1.23(b)(i)", "L1.23(b)(ii)", "M4-standards"))
  func day() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    try door.business(Self.standard("2012"))
    for wrong in [
      Self.standard("2012"), Self.standard("2013"), Self.standard("", name: "ISO 1"),
      Self.standard("2030", follows: "2012", day: "2030-01-01"),
    ] {
      #expect(door.refusal(wrong) == "standard-unusable L1.22")
    }
    #expect(
      door.refusal(Self.standard("2019", follows: "2015")) == "standard-unknown L1.22")
    try door.business(Self.standard("2019", follows: "2012"))
    #expect(try Self.accepted(door, door.today) == ["2012", "2019"])
    let owed = try door.estate.node.duties.instances(on: door.today)
    #expect(owed.contains { $0.duty.clause == "L1.21" && $0.discharge == nil })
    let from = door.today.adding(days: 30)
    func motion(_ version: String, _ from: String) -> PMAAct.Act {
      door.motion(
        "v", "standard-date", ["standard": "BS 7858", "version": version, "from": from])
    }
    #expect(door.refusal(motion("2012", from.description)) == "standard-dated L1.23(a)")
    #expect(door.refusal(motion("2019", "soon")) == "terms-missing L1.23(a)")
    for past in [door.today, door.today.adding(days: -1)] {
      let refusal = door.refusal(motion("2019", past.description))
      #expect(refusal == "standard-day-past L1.23(a)")
    }
    #expect(
      door.refusal(.publishStandard(name: "BS 7858", version: "2019"))
        == "standard-not-dated L1.21")
    let terms = ["standard": "BS 7858", "version": "2019", "from": from.description]
    #expect(try door.decide("v", "standard-date", terms) == "carried")
    try door.perform(CarryOut(vote: "v", kind: "standard-date"))
    #expect(try Self.accepted(door, from.adding(days: -1)) == ["2012", "2019"])
    #expect(try Self.accepted(door, from) == ["2019"])
    #expect(try Self.accepted(door, from.adding(days: 1)) == ["2019"])
    try door.business(.publishStandard(name: "BS 7858", version: "2019"))
    #expect(
      !(try door.estate.node.duties.instances(on: door.today)).contains {
        $0.duty.clause == "L1.21" && $0.discharge == nil
      })
    try door.business(Self.standard("1.0", name: "RFC 1"))
    try door.business(.discontinue(name: "RFC 1", version: "1.0", day: nil))
    let all = try door.estate.node.standards.all().filter { $0.name == "RFC 1" }
    #expect(Standard.statuses(of: all, on: door.today).map(\.status) == [.discontinued])
  }

  @Test(
    "the DCC or a User appeals once, and what the Panel decides is final", .clause("L1.24"))
  func appeal() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.inMeeting()
    try door.business(Self.standard("2012"))
    try door.business(Self.standard("2019", follows: "2012"))
    func appeal(_ capacity: String, _ grounds: String = "too soon") -> PMABusiness.Act {
      .appeal(
        name: "BS 7858", version: "2019", appellant: "DCC", capacity: capacity, grounds: grounds)
    }
    func decide(_ day: String?, _ evidence: String = "minute 9") -> PMABusiness.Act {
      .decideAppeal(name: "BS 7858", version: "2019", newDay: day, evidence: evidence)
    }
    #expect(door.refusal(appeal("dcc")) == "standard-not-dated L1.21")
    let from = door.today.adding(days: 30)
    try door.decide(
      "v", "standard-date",
      ["standard": "BS 7858", "version": "2019", "from": from.description])
    try door.perform(CarryOut(vote: "v", kind: "standard-date"))
    #expect(door.refusal(appeal("manufacturer")).hasPrefix("unknown-word"))
    #expect(door.refusal(appeal("dcc", "")) == "appeal-unusable L1.24")
    #expect(door.refusal(decide(nil)) == "appeal-unusable L1.24")
    try door.business(appeal("dcc"))
    #expect(door.refusal(appeal("user")) == "appeal-standing L1.24")
    #expect(door.refusal(decide(nil, "")) == "appeal-unusable L1.24")
    let later = from.adding(days: 60)
    try door.business(decide(later.description))
    #expect(try Self.accepted(door, from) == ["2012", "2019"])
    #expect(try Self.accepted(door, later) == ["2019"])
    #expect(door.refusal(decide(nil)) == "appeal-standing L1.24")
    #expect(door.refusal(appeal("user")) == "appeal-standing L1.24")
  }
}
