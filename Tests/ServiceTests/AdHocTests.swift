// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import HTTP
import Keys
import Parties
import Registration
import SEC
import Service
import Testing
import X509
import XML

/// An estate with a device that has a certificate, and those who may and may not replace it.
struct AdHocSetting: Sendable {
  static let shared = Result { try AdHocSetting() }
  static let path = "/1.0/AdHocDeviceCSR"
  static let device = EntityID(0x8873_8457_002F_966C)

  let estate: ServingEstate
  let maker: ServingEstate.Credential
  let supplier: ServingEstate.Credential

  init(_ estate: ServingEstate) throws {
    self.estate = estate
    try estate.add("meters", [.otherParty])
    try estate.add("electric", [.importSupplier])
    maker = try estate.credential(of: "meters", for: .portalDevice)
    supplier = try estate.credential(of: "electric", for: .adHoc)
    try estate.issue(DeviceDraft(for: Self.device).encoded(), by: maker)
  }

  init() throws {
    try self.init(ServingEstate())
  }

  /// The answer to a body, whatever its status.
  func send(
    _ body: [UInt8], type: String? = AdHocXML.mediaType, certificate: [UInt8]?
  ) throws -> Response {
    try estate.send(
      "POST", Self.path, at: .service, type: type, body: body, certificate: certificate)
  }

  /// The XML answer to a text that the supplier sends.
  func ask(_ text: String, type: String? = AdHocXML.mediaType) throws -> AdHocReply {
    try AdHocReply(send(Array(text.utf8), type: type, certificate: supplier.certificate))
  }

  /// The XML answer to a request for a certificate that the supplier sends.
  func ask(_ request: [UInt8]) throws -> AdHocReply {
    try ask(AdHocXML(request).text)
  }
}

@Suite("The Ad Hoc service replaces the certificate of a device")
struct AdHocTests {
  let setting: AdHocSetting

  init() throws {
    setting = try AdHocSetting.shared.get()
  }

