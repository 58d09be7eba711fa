// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// pkilint: a linter of certificates by other hands, which `Scripts/setup --tests` installs.
enum Pkilint {
  /// Why the suite is skipped.
  static let absence: Comment = "no pkilint: run Scripts/setup --tests"
  static let program = Workplace.project.appending(path: ".build/venv/bin/lint_pkix_cert")

  /// With `CI=true` absence is not an excuse: the suite runs and fails.
  static var isPresent: Bool {
    FileManager.default.isExecutableFile(atPath: program.path)
      || ProcessInfo.processInfo.environment["CI"] == "true"
  }

  /// One finding, as it says it.
  private struct Finding: Decodable {
    struct Description: Decodable {
      let code: String
      let severity: String
    }

    let place: String
    let descriptions: [Description]

    enum CodingKeys: String, CodingKey {
      case place = "node_path"
      case descriptions = "finding_descriptions"
    }
  }

  private struct Report: Decodable {
    let results: [Finding]
  }

  /// What it finds wrong with a certificate: the code, a space, and the place in its own words.
  static func errors(in file: String, at place: Workplace) throws -> Set<String> {
    try #require(
      FileManager.default.isExecutableFile(atPath: program.path), "Scripts/setup --tests")
    let ending = try place.run(program.path, ["lint", "-s", "ERROR", "-f", "JSON", file])
    let report = try JSONDecoder().decode(Report.self, from: Data(ending.output))
    return Set(
      report.results.flatMap { finding in
        finding.descriptions.map { "\($0.code) \(finding.place)" }
      })
  }
}
