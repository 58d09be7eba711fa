// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Keys
import Registration
import SEC
import Service
import Testing
import X509

@Suite("The Ad Hoc service replaces the certificate of a device")
struct AdHocTests {
  static let path = "/1.0/AdHocDeviceCSR"
  static let device = EntityID(0x8873_8457_002F_966C)

  let estate: TestEstate
  let maker: TestEstate.Credential
  let supplier: TestEstate.Credential

  init() throws {
    estate = try TestEstate()
    try estate.add("meters", [.otherParty])
    try estate.add("electric", [.importSupplier])
    maker = try estate.credential(of: "meters", for: .portalDevice)
    supplier = try estate.credential(of: "electric", for: .adHoc)
    try estate.issue(DeviceDraft(for: Self.device).encoded(), by: maker)
  }

  private func ask(
    _ text: String, type: String? = AdHocXML.mediaType, by credential: TestEstate.Credential? = nil
  ) throws -> AdHocReply {
    try AdHocReply(
      estate.send(
        "POST", Self.path, at: .service, type: type, body: Array(text.utf8),
        certificate: (credential ?? supplier).certificate))
  }

  @Test(
    "a supplier gets a certificate, and the elements stand in their order",
    .clause("M8-AppA-elements", "M8-2.4-access", "M8-2.4-status", "M8-AppB-http"))
  func succeeds() throws {
    let request = try DeviceDraft(for: Self.device).encoded()
    var xml = AdHocXML(request)
    xml.id = "ref <1> & “two”".replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    let reply = try ask(xml.text)
    #expect(reply.id == "ref <1> & “two”")
    #expect(reply.names == ["Version", "Build", "TransactionId", "Status", "Certificate"])
    #expect(reply["Version"] == "1.0")
    #expect(reply["Build"] == Product.version)
    #expect(reply.status == "SUCCESS")
    let certificate = try Certificate(parsing: #require(reply.certificate))
    #expect(
      try certificate.tbs.subjectPublicKeyInfo
        == CertificationRequest(parsing: request).subjectPublicKeyInfo)
    let again = try ask(xml.text)
    #expect(again.certificate == reply.certificate)
    #expect(try #require(again.transaction) > #require(reply.transaction))
  }

  @Test(
    "transaction numbers are positive, ascend, and go on after a restart without repeating",
    .clause("M8-AppA-elements"))
  func transactions() throws {
    let first = TransactionNumbers(records: estate.node.records, clock: { TestEstate.founded })
    let given = try (1...5).map { _ in try first.next() }
    #expect(given == [1, 2, 3, 4, 5])
    let second = TransactionNumbers(records: estate.node.records, clock: { TestEstate.founded })
    #expect(try second.next() == TransactionNumbers.blockSize + 1)
  }
}
