// SPDX-License-Identifier: Apache-2.0

import Duties
import FoundationEssentials
import Governance
import SEC
import Service

extension Command {
  static let pmaReport = Command(
    name: "pma report", summary: "write a document of the PMA, as a page that prints well",
    notes: "The page is made from the records alone: made again for the same day it is the same.",
    options: [
      .required(
        "--kind", "KIND", "what it tells", words: PMAReport.Kind.allCases.map(\.rawValue)),
      .value("--number", "NUMBER", "the meeting or the election that it is about"),
      .value("--on", "DAY", "as it stands on a day, YYYY-MM-DD; today by default"),
      .value("--output", "FILE", "where it goes; standard output by default"),
    ],
    example: "smki pma report --kind minutes --number 2031-04 --output minutes.html"
  ) { invocation in
    let opening = try Opening(invocation)
    let kind = try PMAReport.Kind(rawValue: invocation.required("--kind"))
    guard let kind else { throw UsageError("--kind is no kind", invocation.command) }
    let (records, rules) = (opening.records, opening.configuration.proceedings)
    let report = PMAReport(
      membership: Membership(records: records, rules: rules),
      elections: Elections(records: records, rules: rules),
      meetings: Meetings(records: records, rules: rules),
      votes: Votes(records: records, rules: rules),
      duties: DutyBook(records: records, calendar: opening.configuration.workingDays),
      rules: rules, estate: opening.estate.name)
    let page = try report.make(
      kind, number: invocation.value("--number") ?? "", on: invocation.day("--on"))
    if let path = invocation.value("--output") {
      try Data(page.utf8).write(to: URL(filePath: path))
    } else {
      Terminal.print(page)
    }
    return .done
  }
}
