// SPDX-License-Identifier: Apache-2.0

import Batches
import DER
import FoundationEssentials
import Keys
import Profiles
import SEC
import Threads
import X509

extension Command {
  private static let requests = Operand(
    name: "REQUESTS", summary: "a folder of .csr files, a .zip of them, or one file")

  static let clientMake = Command(
    name: "client make", summary: "make key pairs and requests for Device Certificates",
    notes: """
      For each device a key pair on P-256 and a request that openssl reads too: NAME.csr beside \
      keys/NAME.key. A file that is there already is kept, so that it can be run again.
      """,
    options: [
      .required("--out", "DIR", "the folder of the requests"),
      .value("--devices", "FILE", "EUI-64 identifiers, one a line"),
      .value("--first", "EUI64", "the first identifier, counted up from there"),
      .value("--count", "N", "how many devices from the first on; 2 by default"),
      .value(
        "--usage", "USAGE", "what the keys are for; both by default",
        words: ["signing", "agreement", "both"]),
      .value("--hardware-type", "OID", "the maker's type of hardware; an example by default"),
    ], example: "smki client make --out meters --first 5A-4D-4B-49-00-10-00-00 --count 10"
  ) { invocation in
    let out = try invocation.required("--out")
    let devices = try invocation.devices()
    let text = invocation.value("--hardware-type") ?? RequestForge.hardwareType.description
    guard let type = ObjectIdentifier(text) else {
      throw UsageError("--hardware-type: \(text) is no object identifier", invocation.command)
    }
    let usage = invocation.value("--usage") ?? "both"
    let uses: [(String, KeyUsage.Use)] = [
      ("signing", .digitalSignature), ("agreement", .keyAgreement),
    ].filter { usage == "both" || usage == $0.0 }
    try Files.makeFolder("\(out)/keys")
    var made = 0
    for (number, device) in devices.enumerated() {
      for (word, use) in uses {
        made +=
          try DeviceFile.make(
            device, use, type, as: "\(device)-\(word)", in: out) ? 1 : 0
      }
      if devices.count > 100 { Terminal.progress("make", number + 1, of: devices.count) }
    }
    let count = made
    try invocation.show(["folder": out, "made": "\(count)"]) { "\(count) requests in \(out)" }
    return .done
  }

  static let clientCheck = Command(
    name: "client check", summary: "check requests before they are sent, by the same rules",
    notes: """
      The rules are those of the service: form, profile, proof of possession, what may lie in an \
      archive, and that no file stands twice for one key. Who may ask for which device only the \
      service knows. Ends with 4 when there are findings.
      """,
    operands: [requests], example: "smki client check meters"
  ) { invocation in
    let path = invocation.operands[0]
    let findings: [CheckFinding]
    let count: Int
    do {
      let folder = try RequestFolder(path)
      count = folder.items.count
      findings = CheckFinding.findings(in: folder)
    } catch let refusal as Refusal {
      // The archive as a whole.
      findings = [CheckFinding(URL(filePath: path).lastPathComponent, refusal)]
      count = 0
    }
    try invocation.show(findings) {
      findings.isEmpty
        ? "\(count) requests, nothing found"
        : findings.map(\.text).joined(separator: "\n")
    }
    return findings.isEmpty ? .done : .faults
  }

