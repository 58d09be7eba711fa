// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import FoundationEssentials
import Records
import Repository
import SEC
import Service

extension Command {
  static let auditCheckpoint = Command(
    name: "audit checkpoint", summary: "sign the size and root of the audit of now",
    notes: "The note is in the public format C2SP tlog-checkpoint.",
    example: "smki audit checkpoint"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(SignCheckpoint())
    try invocation.show(answer) { answer.note }
    return .done
  }

  static let auditEntries = Command(
    name: "audit entries", summary: "show entries of the audit: who, in which role, what, why",
    notes: """
      Issuing is an entry for each chunk of certificates, by the node; asked-by in it says which \
      party's system, or which officer for a party, asked for how many of them.
      """,
    options: [
      .value("--last", "N", "so many of the last ones; 20 by default"),
      .value("--from", "N", "from this entry on, up to 1000"),
    ], example: "smki audit entries --last 5"
  ) { invocation in
    let audit = try Opening(invocation).records.audit
    let most = AuditLog.entriesMax
    let last = try invocation.number("--last", in: 1...most) ?? 20
    let from = try invocation.number("--from", in: 0...Int.max)
    let rows = try audit.entries(
      from: from ?? max(0, audit.size - last), most: from == nil ? last : most
    ).map { EntryRow($0.index, $0.entry) }
    try invocation.show(rows) {
      rows.map(\.text).joined(separator: "\n")
    }
    return .done
  }

  static let auditRequest = Command(
    name: "audit request",
    summary: "print the signed request that stands behind a certificate",
    notes: """
      PKCS#10 as the subscriber signed it; openssl req -verify checks the signature. Kept for \
      organisations, systems and connections; of a device's the audit has the SHA-256.
      """,
    operands: [Operand(name: "SERIAL", summary: "the serial number of the certificate")],
    example: "smki audit request 4100001A1FC6B4528A3221BD54F20CEE"
  ) { invocation in
    let opening = try Opening(invocation)
    let serial = try invocation.serial(invocation.operands[0])
    guard try opening.repository.certificate(serial: serial) != nil else {
      throw Failure.Message(
        .faults, "there is no certificate \(Hex.encode(serial))",
        remedy: "smki find looks for certificates by what describes them.")
    }
    let request = try SignedRequests.request(serial: serial, in: opening.records)
    let pem = PEM(label: "CERTIFICATE REQUEST", bytes: request).text
    try invocation.show(["request": pem]) { pem }
    return .done
  }

  static let auditProve = Command(
    name: "audit prove", summary: "print the proof that a certificate is in the audit",
    notes: """
      The proof is JSON that anybody checks without the estate: from the certificate to its \
      chunk, from the chunk to its entry, from the entry to a checkpoint that the log signed.
      """,
    operands: [Operand(name: "SERIAL", summary: "the serial number of the certificate")],
    options: [.value("--out", "FILE", "write the proof there")],
    example: "smki audit prove 4100001A1FC6B4528A3221BD54F20CEE --out proof.json"
  ) { invocation in
    let proof = try proof(of: invocation.serial(invocation.operands[0]), in: Opening(invocation))
    let text = String(decoding: try proof.encoded(), as: UTF8.self)
    guard let file = invocation.value("--out") else {
      Terminal.print(text)
      return .done
    }
    try Files.writeNew(file, text + "\n")
    try invocation.show(["file": file]) { "proof in \(file)" }
    return .done
  }

  private static func proof(
    of serial: [UInt8], in opening: Opening
  ) throws -> CertificateProof {
    do {
      return try CertificateProof.make(
        serial: serial, records: opening.records, key: AuditKey.read(opening.folder.auditKey))
    } catch ProofError.unknownSerial(let serial) {
      throw Failure.Message(.faults, "there is no certificate \(serial)")
    } catch ProofError.notYetSigned {
      throw Failure.Message(
        .unavailable, "no signed checkpoint covers the certificate yet",
        remedy: "Have one signed: smki audit checkpoint.")
    } catch ProofError.damaged(let detail) {
      throw Failure.Message(.faults, detail, remedy: "smki verify says what is wrong.")
    }
  }

