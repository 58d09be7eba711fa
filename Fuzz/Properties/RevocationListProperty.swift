// SPDX-License-Identifier: Apache-2.0

import DER
import X509

/// What holds for each revocation list that is taken in, and for each refusal.
enum RevocationListProperty {
  static func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    let list: RevocationList
    do throws(DERError) {
      list = try RevocationList(parsing: input)
    } catch {
      return try Peer.judge(error, of: input, isTaken: { Peer.revocationList($0) != nil })
    }
    try Violation.unless(list.encoded == input, "the octets are not kept")
    try Violation.unless(
      list.signedBytes.elementsEqual(list.tbs.encoded()), "the signed part changes when written")
    try entries(list)
    guard let peer = Peer.revocationList(input) else {
      throw Violation("OpenSSL refuses a list that is taken in here")
    }
    try Violation.unless(peer == Peer.RevocationList(list), "OpenSSL reads other values")
    let again: [UInt8]
    do throws(DERError) {
      again = try Rebuilding.revocationList(list)
    } catch {
      try error.require(within: input)
      return Outcome(refusal: "extension/\(error.code.rawValue)", isPastFirstLength: true)
    }
    try Violation.unless(again == input, "what was read is written in other octets")
    return Outcome(isPastFirstLength: true)
  }

  /// The entries are those that were counted; a list that goes on from another is read the same.
  private static func entries(_ list: RevocationList) throws(Violation) {
    let entries = Array(list.tbs.entries)
    try Violation.unless(entries.count == list.tbs.entries.count, "another count of entries")
    let first = RevokedCertificates(entries.prefix(1))
    let again = try? RevocationList(parsing: list.encoded, knowing: first)
    try Violation.unless(again == list && again?.tbs == list.tbs, "another list from a known one")
    try Violation.unless(list.tbs.entries.begins(with: first), "it does not begin with its first")
    let rest = list.tbs.entries.rest(after: first)
    try Violation.unless(rest?.count == max(0, entries.count - 1), "a rest of another length")
    let text = try? RevocationList(pem: Array(list.pem.utf8))
    try Violation.unless(text == list, "the text is another list")
  }
}
