// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Testing

@Suite("A room imports what Package.swift says, and nothing else")
struct ImportTests {
  /// Modules of the system, and the rooms that may use them.
  ///
  /// Foundation costs 8 ms at each start and brings a second `Date`; Dispatch and locks are the
  /// business of Threads; the C library is for rooms that open files and sockets.
  static let systemModules: [String: Set<String>] = [
    "Foundation": ["Service", "smki"],
    "FoundationEssentials": ["Service", "smki"],
    "Dispatch": ["Threads"],
    "Synchronization": ["Threads", "Keys", "Records", "HTTP", "Client"],
    "Glibc": [
      "Threads", "Keys", "Records", "HTTP", "Client", "XML", "Archive", "Service", "Ceremony",
      "smki", "Assess",
    ],
  ]

  /// What any test may import.
  static let testModules: Set = [
    "Testing", "Foundation", "ClauseTrait", "TestEstate", "TestProcess", "TestStore", "TestToken",
    "Synchronization",
  ]

  static func findings(in file: SwiftText, plan: FloorPlan) -> [Finding] {
    guard let name = Project.room(of: file.path), let room = plan.room(name) else { return [] }
    let isTest = file.path.hasPrefix("Tests/")
    return imports(of: file).compactMap { line, module in
      let isAllowed =
        isTest
        ? Self.testModules.contains(module) || module == name || room.sees.contains(module)
          || room.testsAlsoSee.contains(module) || systemModules[module] != nil
        : room.sees.contains(module) || systemModules[module]?.contains(name) == true
      return isAllowed
        ? nil : file.finding(line, "\(name) may not import \(module): see Package.swift")
    }
  }

  static func imports(of file: SwiftText) -> [(line: Int, module: String)] {
    file.lines.enumerated().compactMap { index, line in
      guard line.code.contains("import ") else { return nil }
      let words = line.code.split(separator: " ").drop { $0 != "import" }.dropFirst()
      let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "typealias"]
      guard let module = words.first(where: { !kinds.contains($0) }) else { return nil }
      return (index + 1, String(module.prefix { $0 != "." }))
    }
  }

  /// Rooms in the order of the manifest: each sees only rooms that stand before it.
  static func findings(in plan: FloorPlan) -> [Finding] {
    var standing = Set(plan.libraries)
    var findings: [Finding] = []
    for room in plan.rooms {
      for seen in room.sees where !standing.contains(seen) {
        findings.append(
          Finding(
            path: "Package.swift", line: 1, message: "\(room.name) looks up, or nowhere: \(seen)"))
      }
      standing.insert(room.name)
    }
    return findings
  }

  private static func plan() throws -> FloorPlan {
    FloorPlan(manifest: try #require(Project.here.text("Package.swift")))
  }

  @Test("every import is declared")
  func imports() throws {
    let plan = try Self.plan()
    expectNone(Project.here.swift.flatMap { Self.findings(in: $0, plan: plan) })
  }

  @Test("every folder of Sources is a room or a C library, and every room has a folder")
  func folders() throws {
    let plan = try Self.plan()
    let folders = Set(
      (Project.here.swift.map(\.path) + Project.here.texts.map(\.path))
        .filter { $0.hasPrefix("Sources/") && $0.split(separator: "/").count > 2 }
        .compactMap(Project.room(of:)))
    #expect(folders == Set(plan.rooms.map(\.name) + plan.libraries))
  }

  @Test("imports go one way")
  func oneWay() throws {
    expectNone(Self.findings(in: try Self.plan()))
  }

  @Test("what is reached from the network cannot name the root key, nor the ceremony the network")
  func doorsDoNotMeet() throws {
    let plan = try Self.plan()
    let service = try #require(plan.room("Service"))
    let ceremony = try #require(plan.room("Ceremony"))
    #expect(!service.sees.contains("Ceremony"))
    #expect(Set(ceremony.sees).isDisjoint(with: ["Service", "HTTP", "Client"]))
  }

  @Test("the check fails: an undeclared room, a C library, Foundation, an arrow upwards")
  func canFail() {
    let plan = FloorPlan(
      manifest: """
        library("CLib", "lib", apt: "lib-dev"),
        room("DER"),
        room(
          "Keys", sees: "DER",
          "CLib", also: ["Audit"], testData: ["a.tsv"]),
        """)
    #expect(
      plan.rooms == [
        .init(name: "DER", sees: [], testsAlsoSee: []),
        .init(name: "Keys", sees: ["DER", "CLib"], testsAlsoSee: ["Audit"]),
      ])
    func count(_ path: String, _ text: String) -> Int {
      Self.findings(in: SwiftText(path: path, text: text), plan: plan).count
    }
    #expect(count("Sources/Keys/A.swift", "import DER\npackage import CLib\n") == 0)
    #expect(count("Sources/DER/A.swift", "import Keys\n") == 1)
    #expect(count("Sources/DER/A.swift", "package import CLib\n") == 1)
    #expect(count("Sources/DER/A.swift", "import Foundation\n") == 1)
    #expect(count("Sources/Keys/A.swift", "import struct Foundation.Date\n") == 1)
    #expect(count("Sources/Keys/A.swift", "import Dispatch\n") == 1)
    #expect(count("Tests/DERTests/A.swift", "import Testing\nimport Foundation\nimport DER") == 0)
    #expect(count("Tests/DERTests/A.swift", "import Keys\n") == 1)
    #expect(count("Tests/KeysTests/A.swift", "import Audit\n") == 0)
    let upwards = FloorPlan(manifest: "room(\"A\", sees: \"B\"),\nroom(\"B\"),")
    #expect(Self.findings(in: upwards).count == 1)
  }
}
