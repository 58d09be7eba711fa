// SPDX-License-Identifier: Apache-2.0

import DER
import Registration
import Repository
import SEC
import Service

extension Command {
  static let deviceSet = Command(
    name: "device set", summary: "tell the inventory of a device, or of its new status",
    notes: """
      A device becomes Commissioned once its communication with the DCC is shown (device \
      communicated) and it belongs to a hub or a meter (device link). Suspending a hub or a meter \
      suspends what belongs to it.
      """,
    options: [
      .required("--device", "EUI64", "the device"),
      .required("--type", "TYPE", "its kind", words: DeviceType.allCases.map(\.rawValue)),
      .required("--status", "STATUS", "its status", words: SMIStatus.allCases.map(\.rawValue)),
    ],
    example: "smki device set --device 5A-4D-4B-49-00-00-FF-01 --type ESME --status Pending"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      SetDevice(
        device: invocation.entity(invocation.required("--device")).description,
        type: invocation.required("--type"), status: invocation.required("--status")))
    try invocation.show(answer) {
      ([answer.device] + answer.suspendedWithIt).map { "\($0): \(answer.status)" }
        .joined(separator: "\n")
    }
    return .done
  }

  static let deviceLink = Command(
    name: "device link", summary: "say that a device belongs to a hub or a meter",
    options: [
      .required("--device", "EUI64", "a meter, a Gas Proxy or a Type 1 Device"),
      .required("--to", "EUI64", "its hub; for a Type 1 Device its hub or meter"),
    ],
    example: "smki device link --device 5A-4D-4B-49-00-00-FF-01 --to 5A-4D-4B-49-00-00-FF-10"
  ) { invocation in
    try invocation.perform(
      LinkDevice(
        device: invocation.entity(invocation.required("--device")).description,
        anchor: invocation.entity(invocation.required("--to")).description))
  }

  static let deviceCommunicated = Command(
    name: "device communicated",
    summary: "keep that two-way communication of a device with the DCC was shown",
    options: [
      .required("--device", "EUI64", "the device"),
      .required("--evidence", "TEXT", "what shows it"),
    ],
    example: "smki device communicated --device 5A-4D-4B-49-00-00-FF-01 --evidence 'report 7'"
  ) { invocation in
    try invocation.perform(
      NoteCommunication(
        device: invocation.entity(invocation.required("--device")).description,
        evidence: invocation.required("--evidence")))
  }

  static let deviceList = Command(
    name: "device list", summary: "list the devices of the inventory",
    options: [
      .value("--type", "TYPE", "only this kind", words: DeviceType.allCases.map(\.rawValue)),
      .value(
        "--status", "STATUS", "only in this status", words: SMIStatus.allCases.map(\.rawValue)),
      .value("--most", "COUNT", "no more than so many; by default 1,000"),
    ], example: "smki device list --type GSME --status Commissioned"
  ) { invocation in
    let rows = try Opening(invocation).registration.devices(
      invocation.value("--type").flatMap(DeviceType.init),
      invocation.value("--status").flatMap(SMIStatus.init),
      most: invocation.number("--most", in: 1...10_000_000) ?? 1_000
    ).map(InventoryRow.init)
    try invocation.show(rows) { InventoryRow.table(rows) }
    return .done
  }

  static let deviceShow = Command(
    name: "device show",
    summary: "show what the inventory has of a device, its changes and its certificates",
    operands: [Operand(name: "EUI64", summary: "the device")],
    example: "smki device show 5A-4D-4B-49-00-00-FF-01"
  ) { invocation in
    let device = try invocation.entity(invocation.operands[0])
    let opening = try Opening(invocation)
    let standing = try opening.registration.standing(of: device)
    let changes = try opening.registration.changes(of: device).map(ChangeRow.init)
    let product = try opening.registration.product(of: device)
    let moment = try opening.now()
    let rows = try opening.repository.certificates(of: device).map {
      CertificateRow($0, status: $0.status(at: moment))
    }
    try invocation.show(
      DeviceRow(
        device: device.description, types: standing.types.map(\.rawValue).sorted(),
        status: standing.status.rawValue, isRecorded: standing.isRecorded,
        model: product.model?.name, certifiedUntil: product.model?.certifiedUntil.rfc3339,
        supplier: product.parties?.supplier, networkOperator: product.parties?.networkOperator,
        changes: changes, certificates: rows)
    ) {
      let history = Table(
        headings: ["when", "type", "status", "by", "with"],
        rows: changes.map {
          [String($0.when.prefix(16)), $0.type, $0.status, $0.officer, $0.with ?? "-"]
        })
      let model = product.model.map {
        ", \($0.name), certified until \($0.certifiedUntil.rfc3339.prefix(10))"
      }
      let parties = product.parties.map { ", of \($0.supplier) and \($0.networkOperator)" }
      return "\(device): \(standing)\(model ?? "")\(parties ?? "")\n\n\(history.text())\n\n"
        + CertificateRow.table(rows)
    }
    return .done
  }

  static let deviceSystem = Command(
    name: "device system",
    summary: "show the metering system of a device: what belongs together and what is missing",
    notes: """
      Electricity is a hub (CHF) with a meter (ESME), gas a hub with its Gas Proxy (GPF) and a \
      meter (GSME), each with any Type 1 Devices. It is enrolled when every device of it is \
      Commissioned.
      """,
    operands: [Operand(name: "EUI64", summary: "any device of the system")],
    example: "smki device system 5A-4D-4B-49-00-00-FF-01"
  ) { invocation in
    let device = try invocation.entity(invocation.operands[0])
    guard let system = try Opening(invocation).registration.system(of: device) else {
      throw Refusal.deviceNotInInventory(device)
    }
    let row = SystemRow(system)
    try invocation.show(row) {
      ([InventoryRow.table(row.devices)]
        + row.fuels.map { fuel in
          "\(fuel.fuel): "
            + (fuel.missing.isEmpty
              ? (fuel.enrolled ? "enrolled" : "whole, not enrolled")
              : "lacks " + fuel.missing.joined(separator: ", "))
        }).joined(separator: "\n")
    }
    return .done
  }
}

