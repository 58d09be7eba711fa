// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Testing
import X509

/// Somebody with a key and a name, who can issue certificates to others.
struct Holder: Sendable {
  let key: any SigningKey
  let name: Name

  init(_ name: String) throws {
    key = try SoftwareKey.generate(.p256)
    self.name = Name([try #require(.commonName(name))])
  }

  private init(key: any SigningKey, name: Name) {
    self.key = key
    self.name = name
  }

  /// The same name with a new key.
  func rekeyed() throws -> Holder {
    Holder(key: try SoftwareKey.generate(.p256), name: name)
  }
}

/// What a certificate for these tests says; each value can be spoilt.
struct Wish: Sendable {
  var notBefore = Time(seconds: 1_000_000)
  var notAfter = Time(seconds: 2_000_000)
  var constraints: BasicConstraints?
  var usage: KeyUsage?
  var policy: ObjectIdentifier?
  var more: [Extension] = []
  var namesIssuerKey = true
  var algorithm = AlgorithmIdentifier.ecdsaWithSHA256

  static let policy: ObjectIdentifier = "1.2.826.0.1.8641679.1.2.1.4"
  static let authority = Wish(
    constraints: .authority(), usage: KeyUsage([.keyCertSign, .cRLSign]), policy: policy)
  static let entity = Wish(usage: KeyUsage([.digitalSignature]), policy: policy)

  func changed(_ change: (inout Wish) -> Void) -> Wish {
    var wish = self
    change(&wish)
    return wish
  }

  func certificate(for subject: Holder, by issuer: Holder) throws -> Certificate {
    let key = try #require(SubjectPublicKeyInfo(subject.key.publicKey))
    let issuerKey = try #require(SubjectPublicKeyInfo(issuer.key.publicKey))
    var extensions = more
    if let constraints { extensions.append(Extension(constraints, isCritical: true)) }
    if let usage { extensions.append(Extension(usage, isCritical: true)) }
    if let policy { extensions.append(Extension(CertificatePolicies(policy), isCritical: true)) }
    extensions.append(Extension(SubjectKeyIdentifier(key.keyIdentifier), isCritical: false))
    if namesIssuerKey {
      extensions.append(
        Extension(AuthorityKeyIdentifier(issuerKey.keyIdentifier), isCritical: false))
    }
    let tbs = TBSCertificate(
      serialNumber: Integer(7), signatureAlgorithm: algorithm, issuer: issuer.name,
      notBefore: notBefore, notAfter: notAfter, subject: subject.name, subjectPublicKeyInfo: key,
      extensions: extensions
    ).encoded()
    let signature = try issuer.key.sign(tbs)
    return try Certificate(
      parsing: .init(Certificate.assemble(tbs: tbs, algorithm: algorithm, signature: signature)))
  }
}

@Suite("Paths")
struct PathTests {
  let root: Holder
  let issuing: Holder
  let entity: Holder
  let rules = PathRules(
    at: Time(seconds: 1_500_000), policy: Wish.policy, use: .digitalSignature)

  init() throws {
    root = try Holder("Root")
    issuing = try Holder("Issuing")
    entity = try Holder("Entity")
  }

  /// The path's length, or the code of the error.
  private func outcome(
    root rootWish: Wish = .authority, issuing issuingWish: Wish = .authority,
    entity entityWish: Wish = .entity, rules: PathRules? = nil, budget: Path.Budget = .init()
  ) throws -> Result<Int, PathError> {
    let anchor = try rootWish.certificate(for: root, by: root)
    let middle = try issuingWish.certificate(for: issuing, by: root)
    let first = try entityWish.certificate(for: entity, by: issuing)
    do throws(PathError) {
      let path = try Path.find(
        from: first, through: [middle], to: [anchor], rules: rules ?? self.rules, budget: budget)
      #expect(path.certificates == [first, middle, anchor])
      return .success(path.certificates.count)
    } catch {
      return .failure(error)
    }
  }

  private func code(_ outcome: Result<Int, PathError>) -> PathError.Code? {
    if case .failure(let error) = outcome { error.code } else { nil }
  }

  @Test("a proper hierarchy of three is found")
  func found() throws {
    #expect(try outcome() == .success(3))
  }

  @Test(
    "validity counts from its first second to its last",
    arguments: [
      (999_999, PathError.Code.notYetValid), (1_000_000, nil), (2_000_000, nil),
      (2_000_001, .expired),
    ])
  func validity(second: Int, expected: PathError.Code?) throws {
    var rules = rules
    rules.time = Time(seconds: Int64(second))
    #expect(try code(outcome(rules: rules)) == expected)
    // The same for the authorities, when the first certificate would do.
    let wide = Wish.entity.changed {
      $0.notBefore = Time(seconds: 0)
      $0.notAfter = .noWellDefinedExpiry
    }
    #expect(try code(outcome(entity: wide, rules: rules)) == expected)
  }

  @Test("the last second is valid to its end")
  func lastMillisecond() throws {
    var rules = rules
    rules.time = Time(milliseconds: 2_000_000_999)
    #expect(try outcome(rules: rules) == .success(3))
  }

  @Test(
    "an authority that may not issue is refused",
    arguments: [
      (Wish.authority.changed { $0.constraints = nil }, PathError.Code.notAuthority),
      (.authority.changed { $0.constraints = .endEntity }, .notAuthority),
      (.authority.changed { $0.usage = nil }, .mayNotSignCertificates),
      (.authority.changed { $0.usage = KeyUsage([.cRLSign]) }, .mayNotSignCertificates),
      (.authority.changed { $0.more = [criticalUnknown] }, .unknownCriticalExtension),
      (
        .authority.changed {
          $0.usage = nil
          $0.more = [malformed]
        }, .malformedExtension
      ),
    ])
  func authority(wish: Wish, expected: PathError.Code) throws {
    #expect(try code(outcome(issuing: wish)) == expected)
    #expect(try code(outcome(root: wish)) == expected)
  }

  private static let criticalUnknown = Extension("1.2.3.4", isCritical: true, value: [5, 0])
  private static let known = Extension("1.2.3.4", isCritical: false, value: [5, 0])
  private static let malformed = Extension(.keyUsage, isCritical: true, value: [5, 0])

  @Test("an extension that is not known may stand when it is not critical")
  func unknownExtension() throws {
    let wish = Wish.entity.changed { $0.more = [Self.known] }
    #expect(try outcome(entity: wish) == .success(3))
    let critical = Wish.entity.changed { $0.more = [Self.criticalUnknown] }
    #expect(try code(outcome(entity: critical)) == .unknownCriticalExtension)
  }

  @Test(
    "the path length is held to",
    arguments: [(nil, nil), (1, nil), (0, PathError.Code.pathLengthExceeded)])
  func pathLength(length: Int?, expected: PathError.Code?) throws {
    let wish = Wish.authority.changed { $0.constraints = .authority(pathLength: length) }
    #expect(try code(outcome(root: wish)) == expected)
  }

  @Test("the policy is asserted by each, or any policy by an authority")
  func policies() throws {
    let none = Wish.entity.changed { $0.policy = nil }
    #expect(try code(outcome(entity: none)) == .policyNotAsserted)
    let other = Wish.entity.changed { $0.policy = "1.2.3" }
    #expect(try code(outcome(entity: other)) == .policyNotAsserted)
    let any = Wish.entity.changed { $0.policy = .anyPolicy }
    #expect(try code(outcome(entity: any)) == .policyNotAsserted)
    let anyAuthority = Wish.authority.changed { $0.policy = .anyPolicy }
    #expect(try outcome(root: anyAuthority, issuing: anyAuthority) == .success(3))
    let otherAuthority = Wish.authority.changed { $0.policy = "1.2.3" }
    #expect(try code(outcome(issuing: otherAuthority)) == .policyNotAsserted)
    var rules = rules
    rules.policy = nil
    #expect(try outcome(entity: none, rules: rules) == .success(3))
  }

  @Test("the first certificate may be used as asked")
  func use() throws {
    let agreement = Wish.entity.changed { $0.usage = KeyUsage([.keyAgreement]) }
    #expect(try code(outcome(entity: agreement)) == .useNotAllowed)
    var rules = rules
    rules.use = nil
    #expect(try outcome(entity: agreement, rules: rules) == .success(3))
    rules.purpose = .clientAuthentication
    #expect(try outcome(rules: rules) == .success(3))
    let server = Wish.entity.changed {
      $0.more = [Extension(ExtendedKeyUsage(.serverAuthentication), isCritical: false)]
    }
    #expect(try code(outcome(entity: server, rules: rules)) == .useNotAllowed)
  }

  @Test("a signature by another key of the same name is refused")
  func otherKey() throws {
    let anchor = try Wish.authority.certificate(for: issuing, by: root)
    let impostor = try issuing.rekeyed()
    let forged = Wish.entity.changed { $0.namesIssuerKey = false }
    let first = try forged.certificate(for: entity, by: impostor)
    let error = #expect(throws: PathError.self) {
      try Path.find(from: first, to: [anchor], rules: rules)
    }
    #expect(error?.code == .invalidSignature)
  }

  @Test("a key identifier tells two keys of one name apart")
  func keyIdentifiers() throws {
    let new = try issuing.rekeyed()
    let anchors = [
      try Wish.authority.certificate(for: issuing, by: root),
      try Wish.authority.certificate(for: new, by: root),
    ]
    let first = try Wish.entity.certificate(for: entity, by: new)
    let path = try Path.find(
      from: first, to: anchors, rules: rules, budget: Path.Budget(signatures: 1))
    #expect(path.certificates == [first, anchors[1]])
  }

  @Test("nobody of the issuer's name is an unknown issuer")
  func unknownIssuer() throws {
    let anchor = try Wish.authority.certificate(for: root, by: root)
    let first = try Wish.entity.certificate(for: entity, by: issuing)
    let error = #expect(throws: PathError.self) {
      try Path.find(from: first, to: [anchor], rules: rules)
    }
    #expect(error?.code == .unknownIssuer)
  }

