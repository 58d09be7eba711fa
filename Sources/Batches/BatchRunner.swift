// SPDX-License-Identifier: Apache-2.0

import Archive
import Audit
import DER
import Keys
import Records
import SEC
import Threads

/// A chunk whose outcomes are there and not yet recorded.
struct ChunkDone: Sendable {
  let batch: Int
  let chunk: Int
  let outcomes: [BatchOutcome]
  /// Why it has to be asked again, and how many milliseconds later; nil when it is done.
  let again: Int?
}

/// The one thread that takes batches through their states (M8-2.5-batch-states).
final class BatchRunner {
  /// A batch whose requests are being decided.
  private struct Underway {
    var batch: Batch
    let file: RequestFile.Reader
    /// Chunks that nobody has taken up, the first one last.
    var open: [Int]
    /// Chunks that are with the Authority or being recorded.
    var asked: Set<Int> = []
    /// Chunks that other nodes had when they were last asked for.
    var isElsewhere: Set<Int> = []
    /// Asked again not before this moment.
    var resting: Time?
    /// Chunks that were asked before and may have certificates already.
    let isResumed: Bool
  }

  /// Milliseconds between two looks when nothing rings.
  private static let restMilliseconds = 1_000

  private unowned let batches: Batches
  private let done = Guarded<[ChunkDone]>([])
  private var underway: [Int: Underway] = [:]
  private var turns = Turns()
  private var askedChunks = 0
  private var failures: [Int: Int] = [:]
  /// N4-3-capacity: requests of the night that may still be taken up, counted again each second.
  private var capacityLeft = 0
  private var lastLook = Time(milliseconds: 0)
  private var isLookDue = true

  init(batches: Batches) {
    self.batches = batches
  }

  /// Works until the bell is closed and nothing is under way.
  func run() {
    while true {
      do {
        try settle()
        guard !batches.bell.isClosed else {
          guard askedChunks > 0 else { return }
          batches.bell.wait(milliseconds: 50)
          continue
        }
        try look()
        try takeUp()
      } catch {
        batches.complain("batches-failed", ["error": "\(error)"])
        if batches.bell.isClosed { return }
      }
      batches.bell.wait(milliseconds: Self.restMilliseconds)
      isLookDue = true
    }
  }

  /// Brings every batch to where it belongs at this moment.
  private func look() throws {
    let now = batches.clock()
    guard isLookDue || now.milliseconds - lastLook.milliseconds >= 250 else { return }
    isLookDue = false
    lastLook = now
    let rules = batches.rules
    let (unfinished, decided) = try batches.records.read { reading in
      (
        try BatchesRecords.unfinished(in: reading),
        try BatchesRecords.decided(
          since: rules.window.beginning(at: now), in: reading)
      )
    }
    let asked = underway.values.reduce(0) { $0 + $1.asked.count }
    let elsewhere = try batches.records.claimedElsewhere(Batches.claims).count
    capacityLeft = rules.capacityPerNight - decided - (asked + elsewhere) * Batch.chunkSize
    let isOpen = rules.window.isOpen(at: now)
    for batch in unfinished {
      switch batch.state {
      case .pending: continue
      case .parsing: try parse(batch)
      case .queued, .processing, .paused:
        try place(batch, mayRun: isOpen && !batch.isHeld, at: now)
      case .rejected, .tampered, .completed: continue
      }
    }
  }

  /// M8-2.5-batch-tampered: what lies on the disk is what was uploaded.
  private func parse(_ batch: Batch) throws {
    func isSame(_ file: Batches.BatchFile, _ digest: [UInt8]) throws -> Bool {
      let path = try batches.local(file)
      return (try? Batches.digest(of: path)) == digest
    }
    let isWhole =
      try isSame(.upload(batch.digest), batch.digest)
      && isSame(.requests(batch.requestsDigest), batch.requestsDigest)
    try move(batch, to: isWhole ? .queued : .tampered, isWhole ? "" : "content changed")
    if !isWhole {
      batches.complain("batch-tampered", ["batch": "\(batch.id)", "party": batch.party])
    }
    // The next step at once, not after a rest.
    batches.bell.ring()
  }

  /// Whether a batch is under way, in its state and in memory.
  private func place(_ batch: Batch, mayRun: Bool, at now: Time) throws {
    if mayRun, underway[batch.id] == nil {
      let finished = try batches.records.read {
        try BatchesRecords.doneChunks(of: batch.id, in: $0)
      }
      underway[batch.id] = Underway(
        batch: batch, file: try .init(batches.local(.requests(batch.requestsDigest))),
        open: (0..<batch.chunks).reversed().filter { !finished.contains($0) },
        isResumed: batch.state != .queued || batches.records.isShared)
    } else if underway[batch.id] != nil, batches.records.isShared {
      try lookElsewhere(batch)
    }
    underway[batch.id]?.batch = batch
    let isExhausted = capacityLeft < 1
    if batch.state == .processing, !mayRun || isExhausted {
      underway[batch.id]?.batch = try move(
        batch, to: .paused, isExhausted ? "capacity of the night used up" : "window closed")
    }
    if let all = underway[batch.id], all.open.isEmpty, all.isElsewhere.isEmpty, all.asked.isEmpty {
      try complete(batch.id)
    }
    if !mayRun, underway[batch.id]?.asked.isEmpty ?? false { underway[batch.id] = nil }
  }

