// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Duties
import Governance
import Keys
import SEC
import Service
import Testing
import X509

@Suite("What a motion would set in motion is looked at when it is put")
struct PMAMotionTests {
  @Test(
    "a motion that could not be carried out is refused when it is put, in a room's own words",
    .clause("L2.14", "L1.15", "C3-71", "M4-solr", "L5.3(b)", "M4-org-info-form-c", "L1.6(c)"))
  func impossible() throws {
    let door = try PMADoor(on: "2026-11-23")
    try door.estate.add("north", [.importSupplier])
    try door.inMeeting()
    let (later, before) = (
      door.today.adding(days: 9).begins.rfc3339, door.today.begins.rfc3339
    )
    let sha256 = String(repeating: "AB", count: 32)
    func lodging(_ terms: [String: String]) -> [String: String] {
      ["kind": "device-certificate-policy", "version": "9.0", "sha256": sha256]
        .merging(terms) { $1 }
    }
    for (kind, subject, terms, refusal) in [
      ("suspend", "nobody", [:], "party-unknown"), ("suspend", "", [:], "party-unknown"),
      ("reinstate", "nobody", [:], "party-unknown"),
      ("reinstate", "north", [:], "party-not-suspended"),
      ("delay-revocation", "nobody", ["until": later], "party-unknown"),
      ("delay-revocation", "north", ["until": before], "delay-end"),
      ("delay-revocation", "north", ["until": "soon"], "unknown-word"),
      ("order-revocation", "", ["serials": "00FF"], "certificate-to-revoke-unknown"),
      ("order-revocation", "", ["serials": "no number"], "unknown-word"),
      ("order-revocation", "", ["serials": " , "], "terms-missing"),
      ("order-revocation", "", ["serials": "00FF", "ground": "x"], "unknown-word"),
      ("order-revocation", "", ["serials": "00", "concerned": "x"], "organisation-unknown R2-26"),
      ("lodge-document", "", lodging(["kind": "novel"]), "document-form"),
      ("lodge-document", "", lodging(["kind": "device-cps"]), "document-confidential"),
      ("lodge-document", "", lodging(["kind": "dcc-chosen"]), "may-not-lodge"),
      ("lodge-document", "", lodging(["sha256": "AB"]), "other-document"),
      ("lodge-document", "", lodging(["version": "nine!"]), "document-form"),
      ("lodge-document", "", lodging(["ending": "exe"]), "document-form"),
      ("approve-form", "", ["forms": "novel", "version": "1"], "unknown-word"),
      ("approve-form", "", ["forms": "screening", "version": "77"], "form-version-unknown"),
      ("remove-member", "", ["seat": "throne"], "unknown-word"),
      ("remove-member", "", ["seat": "gas-network"], "seat-vacant"),
      ("use-recovery-key", "", ["matter": "m", "outcome": "no-use"], "matter-unknown"),
      ("approve-cps", "", ["matter": "m", "outcome": "approved"], "matter-unknown"),
      ("suspend", "nobody", ["matter": "m"], "party-unknown"),
    ] as [(String, String, [String: String], String)] {
      let found = door.refusal(door.motion("v", kind, about: subject, terms))
      #expect(found.hasPrefix(refusal), "\(kind) \(subject) \(terms): \(found)")
    }
    #expect(try door.estate.node.votes.all().isEmpty)
    // The matter of a suspension is of the same party: those who are told are told of the matter.
    try door.begin("s", "suspension", "another")
    try door.file(["threat", "prior-notice"], to: "s")
    let terms = ["matter": "s", "outcome": "suspended"]
    #expect(
      door.refusal(door.motion("v", "suspend", about: "north", terms)) == "matter-subject L1.17")
    try door.decide("v", "suspend", about: "north", [:])
    try door.perform(CarryOut(vote: "v", kind: "suspend"))
    #expect(
      door.refusal(door.motion("w", "suspend", about: "north", [:])).hasPrefix("party-suspended"))
    #expect(door.refusal(door.motion("w", "reinstate", about: "north", [:])) == "")
  }

  @Test(
    "whoever works for a party that a motion concerns stands aside, however it is named",
    .clause("R2-26"))
  func concerned() throws {
    let door = try PMADoor(on: "2026-11-23")
    try door.four()
    try door.fill("specialist", with: "spec", PMADoor.specialist)
    let estate = door.estate
    for party in ["small-1", "north"] { try estate.add(party, [.importSupplier]) }
    try door.organisation("north", "other", group: "small-1")
    try door.organisation("elsewhere", "other")
    let certificate = try estate.organisation(
      "north", EntityID(0x90B3_D51F_3001_0001), role: RoleCode(2), usage: .digitalSignature)
    let serial = Hex.encode(certificate.serialNumber.magnitude)
    try door.begin("plan", "remedial-plan", "north")
    try door.file(["plan"], to: "plan")
    // The item is about another organisation than the motion.
    try door.meet(
      "m", items: [PMAAct.Item(title: "Business", subject: "elsewhere")],
      present: ["chair", "spec"] + PMADoor.voters)
    func electors(_ vote: String) throws -> Set<String> {
      Set(try estate.node.votes.roll(of: vote).electors.map(\.person))
    }
    let motions: [(String, String, String, [String: String])] = [
      ("a", "suspend", "north", [:]), ("b", "suspend", "small-1", [:]),
      ("c", "order-revocation", "", ["serials": serial]),
      ("d", "approve-remedial-plan", "", ["matter": "plan", "outcome": "approved"]),
      ("e", "general", "", ["concerned": "small-1"]), ("f", "general", "", [:]),
    ]
    for (vote, kind, subject, terms) in motions {
      try door.act(door.motion(vote, kind, about: subject, terms))
      #expect(try electors(vote).contains("small") == (vote == "f"), "\(kind) \(subject)")
      #expect(
        door.refusal(.cast(vote: vote, person: "small", choice: "for"))
          == (vote == "f" ? "" : "no-vote L1.15"))
    }
    // In writing too.
    try door.act(
      .openVote(
        vote: "w", meeting: nil, item: 1, kind: "order-revocation", motion: "That", subject: "",
        terms: ["serials": serial]))
    #expect(try electors("w").contains("small") == false)
    // Whom a motion concerns is part of what is signed.
    try door.act(.cast(vote: "c", person: "spec", choice: "for"))
    try door.act(.closeVote(vote: "c"))
    #expect(try estate.node.votes.statement(of: "c").contains("term concerned: north"))
    // Without the conflicted Member there is no quorum, at the opening and at the closing.
    try door.act(.go(meeting: "m", person: "spec"))
    #expect(door.refusal(.closeVote(vote: "a")) == "not-quorate L1.13")
    #expect(door.refusal(door.motion("g", "suspend", about: "north", [:])) == "not-quorate L1.13")
    #expect(
      door.refusal(
        .convene(
          meeting: "n", held: door.today.adding(days: 20).begins.rfc3339, place: "London",
          items: [PMAAct.Item(title: "A party", subject: "Small Ltd")], shortNotice: ""))
        == "organisation-unknown R2-26")
  }

  @Test("a count with another key, or with none, names the key", .clause("L1.7(c)"))
  func key() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.organisation("small-1", "small-supplier")
    for person in ["ann", "bob"] { try door.person(person) }
    try door.nominate(["ann", "bob"], in: "e", "small-suppliers")
    _ = try door.vote("small-1", ["ann"], in: "e")
    let last = try #require(try door.estate.node.elections.election("e").ballotCloses)
    door.set(last.adding(days: 1))
    let path = door.estate.folder.path + "/other.key"
    try ClientKey.generate().write(toNewFile: path)
    for file in [path, path + "-that-is-not-there"] {
      let refusal = #expect(throws: Refusal.self) {
        _ = try door.perform(CountBallots(election: "e", keyPath: file))
      }
      #expect(refusal?.code == "election-key" && refusal?.field == "key")
    }
    #expect(door.refusal { _ = try door.count("x") } == "election-unknown L1.7")
    let counted = try door.count("e")
    #expect(counted.elected == ["ann"] && counted.void == 0)
  }

  @Test("what has no minute is named when a meeting is closed or published", .clause("L1.15"))
  func minutes() throws {
    let door = try PMADoor(on: "2026-01-05")
    try door.four()
    try door.meet(
      "m", items: ["One", "Two", "Three"].map { PMAAct.Item(title: $0) },
      present: ["chair"] + PMADoor.voters)
    try door.act(.minute(meeting: "m", item: 2, text: "Done.", confidential: ""))
    try door.act(.conflict(meeting: "m", item: 3, person: "small", reason: "holds shares"))
    for (vote, item) in [("v", 1), ("w", 2)] {
      try door.act(
        .openVote(
          vote: vote, meeting: "m", item: item, kind: "general", motion: "That \(vote)",
          subject: ""))
    }
    try door.act(.cast(vote: "v", person: "small", choice: "for"))
    try door.act(.closeVote(vote: "v"))
    try door.act(.withdraw(vote: "w"))
    let closed = try door.act(.close(meeting: "m"))
    #expect(
      closed.reasons == ["Item 1, One, has no minute yet.", "Item 3, Three, has no minute yet."])
    let refusal = #expect(throws: Refusal.self) { try door.act(.publish(meeting: "m")) }
    #expect(refusal?.code == "minute-missing" && refusal?.field == "item")
    #expect(refusal?.found == "1 One; 3 Three, without one")
    for item in [1, 3] {
      try door.act(.minute(meeting: "m", item: item, text: "Nothing was said.", confidential: ""))
    }
    try door.act(.publish(meeting: "m"))
    // The year tells of what was held and decided, and of no more.
    try door.act(
      .convene(
        meeting: "later", held: door.today.adding(days: 20).begins.rfc3339, place: "London",
        items: [PMAAct.Item(title: "One")], shortNotice: ""))
    let node = door.estate.node
    let report = PMAReport(
      records: node.records, configuration: node.configuration, estate: node.estate.name)
    let minutes = try report.make(.minutes, number: "m", on: door.today)
    #expect(minutes.contains("Vote v: That v. <strong>carried</strong>. 4 of 4 Members"))
    #expect(minutes.contains("Vote w: That w. <strong>withdrawn</strong>.</p>"))
    #expect(minutes.contains("Small stood aside.</p>"))
    let whole = try report.make(.confidentialMinutes, number: "m", on: door.today)
    #expect(whole.contains("Small stood aside: holds shares.</p>"))
    let year = try report.make(.year, number: "", on: door.today.adding(days: 40))
    #expect(year.contains(": 1 meetings, 1 decisions, 0 matters"), "\(year)")
    #expect(!year.contains("of 0 duties that fell due"))
    #expect(door.refusal(.publish(meeting: "m")) == "meeting-stage L1.15")
  }
}
