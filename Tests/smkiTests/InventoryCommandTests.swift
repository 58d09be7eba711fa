// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("The inventory and the Registration Authority's own people by command", .serialized)
struct InventoryCommandTests {
  private static func run(
    _ line: String, in estate: OwnEstate, refused code: String? = nil
  ) throws -> String {
    let words = line.split(separator: " ").map(String.init)
    let outcome = try Program.run(
      Program.path, words + ["--estate", "var", "--json"], in: estate.place)
    #expect(outcome.code == (code == nil ? 0 : 1), "\(line): \(outcome.errors)")
    if let code { #expect(outcome.errors.contains("\"\(code)\""), "\(line): \(outcome.errors)") }
    return outcome.output
  }

  @Test(
    "a system is put together, commissioned, shown and suspended",
    .clause(
      "C3-G-commissioned", "C3-G-sms", "C3-G-enrolled", "C3-292-2", "C3-292-3",
      "C3-292-4", "C3-G-smi"))
  func inventory() throws {
    let estate = try OwnEstate()
    try estate.serve()
    let hub = "5A-4D-4B-49-00-00-FE-01"
    let meter = "5A-4D-4B-49-00-00-FE-02"
    func set(_ device: String, _ type: String, _ status: String, refused: String? = nil) throws {
      _ = try Self.run(
        "device set --device \(device) --type \(type) --status \(status)", in: estate,
        refused: refused)
    }
    try set(hub, "CHF", "Pending")
    try set(meter, "ESME", "Pending")
    try set(meter, "ESME", "Commissioned", refused: "not-commissionable")
    _ = try Self.run(
      "device link --device \(hub) --to \(meter)", in: estate, refused: "link-not-of-system")
    _ = try Self.run("device link --device \(meter) --to \(hub)", in: estate)
    _ = try Self.run("device communicated --device \(meter) --evidence report", in: estate)
    try set(meter, "ESME", "Commissioned")
    let system = try Self.run("device system \(meter)", in: estate)
    #expect(system.contains("\"enrolled\" : false"))
    #expect(system.contains(hub))
    _ = try Self.run(
      "device system 5A-4D-4B-49-00-00-FE-09", in: estate, refused: "device-not-in-inventory")
    #expect(try Self.run("device list --status Commissioned", in: estate).contains(meter))
    #expect(try !Self.run("device list --type CHF", in: estate).contains(meter))
    try set(hub, "CHF", "Suspended")
    let shown = try Self.run("device show \(meter)", in: estate)
    #expect(shown.contains("\"with\" : \"\(hub)\""))
    #expect(try estate.run("device", "list").output.contains("Suspended"))
    try Self.certification(of: meter, in: estate)
    #expect(try estate.run("verify").code == 0)
  }

  /// A Network Operator, entered by its form.
  private static func enterNetwork(_ party: String, in estate: OwnEstate) throws {
    let form = try run(
      "form submit Examples/forms/organisation-information.json --answer party=\(party) "
        + "--answer trading-name=\(party) --answer category=electricity-network "
        + "--answer user-roles=electricity-distributor --answer identifiers=", in: estate)
    let answers = try JSONSerialization.jsonObject(with: Data(form.utf8)) as? [[String: Any]]
    let number = try #require(answers?.first?["number"] as? Int)
    _ = try run(
      "form submit Examples/forms/organisation-identity.json --answer case=\(number)", in: estate)
    _ = try run("application approve \(number) --as second-officer", in: estate)
  }

  /// C3-292-2, C3-292-4: what a person says of models, and sees of who was told.
  private static func certification(of meter: String, in estate: OwnEstate) throws {
    let model = "device model --device \(meter) --model Meter-7"
    _ = try run(model, in: estate, refused: "model-unknown")
    let certify = "model certify --model Meter-7 --evidence CPA-1 --until"
    _ = try run("\(certify) 2020-01-01", in: estate)
    #expect(try run("model list", in: estate).contains("\"ended\""))
    _ = try run(model, in: estate)
    _ = try run(
      "device set --device \(meter) --type ESME --status Pending", in: estate,
      refused: "model-not-certified")
    _ = try run("\(certify) 2999-01-01", in: estate)
    _ = try run("device set --device \(meter) --type ESME --status Pending", in: estate)
    let registered = "device registered --device \(meter) --supplier example-electricity"
    _ = try run(
      "\(registered) --network-operator example-gas", in: estate, refused: "meter-party-role")
    try enterNetwork("wires", in: estate)
    _ = try run("\(registered) --network-operator wires", in: estate)
    #expect(try run("device notices", in: estate).contains("[\n\n]"))
    _ = try run("device set --device \(meter) --type ESME --status Suspended", in: estate)
    #expect(try run("device notices --party wires", in: estate).contains("\(meter)"))
    let shown = try run("device show \(meter)", in: estate)
    #expect(shown.contains("\"model\" : \"Meter-7\"") && shown.contains("wires"))
  }

  @Test(
    "once a manager and an officer are enrolled nobody else acts as one, and neither who is revoked",
    .clause("M4-ra-revoke-how", "RAPP-8.3.3", "RAPP-two-people"))
  func personnel() throws {
    let estate = try OwnEstate()
    func submit(_ form: String, _ changes: String, by officer: String) throws -> Int {
      let output = try Self.run(
        "form submit Examples/forms/\(form).json\(changes) --as \(officer)", in: estate)
      let answers =
        try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]]
      return try #require(answers?.first?["number"] as? Int, "\(output)")
    }
    func enrol(_ changes: String, by officer: String, approved other: String) throws {
      let number = try submit("personnel-nomination", changes, by: officer)
      for step in ["individual-identity", "screening", "meeting"] {
        _ = try Self.run(
          "application approve \(number) --as \(other)", in: estate, refused: "steps-open")
        _ = try submit(step, " --answer case=\(number)", by: officer)
      }
      _ = try Self.run(
        "application approve \(number) --as \(officer)", in: estate, refused: "same-person")
      _ = try Self.run("application approve \(number) --as \(other)", in: estate)
    }
    let path = "\(estate.folder)/estate.json"
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
        as? [String: Any])
    let known = try #require(whole["officers"] as? [[String: Any]])
    let first = try #require(
      known.compactMap { $0["name"] as? String }.first { $0 != "second-officer" })
    var third = try #require(known.first { $0["name"] as? String == "second-officer" })
    third["name"] = "third-officer"
    try JSONSerialization.data(
      withJSONObject: whole.merging(["officers": known + [third]]) { $1 }
    ).write(to: URL(filePath: path))
    func enrolment(_ officer: String, _ position: String) -> String {
      " --answer officer=\(officer) --answer person=ra-\(officer) --answer position=\(position)"
    }
    // Nobody is enrolled by himself or herself.
    let own = try submit(
      "personnel-nomination", enrolment("third-officer", "registration-officer"), by: first)
    for step in ["individual-identity", "screening", "meeting"] {
      _ = try submit(step, " --answer case=\(own)", by: first)
    }
    _ = try Self.run(
      "application approve \(own) --as third-officer", in: estate, refused: "same-person")
    try enrol(enrolment(first, "registration-officer"), by: first, approved: "third-officer")
    let act = "desk log --channel telephone --party example-gas --request hours --action told --as"
    _ = try Self.run("\(act) third-officer", in: estate)
    try enrol(
      enrolment("second-officer", "registration-manager"), by: "second-officer",
      approved: "third-officer")
    _ = try Self.run("\(act) third-officer", in: estate, refused: "officer-not-enrolled")
    _ = try Self.run("\(act) \(first)", in: estate)
    _ = try Self.run("application approve \(own) --as second-officer", in: estate)
    _ = try Self.run("\(act) third-officer", in: estate)
    let revocation = try submit(
      "officer-revocation", " --answer officer=third-officer", by: first)
    _ = try submit("requester-check", " --answer case=\(revocation)", by: first)
    _ = try Self.run("application approve \(revocation) --as second-officer", in: estate)
    _ = try Self.run("\(act) third-officer", in: estate, refused: "officer-revoked")
    let persons = try Self.run("person list --party registration-authority", in: estate)
    #expect(persons.contains("registration-manager") && persons.contains("ra-third-officer"))
    let exported = try Self.run("person export ra-third-officer", in: estate)
    #expect(exported.contains("Mona Manager"))
    _ = try Self.run("person erase ra-third-officer --reason asked", in: estate)
    _ = try Self.run(
      "person erase ra-second-officer --reason asked", in: estate, refused: "person-active")
    #expect(try Self.run("officer list", in: estate).contains("registration-manager"))
    #expect(try estate.run("verify").code == 0)
  }
}
