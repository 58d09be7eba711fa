// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import Client
import DER
import EntryTesting
import Foundation
import HTTP
import Keys
import Parties
import Profiles
import Records
import Registration
import SEC
import Service
import TestEstate
import TestStore
import TestToken
import Testing
import Threads
import X509

/// An estate in a folder of its own, founded for one suite and removed with it.
final class ServingEstate: Sendable {
  /// A credential of a party's system for one interface.
  struct Credential: Sendable {
    let serial: String
    /// The certificate in DER.
    let certificate: [UInt8]
    let certificatePath: String
    let keyPath: String
  }

  static let officer = Actor(name: "Olive Officer", role: .registrationOfficer)
  static let operatorOfSystem = Actor(name: "Opal Operator", role: .operatorOfSystem)
  /// When each estate is founded: 21 November 2026, 08:00.
  static let founded = Time(seconds: 1_795_248_000)

  let folder: Folder
  /// The keys of the roots, which no serving node has.
  let rootKeys: [AuthorityKind: SoftwareKey]
  let node: Node
  /// What was logged, line by line.
  let lines = Guarded<[String]>([])
  private let time: Guarded<Time>
  /// How many credentials parties have.
  private let credentials = Guarded(0)

  init(
    kind: Estate.Kind = .test, named name: String? = nil, deviceLife: IssuingKeyLife = .issuingDCA,
    module: HardwareModule? = nil, changing change: (inout Configuration) -> Void = { _ in },
    spoiling spoil: (Records) throws -> Void = { _ in }
  ) throws {
    let path = NSTemporaryDirectory() + "smki-service-\(UUID().uuidString)"
    folder = Folder(path)
    Self.removeAtExit(path)
    let now = Self.founded
    let time = Guarded(now)
    self.time = time
    let terms = FoundedPattern.Terms(
      kind: kind, name: name ?? (kind == .test ? "Doors Test" : "Doors Live"),
      deviceLife: deviceLife)
    let founded =
      try module == nil
      ? FoundedPattern.copy(terms, to: path) : FoundedPattern(terms, at: path, module: module)
    rootKeys = founded.rootKeys
    var configuration = Configuration(estate: terms.name)
    configuration.doors.service = 0
    configuration.doors.repository = 0
    configuration.doors.repositoryPlain = kind == .test ? 0 : nil
    configuration.doors.monitoring = 0
    configuration.workers = 2
    if let module { configuration.modules = [module] }
    if TestStore.server != nil { configuration.store = TestStore.place(folder.records) }
    change(&configuration)
    try configuration.write(path)
    let records = try Records.open(
      folder.records, clock: { time.value }, migrations: Store.migrations)
    try founded.founding.enter(in: records, at: now, by: Self.officer)
    try spoil(records)
    records.close()
    node = try Node(
      folder, passphrase: Secret(copying: founded.passphrase),
      log: Log(write: { [lines] line in lines.change { $0.append(line) } }),
      clock: { time.value })
  }

  deinit {
    node.stop()
    try? FileManager.default.removeItem(atPath: folder.path)
  }

  private static let left = Guarded<Set<String>>([])
  private static let isWatched: Bool = {
    // Estates that suites share are never let go.
    atexit {
      for path in ServingEstate.left.value { try? FileManager.default.removeItem(atPath: path) }
    } == 0
  }()

  static func removeAtExit(_ path: String) {
    guard isWatched else { return }
    left.change { _ = $0.insert(path) }
  }

  var now: Time { time.value }

  /// Lets time pass.
  func pass(seconds: Int64) {
    time.change { $0 = $0.adding(seconds: seconds) }
  }

  /// Lets less than a second pass.
  func pass(milliseconds: Int64) {
    time.change { $0 = $0.adding(milliseconds: milliseconds) }
  }

  /// Registers a party that is an Authorised Subscriber for devices.
  func add(
    _ id: String, _ roles: Set<UserRole>, subscribes: Bool = true
  ) throws {
    try onboarding.enter(id, name: "The \(id) company", roles: roles)
    guard subscribes else { return }
    try onboarding.authorise(id, for: .device)
  }

  /// The way of an applicant, at this moment.
  var onboarding: Onboarding { Onboarding(node.registration, by: Self.officer, at: now) }

