// SPDX-License-Identifier: Apache-2.0

import DER
import Revocation
import SEC
import Service

extension Command {
  static let revokeRequest = Command(
    name: "revoke request", summary: "enter a request to revoke a certificate",
    notes: """
      Certificates of organisations, of authorities for organisations and of the IKI can be \
      revoked, Device Certificates cannot. The request waits for the decision of another officer.
      """,
    options: [
      .required("--serial", "SERIAL", "the serial number of the certificate"),
      .required(
        "--ground", "GROUND", "why", words: RevocationGround.allCases.map(\.rawValue)),
      .required("--asker", "NAME", "the person who asks"),
      .required(
        "--capacity", "CAPACITY", "as what the person asks",
        words: Asker.Capacity.allCases.map(\.rawValue)),
      .value("--party", "PARTY", "the party that the person speaks for"),
      .value("--form", "FORM", "the form that was handed in, such as A7"),
      .required("--evidence", "TEXT", "what shows the ground"),
    ],
    example: "smki revoke request --serial 4100001A1FC6B4528A3221BD54F20CEE "
      + "--ground key-unreliable --asker 'Ann Other' --capacity senior-responsible-officer "
      + "--party north-gas --evidence 'letter 12'"
  ) { invocation in
    try invocation.showRequest(
      Channel(invocation: invocation).perform(
        RequestRevocation(
          serial: Hex.encode(invocation.serial(invocation.required("--serial"))),
          ground: invocation.required("--ground"), asker: invocation.required("--asker"),
          capacity: invocation.required("--capacity"), party: invocation.value("--party"),
          form: invocation.value("--form"), evidence: invocation.required("--evidence"))))
  }

  static let revokeApprove = Command(
    name: "revoke approve", summary: "grant a request to revoke, which another officer entered",
    notes: """
      The certificate is revoked at once and a new list is published, unless the SMKI PMA delays \
      the revocations of its party.
      """,
    operands: [Operand(name: "REQUEST", summary: "the number of the request")],
    options: [
      .required("--verified", "TEXT", "how the asker was verified against the nomination data")
    ], example: "smki revoke approve 12 --verified 'called back on the nominated number'"
  ) { invocation in
    try invocation.showRequest(
      Channel(invocation: invocation).perform(
        ApproveRevocation(
          request: invocation.requestNumber(), verification: invocation.required("--verified"))))
  }

  static let revokeRefuse = Command(
    name: "revoke refuse", summary: "refuse a request to revoke, which another officer entered",
    operands: [Operand(name: "REQUEST", summary: "the number of the request")],
    options: [.required("--reason", "TEXT", "why it is refused")],
    example: "smki revoke refuse 12 --reason 'not a nominated officer'"
  ) { invocation in
    try invocation.showRequest(
      Channel(invocation: invocation).perform(
        RefuseRevocation(
          request: invocation.requestNumber(), reason: invocation.required("--reason"))))
  }

  static let revokeOrder = Command(
    name: "revoke order", summary: "revoke what the SMKI PMA has ordered to be revoked",
    options: [
      .required(
        "--serial", "SERIAL", "the serial number of a certificate", isRepeated: true),
      .value(
        "--ground", "GROUND", "why; by default pma-request",
        words: RevocationGround.allCases.map(\.rawValue)),
    ] + directionOptions,
    example: "smki revoke order --serial 4100001A1FC6B4528A3221BD54F20CEE --decision 'PMA 12/3' "
      + "--evidence 'minutes of 1 June'"
  ) { invocation in
    try invocation.showRequests(
      Channel(invocation: invocation).perform(
        OrderRevocation(
          serials: invocation.values("--serial").map {
            Hex.encode(try invocation.serial($0))
          },
          ground: invocation.value("--ground") ?? RevocationGround.pmaRequest.rawValue,
          direction: invocation.direction(under: "C3-71"))))
  }

