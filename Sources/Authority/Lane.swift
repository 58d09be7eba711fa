// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Records
import Registration
import Repository
import SEC
import Threads

/// One thread of issuing: takes what waits, and carries it through both commits.
struct Lane: Sendable {
  let authority: Unowned
  let line: BoundedQueue<WaitingRequest>

  /// Works until the line is closed and empty.
  func run() {
    let gate = Gate()
    while true {
      // Nobody is at the door whose first commit could take the last second one along.
      if line.count == 0 { authority.authority.records.hasten() }
      let requests = line.take(most: Authority.chunkMax, sleepingAt: gate)
      guard !requests.isEmpty else { return }
      authority.authority.process(requests)
    }
  }
}

/// What stands behind one request while its certificates are on their way: it is answered when the
/// last of them has arrived.
private final class Journey: Sendable {
  private struct State: Sendable {
    var outcomes: [Authority.Outcome?]
    /// Places without an outcome, counted so that an arrival costs the same in a chunk of any size.
    var missing: Int
  }

  let request: WaitingRequest
  private let state: Guarded<State>

  init(_ request: WaitingRequest, places: Int) {
    self.request = request
    state = Guarded(State(outcomes: Array(repeating: nil, count: places), missing: places))
  }

  /// Gives a place its outcome, once, and answers when no place is without.
  func arrive(_ outcome: Authority.Outcome, at place: Int) {
    let all = state.change { state -> [Authority.Outcome]? in
      precondition(state.outcomes[place] == nil, "a place has one outcome")
      state.outcomes[place] = outcome
      state.missing -= 1
      return state.missing == 0 ? state.outcomes.compactMap(\.self) : nil
    }
    if let all { request.answer(.success(all)) }
  }
}

/// Somebody's right to ask may have changed since it was looked at.
private struct StandingChanged: Error {}

/// One certificate on its way, and where its outcome belongs.
private struct Traveller: Sendable {
  let item: PreparedCertificate
  let journey: Journey
  let place: Int

  func arrive(_ outcome: Authority.Outcome) { journey.arrive(outcome, at: place) }
}

extension Authority {
  /// Check, record, sign, verify and compare, lodge, answer.
  ///
  /// The lane does not wait for the second commit: who answers is told when it is durable, and the
  /// lane has the next requests in hand meanwhile.
  fileprivate func process(_ requests: [WaitingRequest]) {
    // Preparing many takes long: those before them are not kept waiting for it.
    if requests.reduce(0, { $0 + $1.count }) > Self.companyMax { records.hasten() }
    var (rest, generation) = prepare(requests)
    reached(.prepared)
    if rest.isEmpty { records.hasten() }
    var pause = 1
    while !rest.isEmpty {
      do {
        rest = try carry(rest, generation)
      } catch {
        // Somebody was suspended, or let in, since: each request is looked at as if it came now.
        var journeys: [Journey] = []
        for traveller in rest where !journeys.contains(where: { $0 === traveller.journey }) {
          journeys.append(traveller.journey)
        }
        (rest, generation) = prepare(journeys.map(\.request))
        continue
      }
      // The same key is under way already: its result answers this one too. Another node may take
      // longer, and each look is a transaction of all nodes.
      if !rest.isEmpty {
        records.hasten()
        _ = Gate().wait(milliseconds: pause)
        if records.isShared { pause = min(Self.pauseMax, pause * 2) }
      }
    }
  }

  /// Milliseconds between two looks at a key that is under way on another node.
  private static let pauseMax = 64

  /// Checks, authorises and proves possession, in one view of the store for all.
  ///
  /// - Returns: who goes on, and as of which generation of the facts (`Standing`).
  private func prepare(_ requests: [WaitingRequest]) -> ([Traveller], generation: Int) {
    var travellers: [Traveller] = []
    var left = requests[...]
    var generation = 0
    do {
      try records.read { reading in
        generation = try Standing.generation(in: reading)
        while let request = left.popFirst() { travellers += prepare(request) }
      }
    } catch {
      for request in left { request.answer(.failure(error)) }
    }
    return (travellers, generation)
  }

