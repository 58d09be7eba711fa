// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("The PMA, by command")
struct PMATests {
  /// The code of the refusal that a command told.
  static func refusal(_ outcome: Program.Outcome) -> String {
    let object = try? JSONSerialization.jsonObject(with: Data(outcome.errors.utf8))
    return ((object as? [String: Any])?["code"] as? String) ?? outcome.errors
  }

  /// Runs lines of one command each; the first that fails is reported.
  static func run(_ estate: OwnEstate, _ lines: String) throws {
    for line in lines.split(separator: "\n") where !line.isEmpty {
      let done = try Program.shell("'\(Program.path)' \(line) --estate var", in: estate.place)
      try #require(done.code == 0, "\(line): \(done.errors)")
    }
  }

  static func json(_ estate: OwnEstate, _ line: String) throws -> [[String: Any]] {
    let said = try Program.shell("'\(Program.path)' \(line) --json --estate var", in: estate.place)
    try #require(said.code == 0, "\(line): \(said.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(said.output.utf8))
    return (object as? [[String: Any]]) ?? []
  }

  /// Writes a setting into the configuration, as an operator does.
  static func set(_ setting: String, to json: String, in estate: OwnEstate) throws {
    let path = URL(filePath: "\(estate.folder)/estate.json")
    let read = try JSONSerialization.jsonObject(with: Data(contentsOf: path))
    var configuration = try #require(read as? [String: Any])
    configuration[setting] = try JSONSerialization.jsonObject(with: Data(json.utf8))
    try JSONSerialization.data(withJSONObject: configuration).write(to: path)
  }