  @Test("an anchor alone is a path; anybody else's own signature is none")
  func selfSigned() throws {
    let anchor = try Wish.authority.certificate(for: root, by: root)
    let rules = PathRules(at: self.rules.time)
    #expect(try Path.find(from: anchor, to: [anchor], rules: rules).certificates == [anchor])
    let other = try Wish.authority.certificate(for: issuing, by: issuing)
    let error = #expect(throws: PathError.self) {
      try Path.find(from: other, through: [other], to: [anchor], rules: rules)
    }
    #expect(error?.code == .unknownIssuer)
  }

  @Test("an algorithm of another kind of key is refused")
  func wrongAlgorithm() throws {
    let wish = Wish.entity.changed { $0.algorithm = .sha256WithRSA }
    #expect(try code(outcome(entity: wish)) == .unusableKey)
  }

  @Test(
    "work is bounded",
    arguments: [
      (Path.Budget(certificates: 3, signatures: 2), nil),
      (Path.Budget(certificates: 2, signatures: 2), PathError.Code.tooLong),
      (Path.Budget(certificates: 3, signatures: 1), .budgetSpent),
    ])
  func budget(budget: Path.Budget, expected: PathError.Code?) throws {
    #expect(try code(outcome(budget: budget)) == expected)
  }

  @Test("a bundle of look-alikes ends when the budget is spent")
  func lookAlikes() throws {
    let anchor = try Wish.authority.certificate(for: root, by: root)
    let anonymous = Wish.authority.changed { $0.namesIssuerKey = false }
    let crowd = try (0..<40).map { _ in
      try anonymous.certificate(for: issuing.rekeyed(), by: root.rekeyed())
    }
    let wish = Wish.entity.changed { $0.namesIssuerKey = false }
    let first = try wish.certificate(for: entity, by: issuing)
    let error = #expect(throws: PathError.self) {
      try Path.find(from: first, through: crowd, to: [anchor], rules: rules)
    }
    #expect(error?.code == .budgetSpent)
  }

  @Test(
    "a supplier's real certificate leads to Z1 under its policy",
    .enabled(if: Samples.arePresent, Samples.absence))
  func real() throws {
    let anchor = try Certificate(parsing: try Samples.certificate("issuing-oca-Z1.pem"))
    let name = "ks-90b3d51f30010000-role2-ds-Z1-supplier-ds.pem"
    let first = try Certificate(parsing: try Samples.certificate(name))
    var rules = PathRules(
      at: try #require(Time(year: 2020, month: 1, day: 1)), policy: Wish.policy,
      use: .digitalSignature)
    #expect(try Path.find(from: first, to: [anchor], rules: rules).certificates.count == 2)
    rules.time = try #require(Time(year: 2026, month: 1, day: 1))
    let error = #expect(throws: PathError.self) {
      try Path.find(from: first, to: [anchor], rules: rules)
    }
    #expect(error?.code == .expired)
  }
}
