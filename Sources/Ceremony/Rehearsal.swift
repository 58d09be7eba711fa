// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
package import DER
import JSON
import Keys
import Profiles
import Records
package import SEC
import X509

/// The record of a rehearsal: bound to the octets of the file and to the version of the program,
/// with the transcript of what was done, and signed.
///
/// It is signed by a key that is made for it and thrown away with the others: no vault is open yet.
/// So nothing of it can be changed, and the transcript of the ceremony, which is signed by the
/// estate's key, names it by its SHA-256.
package struct Rehearsal: Sendable {
  static let format = "smki-rehearsal-2"

  /// SHA-256 of the file that was rehearsed.
  package let file: [UInt8]
  /// What the ceremony is called.
  package let ceremony: String
  /// The version of the program.
  package let tool: String
  package let began: Time
  package let ended: Time
  /// How many steps there were.
  package let steps: Int
  /// The key that signed the record, as notes write keys.
  package let signedBy: String
  /// The record as a file.
  package let octets: [UInt8]

  /// Reads a record, and checks its signature and the transcript that lies in it.
  ///
  /// - Throws: `signed-document-form`, `signed-document-signature`, `ceremony-file`, and what is
  ///   wrong with the transcript.
  package init(parsing octets: [UInt8]) throws {
    let document = try SignedDocument(.rehearsal, parsing: octets)
    let transcript: [UInt8]
    do throws(JSONError) {
      var members = try Members(document.body, at: "rehearsal")
      _ = try members.word("format", { $0 == Self.format ? $0 : nil }, expected: Self.format)
      file = try members.digest("file-sha256")
      ceremony = try members.string("ceremony")
      tool = try members.string("tool")
      began = try members.time("began")
      ended = try members.time("ended")
      steps = try members.integer("steps", in: 1...100_000)
      signedBy = try members.string("signed-by")
      transcript = try members.base64("transcript")
      try members.end()
    } catch {
      throw Refusal.ceremonyFile(error)
    }
    let check = try TranscriptCheck(transcript, keys: [])
    let told = check.transcript
    guard check.isRehearsal, told.file.digest == file, told.file.ceremony == ceremony,
      told.tool == tool, told.made.steps.count == steps, began <= told.began, told.ended <= ended
    else {
      throw Refusal.transcriptFault(
        "rehearsal", expected: "the transcript of the rehearsal of \(ceremony)",
        found: "that of \(told.file.ceremony)")
    }
    guard let key = try? NoteKey(signedBy) else {
      throw Refusal.transcriptFault("signed-by", expected: "a key of notes", found: signedBy)
    }
    try document.verify(.rehearsal, by: key, of: told.file.estate.estate)
    self.octets = octets
  }

  /// OCP-ceremony: what is run was rehearsed, octet by octet, by this version of the program.
  ///
  /// - Throws: `ceremony-not-rehearsed`.
  package func check(_ file: CeremonyFile, tool: String) throws(Refusal) {
    guard self.file == file.digest, self.tool == tool else {
      throw .ceremonyNotRehearsed(
        expected: file.digest, found: "one of \(Hex.encode(self.file)) by \(self.tool)")
    }
  }

  /// Rehearses a file: all its acts, on keys that are thrown away, in an empty folder that the
  /// caller removes.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - state: what the offline store holds.
  ///   - requests: certification requests of keys that were made on line.
  ///   - folder: an empty folder for throw-away keys.
  ///   - tool: the version of the program.
  ///   - clock: tells the time.
  ///   - random: gives so many unpredictable octets.
  /// - Throws: whatever the ceremony itself would refuse.
  package init(
    _ file: CeremonyFile, after state: OfflineState, requests: [[UInt8]], in folder: String,
    tool: String, clock: @escaping @Sendable () -> Time,
    random: @escaping @Sendable (Int) -> [UInt8]
  ) throws {
    began = clock()
    let standIn = StandIn(state: state, file: file, folder: folder, clock: clock, random: random)
    let people = CeremonyRun.People(
      holder: "Rehearsal",
      witnesses: (1...file.witnessesLeast).map { "Rehearsal witness \($0)" })
    var run = CeremonyRun(file, in: folder, by: people, tool: tool, clock: clock, random: random)
    run.isRehearsal = true
    var brought = CeremonyRun.Brought(deliver: { _, _ in })
    (brought.shares, brought.online) = try standIn.prepare()
    brought.requests = requests
    let outputs = try run.hold(brought, rehearsal: [])
    var check = try TranscriptCheck(outputs.transcript, keys: [outputs.signedBy])
    try check.check(package: outputs.package)
    self.file = file.digest
    ceremony = file.ceremony
    self.tool = tool
    ended = clock()
    steps = check.transcript.made.steps.count
    let estate = file.estate.estate
    let key = try SoftwareKey.generate(.ed25519)
    signedBy = "\(try NoteKey(estate.ceremonyOrigin, key.publicKey))"
    octets = try SignedDocument(
      .rehearsal,
      .object([
        "format": .string(Self.format), "file-sha256": .string(Hex.encode(file.digest)),
        "ceremony": .string(ceremony), "tool": .string(tool), "began": .string(began.rfc3339),
        "ended": .string(ended.rfc3339), "steps": .integer(Int64(steps)),
        "signed-by": .string(signedBy), "transcript": .string(Base64.encode(outputs.transcript)),
      ]), estate: estate, key: key
    ).encoded
  }
}

