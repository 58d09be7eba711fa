// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Foundation
import HTTP
import Keys
import Parties
import Profiles
import Records
import Registration
import Repository
import SEC
import Service
import TestEstate
import Testing
import X509

@Suite("Each authority issues certificates of its own kind and no others")
struct HierarchyDoorTests {
  private static let device = EntityID(0x00DB_0000_0000_4711)
  private static let identifier = EntityID(0x90B3_D51F_3001_0001)

  private static func request(
    _ attributes: [Name.Attribute?], _ usage: KeyUsage, key: SoftwareKey,
    others: [Extension] = []
  ) throws -> [UInt8] {
    let info = CertificationRequest.info(
      subject: Name(try attributes.map { try #require($0) }),
      subjectPublicKeyInfo: try #require(SubjectPublicKeyInfo(key.publicKey)),
      attributes: [.extensionRequest([Extension(usage, isCritical: true)] + others)])
    return CertificationRequest.assemble(info: info, signature: try key.sign(info))
  }

  @Test(
    "at the doors of devices and of organisations nothing else is certified",
    .clause(
      "C3-74-2", "C3-75-2", "C3-80-oca", "C3-80-dca", "C3-115-1", "C3-122-1", "C3-54",
      "GBCS-CS02d"))
  func others() throws {
    let estate = try ServingEstate()
    try estate.add("north", [.importSupplier])
    _ = try estate.organisation(
      "north", Self.identifier, role: RoleCode(2), usage: .digitalSignature)
    let portal = try estate.credential(of: "north", for: .portalDevice)
    let officer = try estate.credential(of: "north", for: .portalOrganisation)
    func ask(_ path: String, _ body: [UInt8], _ credential: ServingEstate.Credential) throws -> Int
    {
      try estate.send(
        "POST", path, at: .service, body: body, certificate: credential.certificate
      ).status
    }
    func device(_ body: [UInt8]) throws -> Int { try ask("/1.0/DeviceCSR", body, portal) }
    func organisation(_ body: [UInt8]) throws -> Int {
      try ask("/1.0/OrganisationCSR", body, officer)
    }
    let signing = KeyUsage([.digitalSignature])
    let role = Name.Attribute.organisationalUnit("02")
    let unique = Name.Attribute.uniqueIdentifier(Self.identifier.octets)
    func ofOrganisation(_ usage: KeyUsage, _ others: [Extension] = []) throws -> [UInt8] {
      try Self.request([role, unique], usage, key: .generate(.p256), others: others)
    }
    let authority = Extension(BasicConstraints.authority(pathLength: 0), isCritical: true)
    let issuing = KeyUsage([.keyCertSign, .cRLSign])
    let named = [Name.Attribute.organisationalUnit("07"), .commonName("TO2", .printable)]
    let ofDevice = try DeviceDraft(for: Self.device).encoded()
    for (what, status) in [
      ("an organisation's at the devices'", try device(ofOrganisation(signing))),
      (
        "an authority's at the devices'",
        try device(
          Self.request(
            [.commonName("TD9", .printable)], issuing, key: .generate(.p256), others: [authority]))
      ),
      ("a device's at the organisations'", try organisation(ofDevice)),
      (
        "an authority's at the organisations'",
        try organisation(Self.request(named, issuing, key: .generate(.p256), others: [authority]))
      ),
      ("an authority's usage", try organisation(ofOrganisation(issuing))),
      ("an authority's constraints", try organisation(ofOrganisation(signing, [authority]))),
      ("a usage of no profile", try organisation(ofOrganisation(KeyUsage([.nonRepudiation])))),
    ] {
      #expect(status == 400, "\(what): \(status)")
    }
    #expect(try estate.node.repository.counts()[.device] ?? 0 == 0)
    // Beside them, what belongs there.
    #expect(try device(ofDevice) == 200)
    #expect(try organisation(ofOrganisation(signing)) == 200)
  }

  /// Another key identifier for the authorities of a hierarchy, as no ceremony would make it.
  private static func spoil(_ hierarchy: Hierarchy, in records: Records) throws {
    try records.write(
      Entry(ServingEstate.officer, "test", clause: "GBCS-12.1", at: ServingEstate.founded)
    ) { transaction in
      for row in try transaction.query(
        "SELECT id, certificate FROM issuing_authority WHERE hierarchy = \(hierarchy.rawValue)")
      {
        var der = try row.blob("certificate")
        let identifier = try #require(Certificate(parsing: der).subjectKeyIdentifier).octets
        let place = try #require(der.firstRange(of: identifier))
        der[place.lowerBound] ^= 0xF0
        try transaction.execute(
          "UPDATE issuing_authority SET certificate = \(der) WHERE id = \(try row.int("id"))")
      }
    }
  }

  @Test(
    "what would depart from its profile is not signed, whoever is to blame",
    .clause("GBCS-12.1", "C3-115-2", "C3-122-2"))
  func departures() throws {
    let estate = try ServingEstate(spoiling: { records in
      for hierarchy in [Hierarchy.device, .organisation] {
        try Self.spoil(hierarchy, in: records)
      }
    })
    try estate.add("north", [.importSupplier])
    try estate.onboarding.authorise("north", for: .organisation)
    try estate.node.registration.register.add(
      EntityRange(
        party: "north", role: RoleCode(2), first: Self.identifier, last: Self.identifier),
      at: estate.now, by: ServingEstate.officer)
    // The IKI is as it should be.
    let portal = try estate.credential(of: "north", for: .portalDevice)
    let officer = try estate.credential(of: "north", for: .portalOrganisation)
    let organisation = try Self.request(
      [.organisationalUnit("02"), .uniqueIdentifier(Self.identifier.octets)],
      KeyUsage([.digitalSignature]), key: .generate(.p256))
    for (path, body, credential) in [
      ("/1.0/DeviceCSR", try DeviceDraft(for: Self.device).encoded(), portal),
      ("/1.0/OrganisationCSR", organisation, officer),
    ] {
      let response = try estate.send(
        "POST", path, at: .service, body: body, certificate: credential.certificate)
      #expect(response.status != 200)
      let text = String(decoding: response.body, as: UTF8.self)
      #expect(text.contains("departs-from-profile") && text.contains("GBCS-12.1-7"), "\(text)")
    }
    let counts = try estate.node.repository.counts()
    #expect(counts[.device] ?? 0 == 0 && counts[.organisation] ?? 0 == 0)
    let voided = try estate.node.records.audit.entries(from: 0, most: 100).filter {
      $0.entry.action == "certificates-voided"
    }
    #expect(voided.count == 2)
  }

  @Test(
    "a key of one hierarchy is certified by no other, and none of an authority's by anybody",
    .clause("C3-75", "ENG-refused-key", "OCP-no-renewal"))
  func keys() throws {
    let estate = try ServingEstate()
    try estate.add("north", [.importSupplier])
    _ = try estate.organisation(
      "north", Self.identifier, role: RoleCode(2), usage: .digitalSignature)
    let portal = try estate.credential(of: "north", for: .portalDevice)
    let officer = try estate.credential(of: "north", for: .portalOrganisation)
    var draft = try DeviceDraft(for: Self.device)
    let key = try SoftwareKey.generate(.p256)
    draft.key = try #require(SubjectPublicKeyInfo(key.publicKey))
    draft.signer = key
    _ = try estate.issue(draft.encoded(), by: portal)
    func ask(_ key: SoftwareKey, _ usage: KeyUsage.Use) throws -> (Int, String) {
      let request = try Self.request(
        [.organisationalUnit("02"), .uniqueIdentifier(Self.identifier.octets)], KeyUsage([usage]),
        key: key)
      let response = try estate.send(
        "POST", "/1.0/OrganisationCSR", at: .service, body: request,
        certificate: officer.certificate)
      return (response.status, String(decoding: response.body, as: UTF8.self))
    }
    let shared = try ask(key, .digitalSignature)
    #expect(shared.0 != 200 && shared.1.contains("key-certified-elsewhere"), "\(shared)")
    let root = try ask(try #require(estate.rootKeys[.rootOCA]), .digitalSignature)
    #expect(root.0 != 200 && root.1.contains("key-refused"), "\(root)")
    let own = try SoftwareKey.generate(.p256)
    #expect(try ask(own, .digitalSignature).0 == 200)
    // The same key for another usage, and once more for the same: nothing is renewed.
    let renewed = try ask(own, .keyAgreement)
    #expect(renewed.0 != 200 && renewed.1.contains("key-certified-elsewhere"), "\(renewed)")
  }
}
