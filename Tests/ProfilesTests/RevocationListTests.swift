// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import Keys
import Profiles
import SEC
import Testing
import X509

@Suite("Profiles of revocation lists", .clause("OCP-annex-B-crl", "OCP-annex-B-arl"))
struct RevocationListTests {
  static let kinds: [AuthorityKind] = [.issuingOCA, .rootOCA, .issuingIKI, .rootIKI]

  private func authority(_ kind: AuthorityKind) throws -> Certificate {
    try kind.isRoot ? Making.root(kind) : Making.issuing(kind)
  }

  private func key(_ kind: AuthorityKind) throws -> SoftwareKey {
    try kind.hierarchy == .iki ? Making.rsa.get() : Making.elliptic.get()
  }

  private func entries(_ count: Int) -> RevokedCertificates {
    RevokedCertificates(
      (0..<count).map {
        RevokedCertificate(
          serialNumber: Integer(0x4100_0000 + $0), revoked: Making.now,
          reason: $0 % 2 == 0 ? .keyCompromise : .unspecified)
      })
  }

  private func list(
    _ kind: AuthorityKind = .issuingOCA, number: Int = 1, count: Int = 3,
    _ change: (inout TBSRevocationList) throws -> Void = { _ in }
  ) throws -> RevocationList {
    let issuer = try #require(Issuer(try authority(kind)))
    var tbs = RevocationListProfile(issuer: issuer, authority: kind)
      .toBeSigned(number: Integer(number), at: Making.now, entries: entries(count))
    try change(&tbs)
    return try RevocationList.sign(tbs, with: try key(kind))
  }

  private func rules(_ list: RevocationList, _ kind: AuthorityKind = .issuingOCA) throws -> [String]
  {
    Lint(authorities: [try authority(kind)]).findings(list: list).map(\.rule)
  }

