// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Testing

@Suite("Duties, by command")
struct DutyCommandTests {
  @Test(
    "what is owed is listed, reported and discharged",
    .clause("L1.17(s)", "L5.8", "A1-working-day"))
  func duties() throws {
    let estate = try OwnEstate()
    try PMATests.run(
      estate,
      """
      duties event --event document-modified --subject 'Device CP' --reference 'SEC v57' --day 2026-04-02
      duties event --event document-modified --subject 'Organisation CP' --reference 'SEC v58' --day 2022-09-16
      """)
    func due(_ subject: String, _ day: String) throws -> String? {
      try PMATests.json(estate, "duties list --on \(day)").first {
        $0["clause"] as? String == "L5.8" && $0["subject"] as? String == subject
      }?["due"] as? String
    }
    let owed = try #require(
      try PMATests.json(estate, "duties list --on 2026-04-10").first {
        $0["clause"] as? String == "L5.8" && $0["subject"] as? String == "Device CP"
      })
    // Good Friday and Easter Monday are no Working Days.
    #expect(owed["due"] as? String == "2026-04-13")
    #expect(owed["state"] as? String == "due")
    // Nor is the day of a state funeral, nor what the configuration names.
    #expect(try due("Organisation CP", "2022-09-21") == "2022-09-26")
    try PMATests.set("bankHolidays", to: #"["2026-04-09"]"#, in: estate)
    #expect(try due("Device CP", "2026-04-10") == "2026-04-14")
    try PMATests.set("bankHolidays", to: "[]", in: estate)
    let number = try #require(owed["instance"] as? String)
    let late = try PMATests.json(
      estate, "duties list --on 2026-04-14 --state late --area repository")
    #expect(late.contains { $0["instance"] as? String == number })
    try PMATests.run(
      estate, "duties discharge --instance '\(number)' --evidence R-17 --day 2026-04-09")
    let done = try PMATests.json(estate, "duties list --on 2026-04-14 --state discharged")
    #expect(done.contains { $0["instance"] as? String == number })
    let again = try estate.run(
      "duties", "discharge", "--instance", number, "--evidence", "R-17", "--json")
    #expect(PMATests.refusal(again) == "duty-discharged")
    let calendar = try estate.run("duties", "calendar", "--owed-by", "SMKI PMA")
    #expect(calendar.output.hasPrefix("BEGIN:VCALENDAR\r\n"))
    #expect(calendar.output.hasSuffix("END:VCALENDAR\r\n"))
    #expect(try PMATests.json(estate, "duties table --area governance").count == 33)
    let letters = try estate.run("duties", "send", "--json")
    #expect(PMATests.refusal(letters) == "mail-not-configured")
  }
}
