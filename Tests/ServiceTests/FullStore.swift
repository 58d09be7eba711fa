// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import Batches
import DER
import Enrolment
import Foundation
import Keys
import Parties
import Profiles
import Records
import Repository
import Registration
import Revocation
import SEC
import Service
import TestEstate
import TestProcess
import TestStore
import Testing
import Threads
import X509

/// A closed store with something in every table, of which tests spoil copies.
///
/// It is the image that a crash between the two commits of issuing leaves: one chunk is open.
final class FullStore: Sendable {
  static let once = Result { try FullStore() }
  static let origin = "test-estate/audit"

  let folder: String
  let keys: [NoteKey]

  /// Enough entries for a tile of the audit (C2SP tlog-tiles: 256).
  private static let devices = 240

  /// A row in every table of revocation: requests, an entry, a delay, and lists.
  private static func revoke(_ serial: String, in estate: TestEstate) throws {
    let revocation = Revocation(records: estate.records)
    let officer = TestEstate.officer
    _ = try revocation.revokeCredential(
      serial: try #require(Hex.decode(serial)), reason: "a test", at: estate.now, by: officer)
    _ = try revocation.delay(
      SampleParty.gas.id, until: estate.now.adding(seconds: 86_400),
      try Direction(by: "SMKI PMA", decision: "PMA 1", evidence: "minutes", clause: "M4-solr"),
      at: estate.now, by: officer)
    let publisher = ListPublisher(records: estate.records, clock: { TestEstate.beginning }) {
      try estate.authority.sign($0, by: $1)
    }
    _ = try publisher.publishDue(at: estate.now)
  }

  /// What the Registration Authority does beside the certificates.
  private static func enrol(_ estate: TestEstate) throws {
    try estate.registration.addAPIKey(
      "a key", of: SampleParty.gas.id, label: "reader", for: "a test",
      until: estate.now.adding(years: 1), at: estate.now, by: TestEstate.officer)
    try estate.registration.addAccount(
      "nora", of: SampleParty.gas.id, as: .reader, purpose: "installing meters",
      password: "a first password", salt: [UInt8](repeating: 1, count: 32), at: estate.now,
      by: TestEstate.officer)
    _ = try? estate.registration.signIn("nora", "a wrong one", at: estate.now)
    try estate.registration.withdrawAccount(
      "nora", evidence: "letter 1", at: estate.now.adding(years: 1), by: TestEstate.officer)
    _ = try estate.registration.reader(apiKey: "a key", at: estate.now)
    try estate.register.confirmUserEntry(
      .gasSupplier, of: SampleParty.gas.id, at: estate.now, evidence: "UEPT 1",
      by: TestEstate.officer)
    _ = try estate.registration.enrolment.log(
      DeskNote(
        channel: "telephone", party: SampleParty.gas.id, person: nil, name: "Nora Nobody",
        answers: [:], request: "hours of opening", action: "told"), at: estate.now,
      by: TestEstate.officer)
    _ = try estate.registration.giveNotices(
      days: [100_000], at: estate.now, by: TestEstate.officer)
    let it = try estate.registration.receiveOrganisation(
      hash: [1], of: SampleParty.gas.id, at: estate.now, by: TestEstate.officer)
    try estate.registration.move(
      it.id, to: .refused, because: "a test", at: estate.now, by: TestEstate.officer)
    let connection = try estate.registration.enterConnection(
      DCCKIRequest(parsing: Asking.connection(of: .gas)), for: SampleParty.gas.id,
      at: estate.now, by: TestEstate.officer)
    _ = try estate.registration.refuseConnection(
      connection.id, because: "a test", at: estate.now,
      by: Actor(name: "Another Officer", role: .registrationOfficer))
    try estate.onboarding.carry(
      .personnelNomination,
      Onboarding.person("ra-1", of: "").filter { $0.key != "party" }.merging([
        "officer": ["Mallory"], "position": ["registration-officer"],
        "nominated-by": ["Dora Director"],
      ]) { $1 })
    let hub = EntityID(0x00DB_0000_00FF_0001)
    let meter = EntityID(0x00DB_0000_00FF_0002)
    for (device, type) in [(hub, DeviceType.chf), (meter, .esme)] {
      try estate.registration.record(
        device, as: type, status: .pending, at: estate.now, by: TestEstate.officer)
    }
    try estate.registration.link(meter, to: hub, at: estate.now, by: TestEstate.officer)
    try estate.registration.noteCommunication(
      of: meter, evidence: "report 1", at: estate.now, by: TestEstate.officer)
    try estate.registration.certify(
      DeviceModel(name: "Meter 7", certifiedUntil: estate.now, evidence: "CPA 1"),
      at: estate.now, by: TestEstate.officer)
    try estate.registration.assign(meter, to: "Meter 7", at: estate.now, by: TestEstate.officer)
    try estate.registration.register.add(
      Party(
        id: "wires", name: "Wires", roles: [.electricityDistributor], since: estate.now),
      at: estate.now, by: TestEstate.officer)
    try estate.registration.registerMeter(
      MeterParties(
        device: meter, supplier: SampleParty.electricity.id, networkOperator: "wires"),
      at: estate.now, by: TestEstate.officer)
    try estate.registration.record(
      hub, as: .chf, status: .suspended, at: estate.now, by: TestEstate.officer)
    try estate.onboarding.carry(
      .officerRevocation,
      [
        "officer": ["Mallory"], "requester": ["pma-member"], "requester-name": ["Mia Member"],
        "reason": ["a test"],
      ])
  }

  private init() throws {
    let hook = Guarded<@Sendable ([UInt8]) throws -> Void>({ _ in })
    let estate = try TestEstate(
      key: { _, key in
        HookedKey(key) { key, message in
          try hook.value(message)
          return try key.sign(message)
        }
      })
    let signer = try SoftwareKey.generate(.rsa2048)
    let system = try estate.credential(key: signer)
    let other = try estate.credential(for: .electricity, .adHoc, name: "ad hoc")
    try Self.revoke(other.credential.serial, in: estate)
    try Self.enrol(estate)
    for (party, isOver) in [(SampleParty.gas, true), (.electricity, false)] {
      try estate.registration.register.suspend(
        party.id, from: estate.now, under: "L2.15", evidence: "letter 1", by: TestEstate.officer)
      if isOver {
        estate.now = estate.now.adding(seconds: 60)
        try estate.registration.register.reinstate(
          party.id, from: estate.now, evidence: "letter 2", by: TestEstate.officer)
      }
    }
    try GovernanceRows(in: estate, signing: (system.credential.serial, signer))
    for number in 0..<Self.devices {
      try estate.registration.record(
        EntityID(UInt64(number)), as: .esme, status: .pending, at: estate.now,
        by: TestEstate.officer)
    }
    try Self.lodge(in: estate)
    _ = try TransactionNumbers(records: estate.records, clock: { TestEstate.beginning }).next()
    _ = try estate.records.audit.signCheckpoint(
      key: Founded.once.get().checkpointKey, origin: Self.origin)
    try Self.issueOrganisation(in: estate)
    for count in [1, 5] {
      let requests = try (0..<count).map { _ in
        try Asking.device(EntityID(0x00DB_0000_0000_0001), .keyAgreement)
      }
      for outcome in try estate.issue(requests, by: system) { _ = try outcome.get() }
    }
    try Self.addModule(to: estate)
    let pkis = PKIRegister(records: estate.records)
    try pkis.add("s1spki-1", of: "a provider", at: estate.now, by: TestEstate.operatorOfSystem)
    try pkis.lodge(
      .certificatePolicy, version: "1.0", digest: [UInt8](repeating: 7, count: 32),
      of: "s1spki-1", at: estate.now, by: TestEstate.operatorOfSystem)
    try Self.runBatch(in: estate)
    hook.change { $0 = { _ in throw Unwilling() } }
    _ = try estate.issue([Asking.device(EntityID(2))], by: system)
    _ = try estate.records.audit.signCheckpoint(
      key: Founded.once.get().checkpointKey, origin: Self.origin)
    let image = Guarded<String?>(nil)
    hook.change {
      $0 = { [unowned estate] _ in
        let taken = try estate.image()
        image.change { $0 = taken }
      }
    }
    _ = try estate.issue([Asking.device(EntityID(3))], by: system)[0].get()
    folder = try #require(image.value)
    Leftovers.remove(folder)
    // What is copied hundreds of times is one file.
    if TestStore.server == nil { try Self.sqlite(folder, "PRAGMA wal_checkpoint(TRUNCATE)") }
    keys = [try NoteKey(Self.origin, Founded.once.get().checkpointKey.publicKey)]
  }

  /// A certificate of an organisation, meant for loading at manufacture.
  private static func issueOrganisation(in estate: TestEstate) throws {
    let organisation = try Certificate(
      parsing: estate.issueOrganisation(
        Asking.organisation(EntityID(0x90B3_D51F_3002_0001)), for: .gas))
    try estate.repository.mark(
      Array(organisation.serialNumber.magnitude), asMeantForManufacture: true, status: "I",
      because: "a test", at: estate.now, by: TestEstate.operatorOfSystem)
  }

  /// A document that an ARO asked for.
  private static func lodge(in estate: TestEstate) throws {
    _ = try Library(records: estate.records).lodge(
      Library.Submission(
        kind: .rapp, version: "1.0", title: "SMKI RAPP", fileEnding: "txt", reason: "",
        octets: Array("Registration Authority Policies and Procedures".utf8)),
      for: Document.Proxy(
        person: "pma-aro", party: "smki-pma", call: 1, check: "identified: 2 answers agree"),
      at: estate.now, by: TestEstate.operatorOfSystem)
  }

  /// A batch that was completed, a usage limit that was passed, and a limit that was raised.
  private static func runBatch(in estate: TestEstate) throws {
    var rules = BatchRules()
    rules.approvesAutomatically = true
    rules.window = .wholeDay
    let folder = NSTemporaryDirectory() + "smki-batches-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let batches = Batches(
      records: estate.records, registration: estate.registration, repository: estate.repository,
      authority: estate.authority, folder: folder, rules: rules, clock: { TestEstate.beginning },
      classify: BatchItemStatus.outcome(of:), complain: { _, _ in })
    try batches.start()
    let requests = try (0..<3).map { try Asking.device(EntityID(UInt64(0xBA + $0))) }
    let path = batches.uploadFolder + "/upload"
    try Data(BatchSetting.xml(requests, id: "batch 1").utf8).write(to: URL(filePath: path))
    let receipt = try batches.submit(
      path, .xml, identifier: nil, for: SampleParty.gas.id, by: TestEstate.officer)
    try serve(in: estate)
    while try batches.find(receipt.batch.id)?.state != .completed { usleep(10_000) }
    batches.countExcess(.earlyPoll, of: SampleParty.gas.id)
    batches.stop()
    try estate.authority.raiseLimit(
      of: EntityID(9), to: 101, because: "looked", by: TestEstate.officer)
    let entry = Entry(
      TestEstate.officer, "anomaly", clause: "M8-2.3.1.8", at: TestEstate.beginning)
    try estate.records.write(entry) { transaction in
      try transaction.keep(
        AuthorityRecords.anomaly,
        [.blob(EntityID(9).octets), .text(SampleParty.gas.id), .int(1), .int(0), .int(0)])
    }
  }

