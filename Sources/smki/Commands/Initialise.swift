// SPDX-License-Identifier: Apache-2.0

import DER
import Audit
import Authority
import FoundationEssentials
import Glibc
import Keys
import SEC
import Service

extension Command {
  /// Makes an estate.
  static let initialise = Command(
    name: "init", summary: "make an estate: roots, issuing authorities, records, keys",
    notes: """
      A test estate has defaults for everything and writes its passphrase into its folder. A live \
      estate has none: name, policies and officer are given, and the passphrase is handed over \
      or asked for.
      """,
    options: [
      .flag("--test", "a test estate, whose certificates mean nothing outside it"),
      .flag("--live", "a live estate"),
      .flag("--samples", "with three sample parties and their credentials; a test estate only"),
      .value("--name", "NAME", "the estate's name: letters, digits and hyphens; TEST by default"),
      .value("--stock", "N", "Issuing DCAs certified ahead of need, 1 to 99; 4 by default"),
      .value("--device-policy", "OID", "policy identifier of Device Certificates"),
      .value("--organisation-policy", "OID", "policy identifier of Organisation Certificates"),
      .value("--iki-policy", "OID", "policy identifier of IKI Certificates"),
      .value(
        "--dccki-policy", "OID",
        "policy identifier of DCCKI certificates; a live estate has no DCCKI without one"),
      .value(
        "--store", "ADDRESS",
        "PostgreSQL server for the records, postgresql://…; by default a file in the folder"),
      .value(
        "--package", "FILE",
        "found the estate from the package of a ceremony; its keys are in keys of the folder"),
      .value("--ceremony-key", "FILE", "the key that signed the package, ceremony.vkey"),
      .value("--officer", "NAME", "the name under which this user acts"),
      Passphrase.option,
      .value("--module", "PATH", "make the keys in a module: the file of its PKCS #11 code"),
      .value("--module-name", "NAME", "the module's name in the register; hsm by default"),
      .value("--token", "LABEL", "the token for the issuing authorities' keys"),
      .value(
        "--root-token", "LABEL", "and the token for the roots' keys; a live estate must have one"),
      PIN.option,
    ], example: "smki init --test --samples --estate var"
  ) { invocation in
    if let path = invocation.value("--package") {
      return try Founder(invocation, package: path).foundFromPackage()
    }
    let estate = try Founder(invocation).estate()
    let making = EstateMaking(
      folder: invocation.folder, estate: estate,
      dcckiPolicy: try Founder(invocation).dcckiPolicy(),
      deviceStock: try invocation.number("--stock", in: 1...99) ?? 4,
      configuration: try Founder(invocation).configuration(of: estate),
      withSamples: invocation.has("--samples"),
      pin: try invocation.value("--module").map { _ in
        HeldPIN(try PIN.read(invocation, for: estate.kind))
      },
      progress: { if Terminal.isWatched { Terminal.complain($0) } })
    try making.run(passphrase: try Founder(invocation).passphrase(for: estate))
    try Founder(invocation).show(estate)
    return .done
  }
}

/// What the words of `smki init` say about the estate that is to be made.
private struct Founder {
  let invocation: Invocation
  /// What a ceremony handed over, or nil where the ceremony is part of this.
  private let package: (octets: [UInt8], key: NoteKey)?

  /// The words with a package, which says what the estate is.
  init(_ invocation: Invocation, package path: String) throws {
    self.invocation = invocation
    guard let key = try AuditKey.readAll(invocation.required("--ceremony-key")).first else {
      throw UsageError("--ceremony-key holds no key", invocation.command)
    }
    package = (try Files.read(path), key)
  }

  init(_ invocation: Invocation) throws {
    self.invocation = invocation
    package = nil
    guard invocation.has("--test") != invocation.has("--live") else {
      throw UsageError("either --test or --live is needed", invocation.command)
    }
    if isLive, invocation.has("--samples") {
      throw UsageError("a live estate has no sample parties", invocation.command)
    }
  }

  private var isLive: Bool { invocation.has("--live") }

  /// Founds the estate of a package, whose keys were made on line in the same folder.
  func foundFromPackage() throws -> ExitCode {
    guard let package else { return .usage }
    let checked = try CheckedPackage(founding: package.octets, key: package.key)
    let estate = checked.manifest.estate.estate
    let making = EstateMaking(
      folder: invocation.folder, estate: estate,
      dcckiPolicy: checked.manifest.estate.dcckiPolicy, deviceStock: 1,
      configuration: try configuration(of: estate), withSamples: false, pin: nil,
      progress: { _ in })
    let passphrase = try Passphrase.read(invocation, for: estate.kind)
    try making.found(checked, passphrase: passphrase)
    try show(estate)
    return .done
  }

