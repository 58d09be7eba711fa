// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Repository
import SEC
import Service

extension Command {
  private static let kind = Option.required(
    "--kind", "KIND", "what it is", words: DocumentKind.allCases.map(\.rawValue))
  private static let reason = Option.value(
    "--reason", "TEXT",
    "the PMA's instruction or the DCC's reason; for whom it is lodged, after which check")

  static let documentLodge = Command(
    name: "document lodge", summary: "lodge a version of a document in the Repository",
    notes: """
      A version that was lodged never changes; the same file again is answered as the first time. \
      The Secretariat lodges for the SMKI PMA with --lodger secretariat, an operator for the DCC. \
      At the request of an ARO of the PMA an operator lodges with --call: the call to the Service \
      Desk (smki desk log) in which the ARO was identified (P3-1.3-lodging).
      """,
    options: [
      .required("--kind", "KIND", "what it is: see smki document kinds"),
      .required("--version", "VERSION", "the version as the document names it"),
      .required("--title", "TEXT", "its title"),
      .required("--file", "FILE", "the document: .pdf, .html, .md or .txt"),
      reason,
      .value(
        "--lodger", "ROLE", "in which role, operator by default",
        words: [Actor.Role.operatorOfSystem, .secretariat].map(\.rawValue)),
      .value("--call", "NUMBER", "the call in which an ARO of the PMA asked for it"),
    ],
    example: "smki document lodge --kind rapp --version 4.0 --title 'SMKI RAPP' --file rapp.pdf"
  ) { invocation in
    let file = try invocation.required("--file")
    let call = try invocation.value("--call").map { text in
      guard let number = Int(text) else {
        throw UsageError("--call takes a number", invocation.command)
      }
      return number
    }
    let document = try Channel(invocation: invocation).perform(
      LodgeDocument(
        kind: invocation.required("--kind"), version: invocation.required("--version"),
        title: invocation.required("--title"),
        fileEnding: String(file.split(separator: ".").last ?? ""),
        reason: invocation.value("--reason") ?? "",
        lodger: invocation.value("--lodger") ?? Actor.Role.operatorOfSystem.rawValue, call: call,
        document: Data(try Files.read(file))))
    try invocation.show(document) {
      "lodged \(document.kind) \(document.version), \(Table.count(document.octets, "octet")), "
        + "SHA-256 \(document.sha256)"
        + (document.proxy.map {
          ", for \($0.person) of \($0.party) (call \($0.call), \($0.check))"
        } ?? "")
    }
    return .done
  }

  static let documentKinds = Command(
    name: "document kinds", summary: "list the kinds of documents, and who lodges each",
    options: [], example: "smki document kinds"
  ) { invocation in
    let rows = DocumentKind.allCases.map {
      KindRow(kind: $0.rawValue, clause: $0.clause.id, lodger: $0.lodger.rawValue)
    }
    try invocation.show(rows) {
      Table(
        headings: ["kind", "clause", "lodged by"],
        rows: rows.map { [$0.kind, $0.clause, $0.lodger] }
      ).text()
    }
    return .done
  }

  static let documentList = Command(
    name: "document list", summary: "list the documents of the Repository, every version",
    options: [
      .value(
        "--kind", "KIND", "only these", words: DocumentKind.allCases.map(\.rawValue))
    ], example: "smki document list --kind rapp"
  ) { invocation in
    let kind = invocation.value("--kind")
    let rows = try Library(records: Opening(invocation).records).documents()
      .map(LodgedDocument.init).filter { kind == nil || $0.kind == kind }
    try invocation.show(rows) {
      Table(
        headings: ["kind", "version", "title", "octets", "lodged", "by"],
        rows: rows.map {
          [
            $0.kind, $0.version, $0.title, "\($0.octets)", String($0.lodged.prefix(10)),
            $0.lodgedBy,
          ]
        }
      ).text()
    }
    return .done
  }

  static let documentGet = Command(
    name: "document get", summary: "write a version of a document to a file",
    notes: "Who reads which document for which purpose stands in the audit (L5.11).",
    options: [
      kind, .value("--version", "VERSION", "the latest by default"),
      .required("--purpose", "TEXT", "the Code purpose of reading"),
      .required("--out", "FILE", "where it is written"),
    ],
    example: "smki document get --kind rapp --purpose 'review of section 8' --out rapp.pdf"
  ) { invocation in
    let answer = try Channel(invocation: invocation).perform(
      ReadDocument(
        kind: invocation.required("--kind"), version: invocation.value("--version"),
        purpose: invocation.required("--purpose")))
    let file = try invocation.required("--out")
    try Files.writeNew(file, Array(answer.octets))
    try invocation.show(answer.document) {
      "\(answer.document.kind) \(answer.document.version) in \(file)"
    }
    return .done
  }
}

/// A kind of document, as it is shown.
private struct KindRow: Encodable {
  let kind: String
  let clause: String
  let lodger: String
}
