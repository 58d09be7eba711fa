// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import Client
import DER
import Foundation
import HTTP
import Records
import Registration
import Revocation
import SEC
import Service
import TestProcess
import Testing
import Threads
import X509
import XML

@Suite("A node serves over its ports what the table of routes says")
struct NodeTests {
  let serving: ServingSetting

  init() throws {
    serving = try ServingSetting.shared.get()
  }

  private var estate: ServingEstate { serving.estate }

  @Test(
    "a device gets its first certificate and a second one over mutual TLS, on one connection",
    .clause("M8-2.3", "M8-2.4-access", "ENG-http-tls"))
  func overTLS() throws {
    let device = EntityID(0x8873_8457_002F_0010)
    let maker = try estate.client(serving.setting.maker)
    let first = try maker.post(
      estate.url(.service, "/1.0/DeviceCSR"), type: "application/pkcs10",
      body: DeviceDraft(for: device).encoded())
    #expect(first.status == 200)
    #expect(throws: Never.self) { try Certificate(pem: first.body) }
    let supplier = try estate.client(serving.setting.supplier)
    for count in 0..<2 {
      let response = try supplier.post(
        estate.url(.service, AdHocSetting.path), type: AdHocXML.mediaType,
        body: Array(AdHocXML(DeviceDraft(for: device).encoded()).text.utf8))
      #expect(response.status == 200)
      #expect(response.header("content-type") == "application/xml;charset=UTF-8")
      #expect(try AdHocReply(response.body).status == "SUCCESS")
      #expect(response.reusedConnection == (count > 0))
    }
  }

  @Test(
    "without a certificate, with another's or with the other interface's nothing is served",
    .clause("M8-2.3-no-credential", "M8-AppG-one-per-interface", "ENG-http-tls"))
  func refusesStrangers() throws {
    let other = try ServingEstate()
    try other.add("meters", [.otherParty])
    let foreign = try other.credential(of: "meters", for: .portalDevice)
    for (credential, code) in [
      (nil, "credential-unknown"), (foreign, "credential-unknown"),
      (serving.setting.maker, "credential-for-other-interface"),
    ] as [(ServingEstate.Credential?, String)] {
      let response = try estate.client(credential).post(
        estate.url(.service, AdHocSetting.path), type: AdHocXML.mediaType, body: [1])
      #expect(response.status == 403)
      let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
      #expect(body.code == code)
    }
  }

