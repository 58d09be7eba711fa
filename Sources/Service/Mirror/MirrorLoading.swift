// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys
import Records
import Repository
import SEC
import X509

/// How certificates come from verified files into the store of a mirror.
extension Mirror {
  /// Loads the segments that are not in the store yet.
  ///
  /// - Returns: how many certificates were new.
  func load(_ manifests: [BulkManifest]) throws -> Int {
    var added = 0
    for segment in manifests.flatMap(\.segments) where segment.content == .certificates {
      guard try !records.read({ try MirrorRecords.isLoaded(segment.name, in: $0) }) else {
        continue
      }
      var waiting: [[UInt8]] = []
      try files.each(of: segment) { der in
        waiting.append(der)
        if waiting.count == Self.loadedAtOnce {
          added += try lodge(waiting, of: segment, isLast: false)
          waiting.removeAll(keepingCapacity: true)
        }
      }
      added += try lodge(waiting, of: segment, isLast: true)
    }
    return added
  }

  /// Lodges certificates that are not there yet; a segment counts as loaded with its last ones.
  private func lodge(_ ders: [[UInt8]], of segment: BulkSegment, isLast: Bool) throws -> Int {
    let entry = Entry(
      Self.actor, "mirror-loaded", clause: "ENG-mirror", at: clock(),
      facts: ["segment": segment.name])
    let certificates = try ders.enumerated().map { position, der in
      try Self.lodged(der, at: position, of: segment)
    }
    return try records.write(entry) { transaction in
      let new = try certificates.filter {
        try !Repository.isTaken(serial: $0.serial, in: transaction)
      }
      try Repository.lodge(new, in: transaction)
      if isLast { try MirrorRecords.note(segment, in: transaction) }
      transaction.note("count", "\(new.count)")
      return new.count
    }
  }

  /// A certificate as it is lodged here: who asked for it, and when to the millisecond, only the
  /// Repository itself knows.
  private static func lodged(
    _ der: [UInt8], at position: Int, of segment: BulkSegment
  ) throws -> LodgedCertificate {
    guard let certificate = try? Certificate(parsing: der),
      case let columns = CertificateColumns(certificate), let kind = columns.kind
    else { throw Refusal.mirrorSegment(segment.name, "something that is no certificate") }
    return LodgedCertificate(
      serial: columns.serial, kind: kind, entity: columns.entity.flatMap { EntityID(octets: $0) },
      keyIdentifier: columns.keyIdentifier, usage: columns.usage, role: columns.role, chunk: 0,
      position: position, party: nil, requestHash: nil, issued: columns.notBefore,
      notAfter: columns.notAfter, der: der)
  }

  /// Takes what is revoked from the lists of the newest manifest.
  func takeLists(_ manifests: [BulkManifest]) throws {
    guard let newest = manifests.max(by: { $0.made < $1.made }),
      let segment = newest.segments.first(where: { $0.content == .lists }),
      try !records.read({ try MirrorRecords.isLoaded(segment.name, in: $0) })
    else { return }
    var revoked: [(serial: [UInt8], revoked: Time)] = []
    try files.each(of: segment) { octets in
      guard let list = try? RevocationList(parsing: octets) else {
        throw Refusal.mirrorSegment(segment.name, "something that is no list")
      }
      for entry in list.tbs.entries {
        revoked.append((Array(entry.serialNumber.magnitude), entry.revoked))
      }
    }
    let entry = Entry(
      Self.actor, "mirror-lists", clause: "ENG-mirror", at: clock(),
      facts: ["segment": segment.name, "count": "\(revoked.count)"])
    let all = revoked
    try records.write(entry) { transaction in
      try MirrorRecords.replaceRevoked(all, in: transaction)
      try MirrorRecords.note(segment, in: transaction)
    }
  }

  /// L3.11: takes from the newest manifest what is meant for loading at manufacture.
  func takeMarks(_ manifests: [BulkManifest]) throws {
    guard let newest = manifests.max(by: { $0.made < $1.made }) else { return }
    var serials: [[UInt8]] = []
    for segment in newest.segments where segment.content == .marks {
      try files.each(of: segment) { octets in
        guard octets.count == 18, octets.starts(with: [0x04, 16]) else {
          throw Refusal.mirrorSegment(segment.name, "something that is no serial number")
        }
        serials.append(Array(octets.dropFirst(2)))
      }
    }
    guard try records.read({ try Repository.marked(in: $0) }) != serials else { return }
    let entry = Entry(
      Self.actor, "mirror-marks", clause: "L3.11", at: clock(),
      facts: ["manifest": newest.name, "count": "\(serials.count)"])
    let all = serials
    try records.write(entry) { try Repository.replaceMarks(all, in: $0) }
  }

  /// What is wrong with the mirror: every octet of every file, and every certificate of the store
  /// against them.
  package func faults() throws -> [String] {
    let manifests = try manifests()
    var faults = manifests.flatMap(\.segments).compactMap(files.fault(of:))
    guard faults.isEmpty else { return faults }
    var serials: Set<[UInt8]> = []
    for segment in manifests.flatMap(\.segments) where segment.content == .certificates {
      try files.each(of: segment) { der in
        guard let serial = (try? Certificate(parsing: der))?.serialNumber.magnitude else { return }
        serials.insert(Array(serial))
        let found = try? repository.certificate(serial: Array(serial))
        if found?.der != der {
          faults.append("the store has another certificate \(Hex.encode(serial))")
        }
      }
    }
    let count = try records.read { try MirrorRecords.count(in: $0) }
    if count != serials.count {
      faults.append("the store has \(count) certificates, the files \(serials.count)")
    }
    return faults
  }
}
