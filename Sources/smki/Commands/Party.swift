// SPDX-License-Identifier: Apache-2.0

import EntryTesting
import Registration
import SEC
import Service

extension Command {
  private static let party = Option.required("--party", "PARTY", "identifier of the party")
  private static let evidence = Option.required(
    "--evidence", "TEXT", "what shows it: the number of a report, decision or letter")

  static let partyLeave = Command(
    name: "party leave", summary: "record that a party has left the Code; it may ask for nothing",
    options: [party, evidence], example: "smki party leave --party north-gas --evidence SEC-LTR-9"
  ) { invocation in
    try invocation.perform(
      LeaveParty(
        party: invocation.required("--party"), evidence: invocation.required("--evidence")))
  }

  static let partyUserEntry = Command(
    name: "party user-entry", summary: "record that a party has completed a user entry process",
    options: [
      party,
      .required("--role", "ROLE", "the User Role", words: UserRole.allCases.map(\.rawValue)),
      evidence,
    ],
    example: "smki party user-entry --party north-gas --role gas-supplier --evidence UEPT-4"
  ) { invocation in
    try invocation.perform(
      ConfirmUserEntry(
        party: invocation.required("--party"), userRole: invocation.required("--role"),
        evidence: invocation.required("--evidence")))
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