  /// What other nodes have done of a batch since the last look, and what they have left undone.
  private func lookElsewhere(_ batch: Batch) throws {
    let finished = try batches.records.read {
      try BatchesRecords.doneChunks(of: batch.id, in: $0)
    }
    let asked = underway[batch.id]?.asked ?? []
    underway[batch.id]?.open = (0..<batch.chunks).reversed().filter {
      !finished.contains($0) && !asked.contains($0)
    }
    underway[batch.id]?.isElsewhere = []
  }

  /// Claims a chunk that no other node has, and that is still without outcomes.
  private func claim(_ chunk: Int, of batch: Int) throws -> Bool {
    guard batches.records.isShared else { return true }
    let claim = Batches.claim(ofChunk: chunk, batch: batch)
    guard try batches.records.claim(claim) else {
      underway[batch]?.isElsewhere.insert(chunk)
      return false
    }
    // Whoever had it before has recorded the outcomes first and given it back then.
    let isDone = try batches.records.read {
      try BatchesRecords.doneChunks(of: batch, in: $0).contains(chunk)
    }
    if isDone { try batches.records.release([claim]) }
    return !isDone
  }

  /// Hands chunks to the Authority until enough are under way.
  private func takeUp() throws {
    let now = batches.clock()
    let rules = batches.rules
    guard rules.window.isOpen(at: now) else { return }
    while askedChunks < rules.chunksUnderWay {
      let ready = underway.values.sorted { $0.batch.id < $1.batch.id }.filter {
        !$0.open.isEmpty && !$0.batch.isHeld && ($0.resting.map { $0 <= now } ?? true)
      }
      let waiting = try ready.map { underway in
        Turns.Waiting(
          id: underway.batch.id, party: underway.batch.party,
          due: underway.batch.due.milliseconds,
          left: underway.open.count * Batch.chunkSize,
          isOverLimit: try batches.isOverLimit(underway.batch))
      }
      let demand = waiting.reduce(0) { $0 + $1.left }
      let rule = demand > capacityLeft ? rules.prioritisation : .inTurn
      guard capacityLeft > 0, let turn = turns.next(of: waiting, by: rule),
        let chunk = underway[turn.id]?.open.popLast()
      else { return }
      guard try claim(chunk, of: turn.id), var taken = underway[turn.id] else { continue }
      if taken.batch.state != .processing { taken.batch = try move(taken.batch, to: .processing) }
      taken.asked.insert(chunk)
      underway[turn.id] = taken
      askedChunks += 1
      capacityLeft -= taken.batch.requests(ofChunk: chunk).count
      batches.ask(taken.batch, chunk, taken.file, isResumed: taken.isResumed) {
        [done, bell = batches.bell] result in
        done.change { $0.append(result) }
        bell.ring()
      }
    }
  }

  /// Records the outcomes that came in, all of them in one entry.
  private func settle() throws {
    let came = done.change { done in
      defer { done = [] }
      return done
    }
    guard !came.isEmpty else { return }
    let now = batches.clock()
    let finished = came.filter { $0.again == nil }
    for chunk in came {
      askedChunks -= 1
      underway[chunk.batch]?.asked.remove(chunk.chunk)
      if let milliseconds = chunk.again {
        underway[chunk.batch]?.open.append(chunk.chunk)
        underway[chunk.batch]?.resting = now.adding(milliseconds: Int64(milliseconds))
      }
    }
    guard !finished.isEmpty else { return }
    do {
      let entry = Entry(
        Batches.node, "batch-outcomes", clause: "M8-2.5-batch-item-status", at: now)
      try batches.records.write(entry) { transaction in
        for chunk in finished
        where try !BatchesRecords.isDone(chunk.chunk, batch: chunk.batch, in: transaction) {
          try BatchesRecords.keep(
            chunk.outcomes, ofChunk: chunk.chunk, batch: chunk.batch, at: now, in: transaction)
        }
      }
    } catch {
      // Nothing was recorded: they are asked again and get what they got.
      for chunk in finished { underway[chunk.batch]?.open.append(chunk.chunk) }
      throw error
    }
    try batches.records.release(
      finished.map { Batches.claim(ofChunk: $0.chunk, batch: $0.batch) })
    for chunk in finished { batches.pace.add(chunk.outcomes.count, at: now) }
    for id in Set(finished.map(\.batch)).sorted() {
      guard let batch = underway[id], batch.open.isEmpty, batch.isElsewhere.isEmpty,
        batch.asked.isEmpty
      else { continue }
      try complete(id)
    }
  }

  /// M8-2.5-batch-states: every request has its outcome.
  private func complete(_ id: Int) throws {
    guard var batch = underway[id]?.batch else { return }
    // The last outcomes may have come after a pause.
    if batch.state != .processing { batch = try move(batch, to: .processing) }
    try move(batch, to: .completed)
    underway[id] = nil
    isLookDue = true
  }

  /// Takes a batch one step further.
  @discardableResult
  private func move(_ batch: Batch, to state: BatchState, _ note: String = "") throws -> Batch {
    let now = batches.clock()
    let entry = Entry(
      Batches.node, "batch-\(state.rawValue.lowercased())", clause: "M8-2.5-batch-states", at: now,
      facts: ["batch": "\(batch.id)"])
    return try batches.records.write(entry) { transaction in
      // As it is now: an officer may have been there meanwhile.
      guard var batch = try BatchesRecords.find(batch.id, in: transaction) else {
        throw BatchesError.fileDamaged("batch \(batch.id)")
      }
      guard batch.state.next.contains(state) else { return batch }
      batch.state = state
      batch.note = batch.isHeld ? batch.note : note
      if state == .processing, batch.started == nil { batch.started = now }
      if state.isFinal { batch.finished = now }
      try BatchesRecords.keep(batch, in: transaction)
      return batch
    }
  }
}
