// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import DER
import FoundationEssentials
import Keys
import Profiles
import SEC
import Service
import X509

extension Command {
  static let offline = Option.value(
    "--offline", "DIR", "folder of the offline store; offline in the estate's folder by default")

  static let ceremonyPlan = Command(
    name: "ceremony plan", summary: "write the file of a ceremony, for review",
    notes: """
      The file says what will be made, act by act; people read it, change what is wrong, and \
      rehearse it. founding: a new estate. stock: Issuing DCAs ahead of need. issuing: further \
      issuing authorities of a kind. rekey: a new root and issuing authority of a hierarchy; for \
      organisations with a new contingency key. list: a list of revoked authorities. recovery: \
      the Recovery key pair. custody: new shares of a vault. ceremony-key: a new ceremony key.
      """,
    operands: [
      Operand(
        name: "KIND",
        summary: "founding, stock, issuing, rekey, list, recovery, custody, ceremony-key")
    ],
    options: [
      offline,
      .value("--out", "FILE", "the file to write; standard output without it"),
      .value("--title", "TEXT", "what it is for"),
      .value("--witnesses", "N", "how many witnesses must be there; 2 by default"),
      .value("--count", "N", "stock, issuing: how many; 4 by default"),
      .value(
        "--authority", "KIND", "issuing: the kind of authority",
        words: AuthorityKind.allCases.filter { !$0.isRoot }.map(\.rawValue)),
      .value(
        "--hierarchy", "NAME", "rekey: the hierarchy",
        words: AuthorityKind.Hierarchy.allCases.map(\.rawValue)),
      Option(
        name: "--request", value: "FILE", summary: "certify the key of this request",
        isRepeated: true),
      .value("--root", "NAME", "list: the root that signs"),
      Option(
        name: "--revoke", value: "SERIAL=REASON",
        summary: "list: a further entry, with the reason as RFC 5280 calls it", isRepeated: true),
      .value("--identifier", "EUI64", "recovery: the EUI-64 of the DCC in the role 01"),
      .value(
        "--vault", "NAME", "custody: the vault", words: Vault.allCases.map(\.rawValue)),
      Option(
        name: "--custodian", value: "NAME", summary: "founding, custody: who gets a share",
        isRepeated: true),
      .value("--threshold", "N", "founding, custody: how many shares open it; 3 by default"),
      .flag("--live", "founding: a live estate"),
      .value("--name", "NAME", "founding: the estate's name"),
      .value("--device-policy", "OID", "founding: policy of Device Certificates"),
      .value("--organisation-policy", "OID", "founding: policy of Organisation Certificates"),
      .value("--iki-policy", "OID", "founding: policy of IKI Certificates"),
      .value("--dccki-policy", "OID", "founding: policy of DCCKI certificates"),
      .value(
        "--roots-token", "NAME,PATH,LABEL",
        "module and token for the roots' keys; those of the last ceremony without it"),
      .value(
        "--issuing-token", "NAME,PATH,LABEL",
        "module and token for the issuing authorities' keys; likewise"),
    ], example: "smki ceremony plan stock --count 4 --out stock.json"
  ) { invocation in
    let file = try CeremonyPlanning(invocation).file()
    let text = String(decoding: file.octets, as: UTF8.self)
    guard let out = invocation.value("--out") else {
      Terminal.print(text)
      return .done
    }
    try Files.writeNew(out, text)
    let facts = ["ceremony": file.ceremony, "file": out, "sha256": Hex.encode(file.digest)]
    try invocation.show(facts) {
      "\(file.acts.count) acts in \(out), SHA-256 \(Hex.encode(file.digest))"
    }
    return .done
  }
}

/// What the words of `smki ceremony plan` say.
private struct CeremonyPlanning {
  let invocation: Invocation

  init(_ invocation: Invocation) {
    self.invocation = invocation
  }

  private var witnesses: Int {
    get throws {
      try invocation.number("--witnesses", in: 0...20) ?? CeremonyFile.witnessesDefault
    }
  }

  func file() throws -> CeremonyFile {
    let kind = invocation.operands[0]
    guard kind != "founding" else { return try founding() }
    let template = try template()
    let title = invocation.value("--title")
    switch kind {
    case "stock":
      return try template.file(
        kind, title ?? "A stock of Issuing DCAs", witnessesLeast: witnesses,
        try certify(.issuingDCA, template))
    case "issuing":
      let word = try invocation.required("--authority")
      let authority = AuthorityKind(rawValue: word) ?? .issuingDCA
      return try template.file(
        word, title ?? "Further authorities: \(word)", witnessesLeast: witnesses,
        try certify(authority, template))
    case "rekey":
      let word = try invocation.required("--hierarchy")
      guard let hierarchy = AuthorityKind.Hierarchy(rawValue: word) else {
        throw UsageError("--hierarchy is unknown", invocation.command)
      }
      return try template.file(
        "rekey-\(word)", title ?? "Re-key of the \(word) hierarchy", witnessesLeast: witnesses,
        template.rekey(hierarchy))
    case "list":
      let root = try invocation.required("--root")
      return try template.file(
        kind, title ?? "List of authorities revoked by \(root)", witnessesLeast: witnesses,
        template.list(by: root, revoking: try revoked()))
    case "recovery":
      let identifier = try invocation.entity(invocation.required("--identifier"))
      return try template.file(
        kind, title ?? "Recovery key pair", witnessesLeast: witnesses,
        [.makeRecoveryKey(identifier: identifier)])
    case "custody": return try custody(template, title)
    case "ceremony-key":
      return try template.file(
        kind, title ?? "A new ceremony key", witnessesLeast: witnesses, [.makeCeremonyKey])
    default: throw UsageError("\(kind) is no kind of ceremony", invocation.command)
    }
  }