  @Test("our lists have no finding and openssl reads, verifies and counts them", arguments: kinds)
  func interoperability(kind: AuthorityKind) throws {
    let list = try list(kind, number: 4711)
    #expect(try rules(list, kind) == [])
    #expect(
      list.tbs.nextUpdate
        == (kind.isRoot
          ? Making.now.adding(months: 12) : Making.now.adding(seconds: 48 * 3600)))
    let openssl = try OpenSSLCommand()
    let path = try openssl.file("list.crl", list.encoded)
    let issuer = try openssl.file("ca.pem", Array(try authority(kind).pem.utf8))
    let result = try openssl.run(
      "crl", "-inform", "DER", "-in", path, "-CAfile", issuer, "-noout", "-text", "-verify")
    let text = String(decoding: result.output, as: UTF8.self)
    #expect(result.isGood)
    #expect(text.contains("Version 2 (0x1)"))
    #expect(text.contains("4711"))
    #expect(text.components(separatedBy: "Serial Number:").count == 4)
    #expect(text.components(separatedBy: "Key Compromise").count == 3)
    let wrong = try openssl.file("wrong.pem", Array(try otherAuthority().pem.utf8))
    #expect(
      try !openssl.run("crl", "-inform", "DER", "-in", path, "-CAfile", wrong, "-noout").isGood)
  }

  private func otherAuthority() throws -> Certificate {
    let tbs = AuthorityProfile.rootDCA.toBeSigned(
      serial: try Making.serial(9), validity: Validity(withoutEndFrom: Making.now),
      subject: try AuthorityName("T9", for: .rootDCA, in: Making.estate).name,
      key: try Making.information(Making.otherElliptic.get()))
    return try Making.certificate(tbs, by: Making.otherElliptic.get())
  }

  /// One change to a good list and the rule that must find it.
  enum Change: String, CaseIterable {
    case algorithm = "list-signature-algorithm"
    case noNextUpdate, nextUpdateBefore, nextUpdateFar
    case twice, future, hold, unknownEntryExtension, criticalReason
    case noKeyIdentifier, keyIdentifierCritical, noNumber, numberCritical, limited, otherName

    var rule: String {
      switch self {
      case .algorithm: rawValue
      case .noNextUpdate, .nextUpdateBefore, .nextUpdateFar: "list-times"
      case .twice, .future, .hold, .unknownEntryExtension, .criticalReason: "list-entries"
      case .noKeyIdentifier, .keyIdentifierCritical: "list-authority-key-identifier"
      case .noNumber, .numberCritical: "list-number"
      case .limited: "list-extensions"
      case .otherName: "list-issuer"
      }
    }

    func make(_ tbs: inout TBSRevocationList) throws {
      func add(_ extensions: [Extension], at time: Time = Making.now) {
        tbs.entries.append(
          RevokedCertificate(serialNumber: Integer(77), revoked: time, extensions: extensions))
      }
      switch self {
      case .algorithm:
        tbs.signatureAlgorithm = AlgorithmIdentifier(.ecdsaWithSHA256, parameters: [5, 0])
      case .noNextUpdate: tbs.nextUpdate = nil
      case .nextUpdateBefore: tbs.nextUpdate = tbs.thisUpdate
      case .nextUpdateFar: tbs.nextUpdate = tbs.nextUpdate?.adding(seconds: 1)
      case .twice:
        add([])
        add([])
      case .future: add([], at: Making.now.adding(seconds: 1))
      case .hold: add([Extension(RevocationReason.certificateHold, isCritical: false)])
      case .unknownEntryExtension:
        add([Extension("1.2.3", isCritical: false, value: [5, 0])])
      case .criticalReason: add([Extension(RevocationReason.superseded, isCritical: true)])
      case .noKeyIdentifier: tbs.extensions.removeFirst()
      case .keyIdentifierCritical: try critical(0, &tbs)
      case .noNumber: tbs.extensions.removeLast()
      case .numberCritical: try critical(1, &tbs)
      case .limited:
        tbs.extensions.append(Extension(IssuingDistributionPoint(.endEntities), isCritical: true))
      case .otherName: tbs.issuer = Name([try #require(.commonName("T2", .printable))])
      }
    }

    private func critical(_ index: Int, _ tbs: inout TBSRevocationList) throws {
      let old = tbs.extensions[index]
      tbs.extensions[index] = Extension(old.identifier, isCritical: true, value: Array(old.value))
    }
  }

  @Test("each departure is found by its rule", arguments: Change.allCases)
  func departures(change: Change) throws {
    let found = try rules(try list(.issuingOCA, change.make))
    #expect(found.contains(change.rule), "\(found)")
    #expect(throws: Refusal.self) {
      try Lint(authorities: [try authority(.issuingOCA)])
        .check(list: try list(.issuingOCA, change.make))
    }
  }

  @Test("a signature of another key is found, and an authority that may not sign lists")
  func signature() throws {
    let issuer = try #require(Issuer(try authority(.issuingOCA)))
    let tbs = RevocationListProfile(issuer: issuer, authority: .issuingOCA)
      .toBeSigned(number: Integer(1), at: Making.now, entries: .none)
    let foreign = try RevocationList.sign(tbs, with: try Making.otherElliptic.get())
    #expect(try rules(foreign) == ["list-signature"])
    #expect(Lint().findings(list: foreign).isEmpty)
    var usage = try authority(.issuingOCA).tbs
    let index = try #require(usage.extensions.firstIndex { $0.identifier == .keyUsage })
    usage.extensions[index] = Extension(KeyUsage([.keyCertSign]), isCritical: true)
    let without = try Making.certificate(usage, by: try Making.elliptic.get())
    #expect(
      Lint(authorities: [without]).findings(list: try list()).map(\.rule) == ["list-issuer"])
  }

  @Test("periods are those of the policy", .clause("C3-124-2", "C3-124-3"))
  func periods() throws {
    let times = ListTimes()
    let start = try #require(Time(rfc3339: "2026-02-28T10:00:00Z"))
    #expect(times.due(of: .certificates, after: start).rfc3339 == "2026-02-28T22:00:00.000Z")
    #expect(times.due(of: .authorities, after: start).rfc3339 == "2027-02-28T10:00:00.000Z")
    #expect(
      times.nextUpdate(of: .certificates, after: start).rfc3339 == "2026-03-02T10:00:00.000Z")
  }
}
