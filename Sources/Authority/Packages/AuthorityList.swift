// SPDX-License-Identifier: Apache-2.0

import DER
import Records
import SEC
package import X509

/// A list of revoked authorities that a root signed in a ceremony (OCP-annex-B-arl).
package struct AuthorityList: Sendable {
  /// The list before it.
  typealias Known = (number: Int64, der: [UInt8])

  /// The common name of the root.
  let issuer: String
  let number: Int64
  /// The list itself, whose signature was verified.
  package let list: RevocationList

  /// Checks a list of a package.
  ///
  /// - Throws: `package-part` unless a root of the estate signed it; `list-goes-back` when a list
  ///   of this number or a later one is here, or when it is older.
  init(_ part: CeremonyPackage.Part, by anchors: [Certificate], after known: Known?) throws {
    let list: RevocationList
    do {
      list = try RevocationList(parsing: part.data)
    } catch {
      throw Refusal.packagePart(part.name, expected: "a list", found: "\(error)")
    }
    guard let root = anchors.first(where: { $0.subject == list.issuer }),
      root.subject.commonName == part.name,
      list.isSigned(by: root.tbs.subjectPublicKeyInfo) == .valid,
      let number = list.number?.value, list.tbs.nextUpdate != nil
    else {
      throw Refusal.packagePart(
        part.name, expected: "a list with number and end, signed by the root \(part.name)",
        found: "a list of \(list.issuer)")
    }
    if let known {
      let before = try RevocationList(parsing: known.der)
      guard Int64(number) > known.number, list.tbs.thisUpdate >= before.tbs.thisUpdate else {
        throw Refusal.listGoesBack(part.name, after: known.number, found: Int64(number))
      }
    }
    issuer = part.name
    self.number = Int64(number)
    self.list = list
  }

  func keep(package: Int, in transaction: Transaction) throws {
    try transaction.keep(
      PackageRecords.list,
      [
        .text(issuer), .int(number), .int(list.tbs.thisUpdate.milliseconds),
        list.tbs.nextUpdate.map { .int($0.milliseconds) } ?? .null, .int(Int64(package)),
        .blob(list.encoded),
      ])
  }
}
