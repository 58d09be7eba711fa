// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Keys
import Profiles
import Repository
import SEC
import TestEstate
import Testing
import Threads

@Suite("Serial numbers say where and when they were drawn", .clause("ENG-serial"))
struct SerialNumbersTests {
  static let moment = Time(milliseconds: 1_795_255_200_037)

  @Test("the layout, octet by octet")
  func layout() throws {
    let serials = SerialNumbers(shard: 0x1234) { [UInt8](repeating: 0xAB, count: $0) }
    let serial = try #require(serials.draw(1, at: Self.moment).first)
    let step = Self.moment.milliseconds / 16
    let expected: [UInt8] =
      [0x41, 0x12, 0x34] + (0..<5).reversed().map { UInt8(truncatingIfNeeded: step >> ($0 * 8)) }
      + [UInt8](repeating: 0xAB, count: 8)
    #expect(serial.octets == expected)
    #expect(serial.shard == 0x1234)
    #expect(serial.drawn == Time(milliseconds: step * 16))
    #expect(serial.description == Hex.encode(expected))
  }

  @Test("the time never goes backwards, however the clock does")
  func neverBackwards() throws {
    let serials = SerialNumbers(shard: 0, random: { Random.bytes($0) })
    var last = Time(milliseconds: 0)
    for change: Int64 in [0, 16, -1_000_000, 15, 32, -1] {
      let drawn = try #require(
        serials.draw(1, at: Self.moment.adding(milliseconds: change)).first
      ).drawn
      #expect(drawn >= last)
      last = drawn
    }
    #expect(last == Time(milliseconds: (Self.moment.milliseconds + 32) / 16 * 16))
  }

  @Test("many at once have one time and octets of their own")
  func many() {
    let serials = SerialNumbers(shard: 7, random: { Random.bytes($0) })
    let drawn = serials.draw(500, at: Self.moment)
    #expect(drawn.count == 500)
    #expect(Set(drawn).count == 500)
    #expect(Set(drawn.map { Array($0.octets.prefix(8)) }).count == 1)
    #expect(Set(drawn.map { Array($0.octets.suffix(8)) }).count == 500)
  }

  @Test("before 1970 there is no time to draw at; the last moment of 40 bits is in 2527")
  func ends() throws {
    let serials = SerialNumbers(shard: 0, random: { Random.bytes($0) })
    let first = try #require(serials.draw(1, at: Time(seconds: -1)).first)
    #expect(first.drawn == Time(seconds: 0))
    let end = Time(milliseconds: ((1 << 40) - 1) * 16)
    #expect(end.rfc3339.hasPrefix("2527-"))
    #expect(try #require(serials.draw(1, at: end).first).drawn == end)
  }

  @Test("a number that is taken is drawn again", .clause("DCP-annex-B-serial"))
  func taken() throws {
    let isBroken = Guarded(false)
    let calls = Guarded(0)
    let estate = try TestEstate(random: { count in
      guard isBroken.value else { return Random.bytes(count) }
      // The first two draws give the same, as no sound source of octets would.
      let call = calls.change { calls in
        calls += 1
        return calls
      }
      return [UInt8](repeating: call <= 2 ? 1 : UInt8(call), count: count)
    })
    let system = try estate.credential()
    isBroken.change { $0 = true }
    for number: UInt64 in 1...2 {
      _ = try estate.issue(Asking.device(EntityID(number)), by: system)
    }
    let serials = try (1...2).map { number in
      try #require(try estate.repository.certificates(of: EntityID(UInt64(number))).first).serial
    }
    #expect(serials.map { $0.suffix(8) } == [1, 3].map { [UInt8](repeating: $0, count: 8)[...] })
    #expect(calls.value == 3)
  }
}