  /// A client of openssl at the service port, with these words and its standard input open.
  private func openssl(_ words: [String]) throws -> (Process, input: Pipe, output: Pipe) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    let port = try #require(estate.node.port(of: .service))
    process.arguments =
      [
        "s_client", "-connect", "localhost:\(port)", "-CAfile", estate.folder.serverAuthority,
        "-verify_return_error", "-msg",
      ] + words
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return (process, input, output)
  }

  private static func text(_ pipe: Pipe) -> String {
    String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  @Test(
    "of TLS 1.2 the four suites of the interface specification are spoken, and no others",
    .clause("M8-AppG-tls-suites", "L4.5(c)"),
    arguments: [
      ("-tls1_2", "ECDHE-RSA-AES256-GCM-SHA384", true),
      ("-tls1_2", "ECDHE-RSA-AES256-SHA384", true),
      ("-tls1_2", "ECDHE-RSA-AES128-GCM-SHA256", true),
      ("-tls1_2", "ECDHE-RSA-AES128-SHA256", true), ("-tls1_2", "ECDHE-RSA-AES256-SHA", false),
      ("-tls1_2", "AES256-GCM-SHA384", false), ("-tls1_2", "DHE-RSA-AES256-GCM-SHA384", false),
      ("-tls1_2", "ECDHE-RSA-CHACHA20-POLY1305", false), ("-tls1_1", "ALL:@SECLEVEL=0", false),
    ])
  func suites(version: String, suite: String, works: Bool) throws {
    let (process, input, output) = try openssl([version, "-cipher", suite])
    try input.fileHandleForWriting.close()
    let said = Self.text(output)
    process.waitForEnd()
    #expect((process.terminationStatus == 0) == works, "\(said)")
  }

  @Test(
    "a connection is not negotiated again, and one that is idle for five minutes is closed",
    .clause("M8-AppG-renegotiation"))
  func renegotiation() throws {
    // A line with an R has openssl negotiate again; it ends by itself, as its connection does.
    let (process, input, output) = try openssl(["-tls1_2"])
    try input.fileHandleForWriting.write(contentsOf: Data("R\n".utf8))
    let said = Self.text(output)
    process.waitForEnd()
    try input.fileHandleForWriting.close()
    func count(_ message: String) -> Int { said.split(separator: ", \(message)\n").count - 1 }
    #expect(count("ClientHello") == 2, "\(said)")
    #expect(count("ServerHello") == 1)
    #expect(Server.Configuration(.tcp("127.0.0.1", port: 0)).idleSecondsMax == 300)
  }

  @Test(
    "nothing is told over a connection without TLS, or to nobody in particular",
    .clause("L4.5(c)"))
  func mutual() throws {
    let url = try estate.url(.service, "/1.0/DeviceCSR")
    let plain = url.replacing("https://", with: "http://")
    #expect(throws: (any Error).self) {
      let answer = try estate.client().post(plain, type: "text/plain", body: [1])
      try #require(answer.status == 200)
    }
    for path in Routes.all(adHocPath: AdHocSetting.path) where path.doors == [.service] {
      let response = try estate.client().send(
        path.method, estate.url(.service, path.path), headers: [],
        body: path.method == "POST" ? [1] : nil)
      #expect(response.status == 403, "\(path.path)")
      #expect(response.text.contains("credential-unknown"), "\(path.path)")
    }
  }

  @Test(
    "many systems at once each get their own certificate and number",
    .clause("M8-AppA-elements", "M8-2.4-access"))
  func manyAtOnce() throws {
    let device = EntityID(0x8873_8457_002F_0012)
    try estate.issue(DeviceDraft(for: device).encoded(), by: serving.setting.maker)
    let requests = try (0..<40).map { _ in try DeviceDraft(for: device).encoded() }
    let url = try estate.url(.service, AdHocSetting.path)
    let results = Guarded<[Result<AdHocReply, any Error>]>([])
    Worker.onAllCores(8) { part in
      let result = Result {
        let client = try estate.client(serving.setting.supplier)
        return try (0..<5).map { place in
          let response = try client.post(
            url, type: AdHocXML.mediaType,
            body: Array(AdHocXML(requests[part * 5 + place]).text.utf8))
          return try AdHocReply(response.body)
        }
      }
      results.change { results in
        switch result {
        case .success(let replies): results += replies.map { .success($0) }
        case .failure(let error): results.append(.failure(error))
        }
      }
    }
    let replies = try results.value.map { try $0.get() }
    #expect(replies.map(\.status) == [String?](repeating: "SUCCESS", count: 40))
    #expect(Set(replies.compactMap(\.transaction)).count == 40)
    #expect(Set(replies.compactMap(\.certificate)).count == 40)
  }

  @Test(
    "a credential revoked during a connection is refused on it", .clause("ENG-http-tls"))
  func revokesMidway() throws {
    let credential = try estate.credential(of: "meters", for: .portalDevice)
    let client = try estate.client(credential)
    let url = try estate.url(.service, "/1.0/DeviceCSR")
    #expect(try client.post(url, type: "text/plain", body: [1]).status == 400)
    _ = try estate.node.revocation.revokeCredential(
      serial: try #require(Hex.decode(credential.serial)), reason: "lost", at: estate.now,
      by: ServingEstate.officer)
    let refused = try client.post(url, type: "text/plain", body: [1])
    #expect(refused.status == 403)
    #expect(refused.reusedConnection)
    #expect(refused.text.contains("credential-revoked"))
  }

  @Test(
    "DCC's public client finds and reads a certificate through the plain port, byte for byte",
    .clause("K-search", "K-retrieve", "K-test-api-key", "K-status-codes"))
  func publicClient() throws {
    let device = EntityID(0x8873_8457_002F_0011)
    let issued = try estate.issue(
      DeviceDraft(for: device, usage: .keyAgreement).encoded(), by: serving.setting.maker)
    let client = PublicClient(
      base: try estate.url(.repositoryPlain, "/"), client: try estate.client())
    let found = try client.search("CertificateSubjectAltName", "\(device)", usage: "KA")
    #expect(found.map(\.der) == [issued.encoded])
    #expect(found.first?.isOrganisation == false)
    #expect(try client.search("CertificateSubjectAltName", "\(device)", usage: "DS").isEmpty)
    #expect(try client.search("CertificateSubjectName", "\(device)", usage: "KA").isEmpty)
    #expect(throws: PublicClient.Failure.invalidParameters) {
      try client.search("CertificateSubjectAltName", "nonsense", usage: "KA")
    }
    let identifier = EntityID(0x90B3_D51F_3001_0000)
    let organisation = try estate.organisation(
      "electric", identifier, role: .supplier, usage: .digitalSignature)
    let suppliers = try client.search(
      "CertificateSubjectName", "\(identifier)", usage: "DS", role: "2")
    #expect(suppliers.map(\.der) == [organisation.encoded])
    #expect(suppliers.first?.isOrganisation == true)
    let roots = try client.search("CertificateSubjectName", "\(identifier)", usage: "DS", role: "0")
    #expect(roots.isEmpty)
  }

  @Test("the same service stands behind TLS, with a key of its own", .clause("P3-App-B-api-key"))
  func repositoryOverTLS() throws {
    try estate.node.registration.addAPIKey(
      "over-tls", of: "electric", label: "reader", for: "a test", at: estate.now,
      by: ServingEstate.officer)
    let client = try estate.client()
    let path = "/services/retrievecertificate?apikey="
    let body = Array(
      ("<CertificateDataRequest><CertificateSerial>" + String(repeating: "0", count: 32)
        + "</CertificateSerial></CertificateDataRequest>").utf8)
    for (key, status) in [("over-tls", 402), (PublicClient.key, 403)] {
      let response = try client.post(
        estate.url(.repository, path + key), type: "application/xml", body: body)
      #expect(response.status == status)
    }
  }

  @Test(
    "a body over the limit, a wrong method and an unknown path are refused in JSON",
    .clause("ENG-http-limits", "ENG-http-routes"),
    arguments: [
      ("POST", AdHocSetting.path, 16_385, 413), ("POST", "/1.0/DeviceCSR", 16_385, 413),
      ("GET", AdHocSetting.path, 0, 405), ("POST", "/1.0/Other", 1, 404), ("GET", "/", 0, 404),
      ("GET", "/health", 0, 404),
    ])
  func refusesHTTP(method: String, path: String, octets: Int, status: Int) throws {
    let response = try estate.client(serving.setting.supplier).send(
      method, estate.url(.service, path), headers: [],
      body: octets > 0 ? [UInt8](repeating: 60, count: octets) : nil)
    #expect(response.status == status)
    let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
    #expect(body.clause == "ENG-http-limits" || body.clause == "ENG-http-routes")
  }

  @Test("health says that all is well, metrics count what was answered", .clause("L5.2"))
  func monitoring() throws {
    let client = try estate.client()
    let health = try client.get(estate.url(.monitoring, "/health"))
    #expect(health.status == 200)
    for part in [
      "\"status\" : \"ok\"", "\"estate\" : \"Doors Test\"", "\"keys\" : \"SOFTWARE KEYS\"",
      "\"isWritable\" : true", "\"device\" : \"ready\"", "\"checkpointAgeSeconds\" : 0",
    ] {
      #expect(health.text.contains(part), "\(part) in \(health.text)")
    }
    _ = try client.get(estate.url(.repositoryPlain, "/"))
    let metrics = try client.get(estate.url(.monitoring, "/metrics"))
    #expect(metrics.header("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
    for part in [
      "smki_requests_total{route=\"startPage\",status=\"200\"}",
      "smki_request_seconds_bucket{le=\"+Inf\",route=\"startPage\"}",
      "smki_certificates_total{class=\"device\"}", "smki_waiting_for_issuing 0",
      "smki_connections_total{port=\"service\"}", "smki_authority_volume_max{authority=\"TD01\"",
      "smki_records_writable 1", "smki_audit_entries",
    ] {
      #expect(metrics.text.contains(part), "\(part)")
    }
  }

  @Test(
    "the start page says TEST, shows the hierarchy and asks for nothing from elsewhere",
    .clause("C3-84-2", "L5.2"))
  func startPage() throws {
    let client = try estate.client()
    for door in [Door.repository, .repositoryPlain] {
      let page = try client.get(estate.url(door, "/"))
      #expect(page.status == 200)
      #expect(page.header("content-type") == "text/html; charset=utf-8")
      #expect(page.header("content-security-policy")?.hasPrefix("default-src 'none'") == true)
      for part in ["TEST", "SOFTWARE KEYS", "Doors Test", "TD01", "on line", "of 100,000", "<svg"] {
        #expect(page.text.contains(part), "\(part)")
      }
      for part in ["<script", " style=", "src=\"http", "href=\"http", " onload"] {
        #expect(!page.text.contains(part), "\(part)")
      }
    }
    for path in ["/style.css", "/icon.svg"] {
      #expect(try client.get(estate.url(.repository, path)).status == 200)
    }
  }
}

