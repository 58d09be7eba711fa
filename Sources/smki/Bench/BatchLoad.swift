// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import FoundationEssentials
import Glibc
import Profiles
import Registration
import SEC
import Service
import Threads

/// What issuing a batch measured.
struct BatchReport: Codable {
  let requests: Int
  /// From handing in the first chunk until the last certificate was durable.
  let seconds: Double
  /// Until the first chunk was durable.
  let firstSeconds: Double
  /// CPU of the whole process meanwhile.
  let cpuSeconds: Double

  var rate: Double { Double(requests) / seconds }
}

/// Many requests of one party, handed to the authorities of a node that does not serve, in chunks,
/// as a batch comes to them once it has been received.
struct BatchLoad {
  /// Chunks that wait beside those that the lanes have: enough that no lane waits for the next.
  static let chunksAhead = 2

  let node: Node
  let party: String

  /// Issues a certificate for each request, and afterwards checks each against its request.
  func issue(_ made: [RequestForge.Made]) throws -> BatchReport {
    let system = try admitted()
    let lanes = ProcessInfo.processInfo.activeProcessorCount
    let progress = Guarded(Progress())
    let clock = ContinuousClock()
    let cpu = Self.cpuSeconds
    let start = clock.now
    for first in stride(from: 0, to: made.count, by: Authority.chunkMax) {
      let chunk = made[first..<min(made.count, first + Authority.chunkMax)]
      progress.wait { progress -> Void? in
        guard progress.underWay < lanes + Self.chunksAhead else { return nil }
        progress.underWay += 1
        return ()
      }
      try node.authority.submit(count: chunk.count) { [registration = node.registration] in
        let requests = chunk.map { made in
          Result { () throws(Refusal) in try DeviceRequest(parsing: made.request) }
        }
        return Authority.prepare(
          try registration.authorise(requests, by: system, over: .portalDevice))
      } answer: { outcomes in
        let seconds = (clock.now - start) / .seconds(1)
        progress.change { $0.take(outcomes, of: first, after: seconds) }
      }
    }
    progress.wait { $0.underWay == 0 ? () : nil }
    let seconds = (clock.now - start) / .seconds(1)
    let used = Self.cpuSeconds - cpu
    let done = progress.value
    for (index, made) in made.enumerated() {
      guard let outcome = done.outcomes[index] else {
        throw BenchError.wrongCertificate("none for \(made.device)")
      }
      _ = try Load.check(outcome.get(), against: made)
    }
    return BatchReport(
      requests: made.count, seconds: seconds, firstSeconds: done.firstSeconds ?? seconds,
      cpuSeconds: used)
  }

  /// What has come back.
  private struct Progress: Sendable {
    var underWay = 0
    var outcomes: [Int: Authority.Outcome] = [:]
    var firstSeconds: Double?

    mutating func take(
      _ result: Result<[Authority.Outcome], any Error>, of first: Int, after seconds: Double
    ) {
      underWay -= 1
      firstSeconds = firstSeconds ?? seconds
      for (place, outcome) in ((try? result.get()) ?? []).enumerated() {
        outcomes[first + place] = outcome
      }
    }
  }

  /// The party's system, by its credential.
  private func admitted() throws -> AdmittedSystem {
    let path = "\(node.folder.parties)/\(party)/portal-device.pem"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard let certificate = try PEM.read(Array(text.utf8)).first else {
      throw BenchError.unusableKey
    }
    return try node.registration.admit(certificate: certificate.bytes, at: node.clock())
  }

  /// CPU that this process has used.
  private static var cpuSeconds: Double {
    var usage = rusage()
    guard unsafe getrusage(RUSAGE_SELF.rawValue, &usage) == 0 else { return 0 }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }
}
