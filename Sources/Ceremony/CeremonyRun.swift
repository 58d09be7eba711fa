// SPDX-License-Identifier: Apache-2.0

package import Audit
package import Authority
package import DER
package import Keys
import Profiles
import Records
import SEC
import X509

/// Holds one ceremony in a folder of its own: the copy of an offline store, which takes the place
/// of the store only when all is done; what ends before that leaves the store as it was.
package struct CeremonyRun {
  /// Who is there.
  package struct People: Sendable {
    /// Who holds the ceremony.
    package let holder: String
    /// Who watches.
    package let witnesses: [String]

    /// These people.
    package init(holder: String, witnesses: [String]) {
      self.holder = holder
      self.witnesses = witnesses
    }
  }

  /// What is brought along.
  package struct Brought {
    /// The files of the custodians who are there.
    package var shares: [ShareFile] = []
    /// The on-line keys, where keys of issuing authorities are made in the ceremony.
    package var online: Keyring?
    /// Certification requests of keys that were made on line, in DER.
    package var requests: [[UInt8]] = []
    /// The PIN of a token that was never opened before.
    package var pin: (TokenSetting) throws -> Secret = { setting in
      throw KeyError(.noSuchKey, "the PIN of the token \(setting.token) is needed")
    }
    /// Hands a share to its custodian; it is durable when this returns.
    package var deliver: (ShareFile, ShareRecord) throws -> Void

    /// Nothing but a way to hand over shares.
    package init(deliver: @escaping (ShareFile, ShareRecord) throws -> Void) {
      self.deliver = deliver
    }
  }

  /// What comes out of it.
  package struct Outputs: Sendable {
    /// The signed transcript.
    package let transcript: [UInt8]
    /// The signed package.
    package let package: [UInt8]
    /// The key that signed both, as notes write keys.
    package let signedBy: NoteKey
    /// What the package says.
    package let manifest: CeremonyPackage
  }

  /// The folder: `offline.sqlite` and a folder for each vault.
  let folder: String
  let file: CeremonyFile
  let people: People
  /// The version of the program.
  let tool: String
  let clock: @Sendable () -> Time
  let random: @Sendable (Int) -> [UInt8]
  /// Told of each step that was done; drills stop the process there.
  let reached: (String) -> Void
  /// A rehearsal makes its keys in folders, whatever the file says.
  var isRehearsal = false

  /// A ceremony in a folder.
  package init(
    _ file: CeremonyFile, in folder: String, by people: People, tool: String,
    clock: @escaping @Sendable () -> Time, random: @escaping @Sendable (Int) -> [UInt8],
    reached: @escaping (String) -> Void = { _ in }
  ) {
    self.file = file
    self.folder = folder
    self.people = people
    self.tool = tool
    self.clock = clock
    self.random = random
    self.reached = reached
  }

  /// Where the store of the records lies in a folder.
  package static func records(in folder: String) -> String { "\(folder)/offline.sqlite" }
  /// Where a vault lies in a folder.
  package static func vault(_ vault: Vault, in folder: String) -> String {
    "\(folder)/vaults/\(vault.rawValue)"
  }

  /// Holds the ceremony.
  ///
  /// - Parameters:
  ///   - brought: shares, keys and requests.
  ///   - rehearsal: what shows that the file was rehearsed; its SHA-256 stands in the transcript.
  /// - Returns: transcript and package.
  /// - Throws: refusals of the file, the people and the shares; failures of stores and modules.
  package func hold(_ brought: Brought, rehearsal: [UInt8]) throws -> Outputs {
    let began = clock()
    let records = try Records.open(
      Self.records(in: folder), clock: clock, migrations: CeremonyRecords.migrations)
    defer { records.close() }
    let state = try OfflineState(records)
    var check = FileCheck(file, against: state)
    try check.run()
    try checkWitnesses()
    var opened: [ShareRecord] = []
    let vaults = try openVaults(state, brought, &opened)
    reached("vaults-opened")
    var proceedings = Proceedings(
      file, after: state,
      in: Workplace(
        vaults: vaults, online: brought.online, requests: try requests(brought.requests),
        seal: { try seal($0, $1, $2, brought) }, deliver: brought.deliver, clock: clock,
        random: random), roots: isRehearsal ? .folder : nil,
      issuing: isRehearsal ? .folder : nil)
    for share in opened {
      proceedings.tell(
        "took share \(share.index) of the \(share.vault.rawValue) vault from \(share.custodian)")
    }
    try proceedings.run()
    reached("acts-done")
    let entries = OfflineEntries(
      records: records, actor: Actor(name: people.holder, role: .operatorOfSystem),
      ceremony: file.ceremony, moment: began)
    try entries.begin(file, witnesses: people.witnesses, opened: opened)
    try enter(proceedings.made, state, entries)
    reached("records-written")
    guard let root = proceedings.place.vaults[.root] else { throw Refusal.vaultNotShared(.root) }
    return try sign(
      proceedings.made, state, entries, opened, root.folder, began: began, rehearsal: rehearsal)
  }

  /// OCP-ceremony: witnesses are people, each once, and none of them holds the ceremony.
  private func checkWitnesses() throws(Refusal) {
    let others = Set(people.witnesses).subtracting([people.holder])
    guard others.count == people.witnesses.count, others.count >= file.witnessesLeast,
      (people.witnesses + [people.holder]).allSatisfy(CeremonyFile.isPersonName)
    else {
      throw .witnessesTooFew(least: file.witnessesLeast, found: people.witnesses)
    }
  }

  private func openVaults(
    _ state: OfflineState, _ brought: Brought, _ opened: inout [ShareRecord]
  ) throws -> [Vault: Keyring] {
    var vaults: [Vault: Keyring] = [:]
    for vault in Vault.allCases where file.vaults.contains(vault) && state.vaults.contains(vault) {
      let opening = try VaultOpening(
        estate: file.estate, vault: vault, known: state.standing(vault), ceased: state.ceased
      ).secret(from: brought.shares)
      opened += opening.used
      let store = try KeyStore.open(
        at: Self.vault(vault, in: folder), estate: file.estate.estate.name,
        passphrase: opening.secret)
      vaults[vault] = try keyring(vault, store, brought)
    }
    return vaults
  }

  /// Makes a vault, or seals the one that is there under another secret.
  private func seal(
    _ vault: Vault, _ open: Keyring?, _ secret: borrowing Secret, _ brought: Brought
  ) throws -> Keyring {
    // The secret is as good as a key: no guess at it is worth a costly scrypt.
    let cost = Scrypt(logN: Scrypt.logNRange.lowerBound)
    if let open {
      try open.folder.changePassphrase(to: secret, cost: cost)
      return open
    }
    let store = try KeyStore.create(
      at: Self.vault(vault, in: folder), estate: file.estate.estate.name, passphrase: secret,
      cost: cost)
    return try keyring(vault, store, brought)
  }

  /// The vault with the token of the roots; its PIN lies in the vault, so that the custodians'
  /// secret opens both.
  private func keyring(_ vault: Vault, _ store: KeyStore, _ brought: Brought) throws -> Keyring {
    guard vault == .root, let token = file.rootsToken, !isRehearsal else { return Keyring(store) }
    do {
      _ = try store.secret(label: token.pinLabel).count
    } catch let error as KeyError where error.code == .noSuchKey {
      try store.keep(try brought.pin(token), label: token.pinLabel)
    }
    return try Keyring(store, tokens: [token], owner: file.estate.estate.keyOwner)
  }

  private func requests(_ all: [[UInt8]]) throws -> [[UInt8]: CertificationRequest] {
    var requests: [[UInt8]: CertificationRequest] = [:]
    for der in all {
      requests[Digest.sha256(der)] = try CertificationRequest(parsing: der)
    }
    return requests
  }

  private func enter(_ made: Made, _ state: OfflineState, _ entries: OfflineEntries) throws {
    if state.estate == nil { try entries.keep(file.estate) }
    for key in made.keys { try entries.keep(key) }
    for authority in made.authorities { try entries.keep(authority) }
    for list in made.lists { try entries.keep(list) }
    for share in made.shares { try entries.keep(share) }
    let changed = Set(made.shares.map(\.vault))
    let before = Set(
      Vault.allCases.flatMap { state.standing($0).map(\.custodian) })
    let after = Set(
      Vault.allCases.filter { !changed.contains($0) }.flatMap { state.standing($0) }
        .map(\.custodian) + made.shares.map(\.custodian))
    for name in after.subtracting(before).union(after.intersection(state.ceased)).sorted()
    where made.shares.contains(where: { $0.custodian == name }) {
      try entries.keep(
        name, Custodian(appointed: entries.moment, ceased: nil, reason: nil),
        "custodian-appointed")
    }
    for name in before.subtracting(after).subtracting(state.ceased).sorted() {
      let reason = "has no share after \(file.ceremony)"
      try entries.keep(
        name,
        Custodian(
          appointed: state.custodians[name]?.appointed ?? entries.moment, ceased: entries.moment,
          reason: reason), "custodian-ceased")
    }
  }

  private func sign(
    _ made: Made, _ state: OfflineState, _ entries: OfflineEntries, _ opened: [ShareRecord],
    _ root: KeyStore, began: Time, rehearsal: [UInt8]
  ) throws -> Outputs {
    let estate = file.estate.estate
    guard let nextLabel = made.ceremonyKeyLabel ?? state.ceremonyKeyLabel else {
      throw CeremonyError.unusableKey
    }
    let key = try root.key(label: state.ceremonyKeyLabel ?? nextLabel)
    let signedBy = try NoteKey(estate.ceremonyOrigin, key.publicKey)
    let nextKey = try NoteKey(estate.ceremonyOrigin, try root.key(label: nextLabel).publicKey)
    let ended = clock()
    let audit = entries.records.audit
    let transcript = Transcript(
      of: self, rehearsal: Digest.sha256(rehearsal), from: began, to: ended, opened: opened,
      made: made,
      issuers: state.authorities.filter(\.kind.isRoot).map(\.certificate),
      signedBy: "\(signedBy)", nextKey: "\(nextKey)", package: state.packages + 1,
      auditSize: try audit.size, auditRoot: try audit.root)
    let document = try SignedDocument(
      .transcript, transcript.json, estate: estate, key: key)
    let manifest = CeremonyPackage(
      estate: file.estate, ceremony: file.ceremony, number: state.packages + 1, made: ended,
      transcript: document.digest, witnesses: people.witnesses, nextKey: "\(nextKey)",
      parts: made.parts)
    let package = try SignedDocument(.package, manifest.json, estate: estate, key: key)
    try entries.end(
      file, package: manifest.number, nextKeyLabel: nextLabel, transcript: document.digest,
      began: began)
    _ = try audit.signCheckpoint(key: key, origin: estate.ceremonyOrigin)
    return Outputs(
      transcript: document.encoded, package: package.encoded, signedBy: signedBy,
      manifest: manifest)
  }
}
