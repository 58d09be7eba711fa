// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import ClauseTrait
import DER
import Foundation
import JSON
import Keys
import Profiles
import Records
import SEC
import TestEstate
import Testing
import X509

@Suite("A package is taken into its estate wholly or not at all")
struct PackageTests {
  /// An estate founded from a package, with the keys of a ceremony at hand.
  private final class Place {
    static let estate = Estate(
      kind: .test, name: "packages", devicePolicy: "1.2.826.0.1.99.1",
      organisationPolicy: "1.2.826.0.1.99.2", ikiPolicy: "1.2.826.0.1.99.3")
    static let moment = TestEstate.beginning

    let folder = NSTemporaryDirectory() + "smki-packages-" + UUID().uuidString
    let records: Records
    let ceremonyKey: SoftwareKey
    let rootKey: SoftwareKey
    let root: Certificate
    var signedBy: String = ""

    init() throws {
      ceremonyKey = try .generate(.ed25519)
      rootKey = try .generate(.p256)
      root = try Self.root("TDR", rootKey, serial: 1)
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      records = try Records.open(
        folder + "/smki.sqlite", clock: { Self.moment },
        migrations: TestEstate.migrations)
      let noteKey = try NoteKey(Self.estate.ceremonyOrigin, ceremonyKey.publicKey)
      signedBy = "\(noteKey)"
      let octets = try package(
        1, [.init(.root, .device, name: "TDR", data: root.encoded)])
      let checked = try CheckedPackage(founding: octets, key: noteKey)
      try checked.founding { _, _ in .folder }.enter(
        in: records, at: Self.moment, by: TestEstate.operatorOfSystem)
    }

    deinit {
      records.close()
      try? FileManager.default.removeItem(atPath: folder)
    }

    static func root(
      _ name: String, _ key: SoftwareKey, serial: UInt8, kind: AuthorityKind = .rootDCA
    ) throws -> Certificate {
      let profile: AuthorityProfile =
        kind == .rootOCA
        ? .rootOCA(WrappedContingencyKey(octets: [UInt8](repeating: 7, count: 104))) : .rootDCA
      let tbs = profile.toBeSigned(
        serial: try #require(
          SerialNumber(octets: [0x41] + [UInt8](repeating: serial, count: 15))),
        validity: profile.validity(from: moment),
        subject: try AuthorityName(name, for: kind, in: estate).name,
        key: try #require(SubjectPublicKeyInfo(key.publicKey)))
      let bytes = tbs.encoded()
      return try Certificate(
        parsing: Certificate.assemble(
          tbs: bytes, algorithm: tbs.signatureAlgorithm, signature: key.sign(bytes)))
    }

    func package(
      _ number: Int, _ parts: [CeremonyPackage.Part], key: SoftwareKey? = nil,
      estate: Estate = Place.estate, change: (JSONValue) -> JSONValue = { $0 }
    ) throws -> [UInt8] {
      let package = CeremonyPackage(
        estate: DeclaredEstate(estate, dcckiPolicy: nil), ceremony: "ceremony-\(number)",
        number: number, made: Self.moment, transcript: [UInt8](repeating: 1, count: 32),
        witnesses: ["Ada"], nextKey: signedBy, parts: parts)
      return try SignedDocument(
        .package, change(package.json), estate: estate, key: key ?? ceremonyKey
      ).encoded
    }

    func take(_ octets: [UInt8]) throws -> CeremonyPackage {
      try PackageImport.take(
        octets, into: Self.estate, records, at: Self.moment, by: TestEstate.operatorOfSystem,
        place: { _, _ in .folder }, publish: { _, _ in })
    }

    /// What is refused leaves nothing, not even an entry.
    func refused(_ octets: [UInt8]) throws -> Refusal? {
      let size = try records.audit.size
      var refusal: Refusal?
      do {
        _ = try take(octets)
      } catch let error as Refusal {
        refusal = error
      }
      #expect(try records.audit.size == size)
      return refusal
    }
  }

  @Test("a package that is in order is taken, once and in its order", .clause("OCP-ceremony"))
  func inOrder() throws {
    let place = try Place()
    let second = try Place.root("TDR2", .generate(.p256), serial: 2)
    let octets = try place.package(
      2, [.init(.root, .device, name: "TDR2", data: second.encoded)])
    #expect(try place.refused(place.package(3, [])) == .packageOutOfOrder(2, 3))
    #expect(try place.take(octets).number == 2)
    #expect(try place.refused(octets) == .packageReplayed("ceremony-2", 2))
    let packages = try PackageRecords.packages(in: place.records)
    #expect(packages.map(\.number) == [1, 2])
    #expect(packages.last?.file == octets)
  }

  @Test(
    "what is signed by another key, or says what it may not, is refused", .clause("OCP-ceremony"))
  func signature() throws {
    let place = try Place()
    let another = try SoftwareKey.generate(.ed25519)
    let refusal = try place.refused(place.package(2, [], key: another))
    #expect(refusal?.code == "signed-document-signature")
    let more = try place.package(2, []) { body in
      guard case .object(var members) = body else { return body }
      members["more"] = .null
      return .object(members)
    }
    #expect(try place.refused(more)?.code == "package-form")
    #expect(try place.refused(Array("{}\n".utf8))?.code == "signed-document-form")
    #expect(try place.take(place.package(2, [])).parts.isEmpty)
  }

