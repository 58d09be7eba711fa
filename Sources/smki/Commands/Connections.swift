// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Registration
import SEC
import Service

extension Command {
  static let dcckiRequest = Command(
    name: "dccki request",
    summary: "enter a request for the TLS certificate of an end of a DCC Gateway Connection",
    notes: """
      The request has O (the party's name), OU (its role), CN (the system), digitalSignature and \
      a subjectAltName with host names or addresses; its key is RSA of 2048 bits. Another officer \
      approves it: smki dccki approve.
      """,
    options: [
      .required("--party", "PARTY", "identifier of the party"),
      .required("--csr", "FILE", "the request: PKCS#10 with an RSA key of 2048 bits"),
    ], example: "smki dccki request --party north-gas --csr gateway.csr"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      EnterConnection(
        party: invocation.required("--party"),
        request: Data(try Files.read(invocation.required("--csr")))))
    try invocation.show(answer) {
      "request \(answer.number) for \(answer.hosts.joined(separator: ", ")): "
        + "another officer approves it with smki dccki approve \(answer.number)"
    }
    return .done
  }

  static let dcckiApprove = Command(
    name: "dccki approve", summary: "approve what another officer has entered, and issue it",
    operands: [Operand(name: "NUMBER", summary: "the number of the request")],
    options: [
      .value("--out", "FILE", "write the certificate there, in PEM, and not to standard output")
    ], example: "smki dccki approve 1 --out gateway.pem"
  ) { invocation in
    try invocation.issue(ApproveConnection(number: invocation.connection()))
  }

  static let dcckiRefuse = Command(
    name: "dccki refuse", summary: "refuse what another officer has entered",
    operands: [Operand(name: "NUMBER", summary: "the number of the request")],
    options: [.required("--reason", "TEXT", "why")],
    example: "smki dccki refuse 1 --reason 'another host name was agreed'"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      RefuseConnection(
        number: invocation.connection(), reason: invocation.required("--reason")))
    try invocation.show(answer) { "request \(answer.number): \(answer.state)" }
    return .done
  }

  static let dcckiList = Command(
    name: "dccki list", summary: "list the requests for TLS certificates of connections",
    example: "smki dccki list"
  ) { invocation in
    let rows = try Opening(invocation).registration.connections().map { try ConnectionAnswer($0) }
    try invocation.show(rows) {
      Table(
        headings: ["number", "party", "system", "hosts", "state", "serial"],
        rows: rows.map {
          [
            "\($0.number)", $0.party, $0.system, $0.hosts.joined(separator: " "), $0.state,
            $0.serial ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }
}

extension Invocation {
  /// The number of a request for a connection.
  fileprivate func connection() throws -> Int {
    guard let number = Int(operands[0]), number > 0 else {
      throw UsageError("NUMBER is a whole number", command)
    }
    return number
  }
}
