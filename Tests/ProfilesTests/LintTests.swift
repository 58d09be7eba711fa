// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Keys
import Profiles
import SEC
import Testing
import X509

@Suite("Lint")
struct LintTests {
  /// The rules that a certificate of these values breaks, once it is signed as it says.
  private func rules(
    _ tbs: TBSCertificate, _ authorities: [Certificate] = []
  ) throws -> [String] {
    let isRSA = tbs.signatureAlgorithm.algorithm == .sha256WithRSA
    let key = try isRSA ? Making.rsa.get() : Making.elliptic.get()
    return Lint(estate: Making.estate, authorities: authorities)
      .findings(certificate: try Making.certificate(tbs, by: key)).map(\.rule)
  }

  @Test("our own certificates of each kind have no finding, with their authorities known")
  func own() throws {
    let device = [try Making.issuing(.issuingDCA), try Making.root(.rootDCA)]
    let organisation = [try Making.issuing(.issuingOCA), try Making.root(.rootOCA)]
    let iki = [try Making.issuing(.issuingIKI), try Making.root(.rootIKI)]
    #expect(try rules(Making.deviceTBS(), device) == [])
    #expect(try rules(Making.organisationTBS(), organisation) == [])
    #expect(try rules(Making.ikiTBS(), iki) == [])
    let dccki = [try Making.issuing(.issuingDCCKI), try Making.root(.rootDCCKI)]
    #expect(try rules(Making.dcckiTBS(), dccki) == [])
    #expect(try rules(Making.serverTBS(), iki) == [])
    for authorities in [device, organisation, iki, dccki] {
      #expect(try rules(authorities[0].tbs, [authorities[1]]) == [])
      #expect(try rules(authorities[1].tbs) == [])
    }
  }

  /// One change to a good certificate and the rule that must find it.
  enum Change: CaseIterable {
    case longSerial, nullParameters, longIssuer, oneSecondLess, namedDevice, offCurve
    case nonRepudiation, usageNotCritical, noUsage, twoUsages
    case authorityFlag, noAlternativeName, shortHardwareSerial, alternativeNameNotCritical
    case noPolicies, policiesNotCritical, otherPolicy, twoPolicies, noSubjectKeyIdentifier
    case otherSubjectKeyIdentifier, subjectKeyIdentifierCritical, noAuthorityKeyIdentifier
    case authorityKeyIdentifierCritical, longAuthorityKeyIdentifier, unknownExtension

    var rule: String {
      switch self {
      case .longSerial: "serial-number"
      case .nullParameters: "signature-algorithm"
      case .longIssuer: "issuer-name"
      case .oneSecondLess: "validity"
      case .namedDevice: "subject-name"
      case .offCurve: "public-key"
      case .nonRepudiation, .usageNotCritical, .noUsage, .twoUsages: "key-usage"
      case .authorityFlag: "basic-constraints"
      case .noAlternativeName, .shortHardwareSerial, .alternativeNameNotCritical:
        "subject-alternative-name"
      case .noPolicies, .policiesNotCritical, .twoPolicies: "certificate-policies"
      case .otherPolicy: "estate-policy"
      case .noSubjectKeyIdentifier, .otherSubjectKeyIdentifier, .subjectKeyIdentifierCritical:
        "subject-key-identifier"
      case .noAuthorityKeyIdentifier, .authorityKeyIdentifierCritical,
        .longAuthorityKeyIdentifier:
        "authority-key-identifier"
      case .unknownExtension: "extensions"
      }
    }

