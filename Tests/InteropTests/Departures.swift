// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import SEC
import Testing
import X509

extension Departure {
  /// Everything that is wrong in the same way in certificates of several kinds.
  private static func shared(
    _ kind: String, usage: String, policies: String, keyID: String, authorityKeyID: String,
    serial: String, signature: String
  ) -> [Departure] {
    [
      Departure(kind, serial, "a serial number of 17 octets") {
        $0.serialNumber = Integer(magnitude: [UInt8](repeating: 0x41, count: 17))
      },
      Departure(kind, signature, "an algorithm of the other family") {
        $0.signatureAlgorithm =
          $0.signatureAlgorithm.algorithm == .sha256WithRSA ? .ecdsaWithSHA256 : .sha256WithRSA
      },
      Departure(kind, usage, "no key usage") { $0.drop(.keyUsage) },
      Departure(kind, usage, "key usage not critical") { try $0.uncritical(.keyUsage) },
      Departure(kind, usage, "a usage of no profile") { $0.put(KeyUsage([.nonRepudiation])) },
      Departure(kind, usage, "two usages") {
        $0.put(KeyUsage([.digitalSignature, .keyAgreement]))
      },
      Departure(kind, usage, "a usage without a bit") { $0.put(.keyUsage, [3, 1, 0]) },
      Departure(kind, policies, "no policy") { $0.drop(.certificatePolicies) },
      Departure(kind, policies, "policies not critical") {
        try $0.uncritical(.certificatePolicies)
      },
      Departure(kind, policies, "one policy twice") {
        $0.put(.certificatePolicies, [0x30, 10, 0x30, 3, 6, 1, 42, 0x30, 3, 6, 1, 42])
      },
      Departure(kind, keyID, "no subject key identifier") { $0.drop(.subjectKeyIdentifier) },
      Departure(kind, keyID, "another subject key identifier") {
        $0.put(SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: [1])), critical: false)
      },
      Departure(kind, keyID, "a critical subject key identifier") {
        try $0.critical(.subjectKeyIdentifier)
      },
      Departure(kind, authorityKeyID, "no authority key identifier") {
        $0.drop(.authorityKeyIdentifier)
      },
      Departure(kind, authorityKeyID, "a critical authority key identifier") {
        try $0.critical(.authorityKeyIdentifier)
      },
      Departure(kind, authorityKeyID, "an authority key identifier of 20 octets") {
        $0.put(
          .authorityKeyIdentifier, critical: false,
          [0x30, 22, 0x80, 20] + [UInt8](repeating: 0x44, count: 20))
      },
    ]
  }

  /// Extensions that no certificate of subscribers has.
  private static func others(_ kind: String, _ clause: String) -> [Departure] {
    [
      Departure(kind, clause, "an unknown extension") {
        $0.put("1.2.3", critical: false, [5, 0])
      },
      Departure(kind, clause, "an unknown critical extension") { $0.put("1.2.3", [5, 0]) },
      Departure(kind, clause, "distribution points") {
        $0.put("2.5.29.31", critical: false, [0x30, 0])
      },
      Departure(kind, clause, "information access") {
        $0.put("1.3.6.1.5.5.7.1.1", critical: false, [0x30, 0])
      },
      Departure(kind, clause, "extended usage") {
        $0.put("2.5.29.37", critical: false, [0x30, 3, 6, 1, 42])
      },
    ]
  }

  private static func name(_ octets: Int, _ count: Int = 1) -> SubjectAltName {
    SubjectAltName(
      (0..<count).map { number in
        .hardwareModule(
          HardwareModuleName(
            hardwareType: "1.2.826.0.7",
            serialNumber: [UInt8](repeating: UInt8(number + 1), count: octets)))
      })
  }

  /// Keys that no certificate on P-256 has.
  private static func keys(_ kind: String) -> [Departure] {
    [
      Departure(kind, "GBCS-12.1-2", "a point off the curve") {
        $0.take(
          try #require(
            SubjectPublicKeyInfo(p256Point: ([4] + [UInt8](repeating: 7, count: 64))[...])))
      },
      Departure(kind, "GBCS-12.1-2", "an RSA key") {
        let key = try rsa.get().publicKey
        $0.take(try #require(SubjectPublicKeyInfo(key)))
      },
      Departure(kind, "GBCS-12.1-2", "an Ed25519 key") {
        $0.take(try #require(SubjectPublicKeyInfo(ed25519: [UInt8](repeating: 1, count: 32))))
      },
      Departure(kind, "GBCS-12.1-2", "a compressed point") {
        try $0.take(point: [2] + [UInt8](repeating: 7, count: 32))
      },
      Departure(kind, "GBCS-12.1-2", "a point of 64 octets") {
        try $0.take(point: [4] + [UInt8](repeating: 7, count: 63))
      },
      Departure(kind, "GBCS-12.1-2", "another curve") {
        try $0.take(parameters: [6, 5, 0x2B, 0x81, 4, 0, 0x22])
      },
      Departure(kind, "GBCS-12.1-2", "an implicit curve") { try $0.take(parameters: [5, 0]) },
      Departure(kind, "GBCS-12.1-2", "an explicit curve") {
        try $0.take(parameters: [0x30, 3, 2, 1, 1])
      },
    ]
  }

  static let devices =
    shared(
      "device-signing", usage: "DCP-annex-B-key-usage", policies: "DCP-annex-B-policies",
      keyID: "GBCS-12.1-8", authorityKeyID: "GBCS-12.1-7", serial: "GBCS-12.1-9",
      signature: "GBCS-12.1-3") + others("device-signing", "DCP-annex-B-no-others")
    + keys("device-signing") + [
      Departure("device-signing", "GBCS-12.1-3", "NULL for parameters") {
        $0.signatureAlgorithm = AlgorithmIdentifier(.ecdsaWithSHA256, parameters: [5, 0])
      },
      Departure("device-signing", "DCP-annex-B-issuer", "an issuer of five characters") {
        $0.issuer = Name([try #require(.commonName("T1234", .printable))])
      },
      Departure("device-signing", "DCP-annex-B-not-after", "an end") {
        $0.notAfter = $0.notAfter.adding(seconds: -1)
      },
      Departure("device-signing", "DCP-annex-B-subject", "a subject") {
        $0.subject = Name([try #require(.commonName("meter"))])
      },
      Departure("device-signing", "DCP-annex-B-policies", "two policies") {
        let policies = try $0.extensions.value(of: CertificatePolicies.self)
        let own = try #require(policies).identifiers[0]
        $0.put(CertificatePolicies(own, "1.2.3"))
      },
      Departure("device-signing", "DCP-annex-B-subject-alt-name", "no name") {
        $0.drop(.subjectAltName)
      },
      Departure("device-signing", "DCP-annex-B-subject-alt-name", "a name of 7 octets") {
        $0.put(name(7))
      },
      Departure("device-signing", "DCP-annex-B-subject-alt-name", "two names") {
        $0.put(name(8, 2))
      },
      Departure("device-signing", "DCP-annex-B-subject-alt-name", "a host's name") {
        $0.put(SubjectAltName([try #require(.host("meter.example"))]))
      },
      Departure("device-signing", "DCP-annex-B-subject-alt-name", "a name not critical") {
        try $0.uncritical(.subjectAltName)
      },
      Departure("device-signing", "DCP-annex-B-subject-alt-name", "a hardware name out of shape") {
        $0.put(
          .subjectAltName,
          [0x30, 16, 0xA0, 14, 6, 8, 0x2B, 6, 1, 5, 5, 7, 8, 4, 0xA0, 2, 5, 0])
      },
      Departure("device-signing", "DCP-annex-B-subject-alt-name", "no names in it") {
        $0.put(.subjectAltName, [0x30, 0])
      },
      Departure("device-signing", "DCP-annex-B-no-others", "basic constraints") {
        $0.put(BasicConstraints.endEntity)
      },
      Departure("device-signing", "C3-84-2", "the policy of another estate") {
        $0.put(CertificatePolicies("1.2.3"))
      },
    ]

  static let organisations =
    shared(
      "organisation-signing", usage: "OCP-annex-B-key-usage", policies: "OCP-annex-B-policies",
      keyID: "GBCS-12.1-8", authorityKeyID: "GBCS-12.1-7", serial: "GBCS-12.1-9",
      signature: "GBCS-12.1-3") + others("organisation-signing", "OCP-annex-B-no-others")
    + keys("organisation-signing") + [
      Departure("organisation-signing", "OCP-annex-B-issuer", "an issuer without a role") {
        $0.issuer = Name([try #require(.commonName("T1", .printable))])
      },
      Departure("organisation-signing", "OCP-annex-B-validity", "ten years and a second") {
        $0.notAfter = $0.notAfter.adding(seconds: 1)
      },
      Departure("organisation-signing", "OCP-annex-B-validity", "a second less") {
        $0.notAfter = $0.notAfter.adding(seconds: -1)
      },
      Departure("organisation-signing", "OCP-annex-B-subject-order", "another order") {
        $0.subject = Name(Array($0.subject.relativeNames.flatMap(\.self).reversed()))
      },
      Departure("organisation-signing", "OCP-annex-B-no-others", "another name") {
        $0.put(SubjectAltName([try #require(.host("a.example"))]))
      },
      Departure("organisation-signing", "OCP-annex-B-no-others", "basic constraints") {
        $0.put(BasicConstraints.endEntity)
      },
    ]

  static let systems =
    shared(
      "iki", usage: "ICP-key-usage", policies: "ICP-policies", keyID: "ICP-key-ids",
      authorityKeyID: "ICP-key-ids", serial: "ICP-serial", signature: "ICP-signature")
    + others("iki", "RFC5280-4.2").filter { $0.name != "extended usage" } + [
      Departure("iki", "ICP-subject", "no common name") {
        $0.subject = Name(
          $0.subject.relativeNames.flatMap(\.self).filter { $0.type != .commonName })
      },
      Departure("iki", "ICP-subject", "two common names") {
        $0.subject = Name(
          $0.subject.relativeNames.flatMap(\.self) + [try #require(.commonName("again"))])
      },
      Departure("iki", "ICP-key", "a key of 1024 bits") {
        $0.take(
          SubjectPublicKeyInfo(
            rsaModulus: [0x80] + [UInt8](repeating: 1, count: 127), exponent: [1, 0, 1]))
      },
      Departure("iki", "ICP-key", "an even exponent") {
        $0.take(
          SubjectPublicKeyInfo(
            rsaModulus: [0x80] + [UInt8](repeating: 1, count: 255), exponent: [1, 0, 0]))
      },
      Departure("iki", "ICP-validity", "a second more than ten years") {
        $0.notAfter = $0.notBefore.adding(years: 10).adding(seconds: 1)
      },
      Departure("iki", "RFC5280-4.1.2.4", "an issuer without a name") { $0.issuer = .empty },
      Departure("iki", "RFC5280-4.2.1.6", "another name") {
        $0.put(SubjectAltName([try #require(.host("a.example"))]))
      },
      Departure("iki", "RFC5280-4.2.1.9", "basic constraints") {
        $0.put(BasicConstraints.endEntity)
      },
      Departure("iki", "RFC5280-4.2.1.9", "a path length of no authority") {
        $0.put(.basicConstraints, [0x30, 3, 2, 1, 0])
      },
    ]

  /// What the certificates of authorities must not say, by the stem of their clauses.
  private static func authority(_ kind: String, _ stem: String, isRoot: Bool) -> [Departure] {
    [
      Departure(kind, "\(stem)-validity", "an end a second earlier") {
        $0.notAfter = $0.notAfter.adding(seconds: -1)
      },
      Departure(kind, "\(stem)-key-usage", "signing certificates alone") {
        $0.put(KeyUsage([.keyCertSign]))
      },
      Departure(kind, "\(stem)-key-usage", "usage not critical") { try $0.uncritical(.keyUsage) },
      Departure(kind, "\(stem)-basic-constraints", "another path length") {
        $0.put(BasicConstraints.authority(pathLength: 1))
      },
      Departure(kind, "\(stem)-basic-constraints", "constraints not critical") {
        try $0.uncritical(.basicConstraints)
      },
      Departure(kind, "\(stem)-basic-constraints", "no constraints") {
        $0.drop(.basicConstraints)
      },
      Departure(kind, "\(stem)-policies", "no policies") { $0.drop(.certificatePolicies) },
      Departure(kind, "GBCS-12.1-8", "another subject key identifier") {
        $0.put(SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: [1])), critical: false)
      },
      Departure(kind, "GBCS-12.1-7", isRoot ? "an authority key" : "no authority key") {
        if isRoot {
          $0.put(AuthorityKeyIdentifier(KeyIdentifier(methodTwoOf: [1])), critical: false)
        } else {
          $0.drop(.authorityKeyIdentifier)
        }
      },
      Departure(kind, isRoot ? "\(stem)-subject" : "\(stem)-subject", "a long name") {
        let name = Name(
          $0.subject.relativeNames.flatMap(\.self).map { attribute in
            attribute.type == .commonName
              ? Name.Attribute.commonName("T1234", .printable) ?? attribute : attribute
          })
        if isRoot { $0.issuer = name }
        $0.subject = name
      },
    ]
  }

  static let authorities =
    authority("root-dca", "DCP-annex-B-root", isRoot: true)
    + authority("issuing-dca", "DCP-annex-B-issuing", isRoot: false)
    + authority("root-oca", "OCP-annex-B-root", isRoot: true)
    + authority("issuing-oca", "OCP-annex-B-issuing", isRoot: false) + [
      Departure("root-dca", "DCP-annex-B-root-policies", "a policy") {
        $0.put(CertificatePolicies("1.2.3"))
      },
      Departure("root-oca", "OCP-annex-B-root-policies", "a policy") {
        $0.put(CertificatePolicies("1.2.3"))
      },
      Departure(
        "root-oca", "OCP-annex-B-root-wrapped-apex-contingency-key", "no contingency key"
      ) { $0.drop(.wrappedApexContingencyKey) },
      Departure(
        "root-oca", "OCP-annex-B-root-wrapped-apex-contingency-key", "a critical contingency key"
      ) { try $0.critical(.wrappedApexContingencyKey) },
      Departure(
        "root-oca", "OCP-annex-B-root-wrapped-apex-contingency-key", "half a contingency key"
      ) { $0.put(.wrappedApexContingencyKey, critical: false, [0x30, 3, 4, 1, 7]) },
    ]
}
