// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("What a form may say is decided when it is handed in")
struct RangeTests {
  private static func submit(
    _ form: String, _ changes: [String: Any], in estate: OwnEstate, refused code: String?
  ) throws {
    let example = try Data(
      contentsOf: URL(filePath: "\(Program.package)/Examples/forms/\(form).json"))
    var whole = try #require(
      try JSONSerialization.jsonObject(with: example) as? [String: Any])
    let answers = try #require(whole["answers"] as? [String: Any])
    whole["answers"] = answers.merging(changes) { $1 }
    let path = "\(estate.place)/\(UUID().uuidString).json"
    try JSONSerialization.data(withJSONObject: whole).write(to: URL(filePath: path))
    let outcome = try estate.run("form", "submit", path, "--json")
    #expect(outcome.code == (code == nil ? 0 : 1), "\(outcome.errors)")
    if let code { #expect(outcome.errors.contains("\"\(code)\""), "\(outcome.errors)") }
  }

  @Test(
    "identifiers of a User Role have no gap and meet no other's, unless one line says so",
    .clause("M4-org-info-form-b", "RAPP-A1-ranges"))
  func ranges() throws {
    let estate = try OwnEstate()
    let first = "02 5A4D4B4900007000 5A4D4B490000700F"
    for (ranges, code) in [
      (
        ["gas-supplier \(first)", "gas-supplier 02 5A4D4B4900007020 5A4D4B490000702F"],
        "range-not-continuous"
      ),
      (
        ["gas-supplier \(first)", "import-supplier 87 5A4D4B4900007008 5A4D4B490000702F"],
        "range-taken"
      ),
      (["gas-supplier 02 5A4D4B490000700F 5A4D4B4900007000"], "range-backwards"),
      (["gas-supplier+import-supplier 02+87 5A4D4B4900007000 5A4D4B490000700F"], nil),
    ] as [([String], String?)] {
      try Self.submit(
        "organisation-information",
        ["identifiers": ranges, "user-roles": ["gas-supplier", "import-supplier"]], in: estate,
        refused: code)
    }
  }

  @Test(
    "an ARO is nominated by an SRO of the same party", .clause("RAPP-5.3"),
    arguments: [
      ("example-gas-aro-1", "not-a-senior-officer"),
      ("example-electricity-sro-1", "not-a-senior-officer"), ("example-gas-sro-1", nil),
    ] as [(String, String?)])
  func nomination(nominator: String, code: String?) throws {
    try Self.submit(
      "aro-nomination", ["party": "example-gas", "nominated-by": nominator], in: OwnEstate(),
      refused: code)
  }
}
