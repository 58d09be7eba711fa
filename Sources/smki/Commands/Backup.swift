// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import FoundationEssentials
import Glibc
import Records
import SEC
import Service

extension Command {
  static let backup = Command(
    name: "backup", summary: "copy an estate, also while it serves",
    notes: """
      Keys are copied sealed, as they are; the passphrase and the keys of the roots stay behind. \
      The copy does not serve before smki restore has verified it. Records on a PostgreSQL server \
      are copied by the server's own means.
      """,
    operands: [Operand(name: "DIR", summary: "the folder to be made; it must not be there")],
    example: "smki backup /mnt/backup/2026-11-21"
  ) { invocation in
    let opening = try Opening(invocation)
    let name = opening.estate.name
    opening.records.close()
    guard opening.configuration.store == nil else {
      throw Failure.Message(
        .failed, "the records of \(name) are on a PostgreSQL server",
        remedy: "Use pg_basebackup or pg_dump: docs/operations/postgresql.md.")
    }
    let target = invocation.operands[0]
    let place = URL(filePath: target).path
    _ = try Channel(invocation: invocation).perform(NoteBackup(place: place))
    let note = try EstateCopy(from: invocation.folder, to: Folder(target)).take(
      estate: name, at: SystemClock.now())
    try invocation.show(note) {
      "\(note.size) audit entries in \(target), without passphrase and offline keys"
    }
    return .done
  }

  static let restore = Command(
    name: "restore", summary: "verify a copy of an estate and let it serve",
    notes: """
      Put the copy where it is to serve, name it with --estate, and run this: it does what smki \
      verify does, and only a sound copy serves. --checkpoint takes a signed checkpoint that was \
      kept elsewhere; when it is larger, certificates are out that the copy does not know, and \
      --accept-loss is needed. Records on a server that were put back by the server's own means \
      do not serve either when this node has seen a later checkpoint; this command then verifies \
      them in place. Ends with 4 when there are faults.
      """,
    options: [
      .value("--checkpoint", "FILE", "the last signed checkpoint that was kept elsewhere"),
      .flag("--accept-loss", "let a copy serve that ends before the checkpoint"),
    ], example: "smki restore --estate /var/lib/smki --checkpoint last.checkpoint"
  ) { invocation in
    let folder = invocation.folder
    let configuration = try Opening.configuration(of: folder)
    guard let note = try EstateCopy.note(of: folder) else {
      return try goOn(invocation, configuration)
    }
    let officer = try Control.officer(getuid(), in: .operatorOfSystem, of: configuration)
    let key = try AuditKey.read(folder.auditKey)
    let records = try Records.examine(folder.records, migrations: Store.migrations)
    let report = try Verification(
      records: records, keys: [key], origin: key.name, openChunks: .allowed,
      accessLog: AccessFolder(
        folder.access, node: configuration.nodeOfAccessLog,
        formerly: configuration.nodeName.name)
    ).run { Terminal.progress("certificates", $0, of: $1) }
    guard report.isSound else {
      for fault in report.faults { Terminal.complain("\(fault)") }
      throw Failure.Message(
        .faults, "the copy has \(report.faultCount) faults and does not serve",
        remedy: "Take another copy, or the original.")
    }
    let lost = try missing(in: records.audit, note, invocation, key)
    records.close()
    let size = try enter(officer, folder, note, lost: lost)
    try FileManager.default.removeItem(atPath: folder.copyNote)
    let shown = ["estate": note.estate, "taken": note.taken, "size": "\(size)", "lost": "\(lost)"]
    try invocation.show(shown) {
      "\(note.estate) as of \(note.taken) is sound and may serve"
        + (lost > 0 ? "; \(lost) entries are lost" : "")
    }
    return .done
  }

