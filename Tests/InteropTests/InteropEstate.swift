// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import DER
import EntryTesting
import Foundation
import Keys
import Parties
import Profiles
import Records
import Registration
import SEC
import Service
import TestEstate
import TestStore
import Testing
import X509

/// A test estate with one party that may ask for certificates of every kind.
final class InteropEstate: Sendable {
  static let party = "example-electricity"
  static let partyName = "Example Electricity Ltd"
  static let officer = Actor(name: "interop", role: .registrationOfficer)
  /// The party's identifiers as a supplier; the first of them stands in Examples/organisation.cnf.
  static let identifiers = (first: EntityID(0x5A4D_4B49_0000_0100), count: UInt64(256))

  let workplace: Workplace
  let estate: Estate
  let founding: Founding
  let offline: KeyStore
  let server: ServerCredential
  private let records: Records
  private let registration: Registration
  private let authority: Authority

  init() throws {
    workplace = try Workplace()
    let now = SystemClock.now()
    let random: @Sendable (Int) -> [UInt8] = { Random.bytes($0) }
    // The arc of examples of RFC 5612: pkilint does not read X.660's own, 2.999.
    estate = Estate(
      kind: .test, name: "interop", devicePolicy: "1.3.6.1.4.1.32473.1.1",
      organisationPolicy: "1.3.6.1.4.1.32473.1.2", ikiPolicy: "1.3.6.1.4.1.32473.1.3")
    let passphrase = try Secret.random(24)
    let cost = Scrypt(logN: 14)
    offline = try KeyStore.create(
      at: workplace.path("offline"), estate: estate.name, passphrase: passphrase, cost: cost)
    let online = try KeyStore.create(
      at: workplace.path("keys"), estate: estate.name, passphrase: passphrase, cost: cost)
    founding = try FoundingCeremony(estate: estate, deviceStock: 1, random: random)
      .run(offline: offline, online: online, at: now)
    server = try ServerCredential(for: estate, offline: offline, random: random, at: now)
    records = try Records.open(
      TestStore.place(workplace.path("smki.sqlite")), clock: SystemClock.now,
      migrations: Store.migrations)
    try founding.enter(in: records, at: now, by: Self.officer)
    registration = Registration(records: records)
    try Self.enrol(registration, at: now)
    authority = try Authority(
      records: records, estate: estate, lanes: 1, clock: SystemClock.now, random: random,
      key: { try online.key(label: $0.keyLabel) })
  }

  deinit {
    authority.close()
    records.close()
  }

  /// One party: registered, with identifiers, tested and authorised under both policies.
  private static func enrol(_ registration: Registration, at now: Time) throws {
    let last = EntityID(identifiers.first.value + identifiers.count - 1)
    let onboarding = Onboarding(registration, by: officer, at: now)
    try onboarding.enter(
      party, name: partyName, roles: [.importSupplier],
      identifiers: ["import-supplier 02 \(identifiers.first) \(last)"])
    for policy in CertificatePolicyKind.allCases {
      try onboarding.authorise(party, for: policy)
    }
  }

  /// Issues what is asked for by a system with the credential of the device functions.
  func issue(device der: [UInt8], credential: Certificate) throws -> Certificate {
    let request = try DeviceRequest(parsing: der)
    let registration = registration
    let system = try registration.admit(certificate: credential.encoded, at: SystemClock.now())
    return try issue {
      try registration.authorise([.success(request)], by: system, over: .portalDevice)
    }
  }

  /// Issues what an officer enters for the party.
  func issue(organisation der: [UInt8]) throws -> Certificate {
    let request = try OrganisationRequest(parsing: der)
    let registration = registration
    return try issue {
      try registration.authorise(
        [.success(request)], for: Self.party, at: SystemClock.now(), by: Self.officer)
    }
  }

  /// Issues a credential for a system of the party.
  func issue(credential der: [UInt8], for interface: Interface) throws -> Certificate {
    let request = try IKIRequest(parsing: der)
    let registration = registration
    return try issue {
      try registration.authorise(
        request, for: Self.party, interface: interface,
        holder: interface.isForPersons ? CredentialHolder(person: "\(Self.party)-aro") : nil,
        at: SystemClock.now(), by: Self.officer)
    }
  }

  private func issue(
    _ authorise: @escaping @Sendable () throws -> Authorised
  ) throws -> Certificate {
    let outcomes = try authority.issue { Authority.prepare(try authorise()) }
    try #require(outcomes.count == 1)
    return try Certificate(parsing: outcomes[0].get())
  }

  /// A credential whose request `openssl req` made, with nothing but options.
  func credential(_ name: String, for interface: Interface) throws -> Certificate {
    let made = try workplace.openssl(
      "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", workplace.path("\(name).key"),
      "-subj", "/O=\(Self.partyName)/OU=02/CN=\(name)", "-addext",
      "keyUsage=critical,digitalSignature", "-out", workplace.path("\(name).csr"))
    try #require(made.isGood, "\(made.said)")
    return try issue(credential: workplace.request("\(name).csr"), for: interface)
  }
}
