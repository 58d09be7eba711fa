// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Registration
import SEC
import Service
import Testing
import Threads

/// An estate whose officer keeps the inventory.
private struct Keeping {
  static let officer = UInt32(1001)
  static let hub = EntityID(0x00DB_0000_0000_0010)
  static let proxy = EntityID(0x00DB_0000_0000_0011)
  static let gas = EntityID(0x00DB_0000_0000_0012)
  static let electricity = EntityID(0x00DB_0000_0000_0013)
  static let display = EntityID(0x00DB_0000_0000_0014)
  static let kinds: [(EntityID, DeviceType)] = [
    (hub, .chf), (proxy, .gpf), (gas, .gsme), (electricity, .esme), (display, .ppmid),
  ]

  let estate: ServingEstate

  init() throws {
    estate = try ServingEstate {
      $0.officers = [
        Configuration.Officer(user: Self.officer, name: "Olive", roles: ["registration-officer"]),
        Configuration.Officer(user: 1002, name: "Oscar", roles: ["operator"]),
      ]
    }
  }

  func perform<Request: ControlRequest>(
    _ request: Request, as user: UInt32 = Keeping.officer
  ) throws -> Request.Answer {
    try Control.perform(request, in: estate.node, as: user)
  }

  @discardableResult
  func set(_ device: EntityID, _ status: SMIStatus, as type: DeviceType? = nil) throws -> [String] {
    let known = Self.kinds.first { $0.0 == device }?.1 ?? .esme
    return try perform(
      SetDevice(
        device: "\(device)", type: (type ?? known).rawValue, status: status.rawValue)
    ).suspendedWithIt
  }

  func link(_ device: EntityID, to anchor: EntityID) throws {
    _ = try perform(LinkDevice(device: "\(device)", anchor: "\(anchor)"))
  }

  func heard(_ device: EntityID) throws {
    _ = try perform(NoteCommunication(device: "\(device)", evidence: "report 7"))
  }

  func certify(_ model: String, until: Time) throws {
    _ = try perform(CertifyModel(model: model, until: until.rfc3339, evidence: "CPA 1"))
  }

  func model(_ device: EntityID, _ model: String) throws {
    _ = try perform(AssignModel(device: "\(device)", model: model))
  }

  func parties(_ meter: EntityID, _ supplier: String, _ networkOperator: String) throws {
    _ = try perform(
      RegisterMeter(device: "\(meter)", supplier: supplier, networkOperator: networkOperator))
  }

  func refused(_ body: () throws -> Void) -> Refusal? {
    #expect(throws: Refusal.self) { try body() }
  }

  func status(_ device: EntityID) throws -> SMIStatus {
    try estate.node.registration.standing(of: device).status
  }
}

@Suite("The inventory holds what it was told, and commissions what was shown")
struct InventoryTests {
  @Test(
    "a device is commissioned once it is there, was heard and belongs to a hub",
    .clause("C3-G-commissioned", "C3-G-ch", "C3-G-sms", "C3-G-enrolled", "C3-G-smi"))
  func commissioning() throws {
    let keeping = try Keeping()
    let registration = keeping.estate.node.registration
    func missing(_ device: EntityID) -> String? {
      let refusal = keeping.refused { try keeping.set(device, .commissioned) }
      #expect(refusal?.code == "not-commissionable")
      return refusal?.found
    }
    #expect(missing(Keeping.electricity)?.contains("a record of the device") == true)
    for (device, _) in Keeping.kinds { try keeping.set(device, .whitelisted) }
    #expect(missing(Keeping.electricity)?.contains("a record of the device") == false)
    #expect(missing(Keeping.electricity)?.contains("two-way communication") == true)
    for (device, _) in Keeping.kinds { try keeping.heard(device) }
    #expect(missing(Keeping.electricity)?.contains("two-way communication") == false)
    #expect(missing(Keeping.electricity)?.contains("its relationship") == true)
    try keeping.link(Keeping.electricity, to: Keeping.hub)
    try keeping.set(Keeping.electricity, .commissioned)
    // A hub has two logical devices, and gas needs the second one.
    try keeping.link(Keeping.gas, to: Keeping.hub)
    for device in [Keeping.hub, Keeping.gas] {
      #expect(missing(device)?.hasSuffix("without the Gas Proxy Function of the hub") == true)
    }
    var system = try #require(try registration.system(of: Keeping.gas))
    #expect(system.fuels == [.electricity, .gas])
    #expect(system.missing(for: .gas) == ["GPF"])
    #expect(system.missing(for: .electricity) == [])
    try keeping.link(Keeping.proxy, to: Keeping.hub)
    try keeping.link(Keeping.display, to: Keeping.gas)
    for device in [Keeping.hub, Keeping.gas, Keeping.display] {
      try keeping.set(device, .commissioned)
    }
    system = try #require(try registration.system(of: Keeping.display))
    #expect(Set(system.devices.map(\.device)) == Set(Keeping.kinds.map(\.0)))
    #expect(system.isEnrolled(for: .electricity))
    #expect(!system.isEnrolled(for: .gas))
    try keeping.set(Keeping.proxy, .commissioned)
    system = try #require(try registration.system(of: Keeping.hub))
    #expect(system.isEnrolled(for: .gas))
    let all = try registration.devices()
    #expect(all.map(\.device) == Keeping.kinds.map(\.0))
    #expect(all.allSatisfy { $0.status == .commissioned && $0.communicated != nil })
    #expect(try registration.devices(.gsme, .commissioned).map(\.device) == [Keeping.gas])
    #expect(try registration.devices(.gsme, .pending).isEmpty)
    #expect(try registration.devices(nil, .commissioned, most: 2).count == 2)
  }

