// SPDX-License-Identifier: Apache-2.0

import Archive
package import Audit
package import DER
import FoundationEssentials
import Keys
import Records
package import Repository
import SEC
import X509

/// ENG-mirror: a verified copy of the Repository's certificates on a party's own machine.
///
/// Its folder holds the bulk files as they were served, and a store in which the same searches find
/// the same certificates without a line to anybody. What no signed manifest names is not taken.
package final class Mirror: Sendable {
  /// Reads octets of a file of the bulk interface; the whole file when there is no range.
  package typealias Fetch = (_ name: String, _ range: Range<Int>?) throws -> [UInt8]

  /// Octets that are asked for at once: what an interruption costs at most.
  package static let pieceOctets = 1 << 20
  /// Certificates that one writing takes.
  static let loadedAtOnce = 1_000

  /// Where it is.
  package let folder: String
  /// The bulk files in it.
  package let files: BulkFolder
  let key: NoteKey
  let clock: @Sendable () -> Time
  let records: Records
  /// Finds what is here.
  package let repository: Repository

  /// What a synchronisation did.
  package struct Report: Codable, Hashable, Sendable {
    /// The manifests that are held now.
    package internal(set) var manifests: [String] = []
    /// Octets that were fetched.
    package internal(set) var fetched = 0
    /// Segments that were damaged here and fetched again.
    package internal(set) var mended: [String] = []
    /// Certificates that came in, and that are here.
    package internal(set) var added = 0
    package internal(set) var certificates = 0
  }

  static let actor = Actor(name: "mirror", role: .system)

  /// Opens a mirror's folder, and makes it when there is none.
  ///
  /// - Parameters:
  ///   - folder: the folder; nobody else may have it open.
  ///   - key: the key of the bulk files, as the DCC gave it.
  ///   - clock: tells the time.
  /// - Throws: `storeInUse`, or a failure of the store or the files.
  package init(_ folder: String, key: NoteKey, clock: @escaping @Sendable () -> Time) throws {
    self.folder = folder
    self.key = key
    self.clock = clock
    files = BulkFolder("\(folder)/files")
    try files.make()
    records = try Records.open(
      "\(folder)/mirror.sqlite", clock: clock, migrations: MirrorRecords.migrations)
    repository = Repository(records: records)
  }

  /// Closes the store.
  package func close() { records.close() }

  /// What is on the lists, for searches by status.
  package var revocations: Revocations {
    Revocations(
      isRevoked: { serial in
        try self.records.read { try MirrorRecords.isRevoked(serial, in: $0) }
      },
      next: { number, most in
        try self.records.read { try MirrorRecords.revoked(after: number, most: most, in: $0) }
      })
  }

  /// K-certificate-status: as the lists of the newest manifest have it.
  package func status(
    of certificate: LodgedCertificate, at moment: Time
  ) throws -> CertificateStatus {
    try revocations.isRevoked(certificate.serial) ? .revoked : certificate.status(at: moment)
  }

  /// The manifests that are here, the newest full extract and the deltas after it.
  func manifests() throws -> [BulkManifest] {
    let full = try files.names(of: .full).last.flatMap { try files.manifest($0, key: key) }
    let deltas = try files.names(of: .delta).compactMap { try files.manifest($0, key: key) }
      .filter { delta in
        // A day on which nothing was lodged has its lists and marks all the same.
        full.map { delta.last > $0.last || delta.made > $0.made } ?? true
      }
    return [full].compactMap(\.self) + deltas.sorted { $0.first < $1.first }
  }

  /// Brings the mirror to what is served now: what is missing is fetched, what is damaged here is
  /// fetched again, and a download that was interrupted goes on.
  ///
  /// - Throws: `mirror-older`, `mirror-segment`, `AuditError` for a manifest that nobody known
  ///   signed, and what `fetch` throws.
  package func synchronise(
    index: BulkInterface.Index, fetch: Fetch, progress: (String) -> Void = { _ in }
  ) throws -> Report {
    var report = Report()
    try takeManifests(index, fetch)
    let manifests = try manifests()
    report.manifests = manifests.map(\.name)
    for segment in manifests.flatMap(\.segments) {
      let isHere = FileSystem.size(files.segment(segment.name)) != nil
      if isHere {
        guard files.fault(of: segment) != nil else { continue }
        report.mended.append(segment.name)
        try FileSystem.remove(files.segment(segment.name))
      }
      progress(segment.name)
      report.fetched += try fetchSegment(segment, fetch)
    }
    report.added = try load(manifests)
    try takeLists(manifests)
    try takeMarks(manifests)
    try removeOld(manifests)
    report.certificates = try records.read { try MirrorRecords.count(in: $0) }
    return report
  }

  /// Manifests are small and are fetched whole; one that is older than what is here is refused.
  private func takeManifests(_ index: BulkInterface.Index, _ fetch: Fetch) throws {
    let held = try manifests()
    var taken: [(BulkManifest, [UInt8])] = []
    for name in index.full.suffix(1) + index.delta where BulkSegment.isName(name) {
      let octets = try fetch(name, nil)
      let manifest = try BulkManifest(note: octets, key: key)
      guard manifest.name == name else { throw Refusal.mirrorSegment(name, "another manifest") }
      taken.append((manifest, octets))
    }
    let newest = taken.map(\.0.last).max() ?? 0
    if let last = held.map(\.last).max(), newest < last {
      throw Refusal.mirrorOlder(newest, last)
    }
    for (manifest, octets) in taken where try files.octets(ofManifest: manifest.name) != octets {
      try replace(files.manifest(manifest.name), octets)
    }
  }

  /// Fetches a segment in pieces behind what an earlier attempt has left.
  ///
  /// - Returns: how many octets were fetched.
  private func fetchSegment(_ segment: BulkSegment, _ fetch: Fetch) throws -> Int {
    let part = files.segment(segment.name) + ".part"
    var fetched = 0
    for isFirst in [true, false] {
      var have = FileSystem.size(part) ?? 0
      if have > segment.octets {
        try FileSystem.remove(part)
        have = 0
      }
      while have < segment.octets {
        let range = have..<min(segment.octets, have + Self.pieceOctets)
        let octets = try fetch(segment.name, range)
        guard octets.count == range.count else {
          throw Refusal.mirrorSegment(segment.name, "\(octets.count) octets of \(range.count)")
        }
        try FileWriter.append(octets, to: part)
        have += octets.count
        fetched += octets.count
      }
      if try BulkFolder.digest(ofFile: part) == segment.digest {
        try FileSystem.move(part, to: files.segment(segment.name))
        return fetched
      }
      // What an earlier attempt left may be damaged: once more from the beginning.
      try FileSystem.remove(part)
      if !isFirst { break }
    }
    throw Refusal.mirrorSegment(segment.name, "other octets than the manifest's")
  }

  private func replace(_ path: String, _ octets: [UInt8]) throws {
    try FileSystem.remove(path + ".new")
    let writer = try FileWriter(new: path + ".new")
    try writer.write(octets)
    try writer.sync()
    try FileSystem.move(path + ".new", to: path)
  }

  private func removeOld(_ manifests: [BulkManifest]) throws {
    let kept = Set(manifests.map(\.name))
    for kind in BulkManifest.Kind.allCases {
      for name in files.names(of: kind) where !kept.contains(name) {
        try FileSystem.remove(files.manifest(name))
      }
    }
    let segments = Set(manifests.flatMap(\.segments).map(\.name))
    for name in try FileSystem.names(in: files.path + "/segments")
    where !segments.contains(name) && !name.hasSuffix(".part") {
      try FileSystem.remove(files.segment(name))
    }
  }
}
