// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Keys
import SEC
import Service

extension Command {
  private static let pki = Option.required("--pki", "NAME", "what the PKI is called")

  static let pkiAdd = Command(
    name: "pki add", summary: "register a PKI that issues nothing here, such as an S1SPKI",
    options: [pki, .required("--provider", "NAME", "the SMETS1 Service Provider that runs it")],
    example: "smki pki add --pki s1spki-north --provider 'North S1SP Ltd'"
  ) { invocation in
    try invocation.perform(
      RegisterPKI(
        id: invocation.required("--pki"), provider: invocation.required("--provider")))
  }

  static let pkiLodge = Command(
    name: "pki lodge", summary: "lodge a version of a document that governs a registered PKI",
    operands: [Operand(name: "FILE", summary: "the document; its SHA-256 is kept")],
    options: [
      pki,
      .required(
        "--document", "KIND", "which document",
        words: PKIDocument.Kind.allCases.map(\.rawValue)),
      .required("--version", "TEXT", "its version"),
    ],
    example: "smki pki lodge --pki s1spki-north --document cps --version 1.0 cps.pdf"
  ) { invocation in
    let digest = Digest.sha256(try Files.read(invocation.operands[0]))
    return try invocation.perform(
      LodgePKIDocument(
        id: invocation.required("--pki"), document: invocation.required("--document"),
        version: invocation.required("--version"), sha256: Hex.encode(digest)))
  }

  static let pkiDecide = Command(
    name: "pki decide",
    summary: "record what the PMA made of a registered PKI's practice statement",
    notes: "Approved, or determined not to reject, it may be used; rejected it never is.",
    options: [
      pki, .required("--version", "TEXT", "its version"),
      .required(
        "--outcome", "OUTCOME", "the outcome",
        words: PKIDocument.Outcome.allCases.map(\.rawValue)),
      .required("--evidence", "TEXT", "the decision, and amendments that were directed"),
    ],
    example: "smki pki decide --pki s1spki-north --version 1.0 --outcome approved "
      + "--evidence PMA-2031-04"
  ) { invocation in
    try invocation.perform(
      DecidePKIDocument(
        id: invocation.required("--pki"), version: invocation.required("--version"),
        outcome: invocation.required("--outcome"),
        evidence: invocation.required("--evidence")))
  }
}
