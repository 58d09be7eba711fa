// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Foundation
import Profiles
import Registration
import SEC
import Testing
import X509

@Suite("Requests that other people's programs made get their certificates")
struct RequestTests {
  let estate: InteropEstate
  let place: Workplace

  init() throws {
    estate = try InteropEstate()
    place = estate.workplace
  }

  /// The key and name that `openssl` reads, so that two readers have to agree.
  private func publicKey(_ arguments: String...) throws -> String {
    let ending = try place.run("openssl", arguments + ["-noout", "-pubkey"])
    try #require(ending.isGood, "\(ending.said)")
    return ending.said
  }

  /// That a certificate is for the key of a request, as OpenSSL sees both.
  private func expectKey(of certificate: Certificate, in request: String) throws {
    let file = try place.write("issued.pem", [certificate])
    #expect(
      try publicKey("x509", "-in", file) == publicKey("req", "-in", place.path(request)))
  }

  @Test(
    "a meter's real request gets a certificate although the inventory has no record of the meter",
    .clause("M8-AppF-device-csr", "L3.16-e"),
    .enabled(if: Self.hasSample, "no smki-certificates in $SMKI_TESTDATA"))
  func realRequest() throws {
    _ = try place.write("meter.csr", Data(contentsOf: Self.sample))
    let der = try place.request("meter.csr")
    let request = try DeviceRequest(parsing: der)
    let certificate = try estate.issue(
      device: der, credential: estate.credential("head end", for: .portalDevice))
    try expectKey(of: certificate, in: "meter.csr")
    let name = try certificate.tbs.extensions.value(of: SubjectAltName.self)?.names
    #expect(
      name == [
        .hardwareModule(
          HardwareModuleName(
            hardwareType: request.subject.hardwareType,
            serialNumber: request.subject.device.octets))
      ])
    #expect(
      certificate.tbs.extensions.map(\.identifier).contains(.keyUsage)
        && certificate.tbs.notAfter == .noWellDefinedExpiry)
  }

  static let sample: URL = {
    let path = ProcessInfo.processInfo.environment["SMKI_TESTDATA"]
    let base =
      path.map { URL(filePath: $0) } ?? Workplace.project.appending(path: "../shared/testdata")
    return base.appending(path: "smki-certificates/device-csr.pem")
  }()

  /// With `CI=true` absence is not an excuse: the test runs and fails.
  static var hasSample: Bool {
    FileManager.default.fileExists(atPath: sample.path)
      || ProcessInfo.processInfo.environment["CI"] == "true"
  }

  @Test(
    "Examples/device.cnf does what its comment says", .clause("M8-AppF-device-csr"),
    arguments: [CertificateUsage.digitalSignature, .keyAgreement])
  func deviceExample(usage: CertificateUsage) throws {
    let made = try place.follow(example: "device.cnf") {
      $0.replacing("critical, digitalSignature", with: "critical, \(usage)")
    }
    #expect(made.isGood, "\(made.said)")
    let verified = try place.openssl("req", "-verify", "-noout", "-in", place.path("device.csr"))
    #expect(verified.isGood && verified.said.contains("verify OK"))
    let der = try place.request("device.csr")
    let request = try DeviceRequest(parsing: der)
    #expect(request.device == EntityID(0x5A4D_4B49_0000_FF01))
    #expect(request.subject.hardwareType == "2.999.2.1")
    #expect(request.usage == usage)
    let certificate = try estate.issue(
      device: der, credential: estate.credential("head end", for: .portalDevice))
    try expectKey(of: certificate, in: "device.csr")
    #expect(certificate.tbs.extensions[.keyUsage]?.isCritical == true)
  }

  @Test(
    "Examples/organisation.cnf does what its comment says, with and without a common name",
    .clause("M8-AppF-organisation-csr", "OCP-annex-B-subject-order"),
    arguments: [
      ("SUPPLIER", "BITLIST,BITSTRING:0", CertificateUsage.digitalSignature),
      (nil, "BITLIST,BITSTRING:4", .keyAgreement),
    ] as [(String?, String, CertificateUsage)])
  func organisationExample(commonName: String?, bits: String, usage: CertificateUsage) throws {
    let made = try place.follow(example: "organisation.cnf") { text in
      let edited = text.replacing(
        "OCTWRAP,FORMAT:BITLIST,BITSTRING:0", with: "OCTWRAP,FORMAT:\(bits)")
      return commonName == nil ? edited.replacing("1 = SET:common_name\n", with: "") : edited
    }
    #expect(made.isGood, "\(made.said)")
    let verified = try place.openssl(
      "req", "-verify", "-noout", "-in", place.path("organisation.csr"))
    #expect(verified.isGood && verified.said.contains("verify OK"))
    let der = try place.request("organisation.csr")
    let request = try OrganisationRequest(parsing: der)
    #expect(request.subject.commonName == commonName)
    #expect(request.subject.role == .supplier)
    #expect(request.subject.identifier == InteropEstate.identifiers.first)
    #expect(request.usage == usage)
    let certificate = try estate.issue(organisation: der)
    try expectKey(of: certificate, in: "organisation.csr")
    let printed = try place.openssl(
      "x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in",
      place.write("issued.pem", [certificate]))
    #expect(printed.said.contains("x500UniqueIdentifier=#0309005A4D4B4900000100,OU=02"))
  }

  @Test(
    "`openssl req` with nothing but options asks for a credential", .clause("M8-AppG-iki-csr"))
  func credentialRequest() throws {
    let certificate = try estate.credential("head end 2", for: .adHoc)
    try expectKey(of: certificate, in: "head end 2.csr")
    let printed = try place.openssl(
      "x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in",
      place.write("issued.pem", [certificate]))
    #expect(printed.said.contains("CN=head end 2,OU=02,O=\(InteropEstate.partyName)"))
  }

  @Test(
    "a request made for another key than the one that signed it is refused by both",
    .clause("C3-116-2"))
  func damagedRequest() throws {
    let made = try place.follow(example: "device.cnf")
    try #require(made.isGood)
    var der = try place.request("device.csr")
    der[der.count - 1] ^= 1
    let file = try place.write(
      "damaged.csr", PEM(label: "CERTIFICATE REQUEST", bytes: der).text.utf8)
    #expect(try !place.openssl("req", "-verify", "-noout", "-in", file).said.contains("verify OK"))
    let credential = try estate.credential("head end", for: .portalDevice)
    let damaged = der
    #expect(throws: Refusal.possessionNotProven()) {
      try estate.issue(device: damaged, credential: credential)
    }
  }
}
