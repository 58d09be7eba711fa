// SPDX-License-Identifier: Apache-2.0

import DER
import Profiles
import Revocation
import SEC

/// The lists of revoked certificates on the start page: number, next update, and where they are.
struct ListTable {
  let facts: EstateFacts

  /// The table, and what the PMA delays under it.
  var html: HTML {
    let rows: [HTML] = facts.lists.map(row)
    let delays: [HTML] = facts.delays.map { delay in
      """
      <p>Revocations of \(delay.party) are delayed until \(delay.until.rfc3339) \
      (\(delay.direction.decision)).</p>
      """
    }
    return """
      <table class="stacked"><thead><tr><th scope="col">List</th><th scope="col">Number</th>\
      <th scope="col">Entries</th><th scope="col">Next update</th></tr></thead>\
      <tbody>\(rows)</tbody></table>
      \(delays)
      """
  }

  private func row(_ standing: ListStanding) -> HTML {
    let name = "\(standing.issuer.listKind.rawValue.uppercased()) of \(standing.issuer.name)"
    guard let list = standing.newest else {
      return """
        <tr><th scope="row">\(name)</th><td data-heading="Number">none</td>\
        <td data-heading="Entries"></td>\
        <td data-heading="Next update">\(waiting(standing))</td></tr>
        """
    }
    return """
      <tr><th scope="row"><a href="\(ListInterface.path(of: standing.issuer.id))">\(name)</a></th>\
      <td data-heading="Number">\(Number.grouped(list.number))</td>\
      <td data-heading="Entries">\(Number.grouped(list.entries))</td>\
      <td data-heading="Next update">\(list.nextUpdate.rfc3339)\(waiting(standing))</td></tr>
      """
  }

  /// What is late or waits, in words.
  private func waiting(_ standing: ListStanding) -> String {
    if let unlisted = standing.unlisted {
      return " revoked since \(unlisted.revoked.rfc3339) and on no list yet"
    }
    guard standing.newest != nil else { return "due" }
    return standing.isLate(at: facts.moment) ? " overdue" : ""
  }
}
