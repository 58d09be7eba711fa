// SPDX-License-Identifier: Apache-2.0

import DER
import Parties
import Registration
import SEC
import Service

extension Command {
  static let organisationList = Command(
    name: "organisation list",
    summary: "list the requests for Organisation Certificates and how each stands",
    options: [.value("--party", "PARTY", "only those of this party")],
    example: "smki organisation list --party north-gas"
  ) { invocation in
    let rows = try Opening(invocation).registration
      .organisationCases(of: invocation.value("--party")).map(OrganisationRow.init)
    try invocation.show(rows) {
      Table(
        headings: ["number", "party", "asker", "state", "since", "serial", "reason"],
        rows: rows.map {
          [
            "\($0.number)", $0.party, $0.asker, $0.state, String($0.since.prefix(16)),
            $0.serial ?? "-", $0.reason ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let notices = Command(
    name: "notices", summary: "list the notices of what is about to end",
    notes: """
      A serving node gives them: for credentials, API keys, Organisation Certificates and the \
      enrolments of persons, so many days before the end as estate.json says.
      """,
    options: [.value("--party", "PARTY", "only those of this party")],
    example: "smki notices --party north-gas"
  ) { invocation in
    let rows = try Opening(invocation).registration.notices(of: invocation.value("--party"))
      .map(NoticeRow.init)
    try invocation.show(rows) {
      Table(
        headings: ["ends", "days", "kind", "party", "name", "subject", "given"],
        rows: rows.map {
          [
            String($0.ends.prefix(16)), "\($0.days)", $0.kind, $0.party, $0.name, $0.subject,
            String($0.given.prefix(16)),
          ]
        }
      ).text()
    }
    return .done
  }

  static let partyAgent = Command(
    name: "party agent",
    summary: "say whether a supplier agent may send a Service Request, or print its list",
    options: [
      .required("--party", "PARTY", "the agent"),
      .value("--request", "NUMBER", "number of the Service Request, or SMKI"),
      .value("--supplier", "PARTY", "the Supplier of the meter, for diagnostics"),
    ], example: "smki party agent --party north-mop --request 6.2 --supplier north-gas"
  ) { invocation in
    let opening = try Opening(invocation)
    let party = try invocation.required("--party")
    guard let membership = try opening.registration.register.membership(of: party) else {
      throw Refusal.partyUnknown(party)
    }
    let chosen = opening.configuration.enrolment.supplierAgentOption
    guard let option = AgentOption(rawValue: chosen) else {
      throw Failure.Message(.failed, "estate.json: supplierAgentOption is 1, 2 or 3, not \(chosen)")
    }
    let number = invocation.value("--request")
    let rows = AgentRequest.all.filter { number == nil || $0.number == number }
    if let number {
      try AgentRequest.check(
        number, by: membership, under: option, for: invocation.value("--supplier"))
    }
    try invocation.show(
      rows.map { ["request": $0.number, "title": $0.title, "service": $0.service.rawValue] }
    ) {
      Table(
        headings: ["request", "what", "service"],
        rows: rows.map { [$0.number, $0.title, $0.service.rawValue] }
      ).text()
    }
    return .done
  }

  static let partyInactive = Command(
    name: "party inactive",
    summary: "list parties that did nothing in their first six months and could be expelled",
    notes: """
      A party is safe that has completed a user entry process, has subscribed for a certificate or \
      has looked into the Repository within six months of its accession (M8 of the Code).
      """, example: "smki party inactive"
  ) { invocation in
    let opening = try Opening(invocation)
    let rows = try opening.registration.inactiveParties(at: opening.now())
      .map { ["party": $0.party, "acceded": $0.acceded.rfc3339] }
    try invocation.show(rows) {
      Table(
        headings: ["party", "acceded"],
        rows: rows.map { [$0["party"] ?? "", String(($0["acceded"] ?? "").prefix(10))] }
      ).text()
    }
    return .done
  }
}

/// A request in one line.
private struct OrganisationRow: Encodable {
  let number: Int
  let party: String
  let asker: String
  let state: String
  let since: String
  let serial: String?
  let reason: String?

  init(_ it: OrganisationCase) {
    number = it.id
    party = it.party
    asker = it.asker
    state = it.state.rawValue
    since = it.changed.rfc3339
    serial = it.serial
    reason = it.reason
  }
}

/// A notice in one line.
private struct NoticeRow: Encodable {
  let ends: String
  let days: Int
  let kind: String
  let party: String
  let name: String
  let subject: String
  let given: String

  init(_ notice: ExpiryNotice) {
    ends = notice.ends.rfc3339
    days = notice.days
    kind = notice.kind.rawValue
    party = notice.party
    name = notice.name
    subject = notice.subject
    given = notice.made.rfc3339
  }
}
