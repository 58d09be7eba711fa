// SPDX-License-Identifier: Apache-2.0

import EntryTesting
import Registration
import SEC
import Service

extension Command {
  private static let party = Option.required("--party", "PARTY", "identifier of the party")
  private static let evidence = Option.required(
    "--evidence", "TEXT", "what shows it: the number of a report, decision or letter")

  static let partyAdd = Command(
    name: "party add", summary: "enter a party in the register",
    options: [
      .required("--party", "PARTY", "its identifier: lower-case letters, digits and hyphens"),
      .required("--title", "NAME", "its trading name, as its IKI certificates have it"),
      .required(
        "--role", "ROLE", "a role that it holds; may be repeated",
        words: UserRole.allCases.map(\.rawValue), isRepeated: true),
    ],
    example: "smki party add --party north-gas --title 'North Gas Ltd' --role gas-supplier"
  ) { invocation in
    try invocation.perform(
      AddParty(
        id: invocation.required("--party"), title: invocation.required("--title"),
        roles: invocation.values("--role")))
  }

  static let partyRange = Command(
    name: "party range", summary: "give a party a range of EUI-64 identifiers in a role",
    options: [
      party,
      .required("--role-code", "HEX", "Remote Party Role Code, two hexadecimal digits"),
      .required("--first", "EUI64", "first identifier of the range"),
      .required("--last", "EUI64", "last identifier of the range"),
    ],
    example: "smki party range --party north-gas --role-code 02 --first 5A-4D-4B-49-00-00-10-00 "
      + "--last 5A-4D-4B-49-00-00-10-FF"
  ) { invocation in
    let hex = try invocation.required("--role-code")
    guard let role = RoleCode(hex: hex) else {
      throw UsageError("--role-code is two hexadecimal digits, not \(hex)", invocation.command)
    }
    return try invocation.perform(
      AddRange(
        party: invocation.required("--party"), roleCode: role.value,
        first: invocation.entity(invocation.required("--first")).description,
        last: invocation.entity(invocation.required("--last")).description))
  }

  static let partyEntryTests = Command(
    name: "party entry-tests", summary: "record that a party has completed entry process tests",
    options: [
      party,
      .required(
        "--purpose", "PURPOSE", "what the tests open",
        words: EntryTestPurpose.allCases.map(\.rawValue)),
      evidence,
    ],
    example: "smki party entry-tests --party north-gas --purpose device --evidence REPORT-17"
  ) { invocation in
    try invocation.perform(
      ConfirmEntryTests(
        party: invocation.required("--party"), purpose: invocation.required("--purpose"),
        evidence: invocation.required("--evidence")))
  }

  static let partyAuthorise = Command(
    name: "party authorise", summary: "make a party an Authorised Subscriber",
    options: [
      party,
      .required(
        "--policy", "POLICY", "the certificate policy",
        words: CertificatePolicyKind.allCases.map(\.rawValue)),
    ], example: "smki party authorise --party north-gas --policy device"
  ) { invocation in
    try invocation.perform(
      AuthoriseSubscriber(
        party: invocation.required("--party"), policy: invocation.required("--policy")))
  }

  static let partySuspend = Command(
    name: "party suspend", summary: "suspend a party from now",
    options: [
      party, evidence,
      .value("--clause", "CLAUSE", "the rule under which it is directed; L2.15 by default"),
    ], example: "smki party suspend --party north-gas --evidence PMA-2031-04"
  ) { invocation in
    try invocation.perform(
      SuspendParty(
        party: invocation.required("--party"), clause: invocation.value("--clause") ?? "L2.15",
        evidence: invocation.required("--evidence")))
  }

  static let partyReinstate = Command(
    name: "party reinstate", summary: "end the suspension of a party",
    options: [party, evidence],
    example: "smki party reinstate --party north-gas --evidence PMA-2031-09"
  ) { invocation in
    try invocation.perform(
      ReinstateParty(
        party: invocation.required("--party"), evidence: invocation.required("--evidence")))
  }
}

extension Invocation {
  /// Performs an operation and says under whose name it was done.
  func perform<Request: ControlRequest>(
    _ request: Request
  ) throws -> ExitCode where Request.Answer == Done {
    let done = try Channel(invocation: self).perform(request)
    try show(done) { "done by \(done.officer), \(done.role)" }
    return .done
  }
}