    func make(_ tbs: inout TBSCertificate) throws {
      switch self {
      case .longSerial:
        tbs.serialNumber = Integer(magnitude: [UInt8](repeating: 0x41, count: 17))
      case .nullParameters:
        tbs.signatureAlgorithm = AlgorithmIdentifier(.ecdsaWithSHA256, parameters: [0x05, 0x00])
      case .longIssuer:
        tbs.issuer = Name([try #require(.commonName("T1234", .printable))])
      case .oneSecondLess: tbs.notAfter = tbs.notAfter.adding(seconds: -1)
      case .namedDevice: tbs.subject = Name([try #require(.commonName("meter"))])
      case .offCurve:
        let key = try #require(
          SubjectPublicKeyInfo(p256Point: ([4] + [UInt8](repeating: 7, count: 64))[...]))
        tbs.subjectPublicKeyInfo = key
        put(SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), false, &tbs)
      case .nonRepudiation: put(KeyUsage([.nonRepudiation]), true, &tbs)
      case .usageNotCritical: put(KeyUsage([.keyAgreement]), false, &tbs)
      case .noUsage: drop(.keyUsage, &tbs)
      case .twoUsages: put(KeyUsage([.digitalSignature, .keyAgreement]), true, &tbs)
      case .authorityFlag: put(BasicConstraints.endEntity, true, &tbs)
      case .noAlternativeName: drop(.subjectAltName, &tbs)
      case .shortHardwareSerial: put(try Self.name(octets: 7), true, &tbs)
      case .alternativeNameNotCritical: put(try Self.name(octets: 8), false, &tbs)
      case .noPolicies: drop(.certificatePolicies, &tbs)
      case .policiesNotCritical:
        put(CertificatePolicies(Making.estate.devicePolicy), false, &tbs)
      case .otherPolicy: put(CertificatePolicies(Making.live.devicePolicy), true, &tbs)
      case .twoPolicies:
        put(
          CertificatePolicies(Making.estate.devicePolicy, Making.estate.ikiPolicy), true, &tbs)
      case .noSubjectKeyIdentifier: drop(.subjectKeyIdentifier, &tbs)
      case .otherSubjectKeyIdentifier:
        put(SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: [1])), false, &tbs)
      case .subjectKeyIdentifierCritical:
        let key = tbs.subjectPublicKeyInfo
        put(SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), true, &tbs)
      case .noAuthorityKeyIdentifier: drop(.authorityKeyIdentifier, &tbs)
      case .authorityKeyIdentifierCritical:
        put(AuthorityKeyIdentifier(KeyIdentifier(methodTwoOf: [1])), true, &tbs)
      case .longAuthorityKeyIdentifier:
        let long = try #require(KeyIdentifier([UInt8](repeating: 0x44, count: 20)))
        put(AuthorityKeyIdentifier(long), false, &tbs)
      case .unknownExtension:
        tbs.extensions.append(Extension("1.2.3", isCritical: false, value: [0x05, 0x00]))
      }
    }

    private static func name(octets: Int) throws -> SubjectAltName {
      SubjectAltName([
        .hardwareModule(
          HardwareModuleName(
            hardwareType: "1.2.826.0.7", serialNumber: [UInt8](repeating: 1, count: octets)))
      ])
    }

    private func put(
      _ value: some ExtensionValue, _ isCritical: Bool, _ tbs: inout TBSCertificate
    ) {
      drop(type(of: value).identifier, &tbs)
      tbs.extensions.append(Extension(value, isCritical: isCritical))
    }

