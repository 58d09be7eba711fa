// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import Keys
import Profiles
import SEC
import Testing
import X509

/// The elements of a certificate's signed part, to be put together again with one of them changed.
private struct Parts {
  var version: [UInt8]
  var serial: [UInt8]
  let algorithm: [UInt8]
  let issuer: [UInt8]
  var validity: [UInt8]
  let subject: [UInt8]
  let key: [UInt8]
  var uniqueIdentifier: [UInt8] = []
  var extensions: [UInt8]

  init(_ tbs: TBSCertificate) throws {
    var rest = Self.content(tbs.encoded())[...]
    var parts: [[UInt8]] = []
    while !rest.isEmpty {
      let length = Self.length(rest)
      parts.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    try #require(parts.count == 8)
    (version, serial, algorithm, issuer) = (parts[0], parts[1], parts[2], parts[3])
    (validity, subject, key, extensions) = (parts[4], parts[5], parts[6], parts[7])
  }

  /// How many octets the first element has.
  private static func length(_ octets: ArraySlice<UInt8>) -> Int {
    let first = octets[octets.startIndex + 1]
    guard first >= 0x80 else { return 2 + Int(first) }
    let count = Int(first & 0x7F)
    let value = octets.dropFirst(2).prefix(count).reduce(0) { $0 << 8 | Int($1) }
    return 2 + count + value
  }

  static func content(_ element: [UInt8]) -> [UInt8] {
    let header = element[1] < 0x80 ? 2 : 2 + Int(element[1] & 0x7F)
    return Array(element.dropFirst(header))
  }

  static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    let length: [UInt8] =
      count < 0x80
      ? [UInt8(count)]
      : count < 0x100 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
    return [tag] + length + content
  }

  static func time(_ tag: UInt8, _ text: String) -> [UInt8] { element(tag, Array(text.utf8)) }

  var encoded: [UInt8] {
    Self.element(
      0x30,
      version + serial + algorithm + issuer + validity + subject + key + uniqueIdentifier
        + extensions)
  }
}

@Suite("What is no certificate or request of the forms is found by the command")
struct FormDoorTests {
  /// One change to the octets, and which.
  private struct Fault: Sendable {
    let name: String
    let change: @Sendable (inout Parts) -> Void

    init(_ name: String, _ change: @escaping @Sendable (inout Parts) -> Void) {
      self.name = name
      self.change = change
    }
  }

  private static let faults = [
    Fault("version 1, which is the default") { $0.version = [0xA0, 3, 2, 1, 0] },
    Fault("version 2") { $0.version = [0xA0, 3, 2, 1, 1] },
    Fault("no version") { $0.version = [] },
    Fault("a serial number of zero") { $0.serial = [2, 1, 0] },
    Fault("a negative serial number") { $0.serial = [2, 1, 0x80] },
    Fault("a serial number with a leading zero") { $0.serial = [2, 2, 0, 1] },
    Fault("a generalised time before 2050") {
      $0.validity = Parts.element(
        0x30,
        Parts.time(0x18, "20260101000000Z") + Parts.time(0x18, "99991231235959Z"))
    },
    Fault("a time without seconds") {
      $0.validity = Parts.element(
        0x30, Parts.time(0x17, "2601010000Z") + Parts.time(0x18, "99991231235959Z"))
    },
    Fault("a time with an offset") {
      $0.validity = Parts.element(
        0x30, Parts.time(0x17, "260101000000+0000") + Parts.time(0x18, "99991231235959Z"))
    },
    Fault("a fraction of a second") {
      $0.validity = Parts.element(
        0x30, Parts.time(0x17, "260101000000Z") + Parts.time(0x18, "99991231235959.5Z"))
    },
    Fault("a unique identifier of the issuer") { $0.uniqueIdentifier = [0x81, 2, 0, 1] },
    Fault("a unique identifier of the subject") { $0.uniqueIdentifier = [0x82, 2, 0, 1] },
    Fault("an empty list of extensions") { $0.extensions = [0xA3, 2, 0x30, 0] },
    Fault("an extension twice") { parts in
      let all = Parts.content(Parts.content(parts.extensions))
      parts.extensions = Parts.element(0xA3, Parts.element(0x30, all + all))
    },
  ]

  @Test(
    "of certificates",
    .clause(
      "GBCS-12.1-1", "GBCS-12.1-9", "GBCS-12.1-11", "DCP-annex-B-version", "OCP-annex-B-version",
      "ICP-version", "RFC5280-4.1.1.2", "RFC5280-4.1.2.1", "RFC5280-4.1.2.2", "RFC5280-4.1.2.5",
      "RFC5280-4.1.2.8", "RFC5280-4.1.2.9", "RFC5280-4.2"),
    arguments: ["device-signing", "organisation-signing", "iki"])
  func certificates(kind: String) throws {
    let tbs = try Specimens.shared.get()[kind].tbs
    let whole = try Departure.sign(tbs.encoded(), tbs.signatureAlgorithm)
    let faulty = try Self.faults.map { fault in
      var parts = try Parts(tbs)
      fault.change(&parts)
      return try Departure.sign(parts.encoded, tbs.signatureAlgorithm)
    }
    let other: AlgorithmIdentifier =
      tbs.signatureAlgorithm == .sha256WithRSA ? .ecdsaWithSHA256 : .sha256WithRSA
    let twoAlgorithms = try Departure.sign(tbs.encoded(), other)
    let reports = try LintDoor.lint(
      [
        whole,
        try Parts(tbs).encoded.count == tbs.encoded().count
          ? whole : [], twoAlgorithms, whole + [0],
      ] + faulty)
    #expect(reports[0].problem == nil && reports[1].problem == nil, "\(reports[0])")
    #expect(reports[2].problem != nil, "two algorithms")
    #expect(reports[3].problem != nil, "an octet behind the end")
    for (fault, report) in zip(Self.faults, reports.dropFirst(4)) {
      #expect(report.problem != nil, "\(kind), \(fault.name)")
    }
  }

