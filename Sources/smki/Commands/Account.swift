// SPDX-License-Identifier: Apache-2.0

import DER
import Registration
import Service

extension Command {
  private static let evidence = Option.required(
    "--evidence", "TEXT", "which officer of the party asked, and how the person was identified")
  private static let account = Operand(name: "ACCOUNT", summary: "the name that is typed")

  static let accountAdd = Command(
    name: "account add", summary: "give a party an account of the Repository's portal",
    notes: """
      The first password is shown this once, and is good for choosing another one: curl -u \
      NAME:FIRST --json '{"password":"…"}' https://HOST:8444/services/password
      """,
    operands: [account],
    options: [
      .required("--party", "PARTY", "identifier of the party; of the others, who it is"),
      .required("--purpose", "TEXT", "the Code purpose for which it reads (L5.5(a))"),
      .value(
        "--capacity", "WORD",
        "reader of a party by default; panel and pma read for these bodies (L5.5), an auditor the "
          + "entries of the audit",
        words: PortalAccount.Capacity.allCases.map(\.rawValue)),
    ], example: "smki account add nora --party north-gas --purpose 'installing meters'"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      AddAccount(
        account: invocation.operands[0], party: invocation.required("--party"),
        capacity: invocation.value("--capacity") ?? PortalAccount.Capacity.reader.rawValue,
        purpose: invocation.required("--purpose")))
    try invocation.show(answer) { answer.password }
    return .done
  }

  static let accountReset = Command(
    name: "account reset", summary: "give an account another first password, and unlock it",
    operands: [account], options: [evidence],
    example: "smki account reset nora --evidence 'ARO Ann Archer, called back'"
  ) { try $0.changeAccount(.reset) }

  static let accountUnlock = Command(
    name: "account unlock", summary: "unlock an account after five wrong passwords",
    notes: "By itself it opens an hour after the first of them.",
    operands: [account], options: [evidence],
    example: "smki account unlock nora --evidence 'ARO Ann Archer, called back'"
  ) { try $0.changeAccount(.unlock) }

  static let accountWithdraw = Command(
    name: "account withdraw", summary: "withdraw an account; its name is never given again",
    operands: [account], options: [evidence],
    example: "smki account withdraw nora --evidence 'ARO Ann Archer, letter of 3 May'"
  ) { try $0.changeAccount(.withdraw) }

  static let accountList = Command(
    name: "account list", summary: "list the accounts of the Repository's portal",
    options: [.value("--party", "PARTY", "of this party only")],
    example: "smki account list --party north-gas"
  ) { invocation in
    let party = invocation.value("--party")
    let moment = try invocation.now()
    let rows = try Opening(invocation).registration.accounts()
      .filter { party == nil || $0.party == party }.map { AccountRow($0, at: moment) }
    try invocation.show(rows) {
      Table(
        headings: ["account", "party", "capacity", "state", "purpose"],
        rows: rows.map { [$0.account, $0.party, $0.capacity, $0.state, $0.purpose] }
      ).text()
    }
    return .done
  }
}

extension Invocation {
  fileprivate func changeAccount(_ change: ChangeAccount.Change) throws -> ExitCode {
    let answer = try Channel(invocation: self).perform(
      ChangeAccount(
        account: operands[0], change: change, evidence: required("--evidence")))
    try show(answer) { answer.password ?? "done: \(change.rawValue) \(operands[0])" }
    return .done
  }
}

/// An account in one line.
private struct AccountRow: Encodable {
  let account: String
  let party: String
  let capacity: String
  let purpose: String
  let state: String

  init(_ account: PortalAccount, at moment: Time) {
    self.account = account.name
    party = account.party
    capacity = account.capacity.rawValue
    purpose = account.purpose
    if let until = account.until, until <= moment {
      state = "withdrawn"
    } else if let end = account.lockedUntil(at: moment) {
      state = "locked until \(end.rfc3339)"
    } else {
      state = account.mustChange ? "password to be changed" : "open"
    }
  }
}
