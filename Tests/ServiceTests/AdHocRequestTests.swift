// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Foundation
import HTTP
import Keys
import Profiles
import Records
import Registration
import Repository
import SEC
import Service
import TestEstate
import Testing
import X509

@Suite("The Ad Hoc service says precisely what is wrong with a request for a certificate")
struct AdHocRequestTests {
  /// One way to spoil a request.
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let code: String
    let spoil: @Sendable (inout DeviceDraft) throws -> Void

    init(
      _ name: String, _ code: String,
      _ spoil: @escaping @Sendable (inout DeviceDraft) throws -> Void
    ) {
      testDescription = name
      self.code = code
      self.spoil = spoil
    }
  }

  static let p384 = AlgorithmIdentifier(
    .ecPublicKey, parameters: Writer.write { $0.objectIdentifier("1.3.132.0.34") })
  static let p256 = AlgorithmIdentifier(
    .ecPublicKey, parameters: Writer.write { $0.objectIdentifier("1.2.840.10045.3.1.7") })

  static let faults: [Fault] = [
    Fault("a subject", "CR:SUBJECT") {
      $0.subject = Name([try #require(Name.Attribute.commonName("meter"))])
    },
    Fault("no key usage", "CR:NOUSAGE") { $0.drop(.keyUsage) },
    Fault("two usages", "CR:USAGE") { $0.put(KeyUsage([.digitalSignature, .keyAgreement])) },
    Fault("a usage of authorities", "CR:USAGE") { $0.put(KeyUsage([.keyCertSign])) },
    Fault("no name", "CR:NOSAN") { $0.drop(.subjectAltName) },
    Fault("two names", "CR:SAN") {
      let name = DeviceDraft.name(AdHocSetting.device.octets)
      $0.put(SubjectAltName([name, name]))
    },
    Fault("seven octets of EUI-64", "CR:EUI64") {
      $0.put(SubjectAltName([DeviceDraft.name([1, 2, 3, 4, 5, 6, 7])]))
    },
    Fault("another extension", "CR:EXT") { $0.put(CertificatePolicies("2.25.1")) },
    Fault("another attribute", "CR:ATTR") {
      $0.otherAttributes = [
        .init("1.2.840.113549.1.9.7", values: [Writer.write { $0.objectIdentifier("1.2.3") }])
      ]
    },
    Fault("an RSA key", "CR:KEYALG") {
      $0.signer = try SoftwareKey.generate(.rsa2048)
      $0.key = try #require(SubjectPublicKeyInfo($0.signer.publicKey))
    },
    Fault("another curve", "CR:CURVE") {
      $0.key = try DeviceDraft.key(Self.p384, [4] + [UInt8](repeating: 1, count: 96))
    },
    Fault("a compressed point", "CR:COMPR") {
      $0.key = try DeviceDraft.key(Self.p256, [2] + [UInt8](repeating: 1, count: 32))
    },
    Fault("a point of 64 octets", "CR:KEYFORM") {
      $0.key = try DeviceDraft.key(Self.p256, [4] + [UInt8](repeating: 1, count: 63))
    },
    Fault("a point off the curve", "CR:POINT") {
      $0.key = try DeviceDraft.key(Self.p256, [4] + [UInt8](repeating: 1, count: 64))
    },
    Fault("another signature algorithm", "CR:SIGALG") { $0.algorithm = .sha256WithRSA },
    Fault("parameters beside the algorithm", "CR:SIGPAR") {
      $0.algorithm = AlgorithmIdentifier(
        AlgorithmIdentifier.ecdsaWithSHA256.algorithm, parameters: [5, 0])
    },
    Fault("somebody else's signature", "CR:SIG") {
      $0.signer = try SoftwareKey.generate(.p256)
    },
  ]

  let setting: AdHocSetting

  init() throws {
    setting = try AdHocSetting.shared.get()
  }

  @Test(
    "each fault is a CSR_ERROR with a code of its own and leaves nothing behind",
    .clause("M8-AppF-device-csr", "M8-2.4-order", "M8-2.4-status", "C3-116-2", "GBCS-12.1-2"),
    arguments: faults)
  func refuses(fault: Fault) throws {
    // Form and signature come first, for a device that is known and for one that is not.
    let number = try #require(
      Self.faults.firstIndex { $0.testDescription == fault.testDescription })
    let known = EntityID(0x8873_8457_0030_0000 + UInt64(number))
    try setting.estate.issue(DeviceDraft(for: known).encoded(), by: setting.maker)
    for (device, count) in [(known, 1), (EntityID(0x8873_8457_002F_0002), 0)] {
      var draft = try DeviceDraft(for: device)
      try fault.spoil(&draft)
      let reply = try setting.ask(draft.encoded())
      #expect(reply.status == "CSR_ERROR")
      #expect(reply.code == fault.code)
      #expect(reply.id == "ref-1")
      #expect(try setting.estate.node.repository.certificates(of: device).count == count)
    }
  }

  @Test(
    "the portal's device function refuses the same, by 400 and the refusal in JSON",
    .clause("M8-2.3", "M8-AppF-device-csr"), arguments: faults)
  func refusesFirst(fault: Fault) throws {
    let device = EntityID(0x8873_8457_002F_0005)
    var draft = try DeviceDraft(for: device)
    try fault.spoil(&draft)
    let response = try setting.estate.send(
      "POST", "/1.0/DeviceCSR", at: .service, body: draft.encoded(),
      certificate: setting.maker.certificate)
    #expect(response.status == 400)
    let body = try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
    #expect(AdHocStatus.table[body.code]?.code == fault.code)
    #expect(!body.clause.isEmpty && !body.expected.isEmpty && !body.remedy.isEmpty)
    #expect(try setting.estate.node.repository.certificates(of: device).isEmpty)
  }

  @Test(
    "octets that are no request in DER are refused with their place", .clause("ENG-der"),
    arguments: ["truncated", "trailing", "indefinite", "padded length", "nothing but zeros"])
  func refusesEncoding(fault: String) throws {
    var request = try DeviceDraft(for: AdHocSetting.device).encoded()
    switch fault {
    case "truncated": request.removeLast()
    case "trailing": request.append(0)
    case "indefinite": request[1] = 0x80
    case "padded length": request.replaceSubrange(1...2, with: [0x82, 0, request[2]])
    default: request = [UInt8](repeating: 0, count: 300)
    }
    let reply = try setting.ask(request)
    #expect(reply.status == "CSR_ERROR")
    #expect(reply.code == "CR:DER")
    #expect(reply.text?.contains("at octet") == true)
  }

  @Test(
    "what is issued already is not issued again", .clause("M8-2.4-status", "ENG-refused-key"))
  func refusesDuplicates() throws {
    let first = try DeviceDraft(for: AdHocSetting.device)
    let issued = try setting.ask(first.encoded())
    #expect(issued.status == "SUCCESS")
    let certificate = try Certificate(parsing: #require(issued.certificate))
    let serial = Hex.encode(certificate.serialNumber.magnitude)
    let same = try setting.ask(
      DeviceDraft(for: AdHocSetting.device, key: first.signer).encoded())
    #expect(same.status == "CSR_ERROR")
    #expect(same.code == "CR:9999")
    #expect(same.text == Refusal.duplicateCertificate(serial).description)
    let other = try setting.ask(
      DeviceDraft(for: AdHocSetting.device, usage: .keyAgreement, key: first.signer).encoded())
    #expect(other.status == "CSR_ERROR")
    #expect(other.code == "CR:KEYUSED")
    #expect(other.text == Refusal.keyCertifiedElsewhere(serial).description)
    let reported = try DeviceDraft(for: AdHocSetting.device)
    let moment = setting.estate.now
    let entry = Entry(
      ServingEstate.officer, "key-reported", clause: "ENG-refused-key", at: moment)
    try setting.estate.node.records.write(entry) { transaction in
      try Registration.refuse(
        reported.key, because: "reported compromised", at: moment, in: transaction)
    }
    let refused = try setting.ask(reported.encoded())
    #expect(refused.code == "CR:KEYBAD")
    #expect(refused.text == Refusal.keyRefused("reported compromised").description)
  }

  @Test(
    "a device that is not the supplier's to ask for is WF:L316",
    .clause(
      "L3.15", "L3.16", "L3.16-b", "C3-G-eligible-subscriber", "M8-2.4-status"))
  func refusesIneligible() throws {
    let estate = setting.estate
    let device = EntityID(0x8873_8457_002F_0003)
    try estate.issue(DeviceDraft(for: device).encoded(), by: setting.maker)
    try estate.node.registration.bring(
      device, .gsme, to: .commissioned, at: estate.now, by: ServingEstate.officer)
    let reply = try setting.ask(DeviceDraft(for: device).encoded())
    #expect(reply.status == "WORKFLOW_ERROR")
    #expect(reply.code == "WF:L316")
    let standing = DeviceStanding(type: .gsme, status: .commissioned)
    #expect(
      reply.text == Refusal.notEligible(device, standing, [.importSupplier]).description)
  }

  @Test(
    "the hundred and first certificate of a device waits for an officer",
    .clause("M8-2.3.1.8", "M8-2.4-status"))
  func refusesMany() throws {
    let device = EntityID(0x8873_8457_002F_0004)
    let requests = try (0..<100).map { _ in try DeviceDraft(for: device).encoded() }
    for request in requests { try setting.estate.issue(request, by: setting.maker) }
    let reply = try setting.ask(DeviceDraft(for: device).encoded())
    #expect(reply.status == "ISSUANCE_ANOMALY")
    #expect(reply.code == "CA:COUNT")
    #expect(reply.text == Refusal.certificatesOfDevice(device, 100).description)
    try ExampleFile.expect("ad-hoc-anomaly-answer.xml", reply.body)
  }
}