  private func prepare(_ request: WaitingRequest) -> [Traveller] {
    var travellers: [Traveller] = []
    do {
      let prepared = try request.prepare()
      let journey = Journey(request, places: prepared.items.count)
      for (place, item) in prepared.items.enumerated() {
        switch item {
        case .success(let item):
          travellers.append(Traveller(item: item, journey: journey, place: place))
        case .failure(let refusal):
          journey.arrive(.failure(refusal), at: place)
        }
      }
      if prepared.items.isEmpty { request.answer(.success([])) }
    } catch {
      request.answer(.failure(error))
    }
    return travellers
  }

  /// One round through the first commit and the signing; the second commit follows by itself.
  ///
  /// - Returns: those that must go again.
  /// - Throws: when the facts have changed since they were looked at; nobody has arrived then.
  private func carry(
    _ travellers: [Traveller], _ generation: Int
  ) throws(StandingChanged) -> [Traveller] {
    var again: [Traveller] = []
    do {
      let (outcomes, plans) = try record(travellers.map(\.item), generation)
      if !plans.isEmpty { reached(.recorded) }
      var aboard = Array(repeating: [Traveller](), count: plans.count)
      for (traveller, outcome) in zip(travellers, outcomes) {
        switch outcome {
        case .again: again.append(traveller)
        case .answered(let certificate): traveller.arrive(.success(certificate))
        case .refused(let refusal): traveller.arrive(.failure(refusal))
        case .failed(let error): traveller.arrive(.failure(error))
        // In the order of their positions: those of a chunk are taken in the order of the line.
        case .recorded(let chunk, _): aboard[chunk].append(traveller)
        }
      }
      for (plan, travellers) in zip(plans, aboard) { complete(plan, travellers) }
    } catch let error as StandingChanged {
      throw error
    } catch {
      for traveller in travellers { traveller.arrive(.failure(error)) }
    }
    return again
  }

  /// Signs a chunk and sends it to be lodged; its travellers arrive when it is durable.
  private func complete(_ plan: ChunkPlan, _ travellers: [Traveller]) {
    let finish: @Sendable (Result<[[UInt8]], any Error>) -> Void = { [inFlight] result in
      inFlight.change { for item in plan.items { $0.remove(item.prepared) } }
      for (position, traveller) in travellers.enumerated() {
        traveller.arrive(result.map { $0[position] })
      }
    }
    do {
      try lodge(sign(recorded(plan)), finish: finish)
    } catch {
      finish(.failure(error))
    }
  }

  /// ENG-two-commits: the first commit.
  ///
  /// - Throws: `StandingChanged` when a right to ask may have changed since the generation was
  ///   read, on this node or another: what is checked here is still so when it is committed.
  private func record(
    _ items: [PreparedCertificate], _ generation: Int
  ) throws -> ([RecordingOutcome], [ChunkPlan]) {
    let life = lifeClock()
    let entry = Entry(Self.node, "certificates-recorded", clause: "ENG-two-commits", at: life.now)
    return try records.write(entry, isBulk: items.count > Self.companyMax) {
      [signers, serials, inFlight, elsewhere] transaction in
      guard try Standing.generation(in: transaction) == generation else { throw StandingChanged() }
      var recording = Recording(
        transaction: transaction, signers: signers, serials: serials, life: life,
        inFlight: inFlight, elsewhere: try elsewhere.view(in: transaction))
      do {
        let result = try recording.record(items)
        var refused: [String: Int] = [:]
        for case .refused(let refusal) in result.outcomes {
          refused[refusal.code, default: 0] += 1
        }
        for (code, count) in refused { transaction.note("refused-\(code)", String(count)) }
        let answered = result.outcomes.count { if case .answered = $0 { true } else { false } }
        if answered > 0 { transaction.note("answered-as-before", String(answered)) }
        return result
      } catch {
        let claimed = recording.claimed
        inFlight.change { for item in claimed { $0.remove(item) } }
        throw error
      }
    }
  }

  private func recorded(_ plan: ChunkPlan) -> Recorded {
    Recorded(chunk: plan.chunk, signer: plan.signer, items: plan.items)
  }

  /// The actor of what the node does by itself.
  static var node: Actor { Actor(name: "smki", role: .node) }
}
