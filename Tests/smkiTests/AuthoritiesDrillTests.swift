// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import TestProcess
import TestToken
import Testing

@Suite(
  "Authorities with their keys in a token live and die in time",
  .enabled(if: TestToken.isThere, "SoftHSM is not installed"))
struct AuthoritiesDrillTests {
  private static let script = "\(Program.package)/Scripts/drill-authorities"

  /// With `SMKI_LONG=1` at full size.
  private static let isLong = ProcessInfo.processInfo.environment["SMKI_LONG"] == "1"

  @Test(
    "three lives, a kill at each step of a key's destruction, and lists that relying parties use",
    .clause("C3-118-4", "C3-118-4a", "C3-118-4b", "C3-119", "C3-120", "C3-124-2", "C3-118-2"))
  func drill() throws {
    let size =
      Self.isLong ? [] : ["--certificates", "160", "--batch", "40", "--days", "93"]
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", Self.script, "--smki", Program.path] + size
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let said = try output.fileHandleForReading.readToEnd() ?? Data()
    let complaint = try errors.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    #expect(process.terminationStatus == 0, "\(String(decoding: complaint, as: UTF8.self))")
    let facts = try #require(try JSONSerialization.jsonObject(with: said) as? [String: Any])
    #expect(facts["certificates"] as? Int == (Self.isLong ? 250_000 : 160))
    #expect(facts["destroyed"] as? Int ?? 0 >= 2)
    #expect(facts["kills"] as? Int ?? 0 >= 2)
    #expect(facts["chains"] as? Int ?? 0 >= 30)
    #expect(facts["listed"] as? Int ?? 0 >= 12)
  }
}