@Suite("A node opens and closes its doors in order")
struct NodeLifeTests {
  @Test(
    "a live estate refuses to open the plain port", .clause("K-test-api-key", "L6.5(c)"))
  func refusesPlainDoor() throws {
    let estate = try ServingEstate(kind: .live) { $0.doors.repositoryPlain = 0 }
    #expect(throws: NodeError.plainDoorInLiveEstate(0)) { try estate.node.serve() }
    #expect(estate.node.port(of: .service) == nil)
  }

  @Test("a live estate serves without it, and says LIVE", .clause("K-test-api-key"))
  func servesLive() throws {
    let estate = try ServingEstate(kind: .live)
    try estate.node.serve()
    #expect(estate.node.port(of: .repositoryPlain) == nil)
    let page = try estate.client().get(estate.url(.repository, "/"))
    #expect(page.text.contains("LIVE"))
    #expect(!page.text.contains(">TEST<"))
  }

  @Test(
    "a checkpoint covers the audit soon after it grew, and a last one at the stop",
    .clause("ENG-audit-tree"))
  func signsCheckpoints() throws {
    let estate = try ServingEstate()
    func covered(_ records: Records) throws -> Int? {
      try records.audit.checkpoint.map { try Checkpoint(text: $0.text).size }
    }
    let node = estate.node
    #expect(try covered(node.records) == nil)
    try node.serve()
    #expect(try covered(node.records) != nil)
    try estate.add("electric", [.importSupplier])
    // The jobs of the node write as well.
    let size = try node.records.audit.size
    for _ in 0..<60 where try covered(node.records) ?? 0 < size { usleep(50_000) }
    #expect(try covered(node.records) ?? 0 >= size)
    try estate.add("gas", [.gasSupplier])
    let last = try node.records.audit.size
    node.stop()
    let records = try Records.openReadOnly(estate.folder.records, migrations: Store.migrations)
    #expect(try covered(records) ?? 0 >= last)
    let checkpoint = try #require(try records.audit.checkpoint)
    #expect(checkpoint.signatures.map(\.name) == ["smki/Doors-Test"])
  }

