// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Registration
import SEC
import TestEstate
import Testing

@Suite("Who may ask for the certificate of a device", .clause("L3.16", "C3-80-dev"))
struct EligibilityTests {
  @Test(
    "each cell of role, type and status is that of the table written by hand",
    .clause("L3.15", "L3.16-a", "L3.16-b", "L3.16-c", "L3.16-d", "C3-G-eligible-subscriber"),
    arguments: UserRole.allCases)
  func cells(role: UserRole) throws {
    let cells = EligibilityTable.cells(of: role.rawValue)
    #expect(cells.count == DeviceType.allCases.count * SMIStatus.allCases.count)
    for cell in cells {
      let device = DeviceStanding(
        type: try #require(DeviceType(rawValue: cell.type)),
        status: try #require(SMIStatus(rawValue: cell.status)))
      let grant = EligibleSubscriber.grant(to: [role], for: device)
      #expect((grant != nil) == cell.may, "\(role.rawValue), \(cell.type), \(cell.status)")
    }
  }

  @Test("a device outside the inventory counts as a pending Smart Meter", .clause("L3.16-e"))
  func unrecorded() throws {
    let estate = try TestEstate()
    let standing = try estate.registration.standing(of: EntityID(1))
    #expect(standing.types == [.esme, .gsme] && standing.status == .pending)
    #expect(EligibleSubscriber.grant(to: [.otherParty], for: standing) != nil)
    #expect(EligibleSubscriber.grant(to: [.registrationDataProvider], for: standing) == nil)
  }

  @Test("one role of several is enough; none is not")
  func roles() {
    let device = DeviceStanding(type: .chf, status: .commissioned)
    #expect(EligibleSubscriber.grant(to: [.otherUser, .dcc], for: device)?.clause == "C3-80-dev-3")
    #expect(EligibleSubscriber.grant(to: [.otherUser], for: device) == nil)
    #expect(EligibleSubscriber.grant(to: [], for: device) == nil)
  }

  @Test(
    "over the door: a device in the inventory and one that is not",
    arguments: [
      (DeviceType?.none, SMIStatus.pending, true), (.esme, .pending, true),
      (.esme, .commissioned, false), (.esme, .installedNotCommissioned, false),
      (.esme, .decommissioned, true), (.gsme, .whitelisted, true), (.ppmid, .pending, false),
      (.chf, .pending, false),
    ])
  func door(type: DeviceType?, status: SMIStatus, isIssued: Bool) throws {
    let estate = try TestEstate()
    let system = try estate.credential(for: .meterMaker)
    let device = EntityID(0x00DB_0000_0000_0001)
    if let type {
      try estate.registration.bring(
        device, type, to: status, at: estate.now, by: TestEstate.officer)
    }
    let standing = try estate.registration.standing(of: device)
    #expect(standing.isRecorded == (type != nil))
    let outcome = try estate.issue([Asking.device(device)], by: system)[0]
    guard isIssued else {
      #expect(throws: Refusal.notEligible(device, standing, [.otherParty])) { try outcome.get() }
      return
    }
    _ = try outcome.get()
  }

  @Test("the responsible supplier may ask for what is installed; a change of status counts at once")
  func change() throws {
    let estate = try TestEstate()
    let (supplier, maker) = (
      try estate.credential(for: .electricity), try estate.credential(for: .meterMaker)
    )
    let device = EntityID(0x00DB_0000_0000_0001)
    for (status, makerMay) in [
      (SMIStatus.pending, true), (.commissioned, false), (.decommissioned, true),
    ] {
      try estate.registration.bring(
        device, .esme, to: status, at: estate.now, by: TestEstate.officer)
      _ = try estate.issue(Asking.device(device), by: supplier)
      let outcome = try estate.issue([Asking.device(device)], by: maker)[0]
      let isIssued = (try? outcome.get()) != nil
      #expect(isIssued == makerMay, "\(status)")
    }
  }
}
