// SPDX-License-Identifier: Apache-2.0

import Foundation
import Records
import TestStore
import Testing
import Threads

@Suite("A power cut takes what was not answered, and nothing else", .onFile)
struct PowerCutTests {
  @Test(
    "at any moment, with the unwritten gone, a page torn, or every other sector of it written")
  func anyMoment() async throws {
    await #expect(processExitsWith: .success) {
      RecordingDisk.install()
      let place = try Place()
      let records = try place.open()
      /// How many events the disk had seen when each animal was answered.
      var answered: [Int] = []
      for id in 0..<12 {
        try records.add(animal: id)
        answered.append(RecordingDisk.events.value.count)
      }
      // The end moves everything from the log to the file.
      records.close()
      let first = try #require(answered.first)
      let last = RecordingDisk.events.value.count
      #expect(last > answered.count)
      let moments = Set(answered + stride(from: first, to: last, by: 7) + (last - 4...last))
      for (number, moment) in moments.sorted().enumerated() {
        let loss = RecordingDisk.Loss.allCases[number % RecordingDisk.Loss.allCases.count]
        let after = try Place()
        for (path, octets) in RecordingDisk.files(after: moment, loss)
        where path.hasPrefix(place.file) {
          let name = after.file + path.dropFirst(place.file.utf8.count)
          try Data(octets).write(to: URL(filePath: name))
        }
        let found = try after.open()
        let due = answered.count { $0 <= moment }
        let ids = try found.read {
          try $0.query("SELECT id FROM animal ORDER BY id").map { try $0.int("id") }
        }
        // Whatever was answered is there; of what was not, at most the next one is.
        let report = try found.verifyAudit(keys: [])
        let complaints = try found.verifyFile()
        let isSound =
          ids == Array(0..<ids.count) && (due...due + 1).contains(ids.count) && report.isSound
          && report.entries == ids.count && complaints.isEmpty
        // What an expectation finds in a process of its own does not come out of it; this does.
        let said = "\(moment) \(loss): \(due) answered, \(ids), \(report), \(complaints)"
        #expect(isSound, Comment(rawValue: said))
        try found.add(animal: 99)
        found.close()
      }
    }
  }
}