  static let revokeDelay = Command(
    name: "revoke delay", summary: "delay the revocations of a failed supplier, or lift the delay",
    notes: """
      The SMKI PMA may delay revocations while a Supplier of Last Resort takes over. What is \
      granted meanwhile is held, and carried out when the date has come or the delay is lifted. \
      It is reported two days before it lapses.
      """,
    options: [
      .required("--party", "PARTY", "the supplier"),
      .value("--until", "TIME", "until when, such as 2026-12-01T00:00:00Z"),
      .flag("--lift", "lift the delay that stands, and revoke what was held"),
    ] + directionOptions,
    example: "smki revoke delay --party north-gas --until 2026-12-01T00:00:00Z "
      + "--decision 'PMA 12/4' --evidence 'minutes of 1 June'"
  ) { invocation in
    let party = try invocation.required("--party")
    let direction = try invocation.direction(under: "M4-solr")
    if invocation.has("--lift") {
      return try invocation.showRequests(
        Channel(invocation: invocation).perform(
          LiftDelay(party: party, direction: direction)))
    }
    return try invocation.perform(
      DelayRevocation(
        party: party, until: invocation.required("--until"), direction: direction))
  }

  static let revokeList = Command(
    name: "revoke list", summary: "list the newest requests to revoke, and what the PMA delays",
    options: [.value("--most", "NUMBER", "how many; by default 50")],
    example: "smki revoke list"
  ) { invocation in
    let revocation = Revocation(records: try Opening(invocation).records)
    let most = try invocation.number("--most", in: 1...10_000) ?? 50
    let rows = RevocationRows(
      requests: try revocation.requests(most: most).map(RevocationAnswer.init),
      delays: try revocation.delays().map(DelayRow.init))
    try invocation.show(rows) { rows.text }
    return .done
  }

  private static let directionOptions: [Option] = [
    .value("--by", "NAME", "who directs it; by default SMKI PMA"),
    .required("--decision", "NUMBER", "the number of the decision"),
    .required("--evidence", "TEXT", "what shows the decision"),
    .value("--clause", "CLAUSE", "the rule under which it was directed"),
  ]
}

extension Invocation {
  /// The number of the request that is meant.
  fileprivate func requestNumber() throws -> Int {
    guard let number = Int(operands[0]), number > 0 else {
      throw UsageError("\(operands[0]) is no number of a request", command)
    }
    return number
  }

  fileprivate func direction(under clause: String) throws -> DirectionForm {
    DirectionForm(
      by: value("--by") ?? "SMKI PMA", decision: try required("--decision"),
      evidence: try required("--evidence"), clause: value("--clause") ?? clause)
  }

  fileprivate func showRequest(_ answer: RevocationAnswer) throws -> ExitCode {
    try show(answer) { "request \(answer.request): \(answer.serial) \(answer.state)" }
    return .done
  }

  fileprivate func showRequests(_ answers: [RevocationAnswer]) throws -> ExitCode {
    try show(answers) {
      answers.isEmpty
        ? "nothing was held"
        : answers.map { "request \($0.request): \($0.serial) \($0.state)" }
          .joined(separator: "\n")
    }
    return .done
  }
}

/// A delay in one line.
private struct DelayRow: Encodable {
  let party: String
  let decision: String
  let from: String
  let until: String
  let ended: String?

  init(_ delay: RevocationDelay) {
    party = delay.party
    decision = delay.direction.decision
    from = delay.from.rfc3339
    until = delay.until.rfc3339
    ended = delay.ended?.rfc3339
  }
}

/// Requests and delays.
private struct RevocationRows: Encodable {
  let requests: [RevocationAnswer]
  let delays: [DelayRow]

  var text: String {
    let table = Table(
      headings: ["request", "serial", "party", "ground", "asker", "state", "entered", "decided"],
      rows: requests.map {
        [
          "\($0.request)", $0.serial, $0.party ?? "-", $0.ground, $0.asker, $0.state, $0.entered,
          $0.decided ?? "-",
        ]
      }
    ).text()
    guard !delays.isEmpty else { return table }
    return table + "\n\n"
      + Table(
        headings: ["delayed", "decision", "from", "until", "ended"],
        rows: delays.map { [$0.party, $0.decision, $0.from, $0.until, $0.ended ?? "-"] }
      ).text()
  }
}
