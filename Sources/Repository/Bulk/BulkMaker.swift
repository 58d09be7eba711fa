// SPDX-License-Identifier: Apache-2.0

import Archive
package import Audit
package import DER
package import Keys
package import Records
package import SEC
import Threads

/// MP147-bulk: makes a full extract every week and a delta every day, a piece at a time.
///
/// A segment holds the certificates between two places in the order of lodging. Those of a full
/// extract that are full stay as they are for ever and stand in the next one too: what a week costs
/// grows with what came in it.
package struct BulkMaker: Sendable {
  /// How the files are made.
  package struct Rules: Hashable, Sendable {
    /// Certificates of a segment [assumed]: some ten megabytes.
    package var segmentCertificates = 50_000
    /// Days from one full extract to the next (MP147).
    package var fullEveryDays = 7
    /// Deltas that are kept (MP147), and full extracts [assumed].
    package var deltasKept = 7
    package var fullsKept = 2
    /// Seconds after which certificates count as settled [assumed]: on a server, several nodes
    /// lodge at once, and an earlier place can become visible after a later one.
    package var settleSeconds: Int64 = 60

    /// The usual rules.
    package init() {}
  }

  /// Where the files are.
  package let folder: BulkFolder
  private let records: Records
  private let key: SoftwareKey
  /// The name of the audit.
  private let audit: String
  private let rules: Rules
  private let lists: @Sendable () throws -> [[UInt8]]
  /// Whether somebody makes a piece: the scheduler and an officer may ask at the same time.
  private let isTaken = Guarded(false)

  /// A maker of the bulk files of a store.
  ///
  /// - Parameters:
  ///   - folder: where they are.
  ///   - records: the store.
  ///   - key: signs them, as it signs checkpoints of the audit.
  ///   - audit: the name of the audit.
  ///   - rules: how they are made.
  ///   - lists: the newest list of every issuer.
  package init(
    _ folder: BulkFolder, records: Records, key: SoftwareKey, audit: String, rules: Rules,
    lists: @escaping @Sendable () throws -> [[UInt8]]
  ) {
    self.folder = folder
    self.records = records
    self.key = key
    self.audit = audit
    self.rules = rules
    self.lists = lists
  }

  /// The name of the files' key for an audit's name.
  package static func origin(ofAudit name: String) -> String { name + "/bulk" }

  /// The public half of the key, as those who take the files know it.
  package var noteKey: NoteKey {
    get throws { try NoteKey(Self.origin(ofAudit: audit), key.publicKey) }
  }

  /// Something that is being made.
  struct Task: Hashable {
    let kind: BulkManifest.Kind
    let day: String
    let first, last: Int

    var text: String { "\(kind.rawValue) \(day) \(first) \(last)\n" }
  }

  /// Makes a piece of what is due; while another caller makes one, it only says that there is more.
  ///
  /// - Parameters:
  ///   - moment: now.
  ///   - asked: makes this kind also when it is not due.
  ///   - actor: who makes it.
  /// - Returns: the name of a manifest that was published, and whether there is more to do.
  /// - Throws: a failure of the store or the files; what was complete stays.
  package func work(
    at moment: Time, making asked: BulkManifest.Kind? = nil, by actor: Actor
  ) throws -> (published: String?, hasMore: Bool) {
    let isMyTurn = isTaken.change { isTaken in
      defer { isTaken = true }
      return !isTaken
    }
    guard isMyTurn else {
      _ = Gate().wait(milliseconds: 100)
      return (nil, true)
    }
    defer { isTaken.change { $0 = false } }
    guard let task = try pending() ?? begin(asked, at: moment) else { return (nil, false) }
    for (first, last) in ranges(of: task) where try known(first, last) == nil {
      try make(first, last)
      return (nil, true)
    }
    try publish(task, at: moment, by: actor)
    return ("\(task.kind.rawValue)-\(task.day)", true)
  }

  private var pendingPath: String { "\(folder.path)/pending" }

  private func pending() throws -> Task? {
    guard FileSystem.size(pendingPath) != nil else { return nil }
    let octets = try FileReader(pendingPath).read(at: 0, count: 200)
    let words = String(decoding: octets.dropLast(), as: UTF8.self).split(separator: " ")
    guard words.count == 4, let kind = BulkManifest.Kind(rawValue: String(words[0])),
      let first = Int(words[2]), let last = Int(words[3])
    else { return nil }
    return Task(kind: kind, day: String(words[1]), first: first, last: last)
  }

  /// Decides what is due, and up to which certificate it goes.
  private func begin(_ asked: BulkManifest.Kind?, at moment: Time) throws -> Task? {
    let day = String(moment.rfc3339.prefix(10))
    let key = try noteKey
    func newest(_ kind: BulkManifest.Kind) throws -> BulkManifest? {
      try folder.names(of: kind).last.flatMap { try folder.manifest($0, key: key) }
    }
    let (full, delta) = (try newest(.full), try newest(.delta))
    let isFullDue =
      full.map { moment.seconds - $0.made.seconds >= Int64(rules.fullEveryDays) * 86_400 } ?? true
    let kind: BulkManifest.Kind
    if let asked, folder.names(of: asked).last.map({ $0 < "\(asked.rawValue)-\(day)" }) ?? true {
      kind = asked
    } else if delta.map({ $0.day < day }) ?? true {
      kind = .delta
    } else if isFullDue {
      kind = .full
    } else {
      return nil
    }
    let last = try settled(at: moment)
    let first = kind == .full ? 1 : (delta?.last ?? 0) + 1
    let task = Task(kind: kind, day: day, first: first, last: max(last, first - 1))
    try folder.make()
    try write(Array(task.text.utf8), to: pendingPath)
    return task
  }

  /// The last certificate that is settled.
  private func settled(at moment: Time) throws -> Int {
    let horizon = moment.adding(seconds: -rules.settleSeconds)
    return try records.read { reading in
      try reading.first(
        """
        SELECT id FROM certificate WHERE issued < \(horizon) ORDER BY issued DESC, id DESC LIMIT 1
        """
      )?.int("id") ?? 0
    }
  }

  /// The segments of something: those of a full extract begin at the same places every week.
  private func ranges(of task: Task) -> [(first: Int, last: Int)] {
    stride(from: task.first, through: task.last, by: rules.segmentCertificates).map { first in
      (first, min(task.last, first + rules.segmentCertificates - 1))
    }
  }

  private func stem(_ first: Int, _ last: Int) -> String {
    func digits(_ number: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, 12 - text.utf8.count)) + text
    }
    return "certificates-\(digits(first))-\(digits(last))"
  }

  private func linePath(_ stem: String) -> String { "\(folder.segments)/\(stem).line" }

  /// A segment that was made, when it holds as many certificates as lie there now.
  private func known(_ first: Int, _ last: Int) throws -> BulkSegment? {
    let path = linePath(stem(first, last))
    guard FileSystem.size(path) != nil,
      case let octets = try FileReader(path).read(at: 0, count: 400),
      let segment = BulkSegment(line: String(decoding: octets.dropLast(), as: UTF8.self)),
      FileSystem.size(folder.segment(segment.name)) == segment.octets,
      try count(first, last) == segment.count
    else { return nil }
    return segment
  }

  private func count(_ first: Int, _ last: Int) throws -> Int {
    try records.read { reading in
      try reading.first(
        """
        SELECT count(*) AS count FROM certificate
        WHERE id >= \(first) AND id <= \(last) AND kind <> \(CertificateClass.iki.rawValue)
        """
      )?.int("count") ?? 0
    }
  }

  /// L5.1: the certificates between two places; credentials of people and systems are no part.
  private func make(_ first: Int, _ last: Int) throws {
    let stem = stem(first, last)
    let segment = try pack(.certificates, stem) { add in
      var next = first
      while next <= last {
        let rows = try records.read { reading in
          try reading.query(
            """
            \(RepositoryRecords.selection) WHERE id >= \(next) AND id <= \(last)
            ORDER BY id LIMIT 1000
            """)
        }
        guard let end = try rows.last?.int("id") else { break }
        for row in rows where try row.text("kind") != CertificateClass.iki.rawValue {
          try add(RepositoryRecords.der(from: row))
        }
        next = end + 1
      }
    }
    try write(Array((segment.line + "\n").utf8), to: linePath(stem))
  }

  /// Packs octets into a segment whose name tells its content.
  private func pack(
    _ content: BulkSegment.Content, _ stem: String,
    _ body: (_ add: ([UInt8]) throws -> Void) throws -> Void
  ) throws -> BulkSegment {
    let temporary = "\(folder.segments)/.making-\(stem)"
    try FileSystem.remove(temporary)
    do {
      let writer = try PackedWriter(new: temporary)
      var digest = try RunningDigest(.sha256)
      var count = 0
      var waiting: [UInt8] = []
      try body { octets in
        waiting += octets
        count += 1
        if waiting.count >= FileReader.pieceOctets {
          digest.add(waiting)
          try writer.write(waiting)
          waiting.removeAll(keepingCapacity: true)
        }
      }
      digest.add(waiting)
      try writer.write(waiting)
      try writer.finish()
      let sum = digest.finish()
      let name = "\(stem)-\(Hex.encode(sum.prefix(4)).lowercased()).zst"
      let packed = try BulkFolder.digest(ofFile: temporary)
      let octets = FileSystem.size(temporary) ?? 0
      try FileSystem.move(temporary, to: folder.segment(name))
      return BulkSegment(
        content, name: name, octets: octets, digest: packed, count: count,
        contentOctets: writer.count, contentDigest: sum)
    } catch {
      try? FileSystem.remove(temporary)
      throw error
    }
  }

  /// Signs and publishes what is complete, and removes what is past its time.
  private func publish(_ task: Task, at moment: Time, by actor: Actor) throws {
    var segments = try ranges(of: task).compactMap { try known($0.first, $0.last) }
    let newest = try lists()
    segments.append(
      try pack(.lists, "lists-\(task.kind.rawValue)-\(task.day)") { add in
        for list in newest { try add(list) }
      })
    let marked = try records.read { try Repository.marked(in: $0) }
    if !marked.isEmpty {
      segments.append(
        try pack(.marks, "manufacturing-\(task.kind.rawValue)-\(task.day)") { add in
          for serial in marked { try add([0x04, UInt8(serial.count)] + serial) }
        })
    }
    let checkpoint = try records.audit.checkpoint.map { try Checkpoint(text: $0.text) }
    let manifest = BulkManifest(
      origin: Self.origin(ofAudit: audit), kind: task.kind, day: task.day, made: moment,
      first: task.first, last: task.last, treeSize: checkpoint?.size ?? 0,
      treeRoot: checkpoint?.root ?? MerkleTree.emptyRoot, segments: segments)
    let note = Array(
      try SignedNote(text: manifest.text).signed(by: key, as: manifest.origin).encoded.utf8)
    let entry = Entry(
      actor, "bulk-published", clause: "MP147-bulk", at: moment,
      facts: [
        "name": manifest.name, "certificates": "\(manifest.certificates)",
        "sha256": Hex.encode(Digest.sha256(note)),
      ])
    try records.write(entry) { _ in }
    try write(note, to: folder.manifest(manifest.name))
    try FileSystem.remove(pendingPath)
    try removeOld()
  }

  private func removeOld() throws {
    for (kind, kept) in [(BulkManifest.Kind.full, rules.fullsKept), (.delta, rules.deltasKept)] {
      for name in folder.names(of: kind).dropLast(kept) {
        try FileSystem.remove(folder.manifest(name))
      }
    }
    let key = try noteKey
    let named = try BulkManifest.Kind.allCases.flatMap { kind in
      try folder.names(of: kind).compactMap { try folder.manifest($0, key: key) }
    }.flatMap { $0.segments.map(\.name) }
    // `….line` says of a segment by its stem what a manifest will.
    let stems = Set(named.map(stemOf))
    let keep = Set(named)
    for file in try FileSystem.names(in: folder.segments) where !keep.contains(file) {
      let isLine = file.hasSuffix(".line") && stems.contains(String(file.dropLast(5)))
      if !isLine { try FileSystem.remove(folder.segment(file)) }
    }
  }

  /// The name of a segment without the digest and what follows it.
  private func stemOf(_ name: String) -> String {
    name.split(separator: "-").dropLast().joined(separator: "-")
  }

  /// Replaces a small file, all of it or nothing.
  private func write(_ octets: [UInt8], to path: String) throws {
    let temporary = path + ".new"
    try FileSystem.remove(temporary)
    let writer = try FileWriter(new: temporary)
    try writer.write(octets)
    try writer.sync()
    try FileSystem.move(temporary, to: path)
  }
}