  @Test(
    "links are those of a system, and one for each device", .clause("C3-G-sms", "C3-G-smi"))
  func links() throws {
    let keeping = try Keeping()
    let unknown = keeping.refused { try keeping.link(Keeping.gas, to: Keeping.hub) }
    #expect(unknown?.code == "device-not-in-inventory")
    #expect(
      keeping.refused { try keeping.heard(Keeping.gas) }?.code == "device-not-in-inventory")
    for (device, _) in Keeping.kinds { try keeping.set(device, .pending) }
    let second = EntityID(0x00DB_0000_0000_0020)
    try keeping.set(second, .pending, as: .gpf)
    for (one, other) in [
      (Keeping.hub, Keeping.gas), (Keeping.gas, Keeping.electricity),
      (Keeping.proxy, Keeping.gas), (Keeping.display, Keeping.proxy), (Keeping.hub, Keeping.hub),
    ] {
      #expect(keeping.refused { try keeping.link(one, to: other) }?.code == "link-not-of-system")
    }
    try keeping.link(Keeping.proxy, to: Keeping.hub)
    #expect(
      keeping.refused { try keeping.link(Keeping.proxy, to: Keeping.hub) }?.code == "link-taken")
    #expect(keeping.refused { try keeping.link(second, to: Keeping.hub) }?.code == "link-taken")
    #expect(
      keeping.refused { try keeping.set(Keeping.proxy, .pending, as: .esme) }?.code
        == "device-of-other-type")
    try keeping.set(Keeping.display, .pending, as: .hcalcs)
  }

  @Test(
    "what belongs to a hub or a meter is suspended with it, and each word is kept",
    .clause("C3-292-3", "DUIS-5.4-device-status"))
  func suspension() throws {
    let keeping = try Keeping()
    for (device, _) in Keeping.kinds { try keeping.set(device, .pending) }
    for device in [Keeping.proxy, Keeping.gas, Keeping.electricity] {
      try keeping.link(device, to: Keeping.hub)
    }
    try keeping.link(Keeping.display, to: Keeping.electricity)
    try keeping.set(Keeping.proxy, .withdrawn)
    #expect(
      Set(try keeping.set(Keeping.hub, .suspended))
        == Set([Keeping.gas, Keeping.electricity, Keeping.display].map(\.description)))
    for device in [Keeping.hub, Keeping.gas, Keeping.electricity, Keeping.display] {
      #expect(try keeping.status(device) == .suspended)
    }
    #expect(try keeping.status(Keeping.proxy) == .withdrawn)
    let changes = try keeping.estate.node.registration.changes(of: Keeping.display)
    #expect(changes.map(\.status) == [.pending, .suspended])
    #expect(changes.map(\.cause) == [nil, Keeping.hub])
    #expect(changes.map(\.officer) == ["Olive", "Olive"])
    try keeping.set(Keeping.gas, .pending)
    #expect(try keeping.set(Keeping.electricity, .suspended) == [])
    let operatorMay = keeping.refused {
      _ = try keeping.perform(
        SetDevice(device: "\(Keeping.gas)", type: "GSME", status: "Pending"), as: 1002)
    }
    #expect(operatorMay?.code == "role-missing")
    let word = keeping.refused {
      _ = try keeping.perform(
        SetDevice(device: "\(Keeping.gas)", type: "GSME", status: "commissioned"))
    }
    #expect(word?.code == "unknown-word")
  }

  @Test(
    "when the certification of a model ends its devices are suspended and those concerned told",
    .clause("C3-292-2", "C3-292-3", "C3-292-4"))
  func certification() throws {
    let keeping = try Keeping()
    let node = keeping.estate.node
    for (device, _) in Keeping.kinds { try keeping.set(device, .pending) }
    for device in [Keeping.proxy, Keeping.gas, Keeping.electricity] {
      try keeping.link(device, to: Keeping.hub)
    }
    try keeping.link(Keeping.display, to: Keeping.electricity)
    for (party, role) in [
      ("light", UserRole.importSupplier), ("wires", .electricityDistributor),
      ("heat", .gasSupplier), ("pipes", .gasTransporter),
    ] { try keeping.estate.add(party, [role], subscribes: false) }
    try keeping.parties(Keeping.electricity, "light", "wires")
    try keeping.parties(Keeping.gas, "heat", "pipes")
    let unknown = keeping.refused { try keeping.model(Keeping.electricity, "Meter 7") }
    #expect(unknown?.code == "model-unknown")
    let ends = keeping.estate.now.adding(seconds: 86_400)
    for model in ["Meter 7", "Meter 8"] { try keeping.certify(model, until: ends) }
    try keeping.model(Keeping.electricity, "Meter 7")
    try keeping.model(Keeping.gas, "Meter 8")
    try keeping.certify("Meter 8", until: ends.adding(seconds: 1))
    let job = try #require(node.jobs.first { $0.name == "model-certification" })
    func look() throws { _ = try job.run(keeping.estate.now) }
    keeping.estate.pass(seconds: 86_399)
    try look()
    #expect(try keeping.status(Keeping.electricity) == .pending)
    #expect(try node.registration.suspensionNotices().isEmpty)
    keeping.estate.pass(seconds: 1)
    try look()
    for device in [Keeping.electricity, Keeping.display] {
      #expect(try keeping.status(device) == .suspended)
    }
    for device in [Keeping.hub, Keeping.proxy, Keeping.gas] {
      #expect(try keeping.status(device) == .pending)
    }
    let told = try node.registration.suspensionNotices()
    #expect(
      Set(told.map { "\($0.device) \($0.party)" })
        == Set(
          [Keeping.electricity, Keeping.display].flatMap { ["\($0) light", "\($0) wires"] }))
    #expect(told.allSatisfy { $0.meter == Keeping.electricity })
    #expect(try node.registration.suspensionNotices(to: "wires").count == 2)
    let lines = keeping.estate.lines.value.filter { $0.contains("device-suspended") }
    #expect(lines.count == 1 && lines[0].contains("light, wires"))
    // It stays suspended until there is a new certification, and once is enough.
    try look()
    #expect(try node.registration.suspensionNotices().count == 4)
    #expect(
      keeping.refused { try keeping.set(Keeping.electricity, .pending) }?.code
        == "model-not-certified")
    try keeping.certify("Meter 7", until: ends.adding(years: 6))
    try keeping.set(Keeping.electricity, .pending)
    keeping.estate.pass(seconds: 1)
    try look()
    #expect(try keeping.status(Keeping.gas) == .suspended)
    #expect(try node.registration.suspensionNotices().suffix(2).map(\.party) == ["heat", "pipes"])
    // What belongs to the hub concerns the parties of each meter; no word comes twice.
    try keeping.set(Keeping.hub, .suspended)
    let all = try node.registration.suspensionNotices().dropFirst(6)
    #expect(Set(all.filter { $0.device == Keeping.hub }.map(\.party)).count == 4)
    #expect(!all.contains { $0.device == Keeping.gas || $0.device == Keeping.display })
    let report = try Verification(records: node.records, keys: [node.checkpointNoteKey]).run()
    #expect(report.faults.isEmpty, "\(report.faults)")
  }

  @Test(
    "who is registered for a meter has the role for its fuel", .clause("C3-292-4"))
  func meterParties() throws {
    let keeping = try Keeping()
    let electricity = Keeping.electricity
    func code(_ device: EntityID, _ supplier: String, _ networkOperator: String) -> String? {
      keeping.refused { try keeping.parties(device, supplier, networkOperator) }?.code
    }
    #expect(code(electricity, "light", "wires") == "device-not-in-inventory")
    for (device, _) in Keeping.kinds { try keeping.set(device, .pending) }
    try keeping.estate.add("light", [.importSupplier], subscribes: false)
    #expect(code(Keeping.hub, "light", "light") == "not-a-meter")
    #expect(code(electricity, "light", "wires") == "party-unknown")
    #expect(code(electricity, "light", "light") == "meter-party-role")
    #expect(code(Keeping.gas, "light", "light") == "meter-party-role")
    try keeping.estate.add("wires", [.electricityDistributor], subscribes: false)
    try keeping.parties(electricity, "light", "wires")
    let name = keeping.refused { try keeping.certify("", until: keeping.estate.now) }
    #expect(name?.code == "model-name")
  }
}
