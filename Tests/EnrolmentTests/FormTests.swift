// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Enrolment
import Registration
import SEC
import TestEstate
import Testing

@Suite("Forms are data, in versions that the PMA approves")
struct FormTests {
  private static let complete = Onboarding.information(
    "north-gas", name: "North Gas Ltd", roles: [.gasSupplier],
    identifiers: ["gas-supplier 02 5A-4D-4B-49-00-00-10-00 5A-4D-4B-49-00-00-10-FF"])

  private static let first = FormVersion(
    form: .organisationInformation, version: "1", further: [], proposer: "the program")

  @Test("each form has questions of its own, and its steps record themselves")
  func forms() {
    for form in FormKind.allCases {
      let names = form.coreFields.map(\.name)
      #expect(names.count == Set(names).count)
      #expect(form.steps.allSatisfy { $0.effect == .recordsStep })
    }
  }

  @Test("a complete form is taken", .clause("M4-org-info-form"))
  func complete() throws {
    try Self.first.check(Self.complete)
  }

  @Test(
    "each required question is answered", .clause("M4-org-info-form-a"),
    arguments: FormKind.organisationInformation.coreFields.filter(\.isRequired).map(\.name))
  func incomplete(name: String) {
    var answers = Self.complete
    answers[name] = nil
    #expect(throws: Refusal.formIncomplete(.organisationInformation, [name])) {
      try Self.first.check(answers)
    }
  }

  @Test("a question that is not asked is not answered", .clause("M4-org-info-form"))
  func unknown() {
    let answers = Self.complete.merging(["shoe-size": ["9"]]) { $1 }
    #expect(throws: Refusal.formFieldUnknown(.organisationInformation, "shoe-size", [])) {
      try Self.first.check(answers)
    }
  }

  @Test(
    "an answer has the form that its question asks for", .clause("M4-org-info-form-a"),
    arguments: [
      ("party", ["North"]), ("party", [""]), ("party", ["north", "south"]),
      ("trading-name", [String(repeating: "x", count: 65)]), ("trading-name", ["a\u{7}"]),
      ("category", ["giant"]), ("user-roles", ["gas-supplier", "king"]),
      ("acceded", ["2026-02-30"]), ("acceded", ["05/01/2026"]), ("basis", ["whim"]),
      ("identifiers", ["gas-supplier 02 5A-4D-4B-49-00-00-10-00"]),
      ("identifiers", ["king 02 5A-4D-4B-49-00-00-10-00 5A-4D-4B-49-00-00-10-FF"]),
      ("identifiers", ["gas-supplier 2 5A-4D-4B-49-00-00-10-00 5A-4D-4B-49-00-00-10-FF"]),
      ("accurate", ["no"]),
    ])
  func answer(name: String, given: [String]) throws {
    let field = try #require(Self.first.fields.first { $0.name == name })
    #expect(throws: Refusal.formAnswer(field, found: "")) {
      try Self.first.check(Self.complete.merging([name: given]) { $1 })
    }
  }

  @Test("what a person said of himself or herself is not repeated in a refusal")
  func discreet() throws {
    let version = FormVersion(
      form: .officerNomination, version: "1", further: [], proposer: "the program")
    var answers = Onboarding.person("p", of: "north-gas")
    answers["nominated-by"] = ["D"]
    answers["nominated-by-position"] = ["director"]
    answers["date-of-birth"] = ["first of May"]
    do throws(Refusal) {
      try version.check(answers)
      Issue.record("taken")
    } catch {
      #expect(!error.description.contains("May"))
    }
  }

  @Test(
    "a version is used once the PMA has approved it, and then no other",
    .clause("M4-org-info-form-c"))
  func versions() throws {
    let estate = try TestEstate()
    let enrolment = estate.registration.enrolment
    func submit(_ version: String, _ more: [String: [String]] = [:]) throws {
      try enrolment.submit(
        .organisationInformation, version: version, Self.complete.merging(more) { $1 },
        at: estate.now, by: TestEstate.officer)
    }
    let further = [FormField("fleet", "How many vans", .text(10))]
    func propose(_ version: String, _ further: [FormField] = further) throws {
      try enrolment.propose(
        .organisationInformation, version: version, further: further, at: estate.now,
        by: TestEstate.officer)
    }
    func approve(_ version: String, _ evidence: String = "minutes 2") throws {
      try enrolment.approveForms(
        [.organisationInformation], version: version, evidence: evidence, at: estate.now,
        by: TestEstate.officer)
    }
    #expect(throws: Refusal.formVersionUnknown(.organisationInformation, "2")) {
      try approve("2")
    }
    try propose("2")
    #expect(throws: Refusal.formVersionExists(.organisationInformation, "2")) { try propose("2") }
    #expect(throws: Refusal.formVersionName(.organisationInformation, "")) { try propose("") }
    for field in [
      FormField("party", "Again"), FormField("a b", "Blank"), FormField("c", "Two\nlines"),
      FormField("d", "A day", .date), FormField("e", "Long", .text(1_001)),
    ] {
      #expect(throws: Refusal.formQuestion(.organisationInformation, field.name)) {
        try propose("3", [field])
      }
    }
    #expect(throws: Refusal.formNotInForce(.organisationInformation, "2", "1")) {
      try submit("2", ["fleet": ["12"]])
    }
    #expect(throws: Refusal.formEvidence("")) { try approve("2", "") }
    estate.now = estate.now.adding(seconds: 1)
    try approve("2")
    #expect(throws: Refusal.formNotInForce(.organisationInformation, "1", "2")) { try submit("1") }
    #expect(throws: Refusal.formIncomplete(.organisationInformation, ["fleet"])) {
      try submit("2")
    }
    try submit("2", ["fleet": ["12"]])
    let kept = try enrolment.submissions(of: "north-gas").last
    #expect(kept?.answer("fleet") == "12")
    #expect(try enrolment.versions(of: .organisationInformation).map(\.version) == ["1", "2"])
  }
}
