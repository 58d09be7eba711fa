// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import Ceremony
import DER
import FoundationEssentials
import Profiles
import Records
import SEC
import Service
import X509

extension Command {
  static let ceremonyCheck = Command(
    name: "ceremony check", summary: "check a transcript, without a store and without trust in it",
    notes: """
      What the file said was done and nothing else; every certificate follows its profile, is \
      signed by the root that the file names, and holds a key that was made; every list and \
      request is signed. Without --key the key is taken from the transcript: compare it with what \
      the witnesses wrote down.
      """,
    operands: [
      Operand(name: "TRANSCRIPT", summary: "the transcript, or the record of a rehearsal")
    ],
    options: [
      .value("--key", "FILE", "the ceremony keys, authorities/ceremony.vkey of the estate"),
      .value("--package", "FILE", "hold this package against it"),
      .value("--file", "FILE", "hold this file of the ceremony against it"),
      .value("--rehearsal", "FILE", "hold this record of a rehearsal against it"),
      Option(
        name: "--share", value: "FILE",
        summary: "hold a share against the published hashes; may be repeated", isRepeated: true),
    ],
    example: "smki ceremony check stock/transcript --key var/authorities/ceremony.vkey "
      + "--package stock/package"
  ) { invocation in
    let check: TranscriptCheck
    do {
      if let rehearsal = try rehearsal(invocation) {
        return try show(rehearsal, invocation)
      }
      check = try checked(invocation)
    } catch let refusal as Refusal {
      Terminal.complain(invocation.isJSON ? try JSON.text(ErrorBody(refusal)) : "\(refusal)")
      return .faults
    }
    let verdict = check.isRehearsal ? "a rehearsal: nothing of it may be used" : "in order"
    let facts = [
      "verdict": verdict, "ceremony": check.transcript.file.ceremony,
      "sha256": Hex.encode(check.digest), "signed-by": "\(check.signedBy)",
    ]
    try invocation.show(facts) {
      (["\(check.transcript.file.title): \(verdict)"] + check.facts.map { "  \($0)" }
        + ["  SHA-256 \(Hex.encode(check.digest))"]).joined(separator: "\n")
    }
    return check.isRehearsal ? .faults : .done
  }

  /// The record of a rehearsal, checked, where that is what was given.
  private static func rehearsal(_ invocation: Invocation) throws -> Rehearsal? {
    let octets = try Files.read(invocation.operands[0])
    guard (try? SignedDocument(.rehearsal, parsing: octets)) != nil else { return nil }
    let rehearsal = try Rehearsal(parsing: octets)
    if let path = invocation.value("--file") {
      try rehearsal.check(CeremonyFile(parsing: Files.read(path)), tool: rehearsal.tool)
    }
    return rehearsal
  }

  private static func show(_ rehearsal: Rehearsal, _ invocation: Invocation) throws -> ExitCode {
    let verdict = "a rehearsal, in order: it may be shown, and nothing of it used"
    let facts = [
      "verdict": verdict, "ceremony": rehearsal.ceremony, "tool": rehearsal.tool,
      "file-sha256": Hex.encode(rehearsal.file), "signed-by": rehearsal.signedBy,
      "ended": rehearsal.ended.rfc3339,
    ]
    try invocation.show(facts) {
      """
      \(rehearsal.ceremony): \(verdict)
        signed by \(rehearsal.signedBy)
        \(rehearsal.steps) steps by version \(rehearsal.tool), ended \(rehearsal.ended.rfc3339)
        of the file with SHA-256 \(Hex.encode(rehearsal.file))
      """
    }
    return .done
  }

  private static func checked(_ invocation: Invocation) throws -> TranscriptCheck {
    let keys = try invocation.value("--key").map { try AuditKey.readAll($0) } ?? []
    var check = try TranscriptCheck(Files.read(invocation.operands[0]), keys: keys)
    if let path = invocation.value("--package") { try check.check(package: Files.read(path)) }
    if let path = invocation.value("--file") { try check.check(file: Files.read(path)) }
    if let path = invocation.value("--rehearsal") {
      try check.check(rehearsal: Files.read(path))
    }
    for share in try CeremonyFiles.shares(invocation) { try check.check(share: share) }
    return check
  }

  static let ceremonyStatus = Command(
    name: "ceremony status", summary: "print what an offline store holds, and verify its audit",
    options: [offline], example: "smki ceremony status --offline /media/roots"
  ) { invocation in
    let folder = invocation.offlineFolder
    let state = try folder.state()
    let audit = try OfflineStore.audit(in: folder.current)
    let status = OfflineStatus(state, entries: audit.entries.count, faults: audit.faults)
    try invocation.show(status) { status.text }
    return audit.faults.isEmpty ? .done : .faults
  }

