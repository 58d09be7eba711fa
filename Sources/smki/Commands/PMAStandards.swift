// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import FoundationEssentials
import Governance
import Keys
import Records
import SEC
import Service

/// L1.21 to L1.24, and the signatures under decisions.
extension Command {
  private static let standardName = Option.required("--standard", "NAME", "the standard")
  private static let standardVersion = Option.required("--version", "VERSION", "which version")

  static let pmaStandards = Command(
    name: "pma standards",
    summary: "list the standards that the Code asks for, and what is good enough on a day",
    options: [.value("--on", "DAY", "on a day, YYYY-MM-DD; today by default")],
    example: "smki pma standards --on 2031-01-01"
  ) { invocation in
    let day = try invocation.day("--on")
    let all = try Standards(records: Opening(invocation).records).all()
    let rows = Dictionary(grouping: all, by: \.name).sorted { $0.key < $1.key }.flatMap {
      Standard.statuses(of: $0.value, on: day).map { StandardRow($0.standard, $0.status) }
    }
    try invocation.show(rows) {
      Table(
        headings: [
          "standard", "version", "issuer", "asked for by", "status", "alone from", "published",
        ],
        rows: rows.map {
          [
            $0.standard, $0.version, $0.issuer, $0.obligation, $0.status, $0.from ?? "-",
            $0.published ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let pmaStandard = Command(
    name: "pma standard",
    summary: "enter a version of a standard, or that it ended or is published",
    notes: "A version that --follows another opens the PMA's duty to set a day (L1.23); it is set "
      + "by a vote of kind standard-date.",
    options: [
      standardName, standardVersion, dayOption,
      .value("--issuer", "NAME", "the third party that issues it"),
      .value("--obligation", "TEXT", "the document, and its part, that asks for it"),
      .value("--follows", "VERSION", "the version that it replaces"),
      .flag("--discontinued", "its issuer has ended it"),
      .flag("--published", "it was put on the Website (L1.21)"),
    ],
    example: "smki pma standard --standard 'BS 7858' --version 2019 --issuer BSI --obligation "
      + "'RAPP 5.3' --follows 2012"
  ) { invocation in
    let name = try invocation.required("--standard")
    let version = try invocation.required("--version")
    let day = invocation.value("--day")
    let act: PMABusiness.Act =
      if invocation.has("--published") {
        .publishStandard(name: name, version: version)
      } else if invocation.has("--discontinued") {
        .discontinue(name: name, version: version, day: day)
      } else {
        .standard(
          name: name, version: version, issuer: invocation.value("--issuer") ?? "",
          obligation: invocation.value("--obligation") ?? "",
          follows: invocation.value("--follows") ?? "", day: day)
      }
    return try invocation.perform(PMABusiness(act))
  }

  static let pmaAppeal = Command(
    name: "pma appeal", summary: "enter an appeal against the day of a standard, or its decision",
    options: [
      standardName, standardVersion,
      .value("--by", "NAME", "who appeals"),
      .value(
        "--capacity", "WHAT", "as what",
        words: StandardAppeal.Capacity.allCases.map(\.rawValue)),
      .value("--grounds", "TEXT", "why"),
      .value("--decision", "TEXT", "the Panel's minute, which decides it"),
      .value("--from", "DAY", "the other day that the Panel gave, YYYY-MM-DD"),
    ],
    example: "smki pma appeal --standard 'BS 7858' --version 2019 --by DCC --capacity dcc "
      + "--grounds 'the module is not certified yet'"
  ) { invocation in
    let name = try invocation.required("--standard")
    let version = try invocation.required("--version")
    guard let decision = invocation.value("--decision") else {
      return try invocation.perform(
        PMABusiness(
          .appeal(
            name: name, version: version, appellant: invocation.value("--by") ?? "",
            capacity: invocation.value("--capacity") ?? "",
            grounds: invocation.value("--grounds") ?? "")))
    }
    return try invocation.perform(
      PMABusiness(
        .decideAppeal(
          name: name, version: version, newDay: invocation.value("--from"), evidence: decision)))
  }

  static let pmaCredential = Command(
    name: "pma credential", summary: "enter with which credential a Member signs decisions",
    options: [
      personOption, .required("--serial", "SERIAL", "serial number of the IKI certificate"),
    ], example: "smki pma credential --person ada --serial 4100001A1FC6B4528A3221BD54F20CEE"
  ) { invocation in
    try invocation.perform(
      PMABusiness(
        .credential(
          person: invocation.required("--person"), serial: invocation.required("--serial"))))
  }

  static let pmaStatement = Command(
    name: "pma statement", summary: "print what Members sign under a decision",
    options: [.required("--vote", "NUMBER", "number of the vote")],
    example: "smki pma statement --vote 2031-04-1"
  ) { invocation in
    let opening = try Opening(invocation)
    let votes = Votes(records: opening.records, rules: opening.configuration.proceedings)
    let text = try votes.statement(of: invocation.required("--vote"))
    try invocation.show(["statement": text]) { String(text.dropLast()) }
    return .done
  }

  static let pmaSign = Command(
    name: "pma sign", summary: "enter a Member's signature under a decision",
    notes: "With --key the signature is made here, by the key that belongs to the credential. "
      + "Otherwise: openssl dgst -sha256 -sign KEY over what smki pma statement prints.",
    options: [
      .required("--vote", "NUMBER", "number of the vote"), personOption,
      .value("--signature", "FILE", "the signature"),
      .value("--key", "FILE", "the Member's private key, in PEM; it does not leave this command"),
    ], example: "smki pma sign --vote 2031-04-1 --person ada --key ada.key"
  ) { invocation in
    let vote = try invocation.required("--vote")
    let signature: [UInt8]
    switch (invocation.value("--signature"), invocation.value("--key")) {
    case (let file?, nil): signature = try Files.read(file)
    case (nil, let file?):
      let opening = try Opening(invocation)
      let statement = try Votes(records: opening.records).statement(of: vote)
      opening.records.close()
      signature = try SoftwareKey(readingPEM: file).sign(Array(statement.utf8))
    default: throw UsageError("give --signature or --key", invocation.command)
    }
    return try invocation.perform(
      PMABusiness(
        .sign(
          vote: vote, person: invocation.required("--person"), signature: Data(signature))))
  }

  static let pmaProof = Command(
    name: "pma proof", summary: "print the proof that a decision is in the audit",
    notes: "Anybody checks it without the estate: smki pma check-proof, Scripts/check-proof.py.",
    options: [
      .required("--vote", "NUMBER", "number of the vote"),
      .value("--out", "FILE", "write the proof there"),
    ], example: "smki pma proof --vote 2031-04-1 --out proof.json"
  ) { invocation in
    let opening = try Opening(invocation)
    let votes = Votes(records: opening.records, rules: opening.configuration.proceedings)
    let proof: DecisionProof
    do {
      proof = try DecisionProof.make(
        invocation.required("--vote"), votes: votes, records: opening.records,
        key: AuditKey.read(opening.folder.auditKey))
    } catch ProofError.notYetSigned {
      throw Failure.Message(
        .unavailable, "no signed checkpoint covers the decision yet",
        remedy: "Have one signed: smki audit checkpoint.")
    }
    let text = String(decoding: try proof.encoded(), as: UTF8.self)
    guard let file = invocation.value("--out") else {
      Terminal.print(text)
      return .done
    }
    try Files.writeNew(file, text + "\n")
    try invocation.show(["file": file]) { "proof in \(file)" }
    return .done
  }
}

private struct StandardRow: Encodable {
  let standard: String
  let version: String
  let issuer: String
  let obligation: String
  let follows: String
  let status: String
  let isAccepted: Bool
  let from: String?
  let vote: String
  let published: String?

  init(_ standard: Standard, _ status: Standard.Status) {
    self.standard = standard.name
    version = standard.version
    issuer = standard.issuer
    obligation = standard.obligation
    follows = standard.follows
    self.status = status.rawValue
    isAccepted = status != .superseded
    from = standard.applies?.description
    vote = standard.vote
    published = standard.published?.description
  }
}
