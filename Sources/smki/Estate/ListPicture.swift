// SPDX-License-Identifier: Apache-2.0

import DER
import Profiles
import Revocation
import SEC
import X509

/// One entry of a list in words.
struct ListedRow: Encodable {
  let serial: String
  let revoked: String
  let reason: String?

  init(_ entry: RevokedCertificate) {
    serial = "\(entry.serialNumber)"
    revoked = entry.revoked.rfc3339
    reason = entry.reason?.name
  }

  var text: String { "\(serial) \(revoked)\(reason.map { " \($0)" } ?? "")" }
}

/// What a list says.
struct ListPicture: Encodable {
  /// The most entries that are shown.
  static let entriesMax = 1000

  let issuer: String
  let number: String?
  let keyIdentifier: String?
  let thisUpdate: String
  let nextUpdate: String?
  let count: Int
  let entries: [ListedRow]

  init(_ list: RevocationList) {
    issuer = "\(list.issuer)"
    number = list.number.map(Self.text)
    keyIdentifier = list.authorityKeyIdentifier?.description
    thisUpdate = list.tbs.thisUpdate.rfc3339
    nextUpdate = list.tbs.nextUpdate?.rfc3339
    count = list.tbs.entries.count
    entries = list.tbs.entries.prefix(Self.entriesMax).map(ListedRow.init)
  }

  /// A number of a list as people write it.
  static func text(_ number: Integer) -> String {
    number.value.map { "\($0)" } ?? "0x\(number)"
  }

  var text: String {
    let facts = Table.pairs([
      ("issuer", issuer), ("key identifier", keyIdentifier ?? "none"),
      ("number", number ?? "none"), ("this update", thisUpdate),
      ("next update", nextUpdate ?? "none"), ("entries", "\(count)"),
    ])
    let shown = entries.map { "  \($0.text)" }
    let more = count > entries.count ? ["  and \(count - entries.count) more"] : []
    return ([facts] + shown + more).joined(separator: "\n")
  }
}

/// What one list has that another has not.
struct DifferenceRow: Encodable {
  let before: String?
  let after: String?
  let addedCount: Int
  let droppedCount: Int
  let added: [ListedRow]
  let dropped: [ListedRow]
  /// Why the gate does not let it out; nil when it does, or was not asked.
  let refusal: String?

  init(_ difference: ListDifference, _ refusal: Refusal?) {
    before = difference.numbers[0].map(ListPicture.text)
    after = difference.numbers[1].map(ListPicture.text)
    addedCount = difference.addedCount
    droppedCount = difference.droppedCount
    added = difference.added.map(ListedRow.init)
    dropped = difference.dropped.map(ListedRow.init)
    self.refusal = refusal?.description
  }

  var text: String {
    let head =
      "number \(before ?? "none") to \(after ?? "none"): "
      + "\(addedCount) added, \(droppedCount) dropped"
    return
      ([head] + added.map { "+ \($0.text)" } + dropped.map { "- \($0.text)" }
      + [refusal].compactMap(\.self)).joined(separator: "\n")
  }
}

/// A version of a list in one line.
struct VersionRow: Encodable {
  /// The issuer's common name, and its key identifier.
  let name: String
  let issuer: String
  let kind: String
  let number: Int
  let entries: Int
  let thisUpdate: String
  let nextUpdate: String
  let sha256: String
  let lodged: String

  init(_ list: PublishedList, by name: String) {
    self.name = name
    issuer = list.issuer
    kind = list.kind.rawValue
    number = list.number
    entries = list.entries
    thisUpdate = list.thisUpdate.rfc3339
    nextUpdate = list.nextUpdate.rfc3339
    sha256 = Hex.encode(list.digest).lowercased()
    lodged = list.lodged.rfc3339
  }
}
