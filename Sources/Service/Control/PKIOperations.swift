// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
package import SEC

/// L1.17(q): registers the PKI of a SMETS1 Service Provider, which issues nothing here.
package struct RegisterPKI: ControlRequest {
  /// What it is called, and who runs it.
  package let id: String
  package let provider: String

  package static let name = "pki-add"
  package static let role = Actor.Role.operatorOfSystem

  /// A PKI to be registered.
  package init(id: String, provider: String) {
    self.id = id
    self.provider = provider
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try PKIRegister(records: node.records).add(id, of: provider, at: node.clock(), by: officer)
    return Done(by: officer)
  }
}

/// L1.17(r): lodges a version of a document that governs a registered PKI.
package struct LodgePKIDocument: ControlRequest {
  /// The PKI, the document as `PKIDocument.Kind` writes it, its version, and its SHA-256.
  package let id: String
  package let document: String
  package let version: String
  package let sha256: String

  package static let name = "pki-lodge"
  package static let role = Actor.Role.operatorOfSystem

  /// A document to be lodged.
  package init(id: String, document: String, version: String, sha256: String) {
    self.id = id
    self.document = document
    self.version = version
    self.sha256 = sha256
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try PKIRegister(records: node.records).lodge(
      Control.word(document, PKIDocument.Kind.init, "document"), version: version,
      digest: Control.word(sha256, { Hex.decode($0) }, "sha256"), of: id, at: node.clock(),
      by: officer)
    return Done(by: officer)
  }
}

/// L1.17(p): records what the PMA made of a Certification Practice Statement.
package struct DecidePKIDocument: ControlRequest {
  /// The PKI, the version, the outcome as `PKIDocument.Outcome` writes it, and what shows it.
  package let id: String
  package let version: String
  package let outcome: String
  package let evidence: String

  package static let name = "pki-decide"
  package static let role = Actor.Role.operatorOfSystem

  /// An outcome to be recorded.
  package init(id: String, version: String, outcome: String, evidence: String) {
    self.id = id
    self.version = version
    self.outcome = outcome
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try PKIRegister(records: node.records).decide(
      Control.word(outcome, PKIDocument.Outcome.init, "outcome"), on: version, of: id,
      evidence: evidence, at: node.clock(), by: officer)
    return Done(by: officer)
  }
}