  /// What a package of a ceremony brings; what it means is tried by the ceremonies' own tests.
  private static func addPackage(to estate: TestEstate) throws {
    let entry = Entry(
      TestEstate.operatorOfSystem, "package-imported", clause: "OCP-ceremony", at: estate.now)
    try estate.records.write(entry) { transaction in
      try transaction.keep(
        PackageRecords.package,
        [.int(1), .text("one"), .blob([1]), .blob([2]), .text("key"), .int(0), .blob([3])])
      try transaction.keep(
        PackageRecords.list,
        [.text("nobody"), .int(1), .int(0), .int(1), .int(1), .blob([4])])
      try transaction.keep(
        PackageRecords.request, [.blob([5]), .text("request"), .int(1), .blob([6])])
    }
  }

  private struct Unwilling: Error {}

  /// L4.2: a time of service and a maintenance.
  private static func serve(in estate: TestEstate) throws {
    let now = estate.now
    try estate.records.write(
      Entry(TestEstate.operatorOfSystem, "interface-available", clause: "L4.2", at: now)
    ) { transaction in
      try transaction.keep(
        AvailabilityRecords.served, [.int(1), .text("service"), .text("node"), .int(0), .null])
      try transaction.keep(
        AvailabilityRecords.planned,
        [
          .int(1), .text("service"), .int(0), .int(1), .int(2), .text("why"), .int(0),
          .text("Opal"),
        ])
    }
  }

