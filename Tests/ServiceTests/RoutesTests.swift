// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import SEC
import Service
import Testing

@Suite("Every route stands in one table")
struct RoutesTests {
  @Test(
    "docs/routes.md holds the table that the servers are built from", .clause("ENG-http-routes"))
  func isDocumented() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = root.appending(path: "docs/routes.md")
    let table = Routes.markdown(adHocPath: Configuration.Doors().adHocPath)
    let text = try String(contentsOf: page, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let first = try #require(lines.firstIndex { $0.hasPrefix("|") })
    let rest = lines[first...].drop { $0.hasPrefix("|") }
    let wanted = (lines[..<first] + table.split(separator: "\n") + rest).joined(separator: "\n")
    if ProcessInfo.processInfo.environment["SMKI_WRITE_TRACE"] == "1" {
      try wanted.write(to: page, atomically: true, encoding: .utf8)
    } else {
      #expect(text == wanted, "SMKI_WRITE_TRACE=1 swift test --filter RoutesTests writes it")
    }
  }

  @Test("each act has one route, and each path of a port one meaning", .clause("ENG-http-routes"))
  func isUnambiguous() {
    let all = Routes.all(adHocPath: "/adhoc")
    #expect(all.map(\.act).count == ServedRoute.Act.allCases.count)
    #expect(Set(all.map(\.act)).count == all.count)
    for door in Door.allCases {
      let own = all.filter { $0.doors.contains(door) }.map { "\($0.method) \($0.path)" }
      #expect(!own.isEmpty)
      #expect(Set(own).count == own.count)
    }
    #expect(all.filter { $0.doors.contains(.service) }.map(\.path).contains("/adhoc"))
  }
}
