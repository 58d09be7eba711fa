// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys
import Repository
import Service

extension Command {
  static let bulkList = Command(
    name: "bulk list", summary: "list the bulk files of the Repository: full extracts and deltas",
    options: [], example: "smki bulk list"
  ) { invocation in
    let (folder, key) = try invocation.bulk()
    let rows = try BulkManifest.Kind.allCases.flatMap { kind in
      try folder.names(of: kind).compactMap { try folder.manifest($0, key: key) }
    }.map(BulkRow.init)
    try invocation.show(rows) {
      Table(
        headings: ["name", "certificates", "segments", "octets", "made"],
        rows: rows.map {
          [$0.name, "\($0.certificates)", "\($0.segments)", "\($0.octets)", $0.made]
        }
      ).text() + "\nkey \(key)"
    }
    return .done
  }

  static let bulkMake = Command(
    name: "bulk make", summary: "make bulk files now: what is due, or a kind that is named",
    notes: "The node makes a delta every day and a full extract every week by itself.",
    options: [
      .value(
        "--kind", "KIND", "also when it is not due, once a day",
        words: BulkManifest.Kind.allCases.map(\.rawValue))
    ], example: "smki bulk make --kind delta"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      MakeBulk(kind: invocation.value("--kind")))
    try invocation.show(answer) {
      answer.published.isEmpty
        ? "nothing was due" : "published \(answer.published.joined(separator: ", "))"
    }
    return .done
  }

  static let bulkCheck = Command(
    name: "bulk check", summary: "check every octet of the bulk files against the signed manifests",
    notes: "Ends with 4 and names each segment that is missing or was changed.",
    options: [], example: "smki bulk check"
  ) { invocation in
    let (folder, key) = try invocation.bulk()
    var segments: Set<BulkSegment> = []
    for name in BulkManifest.Kind.allCases.flatMap(folder.names(of:)) {
      segments.formUnion(try folder.manifest(name, key: key)?.segments ?? [])
    }
    let faults = segments.sorted { $0.name < $1.name }.compactMap(folder.fault(of:))
    let count = segments.count
    try invocation.show(faults) {
      faults.isEmpty ? "\(count) segments are as they were signed" : faults.joined(separator: "\n")
    }
    return faults.isEmpty ? .done : .faults
  }
}

extension Invocation {
  /// The folder of the bulk files, and the key that signs them, as the estate has them.
  fileprivate func bulk() throws -> (BulkFolder, NoteKey) {
    let configuration = try Opening.configuration(of: folder)
    return (
      BulkFolder(configuration.bulk.folder ?? folder.bulk),
      try AuditKey.ofBulk(folder.auditKey)
    )
  }
}

extension AuditKey {
  /// The key of the bulk files, which is that of the audit under another name.
  static func ofBulk(_ path: String) throws -> NoteKey {
    let key = try read(path)
    return try NoteKey(BulkMaker.origin(ofAudit: key.name), .ed25519(key.publicKey))
  }
}

/// Bulk files in one line.
private struct BulkRow: Encodable {
  let name: String
  let certificates: Int
  let segments: Int
  let octets: Int
  let made: String

  init(_ manifest: BulkManifest) {
    name = manifest.name
    certificates = manifest.certificates
    segments = manifest.segments.count
    octets = manifest.segments.reduce(0) { $0 + $1.octets }
    made = manifest.made.rfc3339
  }
}