  static let clientSubmit = Command(
    name: "client submit", summary: "submit requests over mutual TLS: one file, a folder, a ZIP",
    notes: """
      One file is answered at once. More become a batch: what its receipt says is kept beside the \
      requests, and the same command again gets the same receipt.
      """,
    operands: [requests],
    options: PartyConnection.commandOptions + [
      .flag("--web-service", "through the Batched Device CSR Web Service, with its credential"),
      .flag("--wait", "wait until the batch has ended, and collect"),
      .value("--name", "NAME", "the name of the batch; by default made of folder and content"),
      .value("--out", "DIR", "the folder of the certificates; by default beside the requests"),
    ], example: "smki client submit meters --cert portal-device.pem --key portal-device.key --wait"
  ) { invocation in
    let folder = try RequestFolder(invocation.operands[0])
    let work = PartyWork(connection: try PartyConnection(invocation), folder: folder)
    guard folder.items.count > 1 else {
      let certificate = try work.submitOne()
      return try invocation.keep(
        [.init(name: folder.items[0].name, certificate: Data(certificate), problem: nil)], work)
    }
    let name = invocation.value("--name")
    let journal =
      try invocation.has("--web-service")
      ? work.submitXML(named: name) : work.submitArchive(named: name)
    try journal.write(of: folder.path)
    guard invocation.has("--wait") else {
      try invocation.show(journal) {
        "batch \(journal.batch) of \(journal.requests) requests, as \(journal.identifier)"
          + (journal.expected.map { ", expected to end at \($0)" } ?? "")
      }
      return .done
    }
    return try invocation.collect(journal, work)
  }

  static let clientCollect = Command(
    name: "client collect", summary: "wait for a batch that was submitted, and collect it",
    notes: """
      Each certificate is checked against its request: key, device, usage. Ends with 4 when a \
      request has no certificate, or one that does not match.
      """,
    operands: [requests],
    options: PartyConnection.commandOptions + [
      .flag("--no-wait", "collect only what is there now"),
      .value("--out", "DIR", "the folder of the certificates; by default beside the requests"),
    ], example: "smki client collect meters --cert portal-device.pem --key portal-device.key"
  ) { invocation in
    let folder = try RequestFolder(invocation.operands[0])
    guard let journal = try Journal.read(folder.path) else {
      throw Failure.Message(
        .failed, "\(folder.path) was never submitted", remedy: "Submit it: smki client submit.")
    }
    let work = PartyWork(connection: try PartyConnection(invocation), folder: folder)
    if invocation.has("--no-wait"), case let look = try work.look(at: journal),
      look.state != "COMPLETED"
    {
      let outlook = look.outlook.isEmpty ? "" : ", \(look.outlook)"
      throw Failure.Message(
        .unavailable, "batch \(journal.batch) is \(look.state)\(outlook)",
        remedy: "Ask again later, or without --no-wait.")
    }
    return try invocation.collect(journal, work)
  }
}

/// One request that would not be granted.
struct CheckFinding: Codable {
  let name: String
  let code: String
  let clause: String
  let expected: String
  let found: String
  let remedy: String

  var text: String {
    "\(name): \(code) [\(clause)]: expected \(expected); found \(found). \(remedy)"
  }

  /// What would be refused of some requests.
  static func findings(in folder: RequestFolder) -> [CheckFinding] {
    let refusals = Guarded<[(Int, Refusal)]>([])
    let keys = Guarded<[[UInt8]: Int]>([:])
    Worker.onAllCores(folder.items.count) { number in
      switch folder.items[number].request {
      case .failure(let refusal): refusals.change { $0.append((number, refusal)) }
      case .success(let request):
        let other = keys.change { keys in
          defer { keys[request.point] = min(number, keys[request.point] ?? number) }
          return keys[request.point]
        }
        if let other {
          let first = folder.items[min(number, other)].name
          refusals.change { $0.append((max(number, other), .keyTwiceInBatch(first))) }
        }
      }
    }
    if !(Batch.requestsMin...Batch.requestsMax).contains(folder.items.count),
      folder.items.count != 1
    {
      refusals.change { $0.append((0, .batchSize(folder.items.count))) }
    }
    return refusals.value.sorted { $0.0 < $1.0 }.map { number, refusal in
      CheckFinding(folder.items[number].name, refusal)
    }
  }

  init(_ name: String, _ refusal: Refusal) {
    self.name = name
    code = refusal.code
    clause = refusal.clause.id
    expected = refusal.expected
    found = refusal.found
    remedy = refusal.remedy
  }
}

