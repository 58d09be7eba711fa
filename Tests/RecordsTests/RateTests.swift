// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Foundation
import Records
import Testing
import Threads

/// Rates, printed for a person to read: `SMKI_MEASURE=1 swift test -c release --filter Rates`.
@Suite(
  "Rates of the records", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["SMKI_MEASURE"] != nil, "measured by hand"))
struct RateTests {
  static let schema = Migration(
    name: "rates-1",
    statements: [
      """
      CREATE TABLE certificate (
        id BIGINT PRIMARY KEY, serial BLOB NOT NULL UNIQUE, device BLOB NOT NULL,
        der BLOB NOT NULL)
      """,
      "CREATE INDEX certificate_device ON certificate (device)",
    ])

  func report(_ what: String, _ count: Int, _ duration: Duration) {
    let seconds =
      Double(duration.components.seconds)
      + Double(duration.components.attoseconds) / 1e18
    print("RATE \(what): \(Int(Double(count) / seconds))/s (\(count) in \(seconds) s)")
  }

  static func row(_ id: Int) -> [SQL.Value] {
    let serial = (0..<16).map { UInt8(truncatingIfNeeded: id >> ((15 - $0) * 4)) }
    return [
      .int(Int64(id)), .blob(serial), .blob(Array(serial.suffix(8))),
      .blob([UInt8](repeating: 0x30, count: 400)),
    ]
  }

  @Test("writings of one row", arguments: [1, 8, 32])
  func singles(threads: Int) throws {
    let place = try Place()
    let records = try place.open([Self.schema])
    let each = 12_000 / threads
    let duration = ContinuousClock().measure {
      RecordsTests.threads(threads) { thread in
        for turn in 0..<each {
          let values = Self.row(thread * each + turn)
          do {
            try records.write(.test("certificate.issue", ["serial": "\(turn)"])) {
              try $0.execute(
                """
                INSERT INTO certificate (id, serial, device, der)
                VALUES (\(values[0]), \(values[1]), \(values[2]), \(values[3]))
                """)
            }
          } catch {
            Issue.record(error)
          }
        }
      }
    }
    report("writings by \(threads) threads", each * threads, duration)
    #expect(try records.audit.size == each * threads)
  }

  @Test("writings of 500 rows", arguments: [1, 4])
  func chunks(threads: Int) throws {
    let place = try Place()
    let records = try place.open([Self.schema])
    let each = 100 / threads
    let duration = ContinuousClock().measure {
      RecordsTests.threads(threads) { thread in
        for turn in 0..<each {
          let first = (thread * each + turn) * 500
          let rows = (first..<(first + 500)).map(Self.row)
          do {
            try records.write(.test("chunk", ["first": "\(first)"])) {
              try $0.execute(
                "INSERT INTO certificate (id, serial, device, der) VALUES ($1, $2, $3, $4)",
                each: rows)
            }
          } catch {
            Issue.record(error)
          }
        }
      }
    }
    report("rows in chunks of 500 by \(threads) threads", each * threads * 500, duration)
  }

  @Test("readings, proofs and a pass over all")
  func reading() throws {
    let place = try Place()
    let records = try place.open([Self.schema])
    RecordsTests.threads(32) { thread in
      for turn in 0..<1_000 {
        _ = try? records.write(.test("certificate.issue", ["serial": "\(turn)"])) {
          try $0.execute(
            "INSERT INTO certificate (id, serial, device, der) VALUES ($1, $2, $3, $4)",
            each: [Self.row(thread * 1_000 + turn)])
        }
      }
    }
    let size = try records.audit.size
    var duration = try ContinuousClock().measure {
      for id in 0..<20_000 {
        let rows = try records.read {
          try $0.query("SELECT der FROM certificate WHERE id = \(id)")
        }
        #expect(rows.count == 1)
      }
    }
    report("readings by key, one thread", 20_000, duration)
    duration = try ContinuousClock().measure {
      for index in 0..<200 { _ = try records.audit.inclusionProof(index * 100, size: size) }
    }
    report("inclusion proofs of \(size)", 200, duration)
    var isSound = false
    duration = try ContinuousClock().measure {
      isSound = try records.verifyAudit(keys: []).isSound
    }
    #expect(isSound)
    report("entries verified", size, duration)
  }
}
