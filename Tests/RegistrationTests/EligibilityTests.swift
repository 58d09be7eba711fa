// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Registration
import SEC
import TestEstate
import Testing

@Suite("Who may ask for the certificate of a device", .clause("L3.16", "C3-80-dev"))
struct EligibilityTests {
  /// The rule once more, in the words of Section L and not as the program has it.
  static func isEligible(_ role: UserRole, _ type: DeviceType, _ status: SMIStatus) -> Bool {
    let isInstalled = status == .commissioned || status == .installedNotCommissioned
    switch type {
    case .esme: return role == .importSupplier || (!isInstalled && isParty(role))
    case .gsme: return role == .gasSupplier || (!isInstalled && isParty(role))
    case .ppmid, .hcalcs: return role == .importSupplier || role == .gasSupplier
    case .chf, .gpf: return role == .dcc
    }
  }

  /// A Registration Data Provider is no Party for this purpose, nor is a service provider.
  private static func isParty(_ role: UserRole) -> Bool {
    role != .registrationDataProvider && role != .serviceProvider
  }

  @Test("each cell of role, type and status", arguments: UserRole.allCases)
  func cells(role: UserRole) {
    for type in DeviceType.allCases {
      for status in SMIStatus.allCases {
        let grant = EligibleSubscriber.grant(
          to: [role], for: DeviceStanding(type: type, status: status))
        #expect(
          (grant != nil) == Self.isEligible(role, type, status), "\(role), \(type), \(status)")
      }
    }
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
      try estate.registration.record(
        device, as: type, status: status, at: estate.now, by: TestEstate.officer)
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
      try estate.registration.record(
        device, as: .esme, status: status, at: estate.now, by: TestEstate.officer)
      _ = try estate.issue(Asking.device(device), by: supplier)
      let outcome = try estate.issue([Asking.device(device)], by: maker)[0]
      let isIssued = (try? outcome.get()) != nil
      #expect(isIssued == makerMay, "\(status)")
    }
  }
}
