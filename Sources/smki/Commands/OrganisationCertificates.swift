// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Repository
import Revocation
import SEC
import Service

extension Command {
  static let organisationMark = Command(
    name: "organisation mark",
    summary: "say that a certificate is meant for loading into devices at manufacture",
    notes: """
      The Repository then shows the manufacturing flag with it, and smki find --manufacturing true \
      finds it (L3.11). Bulk files and mirrors have the flag from the next extract on.
      """,
    operands: [Operand(name: "SERIAL", summary: "serial number, hexadecimal or decimal")],
    options: [
      .required("--reason", "TEXT", "why"),
      .flag("--withdraw", "it is meant for that no longer"),
    ],
    example: "smki organisation mark 4100001A1FC6B4528A3221BD54F20CEE --reason 'installing in 2027'"
  ) { invocation in
    try invocation.perform(
      MarkForManufacture(
        serial: Hex.encode(invocation.serial(invocation.operands[0])),
        isMeant: !invocation.has("--withdraw"), reason: invocation.required("--reason")))
  }

  private static let databaseOptions: [Option] = [
    .required("--out", "FILE", "where it is written"),
    .flag("--all", "also what has ended or was revoked"),
  ]
  private static let databaseNotes = """
    JSON by EUI-64, usage and decimal serial number, as the public tools of the DCC read it \
    (K-database-file).
    """

  static let organisationDatabase = Command(
    name: "organisation database",
    summary: "write the Organisation Certificates in use to a certificate database file",
    notes: databaseNotes, options: databaseOptions,
    example: "smki organisation database --out organisations.json"
  ) { invocation in
    let opening = try Opening(invocation)
    let revocation = Revocation(records: opening.records)
    return try invocation.writeDatabase(of: opening.repository) {
      try revocation.status(of: $0, at: $1)
    }
  }

  static let mirrorDatabase = Command(
    name: "mirror database",
    summary: "write the Organisation Certificates of a local copy to a certificate database file",
    notes: databaseNotes, options: mirrorOptions + databaseOptions,
    example: "smki mirror database --folder mirror --trust audit.vkey --out organisations.json"
  ) { invocation in
    let mirror = try invocation.mirror()
    defer { mirror.close() }
    return try invocation.writeDatabase(of: mirror.repository) {
      try mirror.status(of: $0, at: $1)
    }
  }
}

extension Invocation {
  fileprivate func writeDatabase(
    of repository: Repository, status: (LodgedCertificate, Time) throws -> CertificateStatus
  ) throws -> ExitCode {
    let now = SystemClock.now()
    let isWhole = has("--all")
    let database = try CertificateDatabase(of: repository) {
      try isWhole || status($0, now) == .inUse
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let file = try required("--out")
    try Files.writeNew(file, Array(try encoder.encode(database)) + [0x0A])
    try show(["file": file, "certificates": "\(database.count)"]) {
      "\(database.count) certificates in \(file)"
    }
    return .done
  }
}
