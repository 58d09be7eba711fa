// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import FoundationEssentials
import Profiles
import Records
import SEC
import Threads

/// L4.2, L6.2: writes when this node served which interface, and logs outages that nobody planned.
///
/// A change of state is an entry of the audit. In between a file says when the node was last seen
/// serving, so that the end of a node that was killed is known to a few seconds.
final class AvailabilityWatch: Sendable {
  /// Seconds between looks [assumed].
  static let lookSeconds: Int64 = 10
  /// Seconds without a look after which the interface counts as lost in between [assumed]: a
  /// machine that stood still did not serve.
  static let silenceSecondsMax: Int64 = 60

  private struct State {
    var open: [Availability.Interface: ServedSpan] = [:]
    var seen: [Availability.Interface: Time] = [:]
    var isOver = false
  }

  private static let actor = Actor(name: "smki", role: .node)

  private let records: Records
  private let path: String
  private let node: String
  private let log: Log
  private let isUp: @Sendable (Availability.Interface) -> Bool
  private let state = Guarded(State())

  /// A watch over the interfaces of a node.
  ///
  /// - Parameters:
  ///   - records: where it is written.
  ///   - path: the file that says when the node was last seen serving.
  ///   - node: the node's name.
  ///   - log: is told of outages.
  ///   - isUp: whether an interface does its work now.
  init(
    records: Records, path: String, node: String, log: Log,
    isUp: @escaping @Sendable (Availability.Interface) -> Bool
  ) {
    self.records = records
    self.path = path
    self.node = node
    self.log = log
    self.isUp = isUp
  }

  /// Writes the end of what this node served before it was killed.
  func begin(at moment: Time) throws {
    let left = try records.read {
      try AvailabilityRecords.open(of: records.isShared ? node : nil, in: $0)
    }
    guard !left.isEmpty else { return }
    let seen = Self.read(path)
    try write("interface-lost", at: moment) { transaction in
      for span in left {
        let last = seen[span.interface] ?? span.since
        try AvailabilityRecords.end(span, at: min(last, moment), in: transaction)
      }
    }
  }

  /// Looks at each interface, and writes what has changed.
  func look(at moment: Time) throws {
    guard !state.value.isOver else { return }
    for interface in Availability.Interface.allCases { try look(interface, at: moment) }
    try Self.write(state.value.seen, path)
  }

  private func look(_ interface: Availability.Interface, at moment: Time) throws {
    let isUp = isUp(interface)
    let (open, seen) = state.change { ($0.open[interface], $0.seen[interface]) }
    if let open {
      let last = seen ?? open.since
      let isSilent = moment > last.adding(seconds: Self.silenceSecondsMax)
      if !isUp || isSilent {
        try write("interface-unavailable", under: interface.clause, at: moment) {
          try AvailabilityRecords.end(open, at: last, in: $0)
        }
        state.change { $0.open[interface] = nil }
        log(
          .error, "interface-unavailable",
          ["interface": interface.rawValue, "since": last.rfc3339])
      }
    }
    guard isUp else { return }
    if state.value.open[interface] == nil {
      let span = try write("interface-available", under: interface.clause, at: moment) { [node] in
        try AvailabilityRecords.begin(interface, node, since: moment, in: $0)
      }
      state.change { $0.open[interface] = span }
      try reportOutage(of: interface, before: span)
    }
    state.change { $0.seen[interface] = moment }
  }

  /// Writes that this node serves no more, from now on.
  func end(at moment: Time) throws {
    let open = state.change { state in
      defer { state.open = [:] }
      state.isOver = true
      return state.open.values.sorted { $0.number < $1.number }
    }
    guard !open.isEmpty else { return }
    try write("interface-closed", at: moment) { transaction in
      for span in open { try AvailabilityRecords.end(span, at: moment, in: transaction) }
    }
  }

  /// L4.2: says for how long the interface was lost, apart from Planned Maintenance.
  private func reportOutage(
    of interface: Availability.Interface, before span: ServedSpan
  ) throws {
    let lost = try records.read { reading -> [Availability.Span] in
      let before = try AvailabilityRecords.spans(
        "WHERE interface = \(interface.rawValue) AND id < \(span.number)", in: reading)
      guard let last = before.compactMap(\.until).max() else { return [] }
      return try AvailabilityRecords.availability(
        of: interface, in: Availability.Span(from: last, until: span.since), now: span.since,
        reading: reading
      ).outages
    }
    for outage in lost {
      log(
        .warning, "outage-unplanned",
        [
          "interface": interface.rawValue, "from": outage.from.rfc3339,
          "until": outage.until.rfc3339, "seconds": "\(outage.milliseconds / 1_000)",
        ])
    }
  }

  @discardableResult
  private func write<Value: Sendable>(
    _ action: String, under clause: Clause = "L4.2", at moment: Time,
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) throws -> Value {
    try records.write(
      Entry(Self.actor, action, clause: clause, at: moment, facts: ["node": node]), body)
  }

  /// A line for each interface: its name and the moment in milliseconds.
  private static func write(_ seen: [Availability.Interface: Time], _ path: String) throws {
    let lines = seen.map { "\($0.key.rawValue) \($0.value.milliseconds)\n" }.sorted()
    try Data(lines.joined().utf8).write(to: URL(filePath: path), options: .atomic)
  }

  private static func read(_ path: String) -> [Availability.Interface: Time] {
    guard let data = FileManager.default.contents(atPath: path) else { return [:] }
    var seen: [Availability.Interface: Time] = [:]
    for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 2, let interface = Availability.Interface(rawValue: words[0]),
        let milliseconds = Int64(words[1])
      else { continue }
      seen[interface] = Time(milliseconds: milliseconds)
    }
    return seen
  }
}

extension Node {
  /// Begins to watch, once the doors are open.
  func beginWatch() throws {
    let source = factsSource
    let watch = AvailabilityWatch(
      records: records, path: folder.lastServing, node: configuration.nodeName.name, log: log
    ) { interface in
      guard let facts = try? source.facts() else { return false }
      return switch interface {
      case .service: facts.fault == nil && facts.state(of: .device) == .ready
      case .repository: true
      }
    }
    try watch.begin(at: clock())
    runningWatch.change { $0 = watch }
  }

  /// Writes that this node serves no more; what cannot be written is found at the next start.
  func endWatch() {
    do {
      try runningWatch.value?.end(at: clock())
    } catch {
      log(.error, "availability-not-written", ["error": "\(error)"])
    }
  }

  /// L4.2: looks whether the interfaces do their work.
  var availabilityJob: Job {
    Job("availability", ofEachNode: true) { [self] moment in
      try runningWatch.value?.look(at: moment)
      return moment.adding(seconds: AvailabilityWatch.lookSeconds)
    }
  }
}

extension AvailabilityRecords {
  /// Writes the end of what a node served that has died.
  static func bury(_ node: String, in records: Records, at moment: Time) throws {
    guard try !records.read({ try open(of: node, in: $0) }).isEmpty else { return }
    let entry = Entry(
      Actor(name: "smki", role: .node), "interface-lost", clause: "L4.2", at: moment,
      facts: ["node": node])
    try records.write(entry) { transaction in
      for span in try open(of: node, in: transaction) {
        try end(span, at: moment, in: transaction)
      }
    }
  }
}