    private func drop(_ identifier: ObjectIdentifier, _ tbs: inout TBSCertificate) {
      tbs.extensions.removeAll { $0.identifier == identifier }
    }
  }

  @Test(
    "one change to a device's certificate gives one finding",
    .clause("GBCS-12.1", "GBCS-12.1-4", "GBCS-12.1-5", "GBCS-12.1-6", "GBCS-12.1-7"),
    arguments: Change.allCases)
  func change(_ change: Change) throws {
    var tbs = try Making.deviceTBS()
    try change.make(&tbs)
    #expect(try rules(tbs) == [change.rule])
  }

  @Test(
    "the life of an Organisation Certificate is 10 years less one second",
    .clause("OCP-annex-B-validity"), arguments: [(-2, false), (-1, true), (0, false)])
  func organisationLife(seconds: Int64, isGood: Bool) throws {
    var tbs = try Making.organisationTBS()
    tbs.notAfter = tbs.notBefore.adding(years: 10).adding(seconds: seconds)
    #expect(try rules(tbs) == (isGood ? [] : ["validity"]))
  }

  @Test("a certificate that departs from its profile is refused", .clause("GBCS-12.1"))
  func check() throws {
    let key = try Making.elliptic.get()
    let lint = Lint(estate: Making.estate)
    var tbs = try Making.deviceTBS()
    try lint.check(certificate: Making.certificate(tbs, by: key))
    tbs.notAfter = tbs.notBefore
    let bad = try Making.certificate(tbs, by: key)
    let finding = try #require(lint.findings(certificate: bad).first)
    #expect(throws: Refusal.departsFromProfile(finding)) { try lint.check(certificate: bad) }
    #expect(finding.clause == "DCP-annex-B-not-after")
  }

  @Test("the order of extensions is not significant")
  func order() throws {
    var tbs = try Making.organisationTBS()
    tbs.extensions.reverse()
    #expect(try rules(tbs) == [])
  }

  @Test(
    "a root without its contingency key, or with it critical, is found",
    .clause("OCP-annex-B-root-wrapped-apex-contingency-key"))
  func contingencyKey() throws {
    var tbs = try Making.root(.rootOCA).tbs
    let wrapped = try #require(tbs.extensions[.wrappedApexContingencyKey])
    tbs.extensions.removeAll { $0.identifier == .wrappedApexContingencyKey }
    #expect(try rules(tbs) == ["wrapped-apex-contingency-key"])
    tbs.extensions.append(
      Extension(wrapped.identifier, isCritical: true, value: Array(wrapped.value)))
    #expect(try rules(tbs) == ["wrapped-apex-contingency-key"])
    tbs.extensions.removeLast()
    tbs.extensions.append(
      Extension(wrapped.identifier, isCritical: false, value: [0x30, 0x00]))
    #expect(try rules(tbs) == ["wrapped-apex-contingency-key"])
    tbs.extensions.removeLast()
    tbs.extensions.append(wrapped)
    #expect(try rules(tbs) == [])
  }

  @Test("a root that asserts a policy or names an authority key is found")
  func root() throws {
    var tbs = try Making.root(.rootDCA).tbs
    tbs.extensions.append(
      Extension(AuthorityKeyIdentifier(KeyIdentifier(methodTwoOf: [1])), isCritical: false))
    #expect(try rules(tbs) == ["authority-key-identifier"])
    tbs = try Making.root(.rootDCA).tbs
    tbs.extensions.removeAll { $0.identifier == .certificatePolicies }
    tbs.extensions.append(
      Extension(CertificatePolicies(Making.estate.devicePolicy), isCritical: true))
    #expect(try rules(tbs) == ["certificate-policies"])
  }

  @Test("an issuing authority with a longer path is found")
  func pathLength() throws {
    var tbs = try Making.issuing(.issuingOCA).tbs
    tbs.extensions.removeAll { $0.identifier == .basicConstraints }
    tbs.extensions.append(Extension(BasicConstraints.authority(pathLength: 1), isCritical: true))
    #expect(try rules(tbs) == ["basic-constraints"])
  }

  @Test("the issuer is looked for by name, and its encoding, key and signature compared")
  func issuer() throws {
    let authorities = [try Making.issuing(.issuingDCA)]
    var tbs = try Making.deviceTBS()
    tbs.issuer = Name([try #require(.commonName("T9", .printable))])
    #expect(try rules(tbs, authorities) == ["issuer-known"])
    tbs.issuer = Name([try #require(.commonName("T1", .utf8))])
    #expect(try rules(tbs, authorities) == ["issuer-encoding"])
    tbs = try Making.deviceTBS()
    tbs.extensions.removeLast()
    tbs.extensions.append(
      Extension(AuthorityKeyIdentifier(KeyIdentifier(methodTwoOf: [1])), isCritical: false))
    #expect(try rules(tbs, authorities) == ["issuer-key-identifier"])
    let bytes = try Making.deviceTBS().encoded()
    let stranger = try Certificate(
      parsing: Certificate.assemble(
        tbs: bytes, signature: Making.otherElliptic.get().sign(bytes)))
    let found = Lint(authorities: authorities).findings(certificate: stranger)
    #expect(found.map(\.rule) == ["issuer-signature"])
  }

  @Test("a server's certificate for clients too is found", .clause("M8-AppG-tls-keys"))
  func server() throws {
    var tbs = try Making.serverTBS()
    tbs.extensions.removeAll { $0.identifier == .extendedKeyUsage }
    tbs.extensions.append(
      Extension(
        ExtendedKeyUsage(.serverAuthentication, .clientAuthentication), isCritical: false))
    #expect(try rules(tbs) == ["extended-key-usage"])
  }

  @Test("kinds are recognised from the certificate alone")
  func kinds() throws {
    let all: [(TBSCertificate, CertificateKind)] = [
      (try Making.deviceTBS(), .device), (try Making.organisationTBS(), .organisation),
      (try Making.ikiTBS(), .iki), (try Making.serverTBS(), .server),
    ]
    for (tbs, kind) in all {
      let isRSA = tbs.signatureAlgorithm.algorithm == .sha256WithRSA
      let key = try isRSA ? Making.rsa.get() : Making.elliptic.get()
      #expect(CertificateKind(try Making.certificate(tbs, by: key)) == kind)
    }
    for kind in AuthorityKind.allCases {
      let certificate = try kind.isRoot ? Making.root(kind) : Making.issuing(kind)
      #expect(CertificateKind(certificate) == .authority(kind))
    }
  }
}
