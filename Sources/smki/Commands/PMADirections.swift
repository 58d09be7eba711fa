// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Governance
import Service

/// L1.17(i): directions of the PMA to use a Recovery or Contingency Private Key.
extension Command {
  static let pmaDirections = Command(
    name: "pma directions", summary: "list the directions to use a recovery or contingency key",
    notes: "One stands from the moment at which its vote was carried out until the DCC has "
      + "followed it; a decision that no key is used gives none.",
    options: [.flag("--standing", "only those that stand")],
    example: "smki pma directions --standing"
  ) { invocation in
    let room = Matters(records: try Opening(invocation).records)
    let rows = try room.directions()
      .filter { $0.isStanding || !invocation.has("--standing") }
      .map { DirectionRow($0, try room.file(of: $0.matter).papers) }
    try invocation.show(rows) {
      Table(
        headings: ["vote", "key", "incident", "matter", "given", "state", "guidance"],
        rows: rows.map {
          [$0.vote, $0.key, $0.incident, $0.matter, $0.given, $0.state, $0.guidance]
        }
      ).text()
    }
    return .done
  }

  static let pmaFollow = Command(
    name: "pma follow", summary: "enter that the DCC has followed a direction to use a key",
    notes: "The direction is spent: a further use of the key takes another decision.",
    options: [
      .required("--vote", "NUMBER", "number of the vote that gave the direction"),
      .required("--evidence", "TEXT", "what shows it: the DCC's report"),
    ], example: "smki pma follow --vote 2031-04-3 --evidence 'DCC report of 24 April'"
  ) { invocation in
    try invocation.perform(
      PMABusiness(
        .follow(
          vote: invocation.required("--vote"), evidence: invocation.required("--evidence"))))
  }
}

private struct DirectionRow: Encodable {
  let vote: String
  let key: String
  let incident: String
  let matter: String
  let given: String
  let state: String
  let followed: String?
  let evidence: String
  let guidance: String

  init(_ direction: KeyDirection, _ papers: [Paper]) {
    vote = direction.vote
    key = direction.key.rawValue
    incident = direction.incident
    matter = direction.matter
    given = direction.given.rfc3339
    state = direction.isStanding ? "stands" : "followed"
    followed = direction.followed?.rfc3339
    evidence = direction.evidence
    guidance = papers.first { $0.name == "recovery-key-guidance" }?.text ?? ""
  }
}