  static let custodianList = Command(
    name: "custodian list", summary: "list the custodians of an offline store and their shares",
    options: [offline], example: "smki custodian list"
  ) { invocation in
    let rows = OfflineStatus.custodians(try invocation.offlineFolder.state())
    try invocation.show(rows) {
      Table(
        headings: ["name", "shares", "appointed", "ceased", "reason"],
        rows: rows.map { [$0.name, $0.shares, $0.appointed, $0.ceased ?? "-", $0.reason ?? "-"] }
      ).text()
    }
    return .done
  }

  static let custodianCease = Command(
    name: "custodian cease", summary: "record that a custodian has ceased",
    notes: """
      The share opens nothing from now on. Refused when too few custodians would be left to open a \
      vault: then its shares are handed out anew first, with smki ceremony plan custody.
      """,
    options: [
      offline, .required("--custodian", "NAME", "who has ceased"),
      .required("--reason", "TEXT", "why"), .required("--holder", "NAME", "who records it"),
    ],
    example: "smki custodian cease --custodian 'Ada' --reason 'left the company' --holder 'Alan'"
  ) { invocation in
    let folder = invocation.offlineFolder
    _ = try folder.state()
    let hold = try folder.begin()
    do {
      try OfflineStore.cease(
        invocation.required("--custodian"), because: invocation.required("--reason"),
        by: invocation.required("--holder"), in: hold.state, at: SystemClock.now())
    } catch {
      folder.abandon(hold)
      throw error
    }
    try folder.commit(hold)
    let name = try invocation.required("--custodian")
    try invocation.show(["ceased": name]) { "\(name) has ceased to be a custodian" }
    return .done
  }
}

/// What an offline store holds, for people.
private struct OfflineStatus: Encodable {
  struct Authority: Encodable {
    let name: String
    let kind: String
    let serial: String
    let ceremony: String
    let place: String
  }

  struct CustodianRow: Encodable {
    let name: String
    let shares: String
    let appointed: String
    let ceased: String?
    let reason: String?
  }

  let estate: String
  let kind: String
  let ceremonies: [String]
  let packages: Int
  let authorities: [Authority]
  let vaults: [String: String]
  let entries: Int
  let faults: [String]

  init(_ state: OfflineState, entries: Int, faults: [String]) {
    estate = state.estate?.estate.name ?? "none"
    kind = state.estate?.estate.kind.rawValue ?? "none"
    ceremonies = state.ceremonies
    packages = state.packages
    authorities = state.authorities.map {
      Authority(
        name: $0.name, kind: $0.kind.rawValue,
        serial: Hex.encode($0.certificate.serialNumber.magnitude), ceremony: $0.ceremony,
        place: $0.kind.isRoot ? "root vault, \($0.place)" : "on line")
    }
    vaults = Dictionary(
      uniqueKeysWithValues: state.vaults.map { vault in
        let standing = state.standing(vault)
        return (
          vault.rawValue, "\(standing.first?.threshold ?? 0) of \(standing.count) shares open it"
        )
      })
    self.entries = entries
    self.faults = faults
  }

  var text: String {
    var lines = ["\(kind) estate \(estate), \(ceremonies.count) ceremonies, \(packages) packages"]
    lines += vaults.sorted { $0.key < $1.key }.map { "\($0.key) vault: \($0.value)" }
    lines.append(
      Table(
        headings: ["name", "kind", "serial number", "ceremony", "key"],
        rows: authorities.map { [$0.name, $0.kind, $0.serial, $0.ceremony, $0.place] }
      ).text())
    lines.append(
      faults.isEmpty
        ? "audit: \(entries) entries, all in order" : "audit: \(faults.joined(separator: "; "))")
    return lines.joined(separator: "\n")
  }

  static func custodians(_ state: OfflineState) -> [CustodianRow] {
    state.custodians.sorted { $0.key < $1.key }.map { name, custodian in
      let shares = Vault.allCases.flatMap { state.standing($0) }.filter { $0.custodian == name }
      return CustodianRow(
        name: name,
        shares: custodian.ceased == nil
          ? shares.map { "\($0.vault.rawValue) \($0.index)" }.joined(separator: ", ") : "none",
        appointed: custodian.appointed.rfc3339, ceased: custodian.ceased?.rfc3339,
        reason: custodian.reason)
    }
  }
}
