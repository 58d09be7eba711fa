// SPDX-License-Identifier: Apache-2.0

import DER
import Registration
import SEC
import Service

extension Command {
  static let modelCertify = Command(
    name: "model certify", summary: "enter until when a model of equipment is certified",
    notes: """
      A model is known by its certification; a later one takes the place of the former. When it \
      has ended, a serving node suspends each device of the model, with what belongs to it, and \
      tells the Supplier and the Network Operator of each meter.
      """,
    options: [
      .required("--model", "NAME", "as the Certified Products List calls it"),
      .required("--until", "DAY", "the day from which it is certified no more"),
      .required("--evidence", "TEXT", "what shows it"),
    ],
    example: "smki model certify --model 'Meter 7' --until 2032-11-21 --evidence 'CPA 4711'"
  ) { invocation in
    guard let until = try invocation.time("--until") else {
      throw UsageError("--until is missing", invocation.command)
    }
    return try invocation.perform(
      CertifyModel(
        model: invocation.required("--model"), until: until.rfc3339,
        evidence: invocation.required("--evidence")))
  }

  static let modelList = Command(
    name: "model list", summary: "list models of equipment, and until when they are certified",
    example: "smki model list"
  ) { invocation in
    let now = try invocation.now()
    let rows = try Opening(invocation).registration.models().map { ModelRow($0, at: now) }
    try invocation.show(rows) {
      Table(
        headings: ["model", "certified until", "state", "evidence"],
        rows: rows.map { [$0.model, String($0.until.prefix(10)), $0.state, $0.evidence] }
      ).text()
    }
    return .done
  }

  static let deviceModel = Command(
    name: "device model", summary: "say which model a device is",
    options: [
      .required("--device", "EUI64", "the device"),
      .required("--model", "NAME", "a model whose certification was entered"),
    ],
    example: "smki device model --device 5A-4D-4B-49-00-00-FF-01 --model 'Meter 7'"
  ) { invocation in
    try invocation.perform(
      AssignModel(
        device: invocation.entity(invocation.required("--device")).description,
        model: invocation.required("--model")))
  }

  static let deviceRegistered = Command(
    name: "device registered", summary: "say which parties are registered for a meter",
    options: [
      .required("--device", "EUI64", "an ESME or a GSME"),
      .required("--supplier", "PARTY", "its Import Supplier or Gas Supplier"),
      .required(
        "--network-operator", "PARTY", "its Electricity Distributor or Gas Transporter"),
    ],
    example: """
      smki device registered --device 5A-4D-4B-49-00-00-FF-01 --supplier north-gas \
      --network-operator north-pipes
      """
  ) { invocation in
    try invocation.perform(
      RegisterMeter(
        device: invocation.entity(invocation.required("--device")).description,
        supplier: invocation.required("--supplier"),
        networkOperator: invocation.required("--network-operator")))
  }

  static let deviceNotices = Command(
    name: "device notices",
    summary: "list which Suppliers and Network Operators were told of a suspension",
    options: [.value("--party", "PARTY", "only those to this party")],
    example: "smki device notices --party north-gas"
  ) { invocation in
    let rows = try Opening(invocation).registration
      .suspensionNotices(to: invocation.value("--party")).map(SuspensionRow.init)
    try invocation.show(rows) {
      Table(
        headings: ["given", "party", "meter", "suspended", "because"],
        rows: rows.map {
          [String($0.given.prefix(16)), $0.party, $0.meter, $0.device, $0.reason]
        }
      ).text()
    }
    return .done
  }
}

/// A model in one line.
private struct ModelRow: Encodable {
  let model: String
  let until: String
  let state: String
  let evidence: String

  init(_ model: DeviceModel, at moment: Time) {
    self.model = model.name
    until = model.certifiedUntil.rfc3339
    state = model.certifiedUntil > moment ? "certified" : "ended"
    evidence = model.evidence
  }
}

/// A notice of a suspension in one line.
private struct SuspensionRow: Encodable {
  let given: String
  let party: String
  let meter: String
  let device: String
  let reason: String

  init(_ notice: SuspensionNotice) {
    given = notice.made.rfc3339
    party = notice.party
    meter = notice.meter.description
    device = notice.device.description
    reason = notice.reason
  }
}