  private static func request(
    _ subject: [Name.Attribute?], _ extensions: [Extension] = [],
    isRSA: Bool = false, algorithm: AlgorithmIdentifier? = nil
  ) throws -> [UInt8] {
    let key = try isRSA ? Departure.rsa.get() : Departure.elliptic.get()
    let info = CertificationRequest.info(
      subject: Name(try subject.map { try #require($0) }),
      subjectPublicKeyInfo: try #require(SubjectPublicKeyInfo(key.publicKey)),
      attributes: extensions.isEmpty ? [] : [.extensionRequest(extensions)])
    return CertificationRequest.assemble(
      info: info, algorithm: algorithm ?? (isRSA ? .sha256WithRSA : .ecdsaWithSHA256),
      signature: try key.sign(info))
  }

  private static let signing = Extension(KeyUsage([.digitalSignature]), isCritical: true)
  private static let both = Extension(
    KeyUsage([.digitalSignature, .keyAgreement]), isCritical: true)
  private static let more = Extension("1.2.3", isCritical: false, value: [5, 0])

  @Test(
    "of organisations' requests",
    .clause(
      "M8-AppF-organisation-csr", "C3-122-2", "C3-122-1", "C3-54", "OCP-annex-B-subject-order",
      "OCP-annex-B-subject-unique-id", "GBCS-12.1-12", "OCP-annex-B-subject-cn",
      "OCP-annex-B-subject-ou"))
  func organisations() throws {
    let role = Name.Attribute.organisationalUnit("02")
    let identifier = Name.Attribute.uniqueIdentifier([1, 2, 3, 4, 5, 6, 7, 8])
    let agreement = Extension(KeyUsage([.keyAgreement]), isCritical: true)
    let cases: [([UInt8], Set<String>)] = [
      (try Self.request([role, identifier], [Self.signing]), []),
      (try Self.request([identifier, role], [Self.signing]), ["M8-AppF-organisation-csr"]),
      (
        try Self.request(
          [.commonName(String(repeating: "a", count: 17)), role, identifier], [Self.signing]),
        ["OCP-annex-B-subject-cn"]
      ),
      (try Self.request([.commonName("A"), role, identifier], [Self.signing]), []),
      (
        try Self.request([.commonName("A"), role, identifier], [agreement]),
        ["OCP-annex-B-subject-cn"]
      ),
      (
        try Self.request(
          [.commonName("A"), .organisationalUnit("03"), identifier], [Self.signing]),
        ["OCP-annex-B-subject-cn"]
      ),
      (
        try Self.request([.organisationalUnit("2"), identifier], [Self.signing]),
        ["OCP-annex-B-subject-ou"]
      ),
      (
        try Self.request([role, .uniqueIdentifier([1, 2, 3, 4, 5, 6, 7])], [Self.signing]),
        ["OCP-annex-B-subject-unique-id"]
      ),
      (
        try Self.request(
          [role, .uniqueIdentifier([UInt8](repeating: 1, count: 9))], [Self.signing]),
        ["OCP-annex-B-subject-unique-id"]
      ),
      (try Self.request([role, identifier]), ["M8-AppF-organisation-csr"]),
      (try Self.request([role, identifier], [Self.both]), ["GBCS-12.1-12"]),
      (
        try Self.request([role, identifier], [Self.signing, Self.more]),
        ["M8-AppF-organisation-csr"]
      ),
      (
        try Self.request(
          [role, identifier], [Self.signing],
          algorithm: .sha256WithRSA), ["GBCS-12.1-3"]
      ),
    ]
    let reports = try LintDoor.lint(cases.map(\.0))
    for ((_, clauses), report) in zip(cases, reports) {
      #expect(report.problem == nil && report.clauses.isSuperset(of: clauses), "\(report)")
      #expect(report.clauses.isEmpty == clauses.isEmpty, "\(report), not \(clauses)")
    }
  }

  @Test(
    "of systems' requests", .clause("M8-AppG-iki-csr", "ICP-subject", "ICP-key", "ICP-key-usage"))
  func systems() throws {
    let subject = [
      Name.Attribute.organisation("North Gas Ltd"), .organisationalUnit("02"), .commonName("a"),
    ]
    func request(
      _ subject: [Name.Attribute?], _ extensions: [Extension]
    ) throws -> [UInt8] {
      try Self.request(subject, extensions, isRSA: true)
    }
    let agreement = Extension(KeyUsage([.keyAgreement]), isCritical: true)
    let wrong = [
      try request(Array(subject.dropLast()), [Self.signing]),
      try request(subject + [.commonName("b")], [Self.signing]),
      try request([subject[0], .organisationalUnit("2"), subject[2]], [Self.signing]),
      try request(
        [subject[0], subject[1], .commonName(String(repeating: "a", count: 65))], [Self.signing]),
      try request(subject, []), try request(subject, [agreement]),
      try request(subject, [Self.both]), try request(subject, [Self.signing, Self.more]),
    ]
    let reports = try LintDoor.lint([try request(subject, [Self.signing])] + wrong)
    #expect(reports[0].clauses == [] && reports[0].problem == nil, "\(reports[0])")
    for (number, report) in reports.dropFirst().enumerated() {
      #expect(report.clauses.contains("M8-AppG-iki-csr"), "\(number): \(report)")
    }
  }
}
