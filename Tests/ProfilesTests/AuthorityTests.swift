// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Keys
import Profiles
import SEC
import Testing
import X509

@Suite("Authorities")
struct AuthorityTests {
  @Test(
    "the name of a DCA or OCA has 1 to 4 characters",
    .clause("DCP-annex-B-issuing-subject", "OCP-annex-B-issuing-subject"),
    arguments: [("", false), ("T", true), ("T123", true), ("T1234", false), ("TÉ", false)])
  func length(text: String, isGood: Bool) throws {
    for kind in [AuthorityKind.rootDCA, .issuingDCA, .rootOCA, .issuingOCA] {
      if isGood {
        let name = try AuthorityName(text, for: kind, in: Making.estate).name
        #expect(name.commonName == text)
        #expect(name.organisationalUnit == kind.role?.hex)
      } else {
        #expect(throws: Refusal.authorityNameForm(kind, countMax: 4, found: text)) {
          try AuthorityName(text, for: kind, in: Making.estate)
        }
      }
    }
  }

  @Test("names of the IKI may be longer")
  func longName() throws {
    let text = "T" + String(repeating: "x", count: 63)
    #expect(
      try AuthorityName(text, for: .issuingIKI, in: Making.estate).name.commonName == text)
    #expect(throws: Refusal.authorityNameForm(.issuingIKI, countMax: 64, found: "")) {
      try AuthorityName(text + "x", for: .issuingIKI, in: Making.estate)
    }
  }

  @Test(
    "names begin with T exactly in a test estate", .clause("OCP-annex-B-test-names", "C3-84-2"))
  func estate() throws {
    #expect(throws: Refusal.authorityNameEstate(.test, found: "")) {
      try AuthorityName("Z1", for: .issuingOCA, in: Making.estate)
    }
    #expect(throws: Refusal.authorityNameEstate(.live, found: "")) {
      try AuthorityName("T1", for: .issuingOCA, in: Making.live)
    }
    #expect(try AuthorityName("Z1", for: .issuingOCA, in: Making.live).commonName == "Z1")
  }

  @Test(
    "lives follow the profile",
    .clause("OCP-annex-B-root-validity", "DCP-annex-B-root-validity"))
  func lives() throws {
    let start = try #require(Time(year: 2026, month: 1, day: 1))
    var lifetimes = Lifetimes()
    lifetimes.rootOCA = 30
    let root = AuthorityProfile.rootOCA(WrappedContingencyKey(octets: [1]))
    let end = try #require(
      Time(year: 2055, month: 12, day: 31, hour: 23, minute: 59, second: 59))
    #expect(root.validity(from: start, lifetimes).notAfter == end)
    #expect(AuthorityProfile.rootDCA.validity(from: start).notAfter == .noWellDefinedExpiry)
  }

  @Test("a validity drops milliseconds and ends a second before its anniversary")
  func validity() throws {
    let leap = try #require(Time(year: 2028, month: 2, day: 29)).adding(milliseconds: 999)
    let validity = Validity(from: leap, years: 10)
    #expect(validity.notBefore.rfc3339 == "2028-02-29T00:00:00.000Z")
    #expect(validity.notAfter.rfc3339 == "2038-02-27T23:59:59.000Z")
  }

  @Test(
    "the root holds the Contingency Public Key, wrapped as configured",
    .clause("OCP-annex-B-root-wrapped-apex-contingency-key", "L10.6(c)(ii)", "RFC5934-9"))
  func contingencyKey() throws {
    let root = try Making.root(.rootOCA)
    let value = try Some.value(root.tbs.extensions.value(of: WrappedApexContingencyKey.self))
    #expect(value.wrapped?.algorithm.algorithm == "2.16.840.1.101.3.4.1.48")
    #expect(value.wrapped?.key.count == 104)
    #expect(root.tbs.extensions[.wrappedApexContingencyKey]?.isCritical == false)
    guard case .p256(let key) = try Making.elliptic.get().publicKey else {
      Issue.record("an elliptic key")
      return
    }
    let plaintext = WrappedContingencyKey.plaintext(of: key)
    #expect(plaintext.count == 91)
    #expect(plaintext == Array(try Making.information(Making.elliptic.get()).encoded))
    let other = AlgorithmIdentifier("2.16.840.1.101.3.4.1.46")
    let wrapped = WrappedContingencyKey(algorithm: other, octets: [1])
    let tbs = AuthorityProfile.rootOCA(wrapped).toBeSigned(
      serial: try Making.serial(), validity: Validity(from: Making.now, years: 50),
      subject: root.subject, key: root.tbs.subjectPublicKeyInfo)
    #expect(
      try tbs.extensions.value(of: WrappedApexContingencyKey.self)?.wrapped?.algorithm == other)
  }

  @Test("an issuing authority of each tree stands below its root")
  func chains() throws {
    for (root, issuing) in [
      (AuthorityKind.rootDCA, AuthorityKind.issuingDCA), (.rootOCA, .issuingOCA),
      (.rootIKI, .issuingIKI), (.rootDCCKI, .issuingDCCKI),
    ] {
      let above = try Making.root(root)
      let below = try Making.issuing(issuing)
      #expect(below.issuer == above.subject)
      #expect(below.authorityKeyIdentifier == above.subjectKeyIdentifier)
      #expect(above.authorityKeyIdentifier == nil)
      #expect(Lint(authorities: [above]).findings(certificate: below) == [])
    }
  }
}
