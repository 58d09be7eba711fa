// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import Profiles
import Testing
import X509

@Suite("Lint of real samples", .enabled(if: Samples.arePresent, Samples.absence))
struct LintSampleTests {
  /// A sample and a rule that it breaks.
  private struct Deviation: Hashable, CustomStringConvertible {
    let file: String
    let rule: String
    var description: String { "\(file): \(rule)" }
  }

  /// The table that was written by hand before there was a linter.
  private func table() throws -> [Deviation] {
    let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "Deviations.tsv")
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst().map {
      let columns = $0.split(separator: "\t").map(String.init)
      try #require(columns.count == 2)
      return Deviation(file: columns[0], rule: columns[1])
    }
  }

  @Test("finds the deviations of the table, all of them and no others", .clause("GBCS-12.1"))
  func deviations() throws {
    let lint = Lint(
      authorities: [try Samples.issuingAuthority()],
      policies: [SampleTests.policy, "1.2.826.0.1.1800000.1.2.1.4"])
    var found: [Deviation] = []
    for name in Samples.certificateNames {
      found += lint.findings(certificate: try Samples.certificate(name))
        .map { Deviation(file: name, rule: $0.rule) }
    }
    let written = try table()
    #expect(Set(found).subtracting(written).isEmpty, "found and not written down")
    #expect(Set(written).subtracting(found).isEmpty, "written down and not found")
    #expect(found.count == 29 && written.count == 29)
  }

  @Test("the device's request has no finding")
  func request() throws {
    let request = try CertificationRequest(parsing: Samples.request())
    #expect(Lint.findings(request: request).isEmpty)
  }
}
