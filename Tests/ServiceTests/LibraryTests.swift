// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import HTTP
import Keys
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
    estate = try ServingEstate()
    _ = try LodgeDocument(
      kind: "rapp", version: "1.0", title: "SMKI RAPP", fileEnding: "html", reason: "",
      lodger: "operator", document: Data(Self.text.utf8)
    ).run(in: estate.node, by: Actor(name: "Grace", role: .operatorOfSystem))
    try estate.onboarding.enter("north", name: "North Ltd", roles: [.gasSupplier])
    try estate.node.registration.addAPIKey(
      "a-key", of: "north", label: "reader", at: estate.now, by: ServingEstate.officer)
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
}