  /// A template with the tokens that were said, or else those of the last ceremony that had any.
  private func template() throws -> Template {
    let folder = invocation.offlineFolder
    let state = try folder.state()
    let files = try state.ceremonies.reversed().map { name in
      try CeremonyFile(
        parsing: Files.read("\(OfflineFolder.papers(name, in: folder.current))/file.json"))
    }
    return try Template(
      state,
      rootsToken: try token("--roots-token") ?? files.lazy.compactMap(\.rootsToken).first,
      issuingToken: try token("--issuing-token") ?? files.lazy.compactMap(\.issuingToken).first)
  }

  private func certify(_ kind: AuthorityKind, _ template: Template) throws -> [Act] {
    let requests = try CeremonyFiles.requests(invocation)
      .map { try CertificationRequest(parsing: $0) }
    let count = try invocation.number("--count", in: 0...99) ?? (requests.isEmpty ? 4 : 0)
    return try template.certify(kind, count: count, requests: requests)
  }

  private func revoked() throws -> [Act.RevokedAuthority] {
    try invocation.values("--revoke").map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      let reason = RevocationReason.allCases.first { $0.name == parts.last }
      guard parts.count == 2, let reason else {
        throw UsageError(
          "--revoke is a serial number, =, and a reason such as superseded", invocation.command)
      }
      return Act.RevokedAuthority(
        serial: try invocation.serial(parts[0]), revoked: SystemClock.now().wholeSecond,
        reason: reason)
    }
  }

  private func custody(_ template: Template, _ title: String?) throws -> CeremonyFile {
    let word = try invocation.required("--vault")
    let vault = Vault(rawValue: word) ?? .root
    let names = invocation.values("--custodian")
    let threshold = try invocation.number("--threshold", in: 2...255)
    return try template.file(
      "custody-\(word)", title ?? "New shares of the \(word) vault", witnessesLeast: witnesses,
      [
        .shareOut(
          vault, threshold: threshold ?? Vault.thresholdDefault, custodians: names)
      ])
  }

  private func founding() throws -> CeremonyFile {
    let isLive = invocation.has("--live")
    let policies = EstateMaking.testPolicies
    func value(_ option: String, _ test: String) throws -> String {
      if let value = invocation.value(option) { return value }
      guard !isLive else {
        throw UsageError("a live estate has no default for \(option)", invocation.command)
      }
      return test
    }
    func identifier(_ option: String, _ test: String) throws -> ObjectIdentifier {
      let text = try value(option, test)
      guard let identifier = ObjectIdentifier(text) else {
        throw UsageError("\(option): \(text) is no object identifier", invocation.command)
      }
      return identifier
    }
    let estate = Estate(
      kind: isLive ? .live : .test, name: try value("--name", "TEST"),
      devicePolicy: try identifier("--device-policy", policies.device),
      organisationPolicy: try identifier("--organisation-policy", policies.organisation),
      ikiPolicy: try identifier("--iki-policy", policies.iki))
    let hasDCCKI = !isLive || invocation.value("--dccki-policy") != nil
    return try CeremonyFile(
      founding: FoundingCeremony(
        estate: estate,
        dcckiPolicy: hasDCCKI ? try identifier("--dccki-policy", policies.dccki) : nil,
        deviceStock: try invocation.number("--count", in: 1...99)
          ?? FoundingCeremony.deviceStockDefault, random: { Random.bytes($0) }),
      ceremony: "founding",
      threshold: try invocation.number("--threshold", in: 2...255) ?? Vault.thresholdDefault,
      custodians: invocation.values("--custodian"), witnessesLeast: witnesses,
      rootsToken: try token("--roots-token"), issuingToken: try token("--issuing-token"))
  }

  private func token(_ option: String) throws -> TokenSetting? {
    guard let text = invocation.value(option) else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, !parts.contains("") else {
      throw UsageError("\(option) is NAME,PATH,LABEL", invocation.command)
    }
    return TokenSetting(module: parts[0], path: parts[1], token: parts[2])
  }
}

extension Invocation {
  /// The offline store that is meant.
  var offlineFolder: OfflineFolder {
    OfflineFolder(value("--offline") ?? folder.offline)
  }
}

/// Files that the commands of ceremonies read.
enum CeremonyFiles {
  /// The requests that were named, DER each.
  static func requests(_ invocation: Invocation) throws -> [[UInt8]] {
    try invocation.values("--request").map { try RequestText.read(Files.read($0)) }
  }

  /// The shares that were named: files, or folders of files.
  static func shares(_ invocation: Invocation) throws -> [ShareFile] {
    var paths: [String] = []
    for path in invocation.values("--share") {
      var isFolder = false
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder {
        paths += try FileManager.default.contentsOfDirectory(atPath: path).sorted()
          .filter { $0.hasSuffix(".share") }.map { "\(path)/\($0)" }
      } else {
        paths.append(path)
      }
    }
    return try paths.map { path in
      do {
        return try ShareFile(path: path)
      } catch let error as KeyError where error.code == .damaged {
        throw Failure.Message(
          .failed, "\(path) is not the file of a key share",
          remedy: "Bring the file that the custodian was given.")
      }
    }
  }
}