  /// A module with an attestation, and an authority whose key is destroyed.
  private static func addModule(to estate: TestEstate) throws {
    try addPackage(to: estate)
    try ModuleRegister.add(
      CryptographicModule(
        name: "hsm", owner: CryptographicModule.dcc, kind: .cryptographicModule,
        function: "issuing", location: "Hall 1", country: "GB", affectsSupply: true,
        standard: .fips140part2, level: 3, certificate: "4153", assessment: "RA 1",
        since: estate.now),
      in: estate.records, by: TestEstate.operatorOfSystem)
    try ModuleRegister.attest(
      ModuleAttestation(
        module: "hsm", activity: .located, isInUK: true, evidence: "letter 3",
        attested: estate.now),
      in: estate.records, by: TestEstate.operatorOfSystem)
    try estate.authority.retire(1, at: estate.now, by: TestEstate.operatorOfSystem)
    try estate.authority.endLives()
    for spent in try estate.authority.keysToDestroy() {
      try estate.authority.destroyKey(of: spent) { _ in "a test's" }
    }
  }

  /// A copy that may be spoilt.
  func copy() throws -> String {
    let copy = NSTemporaryDirectory() + "smki-copy-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    try TestStore.copy(folder + "/smki.sqlite", to: copy + "/smki.sqlite")
    return copy
  }

