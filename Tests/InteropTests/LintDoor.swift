// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `smki lint`, as a person runs it.
enum LintDoor {
  /// Beside the bundle of these tests.
  private static let program: String = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    let folder = URL(filePath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent()
    return folder.appending(path: "smki").path
  }()

  /// The clauses that `smki lint` names for each file, or why it cannot read one.
  static func lint(
    _ files: [[UInt8]], _ options: String...
  ) throws -> [(clauses: Set<String>, problem: String?)] {
    let place = try Workplace()
    var names: [String] = []
    for (number, file) in files.enumerated() {
      names.append(try place.write("\(number).der", file))
    }
    let ending = try place.run(Self.program, ["lint", "--json"] + options + names)
    let reports = try JSONSerialization.jsonObject(with: Data(ending.output)) as? [[String: Any]]
    try #require(reports?.count == files.count, "\(ending.said)")
    return (reports ?? []).map { report in
      let findings = report["findings"] as? [[String: String]] ?? []
      return (Set(findings.compactMap { $0["clause"] }), report["problem"] as? String)
    }
  }
}
