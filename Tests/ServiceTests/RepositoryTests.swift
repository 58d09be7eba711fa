// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import FoundationEssentials
import HTTP
import Parties
import Registration
import Repository
import SEC
import Service
import Testing
import X509
import XML

/// An estate with certificates of a device and of an organisation, and a reader.
struct RepositorySetting: Sendable {
  static let shared = Result { try RepositorySetting() }
  static let key = "a-key-of-the-reader"
  static let organisation = EntityID(0x90B3_D51F_3001_0000)

  let estate: ServingEstate
  let device: Certificate
  let organisation: Certificate
  let credential: ServingEstate.Credential

  init() throws {
    let setting = try AdHocSetting(
      ServingEstate {
        $0.shards = [ShardSetting(shard: 0x0102, repository: "https://two.example:8444")]
      })
    estate = setting.estate
    credential = setting.supplier
    device = try estate.issue(
      DeviceDraft(for: AdHocSetting.device, usage: .keyAgreement).encoded(), by: setting.maker)
    organisation = try estate.organisation(
      "electric", Self.organisation, role: .supplier, usage: .digitalSignature)
    try estate.node.registration.addAPIKey(
      Self.key, of: "electric", label: "reader", for: "a test", at: estate.now,
      by: ServingEstate.officer)
  }

  func send(
    _ path: String, _ text: String, key: String? = Self.key, door: Door = .repository,
    type: String? = "application/xml"
  ) throws -> Response {
    try estate.send(
      "POST", "/services/\(path)", at: door, type: type, body: Array(text.utf8),
      query: key.map { [("apikey", $0)] } ?? [])
  }

  /// The XML of an answer.
  func read(_ response: Response) throws -> XML.Element {
    try #require(response.headers.first?.value == "application/xml;charset=UTF-8")
    return try XML.Element.read(response.body)
  }
}

@Suite("The Repository's web service answers as DCC's client expects")
struct RepositoryTests {
  let setting: RepositorySetting

  init() throws {
    setting = try RepositorySetting.shared.get()
  }

