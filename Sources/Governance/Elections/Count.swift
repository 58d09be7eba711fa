// SPDX-License-Identifier: Apache-2.0

import DER
import Keys

extension ElectionResult {
  /// R2-42: nobody stands against anybody: all are elected.
  package static func unopposed(_ candidates: [String], seats: Int) -> ElectionResult {
    let elected = candidates.sorted()
    return ElectionResult(
      votes: [:], elected: elected,
      reasons: [
        "\(elected.count) candidates for \(seats) seats: elected unopposed."
      ] + (elected.count < seats ? ["\(seats - elected.count) seats stay vacant."] : []))
  }

  /// R2-42: the seats go to those with most votes; between equals a lot decides.
  ///
  /// The lot is drawn from the published ballots themselves, so that everybody can draw it again
  /// and nobody can choose it: least SHA-256 of the ballots' digest and the candidate's name.
  package static func count(
    _ ballots: [PublishedBallot], for candidates: [String], seats: Int
  ) -> ElectionResult {
    var votes = Dictionary(uniqueKeysWithValues: candidates.map { ($0, 0) })
    let faults = ballots.compactMap { $0.fault(for: candidates, seats: seats) }
    for ballot in ballots where ballot.fault(for: candidates, seats: seats) == nil {
      for name in Set(ballot.names) { votes[name, default: 0] += 1 }
    }
    let lots = lots(of: candidates, by: ballots)
    let ranked = candidates.sorted {
      (votes[$1, default: 0], lots[$0, default: ""]) < (
        votes[$0, default: 0], lots[$1, default: ""]
      )
    }
    let elected = Array(ranked.prefix(seats))
    var reasons = [
      ballots.count == 1 ? "1 ballot was counted." : "\(ballots.count) ballots were counted."
    ]
    for fault in PublishedBallot.Fault.allCases {
      let count = faults.count { $0 == fault }
      if count > 0 { reasons.append("\(count) of them void, \(fault.rawValue).") }
    }
    let blank = ballots.count(where: \.names.isEmpty)
    if blank > 0 { reasons.append("\(blank) of them blank.") }
    for name in ranked {
      let outcome = elected.contains(name) ? "elected" : "not elected"
      let count = votes[name, default: 0]
      reasons.append("\(name): \(count) \(count == 1 ? "vote" : "votes"), \(outcome).")
    }
    if let last = elected.last, let next = ranked.dropFirst(seats).first,
      votes[last] == votes[next]
    {
      let equal = ranked.filter { votes[$0] == votes[last] }.sorted()
      reasons.append(
        "Between \(equal.joined(separator: ", ")) the lot of the published ballots decided.")
    }
    return ElectionResult(
      votes: votes, elected: elected, reasons: reasons, voidCount: faults.count)
  }

  private static func lots(
    of candidates: [String], by ballots: [PublishedBallot]
  ) -> [String: String] {
    let receipts = ballots.map(\.receipt).sorted().joined(separator: "\n")
    let digest = Hex.encode(Digest.sha256(Array(receipts.utf8)))
    return Dictionary(
      uniqueKeysWithValues: candidates.map {
        ($0, Hex.encode(Digest.sha256(Array("\(digest)\n\($0)".utf8))))
      })
  }
}
