// SPDX-License-Identifier: Apache-2.0

package import DER
package import Profiles
package import SEC
package import X509

/// What a list has that the one before it had not, and the other way round.
package struct ListDifference: Hashable, Sendable {
  /// The most entries of either kind that are listed.
  package static let listedMax = 1000

  /// The numbers before and after; nil before the first list.
  package let numbers: [Integer?]
  /// How many entries were added and dropped.
  package let addedCount: Int
  package let droppedCount: Int
  /// The first of them.
  package let added: [RevokedCertificate]
  package let dropped: [RevokedCertificate]

  /// Compares a list with the one before it.
  ///
  /// Where the one goes on from the other octet by octet, only what was added is looked at.
  package init(_ list: RevocationList, after previous: RevocationList?) {
    let entries = list.tbs.entries
    let old = previous?.tbs.entries ?? .none
    numbers = [previous?.number, list.number]
    if let rest = entries.rest(after: old) {
      addedCount = rest.count
      droppedCount = 0
      added = Array(rest.prefix(Self.listedMax))
      dropped = []
    } else {
      var left = Dictionary(old.map { ($0.serialNumber, $0) }) { first, _ in first }
      let others = entries.filter { left.removeValue(forKey: $0.serialNumber) != $0 }
      let gone = left.values.sorted { $0.serialNumber.description < $1.serialNumber.description }
      addedCount = others.count
      droppedCount = gone.count
      added = Array(others.prefix(Self.listedMax))
      dropped = Array(gone.prefix(Self.listedMax))
    }
  }
}

/// OCP-annex-B-crl: what stands between a signed list and everybody who relies on lists.
///
/// It looks at octets, knows nothing of how they were made, and lets nothing out that goes back.
package struct ListGate {
  /// The linter; it knows the issuer, and so verifies the signature.
  package let lint: Lint
  /// Whether the certificate with a serial number has ended at a moment.
  package let hasEnded: (Integer, Time) -> Bool

  /// A gate for the lists of an issuer.
  package init(
    issuer: Certificate, times: ListTimes,
    hasEnded: @escaping (Integer, Time) -> Bool
  ) {
    lint = Lint(authorities: [issuer], listTimes: times)
    self.hasEnded = hasEnded
  }

  /// Looks at a list and lets it through, or says why not.
  ///
  /// - Parameters:
  ///   - list: the list as it would be published.
  ///   - previous: the one that is published.
  ///   - count: how many certificates of the issuer were revoked until then; nil when not known.
  /// - Returns: how it differs.
  /// - Throws: `list-number`, `list-time`, `list-drops-entry`, `list-count`,
  ///   `departs-from-profile`.
  package func check(
    _ list: RevocationList, after previous: RevocationList?, count: Int?
  ) throws(Refusal) -> ListDifference {
    try lint.check(list: list, knowing: previous?.tbs.entries ?? .none)
    let difference = ListDifference(list, after: previous)
    guard let number = list.number else { throw .listNumber("none", after: "all others") }
    if let previous {
      let last = previous.number ?? Integer(0)
      guard number.isAbove(last) else { throw .listNumber("\(number)", after: "\(last)") }
      guard list.tbs.thisUpdate >= previous.tbs.thisUpdate else {
        throw .listTime(list.tbs.thisUpdate, after: previous.tbs.thisUpdate)
      }
    }
    try checkDropped(list, difference, previous)
    if let count, list.tbs.entries.count != count {
      throw .listCount(list.tbs.entries.count, expected: count)
    }
    return difference
  }

  /// An entry may go once its certificate has ended, and not before (RFC 5280, 3.3).
  private func checkDropped(
    _ list: RevocationList, _ difference: ListDifference, _ previous: RevocationList?
  ) throws(Refusal) {
    guard difference.droppedCount > 0, let previous else { return }
    let kept = Dictionary(list.tbs.entries.map { ($0.serialNumber, $0) }) { first, _ in first }
    let missing = previous.tbs.entries.filter {
      kept[$0.serialNumber] != $0 && !hasEnded($0.serialNumber, previous.tbs.thisUpdate)
    }
    guard missing.isEmpty else {
      throw .listDropsEntry(missing.map(\.serialNumber.description))
    }
  }
}