  @Test("a port that is taken is said, and the doors can be opened afterwards")
  func takesPortLater() throws {
    let first = try ServingEstate()
    try first.node.serve()
    let port = try #require(first.node.port(of: .monitoring))
    let second = try ServingEstate { $0.doors.monitoring = port }
    let error = #expect(throws: HTTPError.self) { try second.node.serve() }
    #expect(error.map { "\($0)".contains("\(port)") } == true)
    #expect(second.node.port(of: .service) == nil)
    first.node.stop()
    try second.node.serve()
    #expect(try second.client().get(second.url(.monitoring, "/health")).status == 200)
  }

  @Test("health is 503 when no authority is left to sign", .clause("L5.2", "C3-118-4"))
  func failsWhenSpent() throws {
    let estate = try ServingEstate(deviceLife: .init(volumeMax: 1, monthsMax: 3))
    try estate.add("meters", [.otherParty])
    let maker = try estate.credential(of: "meters", for: .portalDevice)
    estate.node.checkpoints.sign()
    let device = EntityID(0x8873_8457_002F_0020)
    for count in 0..<3 {
      let health = try estate.send("GET", "/health", at: .monitoring)
      #expect(health.status == 200, "after \(count)")
      try estate.issue(DeviceDraft(for: device).encoded(), by: maker)
    }
    let health = try estate.send("GET", "/health", at: .monitoring)
    #expect(health.status == 503)
    #expect(String(decoding: health.body, as: UTF8.self).contains("out-of-stock"))
    let answer = try estate.send(
      "POST", "/1.0/DeviceCSR", at: .service, body: DeviceDraft(for: device).encoded(),
      certificate: maker.certificate)
    #expect(answer.status == 503)
    #expect(answer.headers.contains { $0.name == "Retry-After" })
  }
}
