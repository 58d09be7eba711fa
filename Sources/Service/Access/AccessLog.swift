// SPDX-License-Identifier: Apache-2.0

package import DER
import Foundation
import Threads

/// ENG-audit-log: reads, and refusals before authentication, line by line in minute segments whose
/// hashes the audit has.
///
/// Whoever answers hands a line over and does not wait, except for reads of a live estate, which
/// are answered once their line is written. One thread writes what has come.
package final class AccessLog: Sendable {
  /// How much is kept, and how long.
  package struct Limits: Codable, Hashable, Sendable {
    /// Days for which segments stay on line: 12 months.
    package var daysOnLine = 366
    /// Years for which they are kept after that, packed, in the folder `archive`; 0 keeps none.
    package var archiveYears = 7
    /// The most reads of a minute that are listed; the others are counted.
    package var readsListedMax = 60_000
    /// The most refusals of a minute that are listed; the others are counted.
    package var refusalsListedMax = 600

    /// The usual limits.
    package init() {}

    /// Reads what is there; a limit that is missing is the usual one.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      func value(_ key: CodingKeys, _ usual: Int) throws -> Int {
        try values.decodeIfPresent(Int.self, forKey: key) ?? usual
      }
      daysOnLine = try value(.daysOnLine, daysOnLine)
      archiveYears = try value(.archiveYears, archiveYears)
      readsListedMax = try value(.readsListedMax, readsListedMax)
      refusalsListedMax = try value(.refusalsListedMax, refusalsListedMax)
    }
  }

  /// What was handed over and is not yet written.
  private struct Waiting {
    var lines: [(minute: String, octets: [UInt8])] = []
    /// How many lines were handed over since the start.
    var handed = 0
    /// How many of them were written, or given up.
    var settled = 0
    /// The minute of the lines that are counted below.
    var minute = ""
    var listed: [AccessRecord.Kind: Int] = [:]
    var counted: [[String: String]: Int] = [:]
    var lost = 0
    /// Whether the last writing failed.
    var isFailing = false
    /// What the thread is told beside lines: that a minute may be over, or that all is.
    var tick: Time?
    var isClosing = false
    /// Segments that are complete, to be entered in the audit.
    var complete: [String] = []
    var worker: Worker?
  }

  /// The files.
  package let folder: AccessFolder
  let limits: Limits
  /// Whether a read waits until its line is written.
  let isWaitedFor: Bool
  let clock: @Sendable () -> Time
  let log: Log
  private let waiting = Guarded(Waiting())

  /// The access log of a folder; it writes nothing before `start()`.
  package init(
    _ folder: AccessFolder, limits: Limits, isWaitedFor: Bool,
    clock: @escaping @Sendable () -> Time, log: Log
  ) {
    self.folder = folder
    self.limits = limits
    self.isWaitedFor = isWaitedFor
    self.clock = clock
    self.log = log
  }

  /// Whether the last line could be written.
  package var isWritable: Bool { waiting.change { !$0.isFailing } }

  /// Lines handed over since the start.
  package var handed: Int { waiting.change { $0.handed } }

  /// Begins to write; segments that a crash left open are complete.
  package func start() {
    waiting.change { $0.complete = folder.openSegments() }
    let worker = Worker(name: "access-log") { [self] in run() }
    waiting.change { $0.worker = worker }
  }

  /// Writes what has come, and ends; every segment is complete then.
  package func close() {
    let worker = waiting.change { waiting in
      waiting.isClosing = true
      defer { waiting.worker = nil }
      return waiting.worker
    }
    worker?.join()
  }

  /// Hands a line over.
  ///
  /// - Returns: false when a read must not be answered, because its line could not be written.
  @discardableResult
  package func enter(_ record: AccessRecord) -> Bool {
    let minute = AccessFolder.minute(of: record.time)
    let number = waiting.change { waiting -> Int? in
      guard waiting.worker != nil else { return nil }
      if minute > waiting.minute { flush(&waiting, into: minute) }
      let most = record.kind == .read ? limits.readsListedMax : limits.refusalsListedMax
      guard waiting.listed[record.kind, default: 0] < most else {
        waiting.counted[record.countedAs, default: 0] += 1
        return nil
      }
      waiting.listed[record.kind, default: 0] += 1
      return hand(&waiting, record.encoded, waiting.minute)
    }
    guard isWaitedFor, record.kind == .read else { return true }
    guard let number else { return isWritable }
    return waiting.wait { waiting in waiting.settled >= number ? !waiting.isFailing : nil }
  }

  /// Tells that time has passed, so that the segment of a minute that is over becomes complete.
  func tick(_ moment: Time) {
    waiting.change { waiting in
      if AccessFolder.minute(of: moment) > waiting.minute {
        flush(&waiting, into: AccessFolder.minute(of: moment))
      }
      waiting.tick = moment
    }
  }

  /// Takes the segments that are complete; whoever fails to enter one gives it back.
  func takeComplete() -> [String] {
    waiting.change { waiting in
      defer { waiting.complete = [] }
      return waiting.complete
    }
  }

  /// Gives a segment back that could not be entered.
  func giveBack(_ names: [String]) {
    waiting.change { $0.complete = names + $0.complete }
  }

  /// The minute is over: what was only counted gets its lines.
  private func flush(_ waiting: inout Waiting, into minute: String) {
    let time = clock()
    for (common, count) in waiting.counted.sorted(by: { "\($0.key)" < "\($1.key)" }) {
      let facts = common.merging(["times": "\(count)"]) { own, _ in own }
      _ = hand(&waiting, AccessRecord(.counted, at: time, facts).encoded, waiting.minute)
    }
    waiting.counted = [:]
    waiting.listed = [:]
    waiting.minute = minute
  }

  private func hand(_ waiting: inout Waiting, _ octets: [UInt8], _ minute: String) -> Int {
    waiting.lines.append((minute, octets + [0x0A]))
    waiting.handed += 1
    return waiting.handed
  }

  // MARK: The thread that writes

  /// The segment that is being written.
  private struct Segment {
    let name: String
    let minute: String
    let file: FileHandle
    var octets: UInt64 = 0
  }

  private struct Work {
    let lines: [(minute: String, octets: [UInt8])]
    let lost: Int
    let minute: String
    let isLast: Bool
  }

  private func run() {
    var segment: Segment?
    while let work = next() {
      do {
        var lines = work.lines
        if work.lost > 0, !lines.isEmpty {
          let lost = AccessRecord(.lost, at: clock(), ["times": "\(work.lost)"])
          lines.insert((lines[0].minute, lost.encoded + [0x0A]), at: 0)
        }
        try write(lines, &segment)
        if let open = segment, work.isLast || open.minute < work.minute {
          try complete(open)
          segment = nil
        }
        settle(work, hasFailed: false)
      } catch {
        if let open = segment {
          try? open.file.truncate(atOffset: open.octets)
          try? complete(open)
        }
        segment = nil
        settle(work, hasFailed: true, "\(error)")
      }
      if work.isLast { return }
    }
  }

  /// Sleeps until there is something to do; everything that has come by then is one piece of work.
  private func next() -> Work? {
    // Lines that nobody waits for are gathered for a moment.
    if !isWaitedFor { _ = Gate().wait(milliseconds: Self.gatheringMilliseconds) }
    return waiting.wait { waiting -> Work? in
      guard !waiting.lines.isEmpty || waiting.tick != nil || waiting.isClosing else { return nil }
      if waiting.isClosing { flush(&waiting, into: waiting.minute) }
      let work = Work(
        lines: waiting.lines, lost: waiting.lost, minute: waiting.minute,
        isLast: waiting.isClosing)
      waiting.lines = []
      waiting.tick = nil
      return work
    }
  }

  /// Milliseconds for which lines are gathered.
  private static let gatheringMilliseconds = 20

  private func write(
    _ lines: [(minute: String, octets: [UInt8])], _ segment: inout Segment?
  ) throws {
    var rest = lines[...]
    while let minute = rest.first?.minute {
      if let open = segment, open.minute != minute {
        try complete(open)
        segment = nil
      }
      var open: Segment
      if let segment {
        open = segment
      } else {
        let (name, file) = try folder.create(minute)
        open = Segment(name: name, minute: minute, file: file)
      }
      segment = open
      let same = rest.prefix { $0.minute == minute }
      rest = rest.dropFirst(same.count)
      let octets = same.flatMap(\.octets)
      try open.file.write(contentsOf: Data(octets))
      open.octets += UInt64(octets.count)
      segment = open
    }
  }

  /// Makes a segment durable; it is entered in the audit by the job.
  private func complete(_ segment: Segment) throws {
    waiting.change { $0.complete.append(segment.name) }
    try segment.file.synchronize()
    try segment.file.close()
  }

  private func settle(_ work: Work, hasFailed: Bool, _ reason: String = "") {
    let isNews = waiting.change { waiting in
      defer { waiting.isFailing = hasFailed }
      waiting.settled += work.lines.count
      waiting.lost = hasFailed ? work.lost + work.lines.count : (work.lines.isEmpty ? work.lost : 0)
      return hasFailed && !waiting.isFailing
    }
    if isNews { log(.error, "access-log-failed", ["error": reason]) }
  }
}