  static let auditCheck = Command(
    name: "audit check", summary: "check a proof; of an estate no more than its key is needed",
    notes: "Scripts/check-proof.py does the same without this program.",
    operands: [Operand(name: "FILE", summary: "what smki audit prove or smki pma proof wrote")],
    options: [
      .value(
        "--key", "FILE", "the log's public key; by default authorities/audit.vkey of the estate")
    ], example: "smki audit check proof.json --key var/authorities/audit.vkey"
  ) { invocation in
    let key = try AuditKey.read(invocation.value("--key") ?? invocation.folder.auditKey)
    do {
      let data = Data(try Files.read(invocation.operands[0]))
      if let decision = try? JSONDecoder().decode(DecisionProof.self, from: data) {
        try decision.check(key)
      } else {
        try JSONDecoder().decode(CertificateProof.self, from: data).check(key)
      }
      try invocation.show(["verdict": "proven", "log": key.name]) { "proven by \(key.name)" }
      return .done
    } catch let error as AuditError {
      throw Failure.Message(.faults, "not proven: \(error)")
    } catch is DecodingError {
      throw Failure.Message(.faults, "\(invocation.operands[0]) is no proof")
    }
  }

  static let auditExport = Command(
    name: "audit export", summary: "hand the audit over as a folder of files",
    notes: """
      The layout is C2SP tlog-tiles, up to the last signed checkpoint; exporting to the same \
      folder again adds what is new.
      """,
    operands: [Operand(name: "DIR", summary: "the folder, made when it is missing")],
    example: "smki audit export audit-2031"
  ) { invocation in
    let audit = try Opening(invocation).records.audit
    guard try audit.checkpoint != nil else {
      throw Failure.Message(
        .unavailable, "no checkpoint has been signed yet",
        remedy: "Have one signed: smki audit checkpoint.")
    }
    let exported = try audit.export(to: invocation.operands[0])
    try invocation.show(["size": exported.size, "files": exported.files]) {
      "\(exported.size) entries in \(invocation.operands[0]), \(exported.files) files written"
    }
    return .done
  }
}

/// An entry of the audit in one line.
private struct EntryRow: Encodable {
  let index: Int
  let time: String
  let actor: String
  let role: String
  let action: String
  let clause: String
  let facts: [String: String]

  init(_ index: Int, _ entry: Entry) {
    self.index = index
    time = entry.time.rfc3339
    actor = entry.actor
    role = entry.role
    action = entry.action
    clause = entry.clause
    facts = entry.facts
  }

  /// Who, in which role, what and why in one line, and below it what else the entry says.
  var text: String {
    let margin = String(repeating: " ", count: 8)
    let head = "\("\(index)".padded(to: 6))  \(time)  \(actor) (\(role)): \(action) [\(clause)]"
    return facts.sorted { $0.key < $1.key }.reduce(into: head) { text, fact in
      text += "\n\(margin)\(fact.key)=\(fact.value)"
    }
  }
}

/// The log's public key as a file: one line, `name+id+base64` (C2SP signed-note).
enum AuditKey {
  /// Every key of a file, one a line; at least one.
  static func readAll(_ path: String) throws -> [NoteKey] {
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    do {
      let keys = try text.split(whereSeparator: \.isNewline).map { try NoteKey(String($0)) }
      guard !keys.isEmpty else { throw Failure.Message(.failed, "\(path) holds no key") }
      return keys
    } catch let error as AuditError {
      throw Failure.Message(.failed, "\(path): \(error)")
    }
  }

  static func read(_ path: String) throws -> NoteKey {
    let text = String(decoding: try Files.read(path), as: UTF8.self)
    do {
      return try NoteKey(String(text.prefix { !$0.isNewline }))
    } catch {
      throw Failure.Message(.failed, "\(path): \(error)")
    }
  }
}