  @Test(
    "a supplier gets a certificate, and the elements stand in their order",
    .clause("M8-AppA-elements", "M8-2.4-access", "M8-2.4-status", "M8-AppB-http"))
  func succeeds() throws {
    let request = try DeviceDraft(for: AdHocSetting.device).encoded()
    var xml = AdHocXML(request)
    xml.id = "ref &lt;1&gt; &amp; “two”"
    let reply = try setting.ask(xml.text)
    #expect(reply.id == "ref <1> & “two”")
    #expect(reply.names == ["Version", "Build", "TransactionId", "Status", "Certificate"])
    #expect(reply["Version"] == "1.0")
    #expect(reply["Build"] == Product.version)
    #expect(reply.status == "SUCCESS")
    let certificate = try Certificate(parsing: #require(reply.certificate))
    let asked = try CertificationRequest(parsing: request)
    #expect(certificate.tbs.subjectPublicKeyInfo == asked.subjectPublicKeyInfo)
    let again = try setting.ask(xml.text)
    #expect(again.certificate == reply.certificate)
    #expect(try #require(again.transaction) > #require(reply.transaction))
  }

  @Test(
    "an identifier that a party has registered for its organisation names no device",
    .clause("ENG-identifier-once"))
  func identifierOnce() throws {
    let own = try AdHocSetting(ServingEstate())
    let first = EntityID(0x90B3_D51F_3001_0010)
    let last = EntityID(0x90B3_D51F_3001_001F)
    try own.estate.node.registration.register.add(
      EntityRange(party: "electric", role: .supplier, first: first, last: last),
      at: own.estate.now, by: ServingEstate.officer)
    for (value, status) in [
      (first.value, 400), (last.value, 400), (first.value - 1, 200), (last.value + 1, 200),
    ] {
      let response = try own.estate.send(
        "POST", "/1.0/DeviceCSR", at: .service, body: DeviceDraft(for: EntityID(value)).encoded(),
        certificate: own.maker.certificate)
      #expect(response.status == status)
      let body = String(decoding: response.body, as: UTF8.self)
      #expect(body.contains("device-identifier-of-organisation") == (status == 400))
    }
    // The range came later than the device: its next certificate is refused.
    try own.estate.node.registration.register.add(
      EntityRange(
        party: "electric", role: .supplier, first: AdHocSetting.device, last: AdHocSetting.device),
      at: own.estate.now, by: ServingEstate.officer)
    let reply = try own.ask(DeviceDraft(for: AdHocSetting.device).encoded())
    #expect(reply.code == "CR:EUI64OR")
  }

  @Test(
    "each fault of the XML is a FORMAT_ERROR of its own, without the client's reference",
    .clause("M8-AppA-elements", "M8-AppA-limits", "M8-2.4-status", "ENG-xml"),
    arguments: [
      ("", "FM:XML"), ("<a", "FM:XML"), ("<a/>", "FM:ELEMENT"), ("&lol;", "FM:XML"),
      ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "FM:DTD"),
      ("<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "FM:DTD"), ("<?php x?><a/>", "FM:DTD"),
      ("<?xml version='1.0' encoding='UTF-16'?><a/>", "FM:DTD"),
      ("<a><a><a><a><a/></a></a></a></a>", "FM:LIMIT"),
      ("<a b='1' c='1' d='1' e='1' f='1' g='1' h='1' i='1' j='1'/>", "FM:LIMIT"),
      ("<a>" + String(repeating: "<b/>", count: 20) + "</a>", "FM:LIMIT"),
    ])
  func refusesXML(text: String, code: String) throws {
    let reply = try setting.ask(text)
    #expect(reply.names == ["Version", "Build", "TransactionId", "Status", "Error"])
    #expect(reply.status == "FORMAT_ERROR")
    #expect(reply.code == code)
    #expect(reply.id == nil)
  }

  @Test(
    "each departure from the schema is refused by its name",
    .clause("M8-AppA-elements", "M8-AppA-limits"),
    arguments: [
      ("<Version>1.0</Version>", "", "FM:ELEMENT"),
      ("<Version>1.0</Version>", "<Version>1.0</Version><Version>1.0</Version>", "FM:ELEMENT"),
      ("<Version>1.0</Version>", "<Other/><Version>1.0</Version>", "FM:ELEMENT"),
      ("<Version>1.0</Version>", "<Release>1.0</Release>", "FM:ELEMENT"),
      ("<Version>1.0</Version>", "<Version><a/></Version>", "FM:ELEMENT"),
      ("<Version>1.0</Version>", "<Version a='1'>1.0</Version>", "FM:ATTR"),
      ("<Version>1.0</Version>", "<Version>1.1</Version>", "FM:VERSION"),
      ("<Version>1.0</Version>", "text <Version>1.0</Version>", "FM:ELEMENT"),
      ("DeviceCertificateSigningRequest", "DeviceCertificateRequest", "FM:ELEMENT"),
      (" ID=\"ref-1\"", "", "FM:ID"), (" ID=\"ref-1\"", " ID=\"\"", "FM:ID"),
      (" ID=\"ref-1\"", " ID=\"123456789012345678901234567890123\"", "FM:ID"),
      (" ID=\"ref-1\"", " ID=\"ref-1\" Other=\"1\"", "FM:ATTR"),
      (" ID=\"ref-1\"", " ID=\"ref-1\" xmlns=\"urn:a\"", "FM:ATTR"),
      ("<CertificateSigningRequest>", "<CertificateSigningRequest> ", "FM:BASE64"),
      (
        "<CertificateSigningRequest>",
        "<CertificateSigningRequest>-----BEGIN CERTIFICATE REQUEST-----", "FM:BASE64"
      ),
      ("<CertificateSigningRequest>", "<CertificateSigningRequest>A", "FM:BASE64"),
    ])
  func refusesSchema(part: String, replacement: String, code: String) throws {
    let text = AdHocXML(try DeviceDraft(for: AdHocSetting.device).encoded()).text
    let reply = try setting.ask(text.replacing(part, with: replacement))
    #expect(reply.status == "FORMAT_ERROR")
    #expect(reply.code == code)
    #expect(reply.id == nil)
  }

  @Test(
    "each fault of the form is a refusal of its own", .clause("M8-AppA-limits", "ENG-xml"),
    arguments: [
      ("<a/>", .xmlElement("M8-AppA-elements", expected: "", found: "", line: 0)),
      ("<a", .xmlNotWellFormed(XMLError(.notWellFormed, ""))),
      ("<!DOCTYPE a><a/>", .xmlForbidden(XMLError(.documentType, ""))),
      (String(repeating: " ", count: 20_000), .xmlTooLarge(XMLError(.tooLarge, ""))),
      (
        AdHocTests.request(" ID='1' Other='1'", "1.0", "AAAA"),
        .xmlAttribute("M8-AppA-elements", element: "", expected: "", found: "")
      ),
      (AdHocTests.request("", "1.0", "AAAA"), .requestID(nil)),
      (AdHocTests.request(" ID='1'", "2.0", "AAAA"), .interfaceVersion("2.0")),
      (AdHocTests.request(" ID='1'", "1.0", "AAA"), .requestBase64("")),
    ] as [(String, Refusal)])
  func refusesForm(text: String, refusal: Refusal) {
    #expect(throws: refusal) {
      try AdHocRequest(Array(text.utf8), mediaType: AdHocXML.mediaType)
    }
  }