  /// Copies, each spoilt by its own statements, in one run of the other program.
  func copies(spoiltBy statements: [String]) throws -> [String] {
    let copies = try statements.map { _ in try copy() }
    let script = NSTemporaryDirectory() + "smki-spoil-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: script) }
    var lines = ""
    for (copy, statement) in zip(copies, statements) {
      // Nothing of it has to outlive the machine, so nobody waits for its disk.
      lines += ".open '\(copy)/smki.sqlite'\nPRAGMA synchronous = OFF;\n"
      lines += "PRAGMA ignore_check_constraints = ON;\n\(statement)\n"
    }
    try lines.write(toFile: script, atomically: true, encoding: .utf8)
    try Self.run(["-bail", ":memory:", ".read '\(script)'"])
    return copies
  }

  /// Verifies the store in a folder.
  func verify(_ folder: String) throws -> VerificationReport {
    try Verification(
      records: Records.examine(
        TestStore.place(folder + "/smki.sqlite"), migrations: Store.migrations),
      estate: Founded.estate, keys: keys, origin: Self.origin, openChunks: .allowed
    ).run()
  }

  /// Runs SQL on the store in a folder by another program, and gives what that prints.
  @discardableResult
  static func sqlite(_ folder: String, _ statements: String) throws -> String {
    try run(["-cmd", ".timeout 10000", folder + "/smki.sqlite", statements])
  }

  @discardableResult
  private static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/sqlite3")
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    guard process.terminationStatus == 0 else { throw Unwilling() }
    return String(decoding: data, as: UTF8.self)
  }
}