  /// ENG-backup: lets records serve that were put back by the server's own means, and lack entries
  /// that a checkpoint was signed for, once they are verified and an officer accepts the loss.
  private static func goOn(
    _ invocation: Invocation, _ configuration: Configuration
  ) throws -> ExitCode {
    let folder = invocation.folder
    let officer = try Control.officer(getuid(), in: .operatorOfSystem, of: configuration)
    let key = try AuditKey.read(folder.auditKey)
    let records = try Records.examine(folder.records, migrations: Store.migrations)
    guard let loss = try LastCheckpoint(folder).loss(in: records.audit) else {
      throw Failure.Message(
        .failed, "\(folder.path) is no copy that waits to be verified, and its records lack nothing"
      )
    }
    let report = try Verification(
      records: records, keys: [key], origin: key.name, openChunks: .allowed
    ).run { Terminal.progress("certificates", $0, of: $1) }
    records.close()
    guard report.isSound else {
      for fault in report.faults { Terminal.complain("\(fault)") }
      throw Failure.Message(
        .faults, "the records have \(report.faultCount) faults and do not serve",
        remedy: "Put back another copy.")
    }
    guard invocation.has("--accept-loss") else {
      throw Failure.Message(
        .faults,
        "the records end at \(loss.found) entries, and a checkpoint over \(loss.signed) was signed",
        remedy: "Find a later copy, or say --accept-loss: what was issued since is not known to it."
      )
    }
    let lost = max(0, loss.signed - loss.found)
    let open = try Records.open(
      folder.records, as: configuration.nodeName, clock: SystemClock.now,
      migrations: Store.migrations)
    defer { open.close() }
    let entry = Entry(
      officer, "estate-restored", clause: "ENG-backup", at: SystemClock.now(),
      facts: ["size": "\(loss.found)", "lost": "\(lost)", "signed": "\(loss.signed)"])
    try open.write(entry) { _ in }
    try AccessFolder(
      folder.access, node: configuration.nodeOfAccessLog,
      formerly: configuration.nodeName.name
    ).reopenUnknown(in: open.audit)
    try LastCheckpoint(folder).forget()
    try invocation.show(["size": "\(loss.found)", "lost": "\(lost)"]) {
      "the records are sound up to \(loss.found) entries and may serve; \(lost) are lost"
    }
    return .done
  }

  /// Holds the copy against its own note and against a checkpoint that was kept elsewhere.
  ///
  /// - Returns: how many entries the copy lacks.
  private static func missing(
    in audit: AuditLog, _ note: EstateCopy.Note, _ invocation: Invocation, _ key: NoteKey
  ) throws -> Int {
    let size = try audit.size
    guard size >= note.size, Hex.encode(try audit.root(size: note.size)) == note.root else {
      throw Failure.Message(
        .faults, "the copy is not the one that backup.json was written for",
        remedy: "Take another copy, or the original.")
    }
    guard let path = invocation.value("--checkpoint") else { return 0 }
    let checkpoint: Checkpoint
    do {
      let signed = try SignedNote(try Files.read(path))
      try signed.verify([key])
      checkpoint = try Checkpoint(text: signed.text)
    } catch let error as AuditError {
      throw Failure.Message(.failed, "\(path): \(error)")
    }
    guard checkpoint.size > size else {
      guard try audit.root(size: checkpoint.size) == checkpoint.root else {
        throw Failure.Message(.faults, "the checkpoint in \(path) is of another audit")
      }
      return 0
    }
    let lost = checkpoint.size - size
    guard invocation.has("--accept-loss") else {
      throw Failure.Message(
        .faults, "the copy lacks \(lost) entries of the audit that a checkpoint was signed for",
        remedy: "Find a later copy, or say --accept-loss: what was issued since is not known to it."
      )
    }
    return lost
  }

  /// Says in the audit that the estate goes on from a copy.
  private static func enter(
    _ officer: Actor, _ folder: Folder, _ note: EstateCopy.Note, lost: Int
  ) throws -> Int {
    let records = try Records.open(
      folder.records, clock: SystemClock.now, migrations: Store.migrations)
    defer { records.close() }
    let entry = Entry(
      officer, "estate-restored", clause: "ENG-backup", at: SystemClock.now(),
      facts: ["taken": note.taken, "size": "\(note.size)", "lost": "\(lost)"])
    try records.write(entry) { _ in }
    return try records.audit.size
  }
}