  @Test("a part that is not what it is called is refused", .clause("OCP-ceremony"))
  func parts() throws {
    let place = try Place()
    let certificate = try Place.root("TDR2", .generate(.p256), serial: 2)
    let good = CeremonyPackage.Part(.root, .device, name: "TDR2", data: certificate.encoded)
    for part in [
      CeremonyPackage.Part(.root, .organisation, name: "TDR2", data: certificate.encoded),
      CeremonyPackage.Part(.root, .device, name: "TDR3", data: certificate.encoded),
      CeremonyPackage.Part(
        .issuing, .device, name: "TDR2", keyLabel: "x", data: certificate.encoded),
      CeremonyPackage.Part(.root, .device, name: "TDR2", data: [0x30, 0]),
      CeremonyPackage.Part(.list, .device, name: "TDR2", data: [0x30, 0]),
      CeremonyPackage.Part(.request, .organisation, name: "recovery", data: [0x30, 0]),
    ] {
      #expect(try place.refused(place.package(2, [part]))?.code == "package-part")
    }
    #expect(try place.take(place.package(2, [good])).parts.count == 1)
  }

  @Test(
    "two authorities share neither name nor key", .clause("OCP-names", "C3-75"))
  func taken() throws {
    let place = try Place()
    let same = try Place.root("TDR", .generate(.p256), serial: 2)
    #expect(
      try place.refused(
        place.package(2, [.init(.root, .device, name: "TDR", data: same.encoded)]))
        == .authorityNameTaken("TDR"))
    let sharing = try Place.root("TOR", place.rootKey, serial: 3, kind: .rootOCA)
    #expect(
      try place.refused(
        place.package(2, [.init(.root, .organisation, name: "TOR", data: sharing.encoded)]))
        == .authorityKeyTaken("TOR"))
    let own = try Place.root("TOR", .generate(.p256), serial: 3, kind: .rootOCA)
    let part = CeremonyPackage.Part(.root, .organisation, name: "TOR", data: own.encoded)
    #expect(try place.take(place.package(2, [part])).parts.count == 1)
  }

  @Test("a list with an older number, or the same, is refused", .clause("OCP-annex-B-arl"))
  func lists() throws {
    let place = try Place()
    let key = try SoftwareKey.generate(.p256)
    let root = try Place.root("TOR", key, serial: 3, kind: .rootOCA)
    func list(_ number: Int) throws -> CeremonyPackage.Part {
      let profile = RevocationListProfile(
        issuer: try #require(Issuer(root)), authority: .rootOCA)
      let signed = try RevocationList.sign(
        profile.toBeSigned(
          number: Integer(number), at: Place.moment, entries: RevokedCertificates([])),
        with: key)
      return .init(.list, .organisation, name: "TOR", data: signed.encoded)
    }
    let part = CeremonyPackage.Part(.root, .organisation, name: "TOR", data: root.encoded)
    #expect(try place.take(place.package(2, [part, list(5)])).parts.count == 2)
    for number in [4, 5] {
      #expect(
        try place.refused(place.package(3, [list(number)]))
          == .listGoesBack("TOR", after: 5, found: Int64(number)))
    }
    #expect(try place.take(place.package(3, [list(6)])).parts.count == 1)
  }

  @Test("an estate from before packages takes none", .clause("OCP-ceremony"))
  func without() throws {
    let estate = try TestEstate()
    let place = try Place()
    let octets = try place.package(2, [], estate: Founded.estate)
    #expect(throws: Refusal.packageWithoutKey(Founded.estate)) {
      try PackageImport.take(
        octets, into: Founded.estate, estate.records, at: estate.now,
        by: TestEstate.operatorOfSystem, place: { _, _ in .folder },
        publish: { _, _ in })
    }
  }

  @Test(
    "the request of an issuing authority has its name, its kind of key and its own signature",
    .clause("C3-74-2"))
  func requests() throws {
    let name = try AuthorityName("TD05", for: .issuingDCA, in: Place.estate)
    let key = try SoftwareKey.generate(.p256)
    func request(_ subject: Name, _ key: SoftwareKey) throws -> CertificationRequest {
      try CertificationRequest(parsing: AuthorityRequest.make(subject, key))
    }
    #expect(try AuthorityRequest(request(name.name, key), for: name).publicKey == key.publicKey)
    let other = try AuthorityName("TD06", for: .issuingDCA, in: Place.estate)
    for wrong in [
      try request(other.name, key), try request(name.name, .generate(.rsa2048)),
    ] {
      let refusal = #expect(throws: Refusal.self) { try AuthorityRequest(wrong, for: name) }
      #expect(refusal?.code == "authority-request")
    }
    var spoilt = try AuthorityRequest.make(name.name, key)
    spoilt[spoilt.count - 1] ^= 1
    let broken = try CertificationRequest(parsing: spoilt)
    #expect(throws: Refusal.possessionNotProven()) { try AuthorityRequest(broken, for: name) }
  }
}
