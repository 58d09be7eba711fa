// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import Keys
import Profiles
import Records
import SEC
import X509

/// Writes what a ceremony made into the offline store, each with an entry of its audit.
struct OfflineEntries {
  let records: Records
  let actor: Actor
  let ceremony: String
  let moment: Time

  private func write(
    _ action: String, _ facts: [String: String] = [:],
    _ body: @escaping @Sendable (Transaction) throws -> Void
  ) throws {
    let facts = facts.merging(["ceremony": ceremony]) { first, _ in first }
    let entry = Entry(actor, action, clause: "OCP-ceremony", at: moment, facts: facts)
    try records.write(entry, body)
  }

  func begin(_ file: CeremonyFile, witnesses: [String], opened: [ShareRecord]) throws {
    try write(
      "ceremony-begun",
      [
        "title": file.title, "file-sha256": Hex.encode(file.digest),
        "witnesses": witnesses.joined(separator: "; "),
        "shares": opened.map { "\($0.vault.rawValue) \($0.index): \($0.custodian)" }
          .joined(separator: "; "),
      ]
    ) { _ in }
  }

  func keep(_ declared: DeclaredEstate) throws {
    let estate = declared.estate
    try write("offline-store-made", ["estate": estate.name, "kind": estate.kind.rawValue]) {
      try $0.keep(
        CeremonyRecords.estate,
        [
          .text(estate.name), .text(estate.kind.rawValue),
          .text(estate.devicePolicy.description), .text(estate.organisationPolicy.description),
          .text(estate.ikiPolicy.description),
          declared.dcckiPolicy.map { .text($0.description) } ?? .null,
        ])
    }
  }

  func keep(_ key: MadeKey) throws {
    try write("key-made", ["use": key.use]) { [ceremony] in
      try $0.keep(
        CeremonyRecords.key,
        [
          .text(key.place), .text(key.label), .text(key.use), .blob(key.publicKey),
          .text(ceremony),
        ])
    }
  }

  func keep(_ authority: OfflineAuthority) throws {
    try write("authority-certified", ["kind": authority.kind.rawValue]) {
      var values: [SQL.Value] = [
        .text(authority.name), .text(authority.kind.rawValue),
        .blob(authority.certificate.encoded), .text(authority.keyLabel),
      ]
      switch authority.place {
      case .folder: values += [.null, .null]
      case .token(let module, let token): values += [.text(module), .text(token)]
      }
      try $0.keep(CeremonyRecords.authority, values + [.text(authority.ceremony)])
    }
  }

  func keep(_ share: ShareRecord) throws {
    try write("share-handed-out", ["custodian": share.custodian]) {
      try $0.keep(
        CeremonyRecords.share,
        [
          .text(share.vault.rawValue), .int(Int64(share.generation)), .int(Int64(share.index)),
          .int(Int64(share.threshold)), .int(Int64(share.count)), .text(share.custodian),
          .text(share.ceremony), .blob(share.digest),
        ])
    }
  }

  func keep(_ list: Made.List) throws {
    try write("list-signed", ["root": list.root, "number": "\(list.number)"]) {
      try $0.keep(
        CeremonyRecords.list, [.text(list.root), .int(Int64(list.number)), .blob(list.der)])
    }
  }

  /// Appoints somebody, or ends the office.
  func keep(_ name: String, _ custodian: Custodian, _ action: String) throws {
    try write(action, ["custodian": name, "reason": custodian.reason ?? ""]) {
      try $0.keep(
        CeremonyRecords.custodian,
        [
          .text(name), .int(custodian.appointed.milliseconds),
          custodian.ceased.map { .int($0.milliseconds) } ?? .null,
          custodian.reason.map { .text($0) } ?? .null,
        ])
    }
  }

  func end(
    _ file: CeremonyFile, package: Int, nextKeyLabel: String, transcript: [UInt8],
    began: Time
  ) throws {
    try write(
      "ceremony-held",
      [
        "transcript-sha256": Hex.encode(transcript), "package": "\(package)",
        "file-sha256": Hex.encode(file.digest),
      ]
    ) {
      try $0.keep(
        CeremonyRecords.ceremony,
        [
          .text(file.ceremony), .text(file.title), .blob(file.digest), .int(Int64(package)),
          .text(nextKeyLabel), .int(began.milliseconds),
        ])
    }
  }
}