/// A key pair and a request in files.
enum DeviceFile {
  /// Makes both, unless the request is there already; says whether it did.
  static func make(
    _ device: EntityID, _ use: KeyUsage.Use, _ type: ObjectIdentifier, as name: String,
    in folder: String
  ) throws -> Bool {
    let path = "\(folder)/\(name)\(ArchiveReader.requestExtension)"
    guard !FileManager.default.fileExists(atPath: path) else { return false }
    let keyPath = "\(folder)/keys/\(name).key"
    // A key without its request is of an interrupted run.
    try? FileManager.default.removeItem(atPath: keyPath)
    let key = try ClientKey.generate(.p256)
    guard let information = SubjectPublicKeyInfo(key.key.publicKey) else {
      throw KeyError(.unsupportedKey, "a key that no certificate holds")
    }
    let hardware = HardwareModuleName(hardwareType: type, serialNumber: device.octets)
    let info = CertificationRequest.info(
      subject: .empty, subjectPublicKeyInfo: information,
      attributes: [
        .extensionRequest([
          Extension(KeyUsage([use]), isCritical: true),
          Extension(SubjectAltName([.hardwareModule(hardware)]), isCritical: true),
        ])
      ])
    let der = CertificationRequest.assemble(info: info, signature: try key.key.sign(info))
    try key.write(toNewFile: keyPath)
    try Files.writeNew(path, PEM(label: "CERTIFICATE REQUEST", bytes: der).text)
    return true
  }
}

extension Invocation {
  /// The devices that `client make` was given.
  fileprivate func devices() throws -> [EntityID] {
    if let file = value("--devices") {
      let text = String(decoding: try Files.read(file), as: UTF8.self)
      return try text.split(whereSeparator: \.isWhitespace).map { try entity(String($0)) }
    }
    guard let first = try value("--first").map(entity) else {
      throw UsageError("--devices or --first is missing", command)
    }
    let count = try number("--count", in: 1...Batch.requestsMax) ?? 2
    return (0..<UInt64(count)).map { EntityID(first.value &+ $0) }
  }

  /// Waits for a batch, collects it and says so.
  fileprivate func collect(_ journal: Journal, _ work: PartyWork) throws -> ExitCode {
    try work.wait(for: journal)
    let code = try keep(work.collect(journal), work)
    var journal = journal
    journal.isCollected = true
    try journal.write(of: work.folder.path)
    return code
  }

  /// Writes the certificates, and says for which requests there is none.
  fileprivate func keep(_ collected: [PartyWork.Collected], _ work: PartyWork) throws -> ExitCode {
    let path = work.folder.path
    var isFolder = false
    _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let out =
      value("--out")
      ?? (isFolder ? path : "\(URL(filePath: path).deletingLastPathComponent().path)")
    try Files.makeFolder(out)
    var collected = collected
    for (place, item) in collected.enumerated() {
      guard let der = item.certificate, item.problem == nil else { continue }
      let certificate = try Certificate(parsing: Array(der))
      if collected.count == 1, case .success(let request) = work.folder.items[0].request,
        case let differences = Matching.differences(certificate, from: request),
        !differences.isEmpty
      {
        collected[place].problem = "does not match: \(differences.joined(separator: ", "))"
        continue
      }
      try Data(certificate.pem.utf8).write(
        to: URL(filePath: "\(out)/\(item.name)\(ArchiveReader.certificateExtension)"),
        options: .atomic)
    }
    let problems = collected.filter { $0.problem != nil }
    let summary = ClientSummary(
      folder: out, certificates: collected.count - problems.count,
      problems: Dictionary(uniqueKeysWithValues: problems.map { ($0.name, $0.problem ?? "") }))
    try show(summary) { summary.text }
    return problems.isEmpty ? .done : .faults
  }
}

/// What a party is told at the end.
private struct ClientSummary: Codable {
  let folder: String
  let certificates: Int
  let problems: [String: String]

  var text: String {
    ([
      certificates == 1
        ? "1 certificate in \(folder), checked against its request"
        : "\(certificates) certificates in \(folder), each checked against its request"
    ]
      + problems.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
      .joined(separator: "\n")
  }
}