  /// Issues a credential to a party's system and writes it to files.
  func credential(of party: String, for interface: Interface) throws -> Credential {
    let key = try SharedClientKeys.key(
      credentials.change {
        $0 += 1; return $0 - 1
      })
    let subject = try IKISubject(
      organisation: "The \(party) company", role: RoleCode(2),
      commonName: "\(party) \(interface.rawValue) \(UUID().uuidString.prefix(8))")
    let info = CertificationRequest.info(
      subject: subject.name,
      subjectPublicKeyInfo: try #require(SubjectPublicKeyInfo(key.key.publicKey)),
      attributes: [
        .extensionRequest([Extension(KeyUsage([.digitalSignature]), isCritical: true)])
      ])
    let request = try IKIRequest(
      parsing: CertificationRequest.assemble(
        info: info, algorithm: .sha256WithRSA, signature: try key.key.sign(info)))
    let node = node
    let moment = now
    let person =
      interface.isForPersons ? try onboarding.responsibleOfficer(of: party) : nil
    let issued = try node.authority.issue {
      Authority.prepare(
        try node.registration.authorise(
          request, for: party, interface: interface,
          holder: person.map { CredentialHolder(person: $0) }, at: moment, by: Self.officer))
    }
    let certificate = try Certificate(parsing: try #require(issued.first).get())
    let stem = "\(folder.parties)/\(UUID().uuidString)"
    try Data(certificate.pem.utf8).write(to: URL(filePath: stem + ".pem"))
    try key.write(toNewFile: stem + ".key")
    return Credential(
      serial: Hex.encode(certificate.serialNumber.magnitude), certificate: certificate.encoded,
      certificatePath: stem + ".pem", keyPath: stem + ".key")
  }

  /// Issues an Organisation Certificate to a party, over an identifier that it gets for this.
  func organisation(
    _ party: String, _ identifier: EntityID, role: RoleCode, usage: KeyUsage.Use
  ) throws -> Certificate {
    let registration = node.registration
    let moment = now
    if try !registration.policies(of: party).contains(.organisation) {
      try onboarding.authorise(party, for: .organisation)
      try registration.register.add(
        EntityRange(party: party, role: role, first: identifier, last: identifier), at: moment,
        by: Self.officer)
    }
    let key = try SoftwareKey.generate(.p256)
    let unit = try #require(Name.Attribute.organisationalUnit(role.hex))
    let info = CertificationRequest.info(
      subject: Name([unit, .uniqueIdentifier(identifier.octets)]),
      subjectPublicKeyInfo: try #require(SubjectPublicKeyInfo(key.publicKey)),
      attributes: [.extensionRequest([Extension(KeyUsage([usage]), isCritical: true)])])
    let request = try OrganisationRequest(
      parsing: CertificationRequest.assemble(info: info, signature: try key.sign(info)))
    let issued = try node.authority.issue {
      Authority.prepare(
        try registration.authorise(
          [.success(request)], for: party, at: moment, by: Self.officer))
    }
    return try Certificate(parsing: try #require(issued.first).get())
  }

  /// Sends a request to a door without a socket and waits for the answer.
  func send(
    _ method: String, _ path: String, at door: Door, type: String? = nil, body: [UInt8] = [],
    query: [(String, String)] = [], certificate: [UInt8]? = nil
  ) throws -> Response {
    let request = Request(
      method: method, path: path, query: query.map { (name: $0.0, value: $0.1) },
      headers: Headers(type.map { [("Content-Type", $0)] } ?? []), body: body,
      peer: Peer(address: "memory", certificates: certificate.map { [$0] } ?? []))
    return try #require(node.doors.answer(request, at: door))
  }

  /// The first certificate of a device, by a party's credential for the portal.
  @discardableResult
  func issue(
    _ request: [UInt8], by credential: Credential
  ) throws -> Certificate {
    let response = try send(
      "POST", "/1.0/DeviceCSR", at: .service, body: request, certificate: credential.certificate)
    try #require(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    return try Certificate(pem: response.body)
  }

  /// A client of a door that presents a credential.
  func client(
    _ credential: Credential? = nil, changing change: (inout HTTPClient.Options) -> Void = { _ in }
  ) throws -> HTTPClient {
    var options = HTTPClient.Options()
    options.authoritiesPath = folder.serverAuthority
    options.certificatePath = credential?.certificatePath
    options.keyPath = credential?.keyPath
    change(&options)
    return try HTTPClient(options)
  }

  /// The address of a door that is open.
  func url(_ door: Door, _ path: String) throws -> String {
    let port = try #require(node.port(of: door))
    let isTLS = door == .service || door == .repository
    return (isTLS ? "https://localhost:" : "http://127.0.0.1:") + "\(port)\(path)"
  }
}