  func estate() throws -> Estate {
    let name = try value("--name", "TEST")
    let isName = name.utf8.allSatisfy {
      (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45
    }
    guard (1...32).contains(name.utf8.count), isName else {
      throw UsageError("--name is 1 to 32 letters, digits and hyphens", invocation.command)
    }
    let policies = EstateMaking.testPolicies
    return Estate(
      kind: isLive ? .live : .test, name: name,
      devicePolicy: try identifier("--device-policy", policies.device),
      organisationPolicy: try identifier("--organisation-policy", policies.organisation),
      ikiPolicy: try identifier("--iki-policy", policies.iki))
  }

  /// The policy of the DCCKI; a live estate has none unless it is said.
  func dcckiPolicy() throws -> ObjectIdentifier? {
    guard !isLive || invocation.value("--dccki-policy") != nil else { return nil }
    return try identifier("--dccki-policy", EstateMaking.testPolicies.dccki)
  }

  private func identifier(_ option: String, _ test: String) throws -> ObjectIdentifier {
    let text = try value(option, test)
    guard let identifier = ObjectIdentifier(text) else {
      throw UsageError("\(option): \(text) is no object identifier", invocation.command)
    }
    return identifier
  }

  /// What was said, or the default of a test estate; a live one has none.
  private func value(_ option: String, _ test: String) throws -> String {
    if let value = invocation.value(option) { return value }
    guard !isLive else {
      throw UsageError("a live estate has no default for \(option)", invocation.command)
    }
    return test
  }

  private func store() throws -> String? {
    guard let store = invocation.value("--store") else { return nil }
    guard store.hasPrefix("postgresql://") || store.hasPrefix("postgres://") else {
      throw UsageError("--store begins with postgresql://", invocation.command)
    }
    return store
  }

  func configuration(of estate: Estate) throws -> Configuration {
    var configuration = Configuration(estate: estate.name)
    if let (online, roots) = try modules() {
      configuration.modules = [online]
      configuration.rootModule = roots
    }
    if estate.kind == .live {
      configuration.doors.repositoryPlain = nil
    } else {
      configuration.servicesStart = String(SystemClock.now().rfc3339.prefix(10))
      // Who tries a batch wants its end today.
      configuration.batches.automaticApproval = true
      configuration.batches.windowOpens = "00:00"
      configuration.batches.windowCloses = "00:00"
    }
    configuration.store = try store()
    let user = unsafe getpwuid(getuid()).map { unsafe String(cString: $0.pointee.pw_name) }
    let officer = try value("--officer", user ?? "user \(getuid())")
    configuration.officers = [
      Configuration.Officer(
        user: getuid(), name: officer,
        roles: [
          Actor.Role.registrationOfficer.rawValue, Actor.Role.operatorOfSystem.rawValue,
          Actor.Role.secretariat.rawValue,
        ])
    ]
    // One person can try everything; in a live estate each officer is a user of the machine.
    if estate.kind == .test {
      configuration.officers.append(
        Configuration.Officer(
          user: getuid(), name: EstateMaking.secondOfficer,
          roles: [Actor.Role.registrationOfficer.rawValue]))
    }
    return configuration
  }

  /// The module of the issuing authorities, and that of the roots; two tokens, so that a node
  /// never opens the roots' (C3-74-1).
  private func modules() throws -> (HardwareModule, HardwareModule?)? {
    guard let path = invocation.value("--module") else {
      guard invocation.value("--token") == nil, invocation.value("--root-token") == nil else {
        throw UsageError("--token goes with --module", invocation.command)
      }
      return nil
    }
    let name = invocation.value("--module-name") ?? "hsm"
    let token = try invocation.required("--token")
    let rootToken = invocation.value("--root-token")
    guard rootToken != token else {
      throw UsageError("--root-token is another token than --token", invocation.command)
    }
    guard rootToken != nil || !isLive else {
      throw UsageError("a live estate has its roots in a token: --root-token", invocation.command)
    }
    return (
      HardwareModule(name: name, path: path, tokens: [token]),
      rootToken.map { HardwareModule(name: "\(name)-roots", path: path, tokens: [$0]) }
    )
  }

  /// A live estate's is handed over; a test estate's is made, and lies in its folder.
  func passphrase(for estate: Estate) throws -> Secret {
    guard estate.kind == .test, invocation.value("--passphrase-fd") == nil else {
      return try Passphrase.read(invocation, for: .live, isNew: true)
    }
    let file = invocation.folder.passphrase
    guard !FileManager.default.fileExists(atPath: file) else {
      return try Secret(readingFile: file)
    }
    try Files.makeFolder(invocation.folder.path)
    let text = Hex.encode(Random.bytes(EstateMaking.passphraseOctets)).lowercased()
    try Files.writeNew(file, text + "\n", secret: true)
    return try Secret(readingFile: file)
  }

  func show(_ estate: Estate) throws {
    let folder = invocation.folder
    let facts = [
      "estate": estate.name, "kind": estate.kind.rawValue, "folder": folder.path,
      "passphrase": invocation.value("--passphrase-fd") == nil && !isLive
        ? folder.passphrase : "",
    ]
    try invocation.show(facts) {
      var lines = ["\(estate.kind.rawValue) estate \(estate.name) in \(folder.path)"]
      if !isLive, invocation.value("--passphrase-fd") == nil {
        lines.append(
          "TEST ESTATE: "
            + (invocation.value("--module") == nil
              ? "its keys are software keys, and their passphrase lies beside them in "
              : "the passphrase that opens its PINs and other keys lies in ")
            + folder.passphrase)
      }
      return lines.joined(separator: "\n")
    }
  }
}
