// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import DER
import FoundationEssentials
import Glibc
import Keys
import SEC
import Service

extension Command {
  private static let request = Option(
    name: "--request", value: "FILE", summary: "a request that the file names; may be repeated",
    isRepeated: true)
  private static let rehearsal = Option.value(
    "--rehearsal", "FILE", "the record of the rehearsal; by default FILE.rehearsal")

  static let ceremonyRehearse = Command(
    name: "ceremony rehearse", summary: "rehearse a ceremony on keys that are thrown away",
    notes: """
      Everything that the file says is done, with throw-away keys of the same kinds and throw-away \
      shares for the same custodians; nothing of the offline store is opened or changed. The \
      record is bound to the octets of the file.
      """,
    operands: [Operand(name: "FILE", summary: "the file of the ceremony")],
    options: [offline, request, rehearsal],
    example: "smki ceremony rehearse stock.json"
  ) { invocation in
    let file = try CeremonyFile(parsing: Files.read(invocation.operands[0]))
    let folder = invocation.offlineFolder
    let state = folder.isThere ? try folder.state() : OfflineState()
    let place =
      FileManager.default.temporaryDirectory.path + "/smki-rehearsal-\(getpid())"
    try Files.makeFolder(place)
    defer { try? FileManager.default.removeItem(atPath: place) }
    let rehearsal = try Rehearsal(
      file, after: state, requests: CeremonyFiles.requests(invocation), in: place,
      tool: Product.version, clock: SystemClock.now, random: { Random.bytes($0) })
    let record = invocation.value("--rehearsal") ?? "\(invocation.operands[0]).rehearsal"
    try Files.replace(record, String(decoding: rehearsal.octets, as: UTF8.self))
    let facts = [
      "ceremony": file.ceremony, "record": record, "sha256": Hex.encode(file.digest),
      "steps": "\(rehearsal.steps)",
    ]
    try invocation.show(facts) {
      "rehearsed \(file.ceremony): \(file.acts.count) acts, \(rehearsal.steps) steps; "
        + "the record is \(record)"
    }
    return .done
  }

  static let ceremonyRun = Command(
    name: "ceremony run", summary: "hold a ceremony on an offline store",
    notes: """
      Refused unless the file was rehearsed as it is. The vaults open with the shares of the \
      custodians who are there. Who holds it and who witnesses it is asked for at a terminal \
      unless it is said. Either everything is done, or the store stays as it was; transcript and \
      package are kept in the store too.
      """,
    operands: [Operand(name: "FILE", summary: "the file of the ceremony")],
    options: [
      offline, rehearsal, request,
      .value("--holder", "NAME", "who holds the ceremony"),
      Option(
        name: "--witness", value: "NAME", summary: "who witnesses it; may be repeated",
        isRepeated: true),
      Option(
        name: "--share", value: "FILE",
        summary: "a custodian's share, or a folder of them; may be repeated", isRepeated: true),
      .value(
        "--shares-to", "DIR", "where new shares are written; custody in the offline folder"),
      .value(
        "--online", "DIR",
        "on-line key store in which keys of issuing authorities are made; made where it is missing"
      ),
      .value("--pin-fd", "N", "read the PIN of a token from this open file descriptor"),
      .value("--out", "DIR", "copy transcript and package there"),
      Passphrase.option,
    ],
    example: "smki ceremony run stock.json --witness 'Ada' --witness 'Alan' "
      + "--share /media/custodian-1 --online var/keys --out stock"
  ) { invocation in
    try CeremonyCommand(invocation).run()
    return .done
  }

  static let ceremonyOutputs = Command(
    name: "ceremony outputs", summary: "copy transcript and package of a ceremony again",
    operands: [Operand(name: "CEREMONY", summary: "what the ceremony is called")],
    options: [offline, .required("--out", "DIR", "the folder, made when it is missing")],
    example: "smki ceremony outputs stock-1 --out stock"
  ) { invocation in
    let papers = try CeremonyCommand.papers(invocation)
    let out = try invocation.required("--out")
    try CeremonyCommand.copy(papers, to: out)
    try invocation.show(["folder": out]) { "transcript and package in \(out)" }
    return .done
  }

  static let ceremonyTranscript = Command(
    name: "ceremony transcript", summary: "print the signed transcript of a ceremony",
    operands: [Operand(name: "CEREMONY", summary: "what the ceremony is called")],
    options: [offline], example: "smki ceremony transcript stock-1"
  ) { invocation in
    let papers = try CeremonyCommand.papers(invocation)
    Terminal.print(
      String(decoding: try Files.read("\(papers)/transcript"), as: UTF8.self))
    return .done
  }
}

/// One run of `smki ceremony run`.
private struct CeremonyCommand {
  let invocation: Invocation
  let file: CeremonyFile

  init(_ invocation: Invocation) throws {
    self.invocation = invocation
    file = try CeremonyFile(parsing: Files.read(invocation.operands[0]))
  }

