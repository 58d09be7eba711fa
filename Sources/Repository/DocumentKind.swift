// SPDX-License-Identifier: Apache-2.0

package import SEC

/// L5.1(e) to (m), C3-159: what kinds of documents the Repository holds, and who answers for each.
package enum DocumentKind: String, Hashable, Sendable, CaseIterable {
  /// L5.1(e)
  case deviceCertificatePolicy = "device-certificate-policy"
  /// L5.1(f)
  case organisationCertificatePolicy = "organisation-certificate-policy"
  /// L5.1(g): the Registration Authority Policies and Procedures.
  case rapp
  /// L5.1(h)
  case recoveryProcedure = "recovery-procedure"
  /// L5.1(i)
  case compliancePolicy = "compliance-policy"
  /// C3-159-row-11
  case subscriberAgreement = "subscriber-agreement"
  /// C3-159-row-12
  case relyingPartyAgreement = "relying-party-agreement"
  /// L5.1(l): what the SMKI PMA specifies.
  case specifiedByPMA = "pma-specified"
  /// L5.1(m): what the DCC considers appropriate.
  case chosenByDCC = "dcc-chosen"

  /// L9.12, L9.18: what certification practice statements are called; they are between the DCC and
  /// the SMKI PMA and are never in the Repository.
  package static let practiceStatements: Set = [
    "certification-practice-statement", "cps", "device-cps", "organisation-cps", "iki-cps",
  ]

  /// The kind of that name.
  ///
  /// - Throws: `document-confidential`, `document-form`.
  package init(named name: String) throws(Refusal) {
    guard !Self.practiceStatements.contains(name) else { throw .documentConfidential(name) }
    guard let kind = Self(rawValue: name) else {
      throw .documentForm("kind", Self.allCases.map(\.rawValue).joined(separator: ", "), name)
    }
    self = kind
  }

  /// Who must lodge it, or may when nobody must.
  package enum Lodger: String, Hashable, Sendable {
    case dcc
    /// L5.10: what the SMKI PMA must lodge, and what it considers appropriate.
    case pma
  }

  /// L5.7, C3-159: whose duty the lodging is.
  package var lodger: Lodger {
    switch self {
    case .deviceCertificatePolicy, .organisationCertificatePolicy, .compliancePolicy,
      .subscriberAgreement, .relyingPartyAgreement, .specifiedByPMA:
      .pma
    case .rapp, .recoveryProcedure, .chosenByDCC: .dcc
    }
  }

  /// What it is called where its incorporation is reported (L5.7).
  package var shortTitle: String {
    switch self {
    case .deviceCertificatePolicy: "Device CP"
    case .organisationCertificatePolicy: "Organisation CP"
    case .rapp: "RAPP"
    case .recoveryProcedure: "Recovery Procedure"
    case .compliancePolicy: "Compliance Policy"
    case .subscriberAgreement: "Subscriber Agreement"
    case .relyingPartyAgreement: "Relying Party Agreement"
    case .specifiedByPMA: "PMA document"
    case .chosenByDCC: "DCC document"
    }
  }

  /// The rule by which it is in the Repository.
  package var clause: Clause {
    switch self {
    case .deviceCertificatePolicy: "L5.1(e)"
    case .organisationCertificatePolicy: "L5.1(f)"
    case .rapp: "L5.1(g)"
    case .recoveryProcedure: "L5.1(h)"
    case .compliancePolicy: "L5.1(i)"
    case .subscriberAgreement: "C3-159-row-11"
    case .relyingPartyAgreement: "C3-159-row-12"
    case .specifiedByPMA: "L5.1(l)"
    case .chosenByDCC: "L5.1(m)"
    }
  }

  /// L5.1(l), L5.1(m): whether a reason has to be named: an instruction, or why it is appropriate.
  package var needsReason: Bool { self == .specifiedByPMA || self == .chosenByDCC }
}
