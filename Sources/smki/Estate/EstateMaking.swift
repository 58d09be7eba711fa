// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import Ceremony
import DER
import FoundationEssentials
import Glibc
import Keys
import Profiles
import Records
import SEC
import Service
import X509

/// Makes an estate in a folder, whole or not at all.
struct EstateMaking: ~Copyable {
  let folder: Folder
  let estate: Estate
  /// How many Issuing DCAs are certified.
  let deviceStock: Int
  let configuration: Configuration
  /// Whether the sample parties are made too.
  let withSamples: Bool
  /// The PIN of the tokens that the configuration names, or nil without any.
  let pin: Secret?
  let progress: (String) -> Void

  /// The policies of a test estate: the enterprise number for examples (RFC 5612), which means
  /// nothing anywhere; some readers do not decode the arc 2.999.
  static let testPolicies: (device: String, organisation: String, iki: String) =
    (
      "1.3.6.1.4.1.32473.1.1", "1.3.6.1.4.1.32473.1.2", "1.3.6.1.4.1.32473.1.3"
    )
  /// RAPP-two-people: who decides in a test estate what the first officer has entered.
  static let secondOfficer = "second-officer"
  /// Octets of a passphrase that is made here.
  static let passphraseOctets = 24

  /// Where everything is made before it is moved to its place, `estate.json` last.
  private var workshop: Folder { Folder("\(folder.path)/.founding") }

  /// Makes the estate.
  ///
  /// - Throws: a failure when the folder holds an estate already; nothing is left behind then.
  func run(passphrase: borrowing Secret) throws {
    let files = FileManager.default
    guard !files.fileExists(atPath: "\(folder.path)/estate.json") else {
      throw Failure.Message(
        .failed, "there is an estate in \(folder.path)",
        remedy: "Choose another folder with --estate; an estate is never made over another.")
    }
    try Files.makeFolder(folder.path)
    try? files.removeItem(atPath: workshop.path)
    try Files.makeFolder(workshop.path)
    do {
      try found(passphrase)
      if withSamples {
        progress("making sample parties")
        try SampleParties(folder: workshop).make(passphrase: passphrase)
      }
    } catch {
      try? files.removeItem(atPath: workshop.path)
      throw error
    }
    let made = try files.contentsOfDirectory(atPath: workshop.path).filter { $0 != "estate.json" }
    for name in made.sorted() + ["estate.json"] {
      let from = "\(workshop.path)/\(name)"
      let to = "\(folder.path)/\(name)"
      guard unsafe rename(from, to) == 0 else { throw Files.failure("making", to) }
    }
    try? files.removeItem(atPath: workshop.path)
  }

  private func found(_ passphrase: borrowing Secret) throws {
    let now = SystemClock.now()
    let random: @Sendable (Int) -> [UInt8] = { Random.bytes($0) }
    let offline = try KeyStore.create(
      at: workshop.offline, estate: estate.name, passphrase: passphrase)
    let online = try KeyStore.create(
      at: workshop.keys, estate: estate.name, passphrase: passphrase)
    let roots = try keys(offline, configuration.rootModule)
    let issuing = try keys(online, configuration.modules.first)
    progress("making roots and \(deviceStock) issuing authorities for devices")
    let founding = try FoundingCeremony(estate: estate, deviceStock: deviceStock, random: random)
      .run(offline: roots, online: issuing, at: now)
    roots.keys.close()
    issuing.keys.close()
    try configuration.write(workshop.path)
    let records = try Records.open(
      workshop.records, clock: SystemClock.now, migrations: Store.migrations)
    defer { records.close() }
    guard try EstateRecords.find(in: records) == nil else {
      throw Failure.Message(
        .failed, "there is an estate in the store",
        remedy: "Name another schema in the connection string: options=-csearch_path%3Dname.")
    }
    let founder = configuration.officers.first?.name ?? "unknown"
    try founding.enter(
      in: records, at: now, by: Actor(name: founder, role: .operatorOfSystem))
    try Files.makeFolder(workshop.authorities)
    let checkpointKey = try online.key(label: FoundingCeremony.Label.checkpoint)
    let origin = estate.auditOrigin
    _ = try records.audit.signCheckpoint(key: checkpointKey, origin: origin)
    try Files.writeNew(
      workshop.auditKey, "\(try NoteKey(origin, checkpointKey.publicKey))\n")
    for root in founding.roots {
      try Files.writeNew(
        "\(workshop.authorities)/root-\(root.hierarchy.rawValue).pem", root.certificate.pem)
    }
    for hierarchy in AuthorityKind.Hierarchy.allCases {
      let issuing = founding.issuing.filter { $0.hierarchy == hierarchy }
      try Files.writeNew(
        "\(workshop.authorities)/issuing-\(hierarchy.rawValue).pem",
        issuing.map(\.certificate.pem).joined())
    }
    if estate.kind == .test {
      progress("making the server's certificate")
      try makeServerCredential(offline, random, now)
    }
  }

  /// Where keys are made: in the token of a module, whose PIN goes into the store, or in the store.
  ///
  /// - Throws: a failure when the token has keys of an estate with this name already.
  private func keys(
    _ store: KeyStore, _ module: HardwareModule?
  ) throws -> (keys: Keyring, place: KeyPlace) {
    guard let setting = module?.settings.first else { return (Keyring(store), .folder) }
    switch pin {
    case .some(let pin): try store.keep(pin, label: setting.pinLabel)
    case .none: break
    }
    let keys = try Keyring(store, tokens: [setting], owner: estate.keyOwner)
    let there = try keys.labels(at: setting.place)
    guard there.isEmpty else {
      throw Failure.Message(
        .failed, "the token \(setting.token) has keys of an estate \(estate.name) already",
        remedy: "Choose another name, or another token.")
    }
    return (keys, setting.place)
  }

  private func makeServerCredential(
    _ offline: KeyStore, _ random: @escaping @Sendable (Int) -> [UInt8], _ now: Time
  ) throws {
    let credential = try ServerCredential(
      for: estate, offline: offline, random: random, at: now)
    try Files.makeFolder("\(workshop.path)/tls")
    try credential.key.write(toNewFile: workshop.serverKey)
    try Files.writeNew(
      workshop.serverCertificate, credential.certificate.pem + credential.authority.pem)
    try Files.writeNew(workshop.serverAuthority, credential.authority.pem)
  }
}

extension Folder {
  /// The certificates of the authorities, in PEM, for relying parties.
  var authorities: String { "\(path)/authorities" }
  /// The public half of the key that signs the audit's checkpoints, for assessors.
  var auditKey: String { "\(authorities)/audit.vkey" }
}