  /// Four seats are taken, and the body may meet within the day; made once and copied.
  private static let seated: Result<Pattern, any Error> = Result {
    let estate = try OwnEstate()
    // Rules under which nobody waits for Working Days.
    try set(
      "proceedings", to: #"{"noticeWorkingDays": 0, "nominationWorkingDays": 0}"#, in: estate)
    try people(estate)
    return try estate.asPattern()
  }

  private static func people(_ estate: OwnEstate) throws {
    try run(
      estate,
      """
      pma organisation --id example-gas --title 'Example Gas' --category small-supplier --group gas
      pma organisation --id gas-holding --title 'Gas Holding' --category other --group gas
      pma person --id ada --name 'Ada Byron'
      pma person --id bob --name 'Bob Chair'
      pma person --id carl --name 'Carl Crypto' --employer gas-holding
      pma person --id dora --name 'Dora Design'
      pma person --id emil --name 'Emil Extra'
      """)
    let seats = [
      ("ada", "specialist", "contract provider-independence confirmation undertaking"),
      (
        "bob", "chair",
        "independence qualification rate sos-notified sos-non-objection direction-terms clearance "
          + "confirmation undertaking"
      ),
      ("carl", "security", "sub-committee-list notice confirmation undertaking"),
      ("dora", "technical", "sub-committee-list notice confirmation undertaking"),
    ]
    for (person, seat, steps) in seats {
      for step in steps.split(separator: " ") {
        try run(
          estate, "pma step --seat \(seat) --person \(person) --step \(step) --evidence letter")
      }
      try run(estate, "pma seat --seat \(seat) --person \(person) --basis contract")
    }
  }

  @Test(
    "a person is seated when everything is on file, and the seats say by which clause",
    .clause(
      "L1.3", "L1.3(a)", "L1.3(b)", "L1.3(c)", "L1.3(d)", "L1.3(e)", "L1.3@2014",
      "L1.3(b)@2014", "L1.3(c)@2014", "L1.3(d)@2014", "C3-62-1", "C3-62-2", "L1.4", "L1.5(d)",
      "L1.5(f)", "L1.5(f)(ii)", "L1.10", "L1.12-chair", "R2-29"))
  func seats() throws {
    let estate = try OwnEstate(of: Self.seated)
    let seats = try Self.json(estate, "pma seats")
    #expect(seats.count { $0["isMember"] as? Bool == true } == 10)
    #expect(seats.first { $0["seat"] as? String == "chair" }?["holder"] as? String == "bob")
    #expect(
      seats.first { $0["seat"] as? String == "specialist" }?["clause"] as? String == "L1.3(e)")
    let gas = try #require(seats.first { $0["seat"] as? String == "gas-network" })
    #expect(gas["filledBy"] as? String == "gas-networks elect" && gas["termMonths"] as? Int == 24)
    #expect((gas["alternateMayBe"] as? String)?.hasSuffix("(L1.12)") == true)
    for (day, members, attendees, titles) in [
      ("2026-11-21", 10, 1, ["Large Supplier": 3, "Small Supplier": 1, "Chair": 1, "TABASC": 1]),
      ("2026-11-21", 10, 1, ["Electricity networks": 1, "Gas networks": 1, "SMKI Specialist": 1]),
      ("2014-06-01", 7, 4, ["Large Supplier": 2, "Small Supplier": 1, "Networks": 1]),
      ("2014-06-01", 7, 4, ["Technical Sub-Committee": 1, "Security Sub-Committee": 1]),
      ("2013-12-31", 6, 4, ["Large Supplier": 2, "Small Supplier": 1, "Networks": 0]),
    ] {
      let rows = try Self.json(estate, "pma seats --on \(day)")
      let ofMembers = rows.filter { $0["isMember"] as? Bool == true }
      #expect(ofMembers.count == members)
      #expect(rows.count - ofMembers.count == attendees)
      for (title, count) in titles {
        #expect(ofMembers.count { $0["title"] as? String == title } == count, "\(day) \(title)")
      }
      #expect(
        ofMembers.filter { $0["vote"] as? String == "casting" }.map { $0["seat"] as? String }
          == ["chair"])
    }
    func refused(_ line: String) throws -> String { try Self.refused(estate, line) }
    #expect(try refused("pma seat --seat specialist --person emil --basis x") == "seat-taken")
    #expect(try refused("pma seat --seat network --person emil --basis x") == "no-such-seat")
    #expect(try refused("pma seat --seat dcc --person ada --basis x") == "second-office")
    #expect(
      try refused("pma alternate --seat chair --person carl --independence minute")
        == "chair-alternate")
    try Self.run(
      estate,
      """
      pma alternate --seat chair --person ada --independence minute
      pma read --seat specialist --versions 'M 8.0'
      pma leave --seat specialist --reason resigned --evidence letter
      pma person --id acme --name 'Acme Ltd' --kind body
      """)
    #expect(
      try refused("pma seat --seat specialist --person acme --basis x") == "not-a-natural-person")
    #expect(
      try refused("pma seat --seat specialist --person emil --basis x")
        == "appointment-step-missing")
    let verified = try estate.run("verify")
    #expect(verified.code == 0, "\(verified.output)")
  }

  /// A meeting that was convened for now is open, with three Members in it; made once and copied.
  private static let held: Result<Pattern, any Error> = Result {
    let estate = try OwnEstate(of: seated)
    try convene(estate)
    try run(
      estate,
      """
      pma open --meeting m
      pma arrive --meeting m --person bob
      pma arrive --meeting m --person ada
      pma arrive --meeting m --person carl
      """)
    return try estate.asPattern()
  }

  /// Convenes the meeting as soon as this machine can, and waits for its time.
  private static func convene(_ estate: OwnEstate) throws {
    for seconds in [2, 10, 60, 300] {
      let held = Date(
        timeIntervalSince1970: (Date().timeIntervalSince1970 + Double(seconds)).rounded(.up))
      let said = try estate.run(
        "pma", "convene", "--meeting", "m", "--held", held.ISO8601Format(), "--place", "London",
        "--item", "Business", "--item", "A party | example-gas", "--json")
      guard said.code != 0 else {
        while Date() <= held { usleep(20_000) }
        return
      }
      // Its time was over before the command got to it.
      try #require(refusal(said) == "notice-too-short")
    }
    Issue.record("a command takes five minutes")
  }

  private static func refused(_ estate: OwnEstate, _ line: String) throws -> String {
    refusal(try Program.shell("'\(Program.path)' \(line) --json --estate var", in: estate.place))
  }

  @Test(
    "a meeting with a quorum decides, what it decides happens once, and without one nothing does",
    .clause("L1.13", "L1.15", "R2-26", "R2-29-n", "R2-29-v", "L2.14"))
  func decision() throws {
    let estate = try OwnEstate(of: Self.held)
    func refused(_ line: String) throws -> String { try Self.refused(estate, line) }
    let motion = "--meeting m --motion 'That it be so' --subject example-gas --kind suspend"
    #expect(try refused("pma vote --vote v --item 1 \(motion)") == "not-quorate")
    try Self.run(estate, "pma arrive --meeting m --person dora")
    // Carl's employer is of the party's group: with him aside there are three.
    #expect(try refused("pma vote --vote v --item 2 \(motion)") == "not-quorate")
    try Self.run(
      estate,
      """
      pma alternate --seat security --person emil
      pma go --meeting m --person carl
      pma arrive --meeting m --person emil
      pma vote --vote v --item 2 \(motion)
      pma cast --vote v --person ada --choice for
      pma cast --vote v --person emil --choice against
      pma cast --vote v --person dora --choice abstain
      pma cast --vote v --person bob --choice for
      """)
    #expect(try refused("pma cast --vote v --person carl --choice against") == "no-vote")
    #expect(try refused("pma cast --vote v --person ada --choice for") == "voted-twice")
    #expect(try refused("pma carry-out --vote v --kind suspend") == "not-decided")
    let decided = try estate.run("pma", "decide", "--vote", "v")
    #expect(decided.output.hasPrefix("carried\n3 could vote: 1 for, 1 against, 1 abstained"))
    #expect(decided.output.contains("the casting vote is for"))
    try Self.run(estate, "pma carry-out --vote v --kind suspend")
    #expect(try refused("pma carry-out --vote v --kind suspend") == "already-carried-out")
    let party = try estate.run("party", "show", "example-gas", "--json")
    #expect(party.output.contains("suspendedSince"))
    let owed = try Self.json(estate, "duties list")
    #expect(
      owed.contains {
        $0["clause"] as? String == "R2-72" && $0["subject"] as? String == "example-gas"
      })
    #expect(try Self.json(estate, "pma votes").first?["outcome"] as? String == "carried")
    let verified = try estate.run("verify")
    #expect(verified.code == 0, "\(verified.output)")
    let folder = URL(filePath: Program.path).deletingLastPathComponent().path
    let assessed = try Program.shell("'\(folder)/smki-assess' var/smki.sqlite", in: estate.place)
    #expect(assessed.code == 0 && assessed.output.contains("1 decisions"), "\(assessed.output)")
  }

  @Test(
    "a notice invites the standing attendees, and minutes stay as they were published",
    .clause("L1.14(a)", "L1.15"))
  func minutes() throws {
    let estate = try OwnEstate(of: Self.held)
    let late = "pma convene --meeting n --held 2020-01-01T10:00:00Z --place London --item A"
    #expect(try Self.refused(estate, late + " --short-notice late") == "notice-too-short")
    try Self.run(
      estate,
      """
      pma minute --meeting m --item 1 --public 'There was none.'
      pma minute --meeting m --item 2 --public 'A party was named.' --confidential 'Example Gas'
      pma close --meeting m
      pma publish --meeting m
      """)
    #expect(
      try Self.refused(estate, "pma minute --meeting m --item 1 --public 'Other.'")
        == "meeting-stage")
    let meeting = try #require(try Self.json(estate, "pma meetings").first)
    #expect((meeting["invited"] as? [String])?.contains { $0.contains("dcc, speaks") } == true)
  }

  @Test(
    "an election is opened, nominated to, and refuses what it must",
    .clause("L1.7(a)", "L1.7(b)", "R2-42"))
  func election() throws {
    let estate = try OwnEstate(of: Self.seated)
    try Self.run(
      estate,
      """
      pma elect --election e --constituency small-suppliers --key-out e.key
      pma nominate --election e --person emil --by 'Carl Citizen'
      """)
    func refused(_ line: String) throws -> String { try Self.refused(estate, line) }
    #expect(try refused("pma nominate --election e --person emil --by x") == "nominated-twice")
    #expect(try refused("pma nominated --election e") == "election-stage")
    #expect(
      try refused("pma ballot --election e --party example-gas --name emil") == "ballot-closed")
    #expect(try refused("pma count --election e --key e.key") == "election-stage")
    #expect(
      try refused("pma elect --election f --constituency networks --key-out f.key")
        == "no-such-election")
    // The key of an election that was not opened is not left behind.
    #expect(try Program.shell("ls *.key", in: estate.place).output == "e.key\n")
    for id in ["''", "'a,b'", "'two words'"] {
      #expect(try refused("pma person --id \(id) --name X") == "identifier-unusable")
    }
    let row = try #require(try Self.json(estate, "pma elections").first)
    #expect(row["state"] as? String == "nominating")
    #expect(try Self.json(estate, "pma rules").count > 8)
  }

  @Test(
    "commands go by the clock of the node that serves: seats, parties, duties, ballots",
    .clause("L1.6(b)", "L1.7(c)"))
  func clock() throws {
    let estate = try OwnEstate(of: Self.seated)
    // Two hundred days ahead: everybody sits, and what was promptly owed is late.
    let ahead = Date(timeIntervalSince1970: Date().timeIntervalSince1970 + 200 * 86_400)
    let day = String(ahead.ISO8601Format().prefix(10))
    try estate.serve(options: ["--clock", "\(day)T09:00:00Z"])
    try Self.run(
      estate,
      """
      pma elect --election e --constituency small-suppliers --key-out e.key
      pma nominate --election e --person emil --by 'Carl Citizen'
      party suspend --party example-gas --evidence letter
      """)
    let party = try estate.run("party", "show", "example-gas", "--json")
    #expect(party.output.contains("\"suspendedSince\" : \"\(day)"), "\(party.output)")
    let owed = try Self.json(estate, "duties list --owed-by 'SMKI PMA Member'")
    #expect(owed.contains { $0["state"] as? String == "late" })
    try Self.run(estate, "pma leave --seat security --reason resigned --evidence letter")
    let seats = try Self.json(estate, "pma seats")
    #expect(seats.first { $0["seat"] as? String == "security" }?["state"] as? String == "vacant")
    #expect(try estate.stop(SIGKILL).code != 0)
    // Nobody serves: never before the newest entry of the audit.
    let after = try Self.json(estate, "pma seats")
    #expect(after.first { $0["seat"] as? String == "security" }?["state"] as? String == "vacant")
  }

  /// Everybody there votes for a motion; it is decided.
  private static func carry(_ estate: OwnEstate, _ vote: String, _ motion: String) throws {
    try run(
      estate,
      """
      pma vote --vote \(vote) --meeting m --motion 'That it be so' \(motion)
      pma cast --vote \(vote) --person ada --choice for
      pma cast --vote \(vote) --person carl --choice for
      pma decide --vote \(vote)
      """)
  }

  @Test(
    "a practice statement, a standard and a proposal go their way by command, to pages and proofs",
    .clause(
      "L1.17(a)", "L1.19(b)", "L1.21", "L1.23(a)", "M4-appendix-map", "M4-docset-refs"))
  func business() throws {
    let estate = try OwnEstate(of: Self.held)
    try Self.run(
      estate,
      """
      pma arrive --meeting m --person dora
      pma begin --matter cps-1 --kind practice-statement --subject 'Device CPS' --version 1.0
      pma paper --matter cps-1 --name statement --text 'how the Device CP is met'
      """)
    try Self.carry(
      estate, "v",
      "--subject 'Device CPS' --kind approve-cps --term matter=cps-1 --term outcome=approved")
    try Self.run(
      estate,
      """
      pma carry-out --vote v --kind approve-cps
      pma issue --matter cps-1
      pma report --kind letter --number cps-1 --to DCC --output one.html --pdf one.pdf
      pma report --kind letter --number cps-1 --to DCC --output two.html
      pma standard --standard 'BS 7858' --version 2012 --issuer BSI --obligation 'RAPP 5.3'
      pma standard --standard 'BS 7858' --version 2019 --issuer BSI --obligation 'RAPP 5.3' --follows 2012
      audit checkpoint
      pma proof --vote v --out proof.json
      audit check proof.json
      """)
    let compared = try Program.shell("cmp one.html two.html && head -c 5 one.pdf", in: estate.place)
    #expect(compared.code == 0 && compared.output == "%PDF-", "\(compared.errors)")
    try Self.carry(
      estate, "s",
      "--kind standard-date --term 'standard=BS 7858' --term version=2019 --term from=2031-01-01")
    try Self.run(estate, "pma carry-out --vote s --kind standard-date")
    func standards(_ day: String) throws -> [String] {
      try Self.json(estate, "pma standards --on \(day)").compactMap { $0["status"] as? String }
    }
    #expect(try standards("2030-12-31") == ["previous", "current"])
    #expect(try standards("2031-01-01") == ["superseded", "current"])
    let lost = "--kind propose-modification --term proposal=P1 --term title=T --term documents=D "
    try Self.run(
      estate,
      """
      pma vote --vote p --meeting m --motion 'That it be proposed' \(lost) --term proposer=ada
      pma decide --vote p
      pma propose --vote p --person dora
      pma screen --proposal P1 --affects yes --reason 'of the RAPP'
      """)
    let proposal = try #require(try Self.json(estate, "pma proposals").first)
    #expect(proposal["proposer"] as? String == "member")
    #expect(
      try Self.json(estate, "pma documents --set dccki").compactMap { $0["appendix"] as? String }
        == ["S", "T", "U", "V", "W"])
    #expect(try Self.json(estate, "pma business").count == 25)
    let verified = try estate.run("verify")
    #expect(verified.code == 0, "\(verified.output)")
  }

  @Test(
    "a decision to use a key stands as a direction until the DCC has followed it",
    .clause("L1.17(i)", "M4-further-use", "M4-recovery-direction"))
  func direction() throws {
    let estate = try OwnEstate(of: Self.held)
    try Self.run(estate, "pma arrive --meeting m --person dora")
    let terms = "--term matter=incident-1 --term outcome=recovery-key"
    try Self.run(
      estate,
      """
      pma begin --matter incident-1 --kind recovery-key --subject 'a stolen key'
      pma paper --matter incident-1 --name compromise --text 'the report of the User'
      pma paper --matter incident-1 --name recovery-key-guidance --text 'Guidance 2.0, part 3'
      """)
    try Self.carry(estate, "k", "--kind use-recovery-key \(terms)")
    #expect(try Self.json(estate, "pma directions").isEmpty)
    try Self.run(estate, "pma carry-out --vote k --kind use-recovery-key")
    let direction = try #require(try Self.json(estate, "pma directions --standing").first)
    #expect(direction["key"] as? String == "recovery-key")
    #expect(direction["guidance"] as? String == "Guidance 2.0, part 3")
    try Self.run(estate, "pma follow --vote k --evidence 'report of the DCC'")
    #expect(try Self.json(estate, "pma directions --standing").isEmpty)
    #expect(
      try Self.json(estate, "pma directions").first?["evidence"] as? String == "report of the DCC")
  }
}
