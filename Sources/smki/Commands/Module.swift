// SPDX-License-Identifier: Apache-2.0

import Authority
import Glibc
import Keys
import Records
import SEC
import Service

extension Command {
  private static let module = Option.required(
    "--module", "NAME", "name of the component; estate.json names modules by it")

  static let moduleAdd = Command(
    name: "module add",
    summary: "enter a cryptographic module, or a part that affects supply, in the register",
    notes: """
      A live estate uses a key only while its module stands here with owner dcc and a certificate \
      of FIPS 140-2 or 140-3 level 3 or more (C3-190-1). Entering it again changes the record.
      """,
    options: [
      module,
      .value("--owner", "PARTY", "identifier of the party; dcc by default"),
      .value(
        "--kind", "KIND", "what it is; cryptographic-module by default",
        words: CryptographicModule.Kind.allCases.map(\.rawValue)),
      .required("--function", "TEXT", "what it is for"),
      .required("--location", "TEXT", "where it stands"),
      .required("--country", "CODE", "the country in two letters, such as GB"),
      .flag("--affects-supply", "it can affect the supply of energy to premises (C3-187)"),
      .value(
        "--standard", "STANDARD", "the standard of its certificate; none by default",
        words: CryptographicModule.Standard.allCases.map(\.rawValue)),
      .value("--level", "N", "the level of its certificate, 1 to 4"),
      .value("--certificate", "NUMBER", "the number of its certificate"),
      .value("--assessment", "TEXT", "the risk assessment that it rests on (C3-190-2)"),
    ],
    example: "smki module add --module hsm-a --function 'issuing authorities' "
      + "--location 'Hall 1, Reading' --country GB --standard fips-140-2 --level 3 "
      + "--certificate 4153"
  ) { invocation in
    var request = AddModule()
    request.module = try invocation.required("--module")
    request.owner = invocation.value("--owner") ?? request.owner
    request.kind = invocation.value("--kind") ?? request.kind
    request.function = try invocation.required("--function")
    request.location = try invocation.required("--location")
    request.country = try invocation.required("--country")
    request.affectsSupply = invocation.has("--affects-supply")
    request.standard = invocation.value("--standard") ?? request.standard
    request.level = try invocation.number("--level", in: 0...4) ?? 0
    request.certificate = invocation.value("--certificate") ?? ""
    request.assessment = invocation.value("--assessment") ?? ""
    return try invocation.perform(request)
  }

  static let moduleAttest = Command(
    name: "module attest", summary: "record where something about a component is done",
    options: [
      module,
      .required(
        "--activity", "ACTIVITY", "what is attested",
        words: ModuleAttestation.Activity.allCases.map(\.rawValue)),
      .flag("--outside", "it is not done in the United Kingdom"),
      .required("--evidence", "TEXT", "what shows it: the number of a report or letter"),
    ],
    example: "smki module attest --module hsm-a --activity maintained --evidence LETTER-9"
  ) { invocation in
    try invocation.perform(
      AttestModule(
        module: invocation.required("--module"), activity: invocation.required("--activity"),
        isInUK: !invocation.has("--outside"), evidence: invocation.required("--evidence")))
  }

  static let moduleList = Command(
    name: "module list", summary: "list the register of modules, and what is wrong or missing",
    example: "smki module list --json"
  ) { invocation in
    let rows = try ModuleRegister.all(in: Opening(invocation).records).map(ModuleRow.init)
    try invocation.show(rows) {
      Table(
        headings: ["module", "owner", "kind", "certificate", "location", "attested", "wrong"],
        rows: rows.map {
          [
            $0.module, $0.owner, $0.kind,
            $0.level == 0 ? "-" : "\($0.standard) level \($0.level), \($0.certificate)",
            "\($0.location), \($0.country)", $0.attested.joined(separator: " "),
            $0.flags.isEmpty ? "-" : $0.flags.joined(separator: "; "),
          ]
        }
      ).text()
    }
    return .done
  }

  static let moduleCheck = Command(
    name: "module check", summary: "ask each token now whether its keys can be used",
    notes: "Ends with 4 when one cannot be used.",
    example: "smki module check"
  ) { invocation in
    let found = try Channel(invocation: invocation).perform(CheckModules())
    try invocation.show(found) {
      Table(
        headings: ["module", "token", "state", "keys"],
        rows: found.map {
          [
            $0.module, $0.token, $0.isUp ? "up" : "down: \($0.fault)",
            $0.keys.isEmpty ? "none" : $0.keys.joined(separator: " "),
          ]
        }
      ).text()
    }
    return found.allSatisfy(\.isUp) ? .done : .faults
  }

  static let modulePIN = Command(
    name: "module pin", summary: "hand over the PIN of a token; no node may serve meanwhile",
    notes: """
      It is kept in the estate's key store, sealed as the keys are, so that one passphrase opens \
      all. It comes from --pin-fd, the service manager's credential smki-pin, the file pin of a \
      test estate, or the terminal.
      """,
    options: [
      .required("--module", "NAME", "name of the module in estate.json"),
      .required("--token", "LABEL", "label of the token"), PIN.option, Passphrase.option,
    ], example: "smki module pin --module hsm-a --token ca"
  ) { invocation in
    let node = try Opening.node(invocation, log: .silent)
    defer { node.stop() }
    let officer = try Control.officer(getuid(), in: .operatorOfSystem, of: node.configuration)
    try node.keepPIN(
      PIN.read(invocation, for: node.estate.kind), module: invocation.required("--module"),
      token: invocation.required("--token"), by: officer)
    try invocation.show(["officer": officer.name]) { "kept; done by \(officer.name)" }
    return .done
  }

  static let authorityRetire = Command(
    name: "authority retire",
    summary: "take an issuing authority off line for good; the next of the stock takes over",
    options: [.required("--authority", "N", "its number, as authority list shows it")],
    example: "smki authority retire --authority 5"
  ) { invocation in
    guard let number = try invocation.number("--authority", in: 1...1_000_000) else {
      throw UsageError("--authority is a number", invocation.command)
    }
    return try invocation.perform(RetireAuthority(authority: number))
  }
}

/// A component of the register in one line.
private struct ModuleRow: Encodable {
  let module: String
  let owner: String
  let kind: String
  let function: String
  let location: String
  let country: String
  let affectsSupply: Bool
  let standard: String
  let level: Int
  let certificate: String
  let assessment: String
  let attested: [String]
  let flags: [String]

  init(_ standing: ModuleStanding) {
    let module = standing.module
    self.module = module.name
    owner = module.owner
    kind = module.kind.rawValue
    function = module.function
    location = module.location
    country = module.country
    affectsSupply = module.affectsSupply
    standard = module.standard.rawValue
    level = module.level
    certificate = module.certificate
    assessment = module.assessment
    attested = standing.attestations.filter(\.isInUK).map(\.activity.rawValue)
    flags = standing.flags
  }
}