  @Test(
    "a search for a device gives each of its certificates, elements in order",
    .clause(
      "K-search", "K-status-codes", "K-certificate-status", "K-certificate-usage",
      "K-audit-reference", "M8-2.2-lodged", "C3-116-6", "C3-154", "L5.1(a)"))
  func searchesDevice() throws {
    let response = try setting.send(
      "certificatesearch",
      "<CertificateSearchRequest><CertificateSubjectAltName>88-73-84-57-00-2F-96-6C"
        + "</CertificateSubjectAltName></CertificateSearchRequest>")
    #expect(response.status == 200)
    let root = try setting.read(response)
    #expect(root.name == "CertificateSearchResponse")
    #expect(
      root.children.map(\.name) == [
        "ResponseCode", "ResponseMessage", "AuditReference", "Result", "Result",
      ])
    #expect(root.child("ResponseCode")?.text == "200")
    #expect(root.child("ResponseMessage")?.text == "Success")
    let reference = try #require(root.child("AuditReference")?.text)
    #expect(reference.wholeMatch(of: /[0-9]{10}-[0-9a-f]{9}/) != nil)
    let results = root.children.filter { $0.name == "Result" }
    #expect(
      results.last?.children.map(\.name) == [
        "CertificateSerial", "CertificateSubjectAltName", "CertificateStatus", "CertificateUsage",
        "ManufacturingFlag",
      ])
    #expect(
      results.last?.children.map(\.text) == [
        Hex.encode(setting.device.serialNumber.magnitude), "88-73-84-57-00-2F-96-6C", "I", "KA",
        "false",
      ])
  }

  @Test(
    "an organisation's certificates have its role in decimal",
    .clause("K-search", "K-retrieve", "K-certificate-role", "L5.1(c)", "M8-2.2-lodged"))
  func searchesOrganisation() throws {
    let found = try setting.read(
      setting.send(
        "certificatesearch",
        "<CertificateSearchRequest><CertificateSubjectName>90-B3-D5-1F-30-01-00-00"
          + "</CertificateSubjectName></CertificateSearchRequest>"))
    let serial = Hex.encode(setting.organisation.serialNumber.magnitude)
    #expect(
      found.child("Result")?.children.map(\.text) == [
        serial, "90-B3-D5-1F-30-01-00-00", "I", "2", "DS", "false",
      ])
    let answer = try setting.read(
      setting.send(
        "retrievecertificate",
        "<CertificateDataRequest><CertificateSerial>\(serial)</CertificateSerial>"
          + "</CertificateDataRequest>"))
    #expect(answer.name == "CertificateDataResponse")
    #expect(
      answer.children.map(\.name) == [
        "ResponseCode", "ResponseMessage", "AuditReference", "CertificateResponse",
      ])
    let certificate = try #require(answer.child("CertificateResponse"))
    #expect(
      certificate.children.map(\.name) == [
        "CertificateSubjectName", "CertificateSerial", "CertificateStatus", "CertificateBody",
        "CertificateRole", "CertificateUsage", "ManufacturingFlag",
      ])
    let body = try #require(certificate.child("CertificateBody")?.text)
    #expect(Base64.decode(body.utf8) == setting.organisation.encoded)
  }

  @Test(
    "a certificate is expired after its last moment", .clause("K-certificate-status"),
    arguments: [(0, .inUse), (1, .expired)] as [(Int64, CertificateStatus)])
  func status(seconds: Int64, status: CertificateStatus) throws {
    let serial = Array(setting.organisation.serialNumber.magnitude)
    let found = try setting.estate.node.repository.certificate(serial: serial)
    let lodged = try #require(found)
    #expect(lodged.status(at: lodged.notAfter.adding(seconds: seconds)) == status)
  }

  @Test(
    "wrong parameters are 401 with the reason, nothing found is 402",
    .clause("K-status-codes", "K-search", "K-retrieve", "ENG-xml"),
    arguments: [
      ("certificatesearch", "<a/>", 401, "xml-element"),
      ("certificatesearch", "<CertificateSearchRequest/>", 401, "xml-element"),
      (
        "certificatesearch",
        "<CertificateSearchRequest><Other>1</Other></CertificateSearchRequest>", 401,
        "xml-element"
      ),
      (
        "certificatesearch",
        "<CertificateSearchRequest><CertificateSubjectName>90-B3-D5-1F-30-01-00</CertificateSubjectName></CertificateSearchRequest>",
        401, "identifier-form"
      ),
      (
        "certificatesearch",
        "<CertificateSearchRequest><CertificateSubjectName>88-73-84-57-00-2F-96-6C</CertificateSubjectName></CertificateSearchRequest>",
        402, "certificate-not-found"
      ),
      ("certificatesearch", "<!DOCTYPE a><a/>", 401, "xml-forbidden"),
      ("certificatesearch", "<a>&b;</a>", 401, "xml-not-well-formed"),
      (
        "retrievecertificate",
        "<CertificateDataRequest><CertificateSerial>12</CertificateSerial></CertificateDataRequest>",
        401, "serial-form"
      ),
      (
        "retrievecertificate",
        "<CertificateDataRequest><CertificateSerial>00000000000000000000000000000000</CertificateSerial></CertificateDataRequest>",
        402, "certificate-not-found"
      ),
    ])
  func refuses(path: String, text: String, status: Int, code: String) throws {
    let response = try setting.send(path, text)
    #expect(response.status == status)
    let root = try setting.read(response)
    #expect(root.children.map(\.name) == ["ResponseCode", "ResponseMessage", "AuditReference"])
    #expect(root.child("ResponseCode")?.text == "\(status)")
    #expect(root.child("ResponseMessage")?.text.hasPrefix(code + " [") == true)
  }

  @Test("credentials of systems are no part of the Repository", .clause("L5.1"))
  func hidesCredentials() throws {
    let response = try setting.send(
      "retrievecertificate",
      "<CertificateDataRequest><CertificateSerial>\(setting.credential.serial)"
        + "</CertificateSerial></CertificateDataRequest>")
    #expect(response.status == 402)
  }

  @Test(
    "a missing, wrong or test key is 403 before the body is read; the test key opens the plain door",
    .clause("P3-App-B-api-key", "K-test-api-key"),
    arguments: [
      (nil, Door.repository), ("wrong", .repository), (RepositoryInterface.testAPIKey, .repository),
      ("wrong", .repositoryPlain),
    ] as [(String?, Door)])
  func keys(key: String?, door: Door) throws {
    let response = try setting.send("certificatesearch", "<not XML", key: key, door: door)
    #expect(response.status == 403)
    let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
    #expect(body.code == "api-key-unknown")
    // Who gave a key is not told to give one.
    #expect(body.remedy.contains("?apikey=") == (key == nil))
    #expect(body.found.contains("plain loopback port") == (key == RepositoryInterface.testAPIKey))
    let good = try setting.send(
      "certificatesearch", "<not XML", key: RepositoryInterface.testAPIKey, door: .repositoryPlain)
    #expect(good.status == 401)
  }

  @Test(
    "a serial number of another cluster's shard is answered with where it is, after the key",
    .clause("ENG-serial"))
  func elsewhere() throws {
    let rest = String(repeating: "3", count: 26)
    let (there, nowhere) = ("410102" + rest, "410103" + rest)
    func request(_ serial: String) -> String {
      "<CertificateDataRequest><CertificateSerial>\(serial)</CertificateSerial>"
        + "</CertificateDataRequest>"
    }
    func location(_ response: Response) -> String? {
      response.headers.first { $0.name == "Location" }?.value
    }
    let sent = try setting.send("retrievecertificate", request(there))
    #expect(sent.status == 307)
    #expect(
      location(sent)
        == "https://two.example:8444/services/retrievecertificate?apikey=a-key-of-the-reader")
    for path in ["chain", "certificates"] {
      let query = [("apikey", Self.key), ("serial", there), ("purpose", "to & fro")]
      let found = try setting.estate.send(
        "GET", "/services/\(path)", at: .repository, query: query)
      #expect(found.status == 307)
      #expect(
        location(found)?.hasSuffix(
          "/services/\(path)?apikey=a-key-of-the-reader&serial=\(there)&purpose=to%20%26%20fro")
          == true)
    }
    #expect(try setting.send("retrievecertificate", request(nowhere)).status == 402)
    #expect(try setting.send("retrievecertificate", request(there), key: "wrong").status == 403)
    let own = Hex.encode(setting.device.serialNumber.magnitude)
    #expect(try setting.send("retrievecertificate", request(own)).status == 200)
    var configuration = setting.estate.node.configuration
    #expect(configuration.hasUsableShards(isLive: true))
    configuration.shards[0].repository = "http://two.example"
    #expect(!configuration.hasUsableShards(isLive: true))
    #expect(configuration.hasUsableShards(isLive: false))
    configuration.shards[0].repository = "two.example/path"
    #expect(!configuration.hasUsableShards(isLive: false))
  }

  private static var key: String { RepositorySetting.key }

  @Test(
    "a suspended party's reader goes on searching until the key is withdrawn",
    .clause("L2.14(b)", "L2.15", "L5.5(a)", "P3-App-B-api-key"))
  func suspendedReader() throws {
    let own = try RepositorySetting()
    let registration = own.estate.node.registration
    let text =
      "<CertificateSearchRequest><CertificateSubjectAltName>\(AdHocSetting.device)"
      + "</CertificateSubjectAltName></CertificateSearchRequest>"
    try registration.register.suspend(
      "electric", from: own.estate.now, under: "L2.14(b)", evidence: "PMA-1",
      by: ServingEstate.officer)
    #expect(try own.send("certificatesearch", text).status == 200)
    let asked = try own.estate.send(
      "POST", AdHocSetting.path, at: .service, type: AdHocXML.mediaType,
      body: Array(AdHocXML([1]).text.utf8),
      certificate: own.credential.certificate)
    #expect(asked.status == 403)
    #expect(String(decoding: asked.body, as: UTF8.self).contains("party-suspended"))
    try registration.withdrawAPIKeys(
      of: "electric", label: "reader", at: own.estate.now, by: ServingEstate.officer)
    #expect(try own.send("certificatesearch", text).status == 403)
  }
}
