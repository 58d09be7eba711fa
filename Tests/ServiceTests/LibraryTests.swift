// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Duties
import Foundation
import HTTP
import Keys
import Records
import Registration
import Repository
import SEC
import Service
import TestEstate
import Testing

@Suite("Documents over the Repository's port and by command")
struct LibraryDoorTests {
  let estate: ServingEstate
  static let text = "<script>alert(1)</script> policies and procedures"

  init() throws {
    estate = try ServingEstate {
      $0.officers = [
        Configuration.Officer(user: 1, name: "Opal", roles: ["operator"]),
        Configuration.Officer(user: 2, name: "Sam", roles: ["secretariat"]),
        Configuration.Officer(user: 3, name: "Olive", roles: ["registration-officer"]),
      ]
    }
    _ = try LodgeDocument(
      kind: "rapp", version: "1.0", title: "SMKI RAPP", fileEnding: "html", reason: "",
      lodger: "operator", document: Data(Self.text.utf8)
    ).run(in: estate.node, by: Actor(name: "Grace", role: .operatorOfSystem))
    try estate.onboarding.enter("north", name: "North Ltd", roles: [.gasSupplier])
    try estate.node.registration.addAPIKey(
      "a-key", of: "north", label: "reader", for: "a test", at: estate.now,
      by: ServingEstate.officer)
  }

  private func get(
    _ path: String, _ query: [(String, String)], door: Door = .repository
  ) throws -> Response {
    try estate.send("GET", "/services/\(path)", at: door, type: nil, body: [], query: query)
  }

  private func code(_ response: Response) throws -> [String] {
    let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
    return [body.code, body.clause]
  }

  @Test("a reader with a key sees what there is", .clause("L5.5", "L5.5(a)"))
  func list() throws {
    let response = try get("documents", [("apikey", "a-key")])
    #expect(response.status == 200)
    let documents = try JSONDecoder().decode([LodgedDocument].self, from: Data(response.body))
    #expect(documents.map(\.kind) == ["rapp"])
    #expect(documents.first?.sha256 == Hex.encode(Digest.sha256(Array(Self.text.utf8))))
    #expect(documents.first?.clause == "L5.1(g)")
  }

