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
import Revocation
import SEC
import Service
import X509

/// Makes an estate in a folder, whole or not at all.
struct EstateMaking {
  let folder: Folder
  let estate: Estate
  /// The policy of the DCCKI, or nil for an estate that has none.
  let dcckiPolicy: ObjectIdentifier?
  /// How many Issuing DCAs are certified.
  let deviceStock: Int
  let configuration: Configuration
  /// Whether the sample parties are made too.
  let withSamples: Bool
  /// The PIN of the tokens that the configuration names, or nil without any.
  let pin: HeldPIN?
  let progress: (String) -> Void

  /// The policies of a test estate: the enterprise number for examples (RFC 5612), which means
  /// nothing anywhere; some readers do not decode the arc 2.999.
  static let testPolicies:
    (
      device: String, organisation: String, iki: String, dccki: String
    ) = (
      "1.3.6.1.4.1.32473.1.1", "1.3.6.1.4.1.32473.1.2", "1.3.6.1.4.1.32473.1.3",
      "1.3.6.1.4.1.32473.1.4"
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
    try checkIsNew()
    try tokens?.clearLeft()
    try prepare()
    do {
      try tokens?.claim()
      try found(passphrase)
      if withSamples {
        progress("making sample parties")
        try SampleParties(folder: workshop).make(passphrase: passphrase)
      }
      try moveIn()
    } catch {
      // What was made in tokens goes with what was made in the folder.
      try? tokens?.clear()
      try? FileManager.default.removeItem(atPath: workshop.path)
      throw error
    }
  }

  /// The tokens in which keys are made, or nil without any.
  private var tokens: FoundingTokens? {
    let settings = [issuingToken, configuration.rootModule?.settings.first].compactMap(\.self)
    guard let pin, !settings.isEmpty else { return nil }
    return FoundingTokens(settings: settings, estate: estate, pin: pin, workshop: workshop)
  }

  /// Makes the estate of a package, whose keys are on line in the folder already.
  ///
  /// - Throws: `package-key-missing`, and what `run` throws.
  func found(_ package: CheckedPackage, passphrase: borrowing Secret) throws {
    try checkIsNew()
    try prepare()
    do {
      let store = try KeyStore.open(
        at: folder.keys, estate: estate.name, passphrase: passphrase)
      let label = FoundingCeremony.Label.checkpoint
      if try !store.labels().contains(label) {
        _ = try store.generate(label: label, kind: .ed25519)
      }
      let online = try Keyring(
        store, tokens: configuration.modules.flatMap(\.settings), owner: estate.keyOwner)
      try enter(package, online, at: SystemClock.now())
    } catch {
      try? FileManager.default.removeItem(atPath: workshop.path)
      throw error
    }
    try moveIn()
  }

  private func checkIsNew() throws {
    guard !FileManager.default.fileExists(atPath: "\(folder.path)/estate.json") else {
      throw Failure.Message(
        .failed, "there is an estate in \(folder.path)",
        remedy: "Choose another folder with --estate; an estate is never made over another.")
    }
  }

  private func prepare() throws {
    let files = FileManager.default
    try Files.makeFolder(folder.path)
    try? files.removeItem(atPath: workshop.path)
    try Files.makeFolder(workshop.path)
  }

  /// Moves what was made to its place, estate.json last.
  private func moveIn() throws {
    let files = FileManager.default
    let made = try files.contentsOfDirectory(atPath: workshop.path)
      .filter { $0 != "estate.json" && $0 != "tokens" }
    for name in made.sorted() + ["estate.json"] {
      let from = "\(workshop.path)/\(name)"
      let to = "\(folder.path)/\(name)"
      guard unsafe rename(from, to) == 0 else { throw Files.failure("making", to) }
    }
    try? files.removeItem(atPath: workshop.path)
  }

  private func found(_ passphrase: borrowing Secret) throws {
    let online = try onlineKeys(passphrase)
    let outputs = try ceremony(online)
    let package = try CheckedPackage(founding: outputs.package, key: outputs.signedBy)
    try enter(package, online, at: SystemClock.now())
  }

  /// The on-line key store, with the key that signs the audit's checkpoints.
  private func onlineKeys(_ passphrase: borrowing Secret) throws -> Keyring {
    let online = try KeyStore.create(
      at: workshop.keys, estate: estate.name, passphrase: passphrase)
    _ = try online.generate(label: FoundingCeremony.Label.checkpoint, kind: .ed25519)
    guard let setting = issuingToken else { return Keyring(online) }
    if let pin { try online.keep(pin.copy(), label: setting.pinLabel) }
    return try Keyring(online, tokens: [setting], owner: estate.keyOwner)
  }

  private var issuingToken: TokenSetting? { configuration.modules.first?.settings.first }

  /// The founding, by the same acts as one that people hold in a vault; its custodians are files.
  private func ceremony(_ online: Keyring) throws -> CeremonyRun.Outputs {
    progress("making roots and \(deviceStock) issuing authorities for devices")
    let random: @Sendable (Int) -> [UInt8] = { Random.bytes($0) }
    let file = try CeremonyFile(
      founding: FoundingCeremony(
        estate: estate, dcckiPolicy: dcckiPolicy, deviceStock: deviceStock, random: random),
      ceremony: "founding", custodians: (1...Vault.custodiansDefault).map { "custodian \($0)" },
      witnessesLeast: 0, rootsToken: configuration.rootModule?.settings.first,
      issuingToken: issuingToken)
    let holder = configuration.officers.first?.name ?? "unknown"
    let holding = CeremonyHolding(
      folder: OfflineFolder(workshop.offline), file: file,
      people: .init(holder: holder, witnesses: []), clock: SystemClock.now)
    var brought = CeremonyRun.Brought(
      deliver: try ShareDelivery(to: OfflineFolder(workshop.offline).custody).deliver)
    brought.online = online
    if let pin { brought.pin = { _ in try pin.copy() } }
    return try holding.hold(brought, rehearsal: [])
  }

  /// Enters what a package brought in new records, and writes the files for relying parties.
  private func enter(
    _ package: CheckedPackage, _ online: Keyring, at now: Time
  ) throws {
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
    let founding = try package.founding { label, key in
      online.place(of: label, key)
    }
    try founding.enter(
      in: records, at: now, by: Actor(name: founder, role: .operatorOfSystem),
      publish: ListIntake(times: configuration.lists.times, moment: now).publish)
    try Files.makeFolder(workshop.authorities)
    let checkpointKey = try online.folder.key(label: FoundingCeremony.Label.checkpoint)
    let origin = estate.auditOrigin
    _ = try records.audit.signCheckpoint(key: checkpointKey, origin: origin)
    try Files.writeNew(
      workshop.auditKey, "\(try NoteKey(origin, checkpointKey.publicKey))\n")
    try AuthorityFiles(folder: workshop).write(records)
    if estate.kind == .test {
      progress("making the server's certificate")
      try makeServerCredential(now)
    }
  }

  private func makeServerCredential(_ now: Time) throws {
    let credential = try ServerCredential(
      for: estate, random: { Random.bytes($0) }, at: now)
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
  /// The public half of the key that signs transcripts and packages of ceremonies.
  var ceremonyKey: String { "\(authorities)/ceremony.vkey" }
}