  @Test("a request within every limit is read", .clause("M8-AppA-limits"))
  func reads() throws {
    let id = String(repeating: "é", count: AdHocRequest.idCharactersMax)
    let text = Self.request(" ID='\(id)'", "1.0", "AAAA")
    let request = try AdHocRequest(Array(text.utf8), mediaType: "application/xml")
    #expect(request.id == id)
    #expect(request.request == [0, 0, 0])
  }

  static func request(_ attributes: String, _ version: String, _ request: String) -> String {
    "<DeviceCertificateSigningRequest\(attributes)><Version>\(version)</Version>"
      + "<CertificateSigningRequest>\(request)</CertificateSigningRequest>"
      + "</DeviceCertificateSigningRequest>"
  }

  @Test("what a schema's instance may carry anyway is no fault", .clause("M8-AppA-elements"))
  func takesSchemaLocation() throws {
    let text = AdHocXML(try DeviceDraft(for: AdHocSetting.device).encoded()).text
    let reply = try setting.ask(
      text.replacing(
        " ID=",
        with: " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
          + " xsi:noNamespaceSchemaLocation=\"a.xsd\" ID="))
    #expect(reply.status == "SUCCESS")
  }

  @Test(
    "the body is XML in UTF-8 by its header", .clause("M8-AppB-http"),
    arguments: [
      ("application/xml;charset=UTF-8", true), ("application/xml", true),
      ("text/xml; charset=\"utf-8\"", true), ("application/xml;charset=UTF-16", false),
      ("application/x-www-form-urlencoded", false), ("text/plain", false), (nil, false),
    ] as [(String?, Bool)])
  func mediaType(type: String?, isTaken: Bool) throws {
    let text = AdHocXML(try DeviceDraft(for: AdHocSetting.device).encoded()).text
    let reply = try setting.ask(text, type: type)
    #expect(reply.status == (isTaken ? "SUCCESS" : "FORMAT_ERROR"))
    #expect(reply.code == (isTaken ? nil : "FM:TYPE"))
  }

  @Test("a refusal reaches the client whole", .clause("M8-2.4-status"))
  func wholeRefusal() throws {
    let device = EntityID(0x8873_8457_002F_0001)
    let reply = try setting.ask(DeviceDraft(for: device).encoded())
    #expect(reply.id == "ref-1")
    #expect(reply.status == "UNKNOWN_DEVICE")
    #expect(reply.code == "UD:NEW")
    #expect(reply.text == Refusal.unknownDevice(device).description)
  }
}