/// A store that looks like the real one and has none of its keys.
private struct StandIn {
  let state: OfflineState
  let file: CeremonyFile
  let folder: String
  let clock: @Sendable () -> Time
  let random: @Sendable (Int) -> [UInt8]

  /// Fills the folder.
  ///
  /// - Returns: shares of the vaults that there are, and a place for on-line keys.
  func prepare() throws -> ([ShareFile], Keyring) {
    let cost = Scrypt(logN: Scrypt.logNRange.lowerBound)
    let name = file.estate.estate.name
    try KeyStore.makeFolder("\(folder)/vaults")
    let online = try KeyStore.create(
      at: "\(folder)/online", estate: name, passphrase: .random(Vault.secretOctets), cost: cost)
    guard let estate = state.estate else { return ([], Keyring(online)) }
    let records = try Records.open(
      CeremonyRun.records(in: folder), clock: clock, migrations: CeremonyRecords.migrations)
    defer { records.close() }
    let entries = OfflineEntries(
      records: records, actor: Actor(name: "Rehearsal", role: .operatorOfSystem),
      ceremony: "rehearsal", moment: clock())
    try entries.keep(estate)
    var files: [ShareFile] = []
    var vaults: [Vault: KeyStore] = [:]
    for vault in state.vaults {
      let secret = try Secret.random(Vault.secretOctets)
      files += try share(secret, vault, entries)
      vaults[vault] = try KeyStore.create(
        at: CeremonyRun.vault(vault, in: folder), estate: name, passphrase: secret, cost: cost)
    }
    if let root = vaults[.root] { try fill(root, entries) }
    return (files, Keyring(online))
  }

  private func share(
    _ secret: borrowing Secret, _ vault: Vault, _ entries: OfflineEntries
  ) throws -> [ShareFile] {
    let standing = state.standing(vault)
    guard let first = standing.first else { return [] }
    let shares = try SecretShare.split(
      secret, threshold: first.threshold, count: standing.count)
    return try zip(standing, shares).map { record, share in
      let file = try ShareFile(
        share,
        facts: ShareRecord.facts(
          self.file.estate, vault, generation: record.generation, threshold: record.threshold,
          count: record.count, custodian: record.custodian, ceremony: record.ceremony))
      try entries.keep(
        ShareRecord(
          vault, generation: record.generation, index: record.index,
          threshold: record.threshold, count: record.count, custodian: record.custodian,
          ceremony: record.ceremony, digest: file.digest))
      return file
    }
  }

  /// Roots of the same names with keys of their own; issuing authorities as they are.
  private func fill(_ root: KeyStore, _ entries: OfflineEntries) throws {
    let serials = SerialNumbers(shard: 0, random: random)
    for authority in state.authorities {
      guard authority.kind.isRoot else {
        try entries.keep(authority)
        continue
      }
      let profile: AuthorityProfile =
        switch authority.kind {
        case .rootOCA: .rootOCA(WrappedContingencyKey(octets: random(104)))
        case .rootIKI: .rootIKI
        case .rootDCCKI: .rootDCCKI
        default: .rootDCA
        }
      let key = try root.generate(
        label: authority.keyLabel, kind: authority.kind.hierarchy.isRSA ? .rsa2048 : .p256)
      let moment = clock()
      let made = try RootAuthority(
        profile,
        named: AuthorityName(authority.name, for: authority.kind, in: file.estate.estate),
        key: key, serial: serials.draw(1, at: moment)[0], at: moment)
      try entries.keep(
        OfflineAuthority(
          name: authority.name, kind: authority.kind, certificate: made.certificate,
          keyLabel: authority.keyLabel, place: .folder, ceremony: authority.ceremony))
    }
    for key in state.keys { try entries.keep(key) }
    for (name, der) in state.lists {
      let number = try RevocationList(parsing: der).number?.value ?? 0
      try entries.keep(Made.List(root: name, hierarchy: .organisation, number: number, der: der))
    }
    if let label = state.ceremonyKeyLabel {
      _ = try root.generate(label: label, kind: .ed25519)
      for ceremony in state.ceremonies {
        try entries.standIn(for: ceremony, packages: state.packages, label)
      }
    }
  }
}

extension OfflineEntries {
  /// A ceremony that was held, for a store that only looks like one.
  fileprivate func standIn(for ceremony: String, packages: Int, _ label: String) throws {
    let entry = Entry(actor, "rehearsal", clause: "OCP-ceremony", at: moment)
    let began = moment
    try records.write(entry) {
      try $0.keep(
        CeremonyRecords.ceremony,
        [
          .text(ceremony), .text(ceremony), .blob([]), .int(Int64(packages)), .text(label),
          .int(began.milliseconds),
        ])
    }
  }
}
