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
    while case let requests = line.take(most: Authority.chunkMax, sleepingAt: gate),
      !requests.isEmpty
    {
      authority.authority.process(requests)
    }
  }
}

/// What stands behind one request while its certificates are on their way.
private struct Journey {
  let request: WaitingRequest
  var outcomes: [Authority.Outcome?]
}

/// One certificate on its way, and where its outcome belongs.
private struct Traveller {
  let item: PreparedCertificate
  let journey: Int
  let place: Int
}

extension Authority {
  /// Check, record, sign, verify and compare, lodge, answer.
  fileprivate func process(_ requests: [WaitingRequest]) {
    var journeys: [Journey] = []
    var travellers: [Traveller] = []
    for request in requests {
      do {
        let prepared = try request.prepare()
        var outcomes: [Outcome?] = []
        for (place, item) in prepared.items.enumerated() {
          switch item {
          case .success(let item):
            travellers.append(Traveller(item: item, journey: journeys.count, place: place))
            outcomes.append(nil)
          case .failure(let refusal):
            outcomes.append(.failure(refusal))
          }
        }
        journeys.append(Journey(request: request, outcomes: outcomes))
      } catch {
        request.answer(.failure(error))
      }
    }
    var rest = travellers
    while !rest.isEmpty {
      rest = carry(rest, &journeys)
      // The same key is under way on another lane: its result answers this one too.
      if !rest.isEmpty { _ = Gate().wait(milliseconds: 1) }
    }
    for journey in journeys {
      journey.request.answer(
        .success(journey.outcomes.map { $0 ?? .failure(AuthorityError.stopping) }))
    }
  }

  /// One round through both commits.
  ///
  /// - Returns: those that must go again.
  private func carry(_ travellers: [Traveller], _ journeys: inout [Journey]) -> [Traveller] {
    var again: [Traveller] = []
    do {
      let (outcomes, plans) = try record(travellers.map(\.item))
      var lodged: [Result<[[UInt8]], any Error>] = []
      for plan in plans {
        lodged.append(Result { try lodge(sign(recorded(plan))) })
        inFlight.change { for item in plan.items { $0.remove(item.prepared) } }
      }
      for (traveller, outcome) in zip(travellers, outcomes) {
        let result: Outcome
        switch outcome {
        case .again:
          again.append(traveller)
          continue
        case .answered(let certificate): result = .success(certificate)
        case .refused(let refusal): result = .failure(refusal)
        case .failed(let error): result = .failure(error)
        case .recorded(let chunk, let position): result = lodged[chunk].map { $0[position] }
        }
        journeys[traveller.journey].outcomes[traveller.place] = result
      }
    } catch {
      for traveller in travellers {
        journeys[traveller.journey].outcomes[traveller.place] = .failure(error)
      }
    }
    return again
  }

  /// ENG-two-commits: the first commit.
  private func record(
    _ items: [PreparedCertificate]
  ) throws -> ([RecordingOutcome], [ChunkPlan]) {
    let moment = clock()
    let entry = Entry(Self.node, "certificates-recorded", clause: "ENG-two-commits", at: moment)
    return try records.write(entry) { [signers, serials, inFlight] transaction in
      var recording = Recording(
        transaction: transaction, signers: signers, serials: serials, moment: moment,
        inFlight: inFlight)
      do {
        let result = try recording.record(items)
        var refused: [String: Int] = [:]
        for case .refused(let refusal) in result.outcomes {
          refused[refusal.code, default: 0] += 1
        }
        for (code, count) in refused { transaction.note("refused-\(code)", String(count)) }
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