/// A device with its changes and certificates.
private struct DeviceRow: Encodable {
  let device: String
  let types: [String]
  let status: String
  let isRecorded: Bool
  let model: String?
  let certifiedUntil: String?
  let supplier: String?
  let networkOperator: String?
  let changes: [ChangeRow]
  let certificates: [CertificateRow]
}

/// A change in one line.
private struct ChangeRow: Encodable {
  let when: String
  let type: String
  let status: String
  let officer: String
  let with: String?

  init(_ change: DeviceChange) {
    when = change.moment.rfc3339
    type = change.type.rawValue
    status = change.status.rawValue
    officer = change.officer
    with = change.cause?.description
  }
}

/// A device of the inventory in one line.
private struct InventoryRow: Encodable {
  let device: String
  let type: String
  let status: String
  let since: String
  let communicated: String?

  init(_ device: InventoryDevice) {
    self.device = device.device.description
    type = device.type.rawValue
    status = device.status.rawValue
    since = device.since.rfc3339
    communicated = device.communicated?.rfc3339
  }

  static func table(_ rows: [InventoryRow]) -> String {
    Table(
      headings: ["device", "type", "status", "since", "heard"],
      rows: rows.map {
        [
          $0.device, $0.type, $0.status, String($0.since.prefix(10)),
          $0.communicated.map { String($0.prefix(10)) } ?? "-",
        ]
      }
    ).text()
  }
}

/// A system and how it stands for each fuel.
private struct SystemRow: Encodable {
  struct FuelRow: Encodable {
    let fuel: String
    let missing: [String]
    let enrolled: Bool
  }

  let devices: [InventoryRow]
  let fuels: [FuelRow]

  init(_ system: MeteringSystem) {
    devices = system.devices.map(InventoryRow.init)
    fuels = system.fuels.map {
      FuelRow(
        fuel: $0.rawValue, missing: system.missing(for: $0), enrolled: system.isEnrolled(for: $0))
    }
  }
}
