// SPDX-License-Identifier: Apache-2.0

import DER
import SEC
import X509

extension ListRule {
  /// RFC5280-5.3.1: each entry stands once, is not of the future, and has a reason that is used
  /// here, or none; nothing else.
  static let entries = ListRule(
    "list-entries", field: "revokedCertificates", clause: "RFC5280-5.3.1",
    check: { examined in
      let thisUpdate = examined.list.tbs.thisUpdate
      var seen = Set<Integer>(minimumCapacity: examined.newEntries.count)
      for entry in examined.newEntries {
        guard seen.insert(entry.serialNumber).inserted else {
          return Rule.Mismatch(expected: "each once", found: "\(entry.serialNumber) twice")
        }
        guard entry.revoked <= thisUpdate else {
          return Rule.Mismatch(
            expected: "nothing after \(thisUpdate.rfc3339)",
            found: "\(entry.serialNumber) at \(entry.revoked.rfc3339)")
        }
        if let mismatch = extensions(of: entry) { return mismatch }
      }
      return nil
    })

  /// RFC5280-5.3.1: the reasons that an entry may give.
  private static let reasons: Set<RevocationReason> = [
    .keyCompromise, .authorityCompromise, .affiliationChanged, .superseded, .cessationOfOperation,
    .privilegeWithdrawn,
  ]

  private static func extensions(of entry: RevokedCertificate) -> Rule.Mismatch? {
    guard let first = entry.extensions.first else { return nil }
    guard entry.extensions.count == 1, !first.isCritical, let reason = entry.reason else {
      return Rule.Mismatch(
        expected: "a reason code that is not critical, or nothing",
        found: "\(entry.serialNumber) with \(first.identifier) \(Hex.encode(first.value))")
    }
    guard !reasons.contains(reason) else { return nil }
    return Rule.Mismatch(
      expected: reasons.map(\.name).sorted().joined(separator: ", "),
      found: "\(entry.serialNumber) with \(reason.name)")
  }
}