  @Test(
    "nobody reads without a purpose: that of the key, or one that the request states; it is kept",
    .clause("L5.5(a)", "L5.11"))
  func purpose() throws {
    let key = try AddAPIKey(party: "north", label: "bare", purpose: nil)
      .run(in: estate.node, by: ServingEstate.officer).key
    for path in ["documents", "certificates", "bulk", "chain"] {
      let query = [
        ("apikey", key), ("class", "dca"), ("serial", String(repeating: "4", count: 32)),
      ]
      let refused = try get(path, query)
      #expect(refused.status == 403)
      #expect(try code(refused) == ["purpose-not-stated", "L5.11"])
      let read = try get(path, query + [("purpose", "change of supplier")])
      #expect(read.status == (path == "chain" ? 404 : 200))
      guard path != "chain" else { continue }
      #expect(read.told["purpose"] == "change of supplier")
      #expect(read.told["reader"] == "bare")
    }
    let search = try estate.send(
      "POST", "/services/certificatesearch", at: .repository, type: "application/xml",
      body: Array("<a/>".utf8), query: [("apikey", key)])
    #expect(search.status == 403)
    let declared = try get("certificates", [("apikey", "a-key"), ("class", "dca")])
    #expect(declared.told["purpose"] == "a test")
    let given = try estate.node.records.audit.entries(from: 0).map(\.entry).filter {
      $0.action == "api-key-added"
    }
    #expect(given.map { $0.facts["purpose"] } == ["a test", nil])
    #expect(throws: Refusal.readerPurposeMissing("x")) {
      try AddAPIKey(party: "north", label: "x", purpose: "  ")
        .run(in: estate.node, by: ServingEstate.officer)
    }
  }

  @Test("nobody reads without a key", .clause("L5.6"), arguments: ["documents", "document"])
  func keyless(path: String) throws {
    for query in [[], [("apikey", "wrong")]] {
      let response = try get(path, query + [("kind", "rapp"), ("purpose", "review")])
      #expect(response.status == 403)
      #expect(try code(response) == ["api-key-unknown", "P3-App-B-api-key"])
    }
  }

  @Test("a document comes as it was lodged, and nothing in it runs", .clause("L5.11", "L5.1(g)"))
  func read() throws {
    let response = try get(
      "document", [("apikey", "a-key"), ("kind", "rapp"), ("purpose", "review of section 8")])
    #expect(response.status == 200)
    #expect(response.body == Array(Self.text.utf8))
    let headers = Dictionary(
      response.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
    #expect(headers["content-type"] == "text/html; charset=utf-8")
    #expect(headers["content-security-policy"] == "sandbox")
    #expect(headers["content-disposition"] == "inline; filename=\"rapp-1.0.html\"")
    #expect(headers["repr-digest"]?.hasPrefix("sha-256=:") == true)
  }

  @Test(
    "each lack has its refusal",
    arguments: [
      (["kind": "rapp"], ["purpose-missing", "L5.11"]),
      (["kind": "rapp", "version": "2.0", "purpose": "review"], ["document-not-found", "L5.1"]),
      (["kind": "poem", "purpose": "review"], ["document-form", "L5.1"]),
      (["kind": "device-cps", "purpose": "review"], ["document-confidential", "L9.12"]),
      ([:], ["document-form", "L5.1"]),
    ])
  func refusals(query: [String: String], expected: [String]) throws {
    let response = try get("document", [("apikey", "a-key")] + query.map { ($0, $1) })
    #expect(response.status >= 400 && response.status < 500)
    #expect(try code(response) == expected)
  }

  private func lodge(
    _ kind: String, _ lodger: String, as user: UInt32, reason: String = "PMA resolution 7"
  ) throws -> LodgedDocument {
    try Control.perform(
      LodgeDocument(
        kind: kind, version: "\(lodger)-\(user)", title: "A title", fileEnding: "txt",
        reason: reason, lodger: lodger, document: Data("\(kind)".utf8)),
      in: estate.node, as: user)
  }

  @Test(
    "the DCC lodges every kind, the Secretariat all but the DCC's own choice and no certificate",
    .clause("L5.3(a)", "L5.3(b)", "L5.10", "L5.1(l)", "L5.1(m)"))
  func lodgers() throws {
    for kind in DocumentKind.allCases {
      #expect(try lodge(kind.rawValue, "operator", as: 1).lodgedBy == "Opal")
      guard kind != .chosenByDCC else {
        let refusal = #expect(throws: Refusal.self) {
          try lodge(kind.rawValue, "secretariat", as: 2)
        }
        #expect(refusal?.code == "may-not-lodge" && refusal?.clause == "L5.4")
        continue
      }
      #expect(try lodge(kind.rawValue, "secretariat", as: 2).role == "secretariat")
    }
    for kind in ["certificate", "crl", "arl"] {
      let refusal = #expect(throws: Refusal.self) { try lodge(kind, "secretariat", as: 2) }
      #expect(refusal?.code == "document-form")
    }
    // What brings certificates and lists is the operator's.
    for request in [ImportPackage.role, ImportList.role, PublishLists.role] {
      let refusal = #expect(throws: Refusal.self) {
        try Control.officer(2, in: request, of: estate.node.configuration)
      }
      #expect(refusal?.code == "role-missing")
    }
    for kind in [DocumentKind.specifiedByPMA, .chosenByDCC] {
      let refusal = #expect(throws: Refusal.self) {
        try lodge(kind.rawValue, "operator", as: 1, reason: " ")
      }
      #expect(refusal?.code == "document-reason")
    }
  }

  @Test("nobody else lodges, and who tries is kept", .clause("L5.4"))
  func others() throws {
    let handlers = Control.routes(of: estate.node).filter { $0.path.hasSuffix("document-lodge") }
    guard case .blocking(let handle)? = handlers.first?.handler else {
      Issue.record("no such operation")
      return
    }
    let before = estate.node.access.handed
    estate.node.access.start()
    for user: UInt32 in [3, 4] {
      let request = LodgeDocument(
        kind: "rapp", version: "9", title: "A title", fileEnding: "txt", reason: "",
        lodger: "operator", document: Data("x".utf8))
      let response = try handle(
        Request(
          method: "POST", path: "/", body: try Control.encode(request),
          peer: Peer(address: "unix", process: .init(user: user, group: 0, process: 1))))
      #expect(response.status >= 400)
      #expect(try code(response)[0] == (user == 3 ? "role-missing" : "no-officer"))
    }
    #expect(estate.node.access.handed == before + 2)
    estate.node.access.close()
    #expect(try estate.node.library.documents().allSatisfy { $0.version != "9" })
  }

  @Test(
    "at the request of an ARO of the PMA who was identified the DCC lodges, for nobody else",
    .clause("P3-1.3-lodging", "L5.4"))
  func proxy() throws {
    let estate = try ServingEstate { $0.documentAskers = ["smki-pma"] }
    for party in ["smki-pma", "north"] {
      try estate.onboarding.enter(party, name: "The \(party)", roles: [.otherParty])
    }
    let right = ["memorable-word": "heron", "date-of-birth": "1980-02-01"]
    func call(
      _ person: String?, of party: String = "smki-pma", _ answers: [String: String]
    ) throws -> Int {
      try LogCall(
        channel: "telephone", party: party, person: person, caller: person == nil ? "X" : nil,
        answers: answers, request: "lodge the policy", action: "to be done"
      ).run(in: estate.node, by: ServingEstate.officer).number
    }
    func lodge(_ call: Int?, kind: String = "compliance-policy") throws -> LodgedDocument {
      try LodgeDocument(
        kind: kind, version: "2.0", title: "SMKI Compliance Policy", fileEnding: "txt",
        reason: "PMA 7", lodger: "operator", call: call, document: Data("text".utf8)
      ).run(in: estate.node, by: ServingEstate.operatorOfSystem)
    }
    func code(_ call: Int, kind: String = "compliance-policy") -> String? {
      #expect(throws: Refusal.self) { try lodge(call, kind: kind) }?.code
    }
    #expect(code(99) == "proxy-call")
    #expect(try code(call("smki-pma-aro", ["memorable-word": "heron"])) == "proxy-call")
    #expect(try code(call(nil, [:])) == "proxy-call")
    #expect(try code(call("smki-pma-sro", right)) == "proxy-call")
    #expect(try code(call("north-aro", of: "north", right)) == "proxy-party")
    let good = try call("smki-pma-aro", right)
    // L5.3(b): what only the DCC may choose is not lodged for the PMA either.
    #expect(code(good, kind: "dcc-chosen") == "may-not-lodge")
    let lodged = try lodge(good)
    #expect(lodged.proxy?.person == "smki-pma-aro" && lodged.proxy?.call == good)
    #expect(lodged.proxy?.check == "identified: 2 answers agree")
    let listed = try estate.node.library.documents().map(LodgedDocument.init)
    #expect(listed.first?.proxy?.party == "smki-pma")
    let entry = try #require(
      try estate.node.records.audit.entries(from: 0).map(\.entry).last {
        $0.action == "document-lodged"
      })
    #expect(entry.facts["asked-by"] == "smki-pma-aro of smki-pma")
    #expect(entry.facts["check"] == "call \(good), identified: 2 answers agree")
    estate.pass(seconds: 7 * 86_400 + 1)
    #expect(code(good) == "proxy-call")
    let report = try Verification(
      records: estate.node.records, keys: [estate.node.checkpointNoteKey]
    ).run()
    #expect(report.faults.isEmpty, "\(report.faults)")
  }

  @Test("the officer lodges in the role that the request names", .clause("L5.3(b)", "L5.4"))
  func role() throws {
    func lodging(_ lodger: String) -> LodgeDocument {
      LodgeDocument(
        kind: "rapp", version: "2", title: "SMKI RAPP", fileEnding: "txt", reason: "",
        lodger: lodger, document: Data("x".utf8))
    }
    #expect(lodging("operator").role == .operatorOfSystem)
    #expect(lodging("secretariat").role == .secretariat)
    #expect(lodging("anything").role == .operatorOfSystem)
    var configuration = Configuration(estate: "TEST")
    configuration.officers = [
      Configuration.Officer(user: 7, name: "Ada", roles: ["operator"])
    ]
    let officer = try #require(configuration.officers.first)
    #expect(throws: Refusal.roleMissing(officer, .secretariat)) {
      try Control.officer(7, in: lodging("secretariat").role, of: configuration)
    }
  }

  @Test(
    "an incorporation opens the lodging of that document, and only the lodging of it ends that",
    .clause(
      "L5.7", "L5.7(a)", "L5.7(b)", "L5.7(c)", "L5.8", "L5.9", "C3-159-row-3", "C3-159-row-8",
      "C3-159-row-9", "C3-159-row-10", "C3-159-row-11", "C3-159-row-12", "C3-159-row-13"))
  func duties() throws {
    let secretary = Actor(name: "Sam Secretary", role: .secretariat)
    let today = Day(estate.now)
    func report(
      _ event: String, _ subject: String, _ version: String? = nil, day: Day? = nil
    ) throws {
      _ = try ReportDutyEvent(
        event: event, subject: subject, day: (day ?? today).description, reference: "SEC v57",
        version: version
      ).run(in: estate.node, by: secretary)
    }
    func owed() throws -> [String] {
      try estate.node.duties.instances(on: today)
        .filter { $0.discharge == nil && $0.duty.dischargedBy == "document-lodged" }
        .map { "\($0.duty.clause) \($0.duty.owes)" }.sorted()
    }
    func lodge(_ kind: String, _ version: String, reason: String = "") throws {
      _ = try LodgeDocument(
        kind: kind, version: version, title: "A title", fileEnding: "txt", reason: reason,
        lodger: "secretariat", document: Data("\(kind) \(version)".utf8)
      ).run(in: estate.node, by: secretary)
    }
    let rows: [(subject: String, kind: String, clauses: [String])] = [
      ("A", "device-certificate-policy", ["C3-159-row-3", "L5.7", "L5.7(a)"]),
      (
        "Organisation Certificate Policy", "organisation-certificate-policy",
        ["C3-159-row-8", "L5.7", "L5.7(b)"]
      ),
      ("Compliance Policy", "compliance-policy", ["C3-159-row-9", "L5.7", "L5.7(c)"]),
      ("SMKI RAPP", "rapp", ["C3-159-row-10"]),
      ("Subscriber Agreement", "subscriber-agreement", ["C3-159-row-11"]),
      ("Relying Party Agreement", "relying-party-agreement", ["C3-159-row-12"]),
      ("Recovery Procedure", "recovery-procedure", ["C3-159-row-13"]),
    ]
    for (subject, kind, clauses) in rows {
      try report("document-incorporated", subject, "2.0")
      let owes = ["rapp", "recovery-procedure"].contains(kind) ? "DCC" : "SMKI PMA"
      #expect(try owed() == clauses.map { "\($0) \(owes)" }, "\(subject)")
      try lodge(kind, "1.9")
      #expect(try owed().count == clauses.count, "\(subject): another version")
      try lodge(kind, "2.0")
      #expect(try owed() == [], "\(subject)")
    }
    // A modification; and a document that the PMA requires.
    try report("document-modified", "Device CP", "2.1")
    #expect(try owed() == ["L5.8 SMKI PMA"])
    try lodge("device-certificate-policy", "2.1")
    try report("lodging-required", "PMA document 7")
    #expect(try owed() == ["L5.9 DCC"])
    try lodge("pma-specified", "7", reason: "PMA resolution 12")
    #expect(try owed() == [])
    // What was incorporated before there was a Repository is owed from when there was one.
    try report("document-incorporated", "Device CP", "3.0", day: today.adding(days: -100))
    try report("document-incorporated", "Device CP", "4.0", day: today.adding(days: 7))
    let due = try estate.node.duties.instances(on: today).filter {
      $0.duty.clause == "L5.7(a)" && $0.discharge == nil
    }.map(\.due.description)
    #expect(due == ["2026-11-27", "2026-12-04"])
  }
}
