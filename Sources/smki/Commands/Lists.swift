// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Profiles
import Records
import Revocation
import SEC
import Service
import X509

extension Command {
  static let crlPublish = Command(
    name: "crl publish", summary: "publish new lists of revoked certificates now",
    notes: """
      A node that serves does it every 12 hours and after each revocation; this is for more. Lists \
      of authorities are signed by their root, offline: see `crl draft` and `crl import`.
      """,
    options: [.value("--issuer", "NAME", "only this issuer, by name or key identifier")],
    example: "smki crl publish"
  ) { invocation in
    try invocation.showLists(
      Channel(invocation: invocation).perform(PublishLists(issuer: invocation.value("--issuer"))))
  }

  static let crlList = Command(
    name: "crl list", summary: "list the newest list of each issuer, or every version",
    notes: """
      Lists of issuing authorities (CRL) and of roots (ARL). With --json it says more: the key \
      identifier, when the list was made, and since when a revocation waits for it.
      """,
    options: [.flag("--all", "every list that was ever published")], example: "smki crl list"
  ) { invocation in
    let opening = try Opening(invocation)
    let publisher = ListPublisher.reader(of: opening)
    guard invocation.has("--all") else {
      return try invocation.showLists(publisher.standings().map { ListRow($0) })
    }
    let names = Dictionary(
      try publisher.standings().map { ($0.issuer.id, $0.issuer.name) },
      uniquingKeysWith: { first, _ in first })
    let rows = try opening.records.read { try RevocationRecords.lists(in: $0) }
      .map { VersionRow($0, by: names[$0.issuer] ?? $0.issuer) }
    try invocation.show(rows) {
      Table(
        headings: ["issuer", "kind", "number", "entries", "this update", "next update"],
        rows: rows.map {
          [
            $0.name, $0.kind, "\($0.number)", "\($0.entries)", $0.thisUpdate.toTheMinute,
            $0.nextUpdate.toTheMinute,
          ]
        }
      ).text()
    }
    return .done
  }

  static let crlShow = Command(
    name: "crl show", summary: "show what a list says: a file, or a published one by its issuer",
    operands: [
      Operand(name: "FILE|ISSUER", summary: "a list in DER or PEM, or an issuer's name or key")
    ],
    options: [
      .value("--number", "NUMBER", "the version; by default the newest"),
      .value("--out", "FILE", "write the list there in DER"),
    ], example: "smki crl show TO01"
  ) { invocation in
    let octets = try invocation.list(invocation.operands[0])
    if let out = invocation.value("--out") { try Files.writeNew(out, octets) }
    let picture = ListPicture(try readList(octets))
    try invocation.show(picture) { picture.text }
    return .done
  }

  static let crlCheck = Command(
    name: "crl check", summary: "lead a list through the gate, as if it were to be published",
    notes: """
      It is held against its profile, its issuer's signature, the newest list of the issuer and \
      what was revoked; what it adds and drops is shown. Ends with 4 when it would not be let out.
      """,
    operands: [Operand(name: "FILE", summary: "a list in DER or PEM")],
    example: "smki crl check next.crl"
  ) { invocation in
    let publisher = ListPublisher.reader(of: try Opening(invocation))
    let read = try publisher.read(invocation.list(invocation.operands[0]))
    let previous = try publisher.newestList(of: read.issuer.id)
    let difference = ListDifference(read.list, after: previous)
    let refusal: Refusal?
    do throws(Refusal) {
      _ = try publisher.gate(of: read.issuer).check(read.list, after: previous, count: nil)
      refusal = nil
    } catch {
      refusal = error
    }
    let row = DifferenceRow(difference, refusal)
    try invocation.show(row) { row.text }
    return refusal == nil ? .done : .faults
  }

