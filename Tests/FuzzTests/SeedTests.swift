// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import FuzzProperties
import Testing

@Suite("What the fuzzers hold the readers to", .clause("ENG-der", "ENG-xml"))
struct SeedTests {
  /// Changed inputs that each reader is given; `make fuzz` gives millions.
  static let mutantCount = 1500

  @Test("each property holds for each seed, taken in or refused", arguments: Target.allCases)
  func seeds(target: Target) throws {
    let seeds = try Inputs.seeds(of: target)
    var taken = 0
    for seed in seeds {
      let outcome = try target.check(seed.octets)
      #expect(outcome.isPastFirstLength, "\(seed.name) does not reach the reader")
      if outcome.refusal == nil { taken += 1 }
    }
    #expect(seeds.count >= 4)
    #expect(taken >= 2)
  }

  @Test(
    "each property holds for changed seeds, most of which pass the first length check",
    arguments: Target.allCases)
  func mutants(target: Target) throws {
    let seeds = try Inputs.seeds(of: target)
    var outcomes: [Outcome] = []
    for number in 0..<Self.mutantCount {
      var mutator = Mutator(seed: UInt64(number))
      let seed = seeds[number % seeds.count].octets
      let changed = mutator.change(seed, for: target, countMax: Target.octetsMax)
      #expect(changed.count <= Target.octetsMax)
      outcomes.append(try target.check(changed))
    }
    let past = outcomes.count(where: \.isPastFirstLength)
    #expect(past > Self.mutantCount * 3 / 4, "\(past) of \(Self.mutantCount)")
    #expect(outcomes.contains { $0.refusal == nil })
    #expect(Set(outcomes.compactMap(\.refusal)).count >= 2)
  }

  @Test("the same seed changes an input in the same way, another in another")
  func repeatable() throws {
    let seed = try #require(try Inputs.seeds(of: .certificate).first).octets
    func change(_ number: UInt64) -> [UInt8] {
      var mutator = Mutator(seed: number)
      return mutator.change(seed, for: .certificate, countMax: Target.octetsMax)
    }
    #expect((0..<32).allSatisfy { change($0) == change($0) })
    #expect(Set((0..<32).map(change)).count > 16)
  }

  @Test("no change makes an input longer than it may be", arguments: Target.allCases)
  func limit(target: Target) throws {
    let seed = try #require(try Inputs.seeds(of: target).first).octets
    for number in 0..<200 {
      var mutator = Mutator(seed: UInt64(number))
      let countMax = seed.count + number % 3
      #expect(mutator.change(seed, for: target, countMax: countMax).count <= countMax)
    }
  }

  @Test(
    "each property holds for the real samples",
    .enabled(if: Inputs.areSamplesPresent, Inputs.absence))
  func samples() throws {
    var taken = 0
    for sample in try Inputs.files(in: Inputs.sampleFolder)
    where sample.name.hasSuffix(".pem") {
      let isRequest = sample.name.contains("csr")
      for part in try PEM.read(sample.octets) {
        let outcome = try (isRequest ? Target.request : .certificate).check(part.bytes)
        #expect(outcome.refusal == nil, "\(sample.name)")
        taken += 1
      }
    }
    #expect(taken > 30)
  }
}
