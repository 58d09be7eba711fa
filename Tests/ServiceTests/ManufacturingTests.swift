// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import HTTP
import Repository
import SEC
import Service
import Testing
import X509
import XML

@Suite("What is meant for loading at manufacture is shown, found and handed on")
struct ManufacturingTests {
  private static func mark(
    _ serial: [UInt8], _ isMeant: Bool = true, reason: String = "installing in 2027",
    in estate: ServingEstate
  ) throws {
    _ = try MarkForManufacture(serial: Hex.encode(serial), isMeant: isMeant, reason: reason)
      .run(in: estate.node, by: ServingEstate.operatorOfSystem)
  }

  private static func serials(
    _ query: [(String, String)], in estate: ServingEstate
  ) throws
    -> [String]
  {
    let response = try estate.send(
      "GET", "/services/certificates", at: .repository, query: [("apikey", "a-key")] + query)
    try #require(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    let page = try JSONDecoder().decode(FoundPage.self, from: Data(response.body))
    return page.certificates.map(\.serial)
  }

  @Test(
    "a certificate that is marked carries the flag at each door and is found by it",
    .clause("L3.11", "K-search", "K-retrieve", "ENG-mirror", "ENG-bulk"))
  func marked() throws {
    let setting = try BulkSetting(devices: 1)
    let estate = setting.estate
    let identifier = EntityID(0x90B3_D51F_3001_0000)
    let made = try [KeyUsage.Use.digitalSignature, .keyAgreement].map {
      try estate.organisation("electric", identifier, role: .supplier, usage: $0)
    }
    let serials = made.map { Array($0.serialNumber.magnitude) }
    let shown = serials.map { Hex.encode($0) }
    #expect(try Self.serials([("manufacturing", "true")], in: estate) == [])
    try Self.mark(serials[1], in: estate)
    #expect(try Self.serials([("manufacturing", "true")], in: estate) == [shown[1]])
    #expect(
      try Self.serials([("manufacturing", "true"), ("usage", "DS")], in: estate) == [])
    let others = [("organisation", identifier.description), ("manufacturing", "false")]
    #expect(try Self.serials(others, in: estate) == [shown[0]])
    #expect(try Self.flags(of: identifier, in: estate) == [shown[0]: "false", shown[1]: "true"])
    // A mirror has it from the next extract on, and loses it with the one after.
    let mirror = try setting.mirror()
    defer { mirror.close() }
    func found() throws -> [String] {
      estate.pass(seconds: 86_400)
      try setting.make()
      _ = try mirror.synchronise(index: setting.index, fetch: setting.fetch())
      return try mirror.repository.search(
        CertificateQuery { ["manufacturing": "true"][$0] }, for: "test", sealedBy: [1],
        at: estate.now, revocations: mirror.revocations
      ).certificates.map { Hex.encode($0.serial) }
    }
    #expect(try found() == [shown[1]])
    #expect(try mirror.faults() == [])
    try Self.mark(serials[1], false, in: estate)
    #expect(try Self.flags(of: identifier, in: estate).values.allSatisfy { $0 == "false" })
    #expect(try found() == [])
    let report = try Verification(
      records: estate.node.records, keys: [estate.node.checkpointNoteKey]
    ).run()
    #expect(report.faults.isEmpty, "\(report.faults)")
  }

  /// The flag of each certificate of an organisation, as DCC's own client reads it.
  private static func flags(
    of identifier: EntityID, in estate: ServingEstate
  ) throws -> [String: String] {
    let response = try estate.send(
      "POST", "/services/certificatesearch", at: .repository, type: "application/xml",
      body: Array(
        ("<CertificateSearchRequest><CertificateSubjectName>\(identifier)"
          + "</CertificateSubjectName></CertificateSearchRequest>").utf8),
      query: [("apikey", "a-key")])
    let root = try XML.Element.read(response.body)
    var flags: [String: String] = [:]
    for result in root.children where result.name == "Result" {
      let serial = try #require(result.child("CertificateSerial")?.text)
      flags[serial] = result.child("ManufacturingFlag")?.text
      let whole = try estate.send(
        "POST", "/services/retrievecertificate", at: .repository, type: "application/xml",
        body: Array(
          ("<CertificateDataRequest><CertificateSerial>\(serial)</CertificateSerial>"
            + "</CertificateDataRequest>").utf8), query: [("apikey", "a-key")])
      let certificate = try XML.Element.read(whole.body).child("CertificateResponse")
      #expect(certificate?.child("ManufacturingFlag")?.text == flags[serial])
    }
    return flags
  }

  @Test("only an Organisation Certificate in use is marked, with a reason", .clause("L3.11"))
  func refusals() throws {
    let setting = try RepositorySetting.shared.get()
    func code(_ serial: [UInt8], reason: String = "installing") -> String? {
      #expect(throws: Refusal.self) {
        try Self.mark(serial, reason: reason, in: setting.estate)
      }?.code
    }
    let organisation = Array(setting.organisation.serialNumber.magnitude)
    #expect(code(Array(setting.device.serialNumber.magnitude)) == "manufacturing-mark")
    #expect(code([UInt8](repeating: 7, count: 16)) == "manufacturing-mark")
    #expect(code(organisation, reason: "x") == "manufacturing-mark")
    #expect(code([1]) == "serial-form")
    #expect(throws: Refusal.manufacturingMark("")) {
      try setting.estate.node.repository.mark(
        organisation, asMeantForManufacture: true, status: "R", because: "installing",
        at: setting.estate.now, by: ServingEstate.operatorOfSystem)
    }
  }

  @Test(
    "a certificate database has the shape that the public tools read", .clause("K-database-file"))
  func database() throws {
    let setting = try RepositorySetting.shared.get()
    let database = try CertificateDatabase(of: setting.estate.node.repository) { _ in true }
    let data = try JSONEncoder().encode(database)
    let root = try #require(
      JSONSerialization.jsonObject(with: data)
        as? [String: [String: [String: [String: Any]]]])
    let number = setting.organisation.serialNumber
    let decimal = try InterfaceTests.decimal(number.magnitude.map(\.self))
    let item = try #require(root["90b3d51f30010000"]?["digitalSignature"]?[decimal])
    #expect(item["role"] as? Int == 2)
    #expect(item["privateKey"] == nil)
    let text = try #require(item["certificate"] as? String)
    #expect(try Certificate(pem: Array(text.utf8)).encoded == setting.organisation.encoded)
    #expect(database.count == root.values.reduce(0) { $0 + $1.values.reduce(0) { $0 + $1.count } })
    let none = try CertificateDatabase(of: setting.estate.node.repository) { _ in false }
    #expect(none.count == 0)
    #expect(try JSONDecoder().decode(CertificateDatabase.self, from: data) == database)
  }
}
