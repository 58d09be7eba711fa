// SPDX-License-Identifier: Apache-2.0

import DER
import Registration
import Service

extension Command {
  static let apiKeyAdd = Command(
    name: "apikey add", summary: "give a reader of a party a key to the Repository",
    notes:
      "The key is shown this once; only its digest is kept. Each read is kept with its purpose "
      + "(L5.11): that of the key, or one that the request states as &purpose=.",
    options: [
      .required("--party", "PARTY", "identifier of the party"),
      .required("--label", "NAME", "the reader's name in the audit"),
      .value("--purpose", "TEXT", "the purpose of the Code; without it each request states one"),
      .value("--key", "KEY", "a key that somebody has chosen; by default one is made"),
      .value("--until", "TIME", "when it ends: 2027-01-31, or a moment of RFC 3339"),
    ], example: "smki apikey add --party north-gas --label billing --purpose 'change of supplier'"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      AddAPIKey(
        party: invocation.required("--party"), label: invocation.required("--label"),
        purpose: invocation.value("--purpose"), key: invocation.value("--key"),
        until: invocation.time("--until")?.milliseconds))
    try invocation.show(answer) { answer.key }
    return .done
  }

  static let apiKeyWithdraw = Command(
    name: "apikey withdraw", summary: "withdraw the keys of a reader of a party",
    notes: "A suspension does not do it: a suspended party's readers go on searching.",
    options: [
      .required("--party", "PARTY", "identifier of the party"),
      .required("--label", "NAME", "the reader's name"),
    ], example: "smki apikey withdraw --party north-gas --label billing"
  ) { invocation in
    try invocation.perform(
      WithdrawAPIKey(
        party: invocation.required("--party"), label: invocation.required("--label")))
  }

  static let apiKeyList = Command(
    name: "apikey list", summary: "list who has or had a key to the Repository",
    options: [.value("--party", "PARTY", "of this party only")],
    example: "smki apikey list --party north-gas"
  ) { invocation in
    let party = invocation.value("--party")
    let moment = try invocation.now()
    let rows = try Opening(invocation).registration.apiKeys()
      .filter { party == nil || $0.party == party }.map { APIKeyRow($0, at: moment) }
    try invocation.show(rows) {
      Table(
        headings: ["party", "label", "since", "until", "in force", "purpose"],
        rows: rows.map {
          [
            $0.party, $0.label, $0.since, $0.until ?? "-", $0.isInForce ? "yes" : "no",
            $0.purpose ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }
}

/// A key in one line.
private struct APIKeyRow: Encodable {
  let party: String
  let label: String
  let since: String
  let until: String?
  let isInForce: Bool
  let purpose: String?

  init(_ key: APIKey, at moment: Time) {
    party = key.party
    label = key.label
    since = key.since.rfc3339
    until = key.until?.rfc3339
    isInForce = key.isInForce(at: moment)
    purpose = key.purpose
  }
}

extension Invocation {
  /// The value of an option as a moment: a day, which begins at midnight UTC, or RFC 3339.
  func time(_ option: String) throws -> Time? {
    guard let text = value(option) else { return nil }
    guard let time = Time(rfc3339: text) ?? Time(rfc3339: text + "T00:00:00.000Z") else {
      throw UsageError(
        "\(option) is a day such as 2027-01-31 or a moment such as 2027-01-31T20:00:00Z, "
          + "not \(text)",
        command)
    }
    return time
  }
}