  static let crlDiff = Command(
    name: "crl diff", summary: "show what one list has that another has not",
    operands: [
      Operand(name: "OLD", summary: "a list in DER or PEM"),
      Operand(name: "NEW", summary: "a list in DER or PEM"),
    ], example: "smki crl diff yesterday.crl today.crl"
  ) { invocation in
    let old = try readList(invocation.list(invocation.operands[0]))
    let new = try readList(invocation.list(invocation.operands[1]))
    let row = DifferenceRow(ListDifference(new, after: old), nil)
    try invocation.show(row) { row.text }
    return .done
  }

  static let crlDraft = Command(
    name: "crl draft", summary: "put together the list of a root that a ceremony is to sign",
    notes: "What is written is a TBSCertList in DER with a number of its own.",
    options: [
      .required("--issuer", "NAME", "the root, by name or key identifier"),
      .required("--out", "FILE", "write it there"),
    ], example: "smki crl draft --issuer TOR --out arl.tbs"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      DraftList(issuer: invocation.required("--issuer")))
    let path = try invocation.required("--out")
    try Files.writeNew(path, Array(answer.toBeSigned))
    try invocation.show(["file": path]) { "\(path): to be signed by the root" }
    return .done
  }

  static let crlImport = Command(
    name: "crl import", summary: "take in a list that a root has signed offline",
    operands: [Operand(name: "FILE", summary: "a list in DER or PEM")],
    example: "smki crl import arl.crl"
  ) { invocation in
    let rows = try Channel(invocation: invocation).perform(
      ImportList(list: Data(invocation.list(invocation.operands[0]))))
    try AuthorityFiles.refresh(invocation)
    return try invocation.showLists(rows)
  }

  /// Reads a list strictly, or says why it cannot be.
  private static func readList(_ octets: [UInt8]) throws -> RevocationList {
    do throws(DERError) {
      return try RevocationList(parsing: octets)
    } catch {
      throw Refusal.malformedList(error)
    }
  }
}

extension ListPublisher {
  /// For commands that only read: nothing can be signed.
  static func reader(of opening: Opening) -> ListPublisher {
    ListPublisher(
      records: opening.records, times: opening.configuration.lists.times,
      clock: SystemClock.now, sign: { list, _ in throw Refusal.listSignedOffline("\(list.issuer)") }
    )
  }
}

extension Invocation {
  /// The octets of a list: a file in DER or PEM, or a published list by its issuer.
  fileprivate func list(_ word: String) throws -> [UInt8] {
    if word == "-" || FileManager.default.fileExists(atPath: word) {
      let octets = try Files.read(word, octetsMax: RevocationList.octetsMax)
      return (try? PEM.readOne(octets, labels: ["X509 CRL"])) ?? octets
    }
    let publisher = ListPublisher.reader(of: try Opening(self))
    let issuer = try publisher.standings().map(\.issuer).first {
      $0.name == word || $0.id == word.uppercased()
    }
    guard let issuer else { throw Refusal.listIssuerUnknown(word) }
    let number = try number("--number", in: 1...Int.max)
    let found =
      try number.map { try publisher.list(of: issuer.id, number: $0)?.octets }
      ?? publisher.newest(of: issuer.id)?.octets
    guard let found else { throw Refusal.listUnknown(word) }
    return found
  }

  fileprivate func showLists(_ rows: [ListRow]) throws -> ExitCode {
    try show(rows) {
      Table(
        headings: ["issuer", "kind", "number", "entries", "next update", "due"],
        rows: rows.map {
          [
            $0.issuer, $0.kind, $0.number.map { "\($0)" } ?? "none",
            $0.entries.map { "\($0)" } ?? "-", $0.nextUpdate?.toTheMinute ?? "-",
            $0.unlistedSince == nil ? $0.due?.toTheMinute ?? "now" : "now: revoked",
          ]
        }
      ).text()
    }
    return .done
  }
}

extension String {
  /// A time of RFC 3339 without its seconds, as tables have room for.
  fileprivate var toTheMinute: String {
    guard let end = lastIndex(of: ":"), hasSuffix("Z") else { return self }
    return prefix(upTo: end) + "Z"
  }
}
