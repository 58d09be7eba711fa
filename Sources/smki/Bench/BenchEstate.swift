// SPDX-License-Identifier: Apache-2.0

import Audit
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

/// A test estate in a folder of its own, with one meter maker, made for a bench and then removed.
struct BenchEstate {
  /// Issuing DCAs in stock: enough for a million certificates and a long run.
  static let deviceStock = 20
  static let name = "BENCH"
  static let party = "bench-meters"

  let folder: Folder
  let records: Records
  let keys: KeyStore
  let estate: Estate

  /// Founds the estate.
  init(at path: String) throws {
    folder = Folder(path)
    let now = SystemClock.now()
    let passphrase = try Secret.random(32)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    estate = Estate(
      kind: .test, name: Self.name, devicePolicy: "2.25.1.1", organisationPolicy: "2.25.1.2",
      ikiPolicy: "2.25.1.3")
    records = try Records.open(
      folder.records, clock: SystemClock.now, migrations: Store.migrations)
    keys = try KeyStore.create(at: folder.keys, estate: Self.name, passphrase: passphrase)
    let offline = try KeyStore.create(
      at: folder.offline, estate: Self.name, passphrase: passphrase)
    let ceremony = FoundingCeremony(
      estate: estate, deviceStock: Self.deviceStock, random: { Random.bytes($0) })
    let officer = Actor(name: "bench", role: .registrationOfficer)
    try ceremony.run(offline: offline, online: keys, at: now)
      .enter(in: records, at: now, by: officer)
    let registration = Registration(records: records)
    try registration.register.add(
      Party(id: Self.party, name: "Bench Meters", roles: [.otherParty], since: now), at: now,
      by: officer)
    try registration.entryTests.confirm(
      .device, of: Self.party, at: now, evidence: "bench", by: officer)
    try registration.authorise(Self.party, under: .device, at: now, by: officer)
    let entry = Entry(officer, "credential-added", clause: "M8-AppG-iki-csr", at: now)
    try records.write(entry) { transaction in
      try Registration.add(
        SystemCredential(
          serial: String(repeating: "0", count: 32), party: Self.party, interface: .portalDevice,
          name: "bench", fingerprint: Digest.sha256(Self.certificate),
          notAfter: .noWellDefinedExpiry),
        in: transaction)
    }
  }

  /// What stands for the credential's certificate where no handshake is made.
  static let certificate: [UInt8] = Array("bench".utf8)

  /// Removes the folder.
  func remove() {
    records.close()
    try? FileManager.default.removeItem(atPath: folder.path)
  }
}