  func run() throws {
    let record = invocation.value("--rehearsal") ?? "\(invocation.operands[0]).rehearsal"
    guard FileManager.default.fileExists(atPath: record) else {
      throw Refusal.ceremonyNotRehearsed(expected: file.digest, found: "none")
    }
    let rehearsal = try Files.read(record)
    try Rehearsal(parsing: rehearsal).check(file, tool: Product.version)
    let folder = invocation.offlineFolder
    let shares = invocation.value("--shares-to") ?? folder.custody
    var brought = CeremonyRun.Brought(deliver: try ShareDelivery(to: shares).deliver)
    brought.shares = try CeremonyFiles.shares(invocation)
    brought.requests = try CeremonyFiles.requests(invocation)
    if let descriptor = try invocation.number("--pin-fd", in: 0...65_535) {
      let pin = HeldPIN(try Secret(fileDescriptor: Int32(descriptor)))
      brought.pin = { _ in try pin.copy() }
    } else {
      brought.pin = {
        try Secret(prompt: "PIN of the token \($0.token): ", twice: false)
      }
    }
    brought.online = try online(brought.pin)
    let outputs = try CeremonyHolding(
      folder: folder, file: file, people: try people(), clock: SystemClock.now
    ).hold(brought, rehearsal: rehearsal)
    let papers = OfflineFolder.papers(file.ceremony, in: folder.current)
    let out = invocation.value("--out")
    if let out { try Self.copy(papers, to: out) }
    try show(outputs, out ?? papers, shares)
  }

  private func show(
    _ outputs: CeremonyRun.Outputs, _ place: String, _ shares: String
  ) throws {
    let facts = [
      "ceremony": file.ceremony, "folder": place, "package": "\(outputs.manifest.number)",
      "transcript-sha256": Hex.encode(outputs.manifest.transcript),
      "signed-by": "\(outputs.signedBy)",
    ]
    try invocation.show(facts) {
      Table.pairs([
        ("ceremony", file.ceremony),
        ("transcript", "\(place)/transcript, SHA-256 \(facts["transcript-sha256"] ?? "")"),
        ("package", "\(place)/package, number \(outputs.manifest.number)"),
        ("signed by", "\(outputs.signedBy)"),
        ("new shares", outputsShares ? shares : "none"),
      ])
    }
  }

  private var outputsShares: Bool {
    file.acts.contains { if case .shareOut = $0 { true } else { false } }
  }

  /// Who is there: as said, or as asked at the terminal.
  private func people() throws -> CeremonyRun.People {
    var witnesses = invocation.values("--witness")
    var holder = invocation.value("--holder")
    if isatty(STDIN_FILENO) == 1 {
      holder = holder ?? ask("Who holds the ceremony? ")
      while witnesses.count < file.witnessesLeast,
        let name = ask("Name of a witness (\(witnesses.count + 1)): ")
      {
        witnesses.append(name)
      }
    }
    guard let holder = holder ?? Self.user else {
      throw UsageError("--holder is missing", invocation.command)
    }
    return CeremonyRun.People(holder: holder, witnesses: witnesses)
  }

  private func ask(_ question: String) -> String? {
    Terminal.write(question, to: STDERR_FILENO)
    let line = readLine()?.split(separator: " ").joined(separator: " ")
    return line?.isEmpty == false ? line : nil
  }

  private static var user: String? {
    unsafe getpwuid(getuid()).map { unsafe String(cString: $0.pointee.pw_name) }
  }

  /// The on-line key store, made where it is missing.
  private func online(_ pin: (TokenSetting) throws -> Secret) throws -> Keyring? {
    guard let path = invocation.value("--online") else { return nil }
    let estate = file.estate.estate
    let isNew = !FileManager.default.fileExists(atPath: "\(path)/store")
    try Files.makeFolder(path)
    let passphrase = try Passphrase.read(invocation, for: estate.kind, isNew: isNew)
    let store =
      try isNew
      ? KeyStore.create(at: path, estate: estate.name, passphrase: passphrase)
      : KeyStore.open(at: path, estate: estate.name, passphrase: passphrase)
    guard let token = file.issuingToken else { return Keyring(store) }
    do {
      _ = try store.secret(label: token.pinLabel).count
    } catch let error as KeyError where error.code == .noSuchKey {
      try store.keep(try pin(token), label: token.pinLabel)
    }
    return try Keyring(store, tokens: [token], owner: estate.keyOwner)
  }

  /// The papers of a ceremony that was held.
  static func papers(_ invocation: Invocation) throws -> String {
    let folder = invocation.offlineFolder
    let name = invocation.operands[0]
    guard try folder.state().ceremonies.contains(name) else {
      throw Failure.Message(
        .failed, "no ceremony \(name) was held in \(folder.path)",
        remedy: "smki ceremony status lists them.")
    }
    return OfflineFolder.papers(name, in: folder.current)
  }

  /// Copies the papers to a folder; what lies there of the same ceremony gives way.
  static func copy(_ papers: String, to out: String) throws {
    try Files.makeFolder(out)
    for name in ["file.json", "rehearsal.json", "transcript", "package"] {
      try Files.replace(
        "\(out)/\(name)", String(decoding: try Files.read("\(papers)/\(name)"), as: UTF8.self))
    }
  }
}
