// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Records

extension StoreWalk {
  /// L1.9(a)@2014: no entry speaks of what lies in a ballot box, but each ballot has its receipt
  /// and there is one for each group that has voted.
  mutating func ballots() throws {
    var inBox: [String: Int] = [:]
    for row in try reading.query("SELECT receipt, election, sealed FROM pma_ballot_box") {
      let receipt = try row.text("receipt")
      inBox[try row.text("election"), default: 0] += 1
      if receipt != Hex.encode(Digest.sha256(try row.blob("sealed"))).lowercased() {
        report.add("pma_ballot_box", receipt, "sealed", "not the ballot of its receipt")
      }
    }
    for row in try reading.query(
      """
      SELECT id, closed, (SELECT count(*) FROM pma_voted WHERE election = id) AS voted
      FROM pma_election
      """)
    {
      let id = try row.text("id")
      let expected = try row.optionalTime("closed") == nil ? try row.int("voted") : 0
      let found = inBox.removeValue(forKey: id) ?? 0
      if found != expected {
        report.add("pma_ballot_box", id, "election", "\(found) ballots, not \(expected)")
      }
    }
    for id in inBox.keys.sorted() {
      report.add("pma_ballot_box", id, "election", "there is no such election")
    }
  }
}
