// SPDX-License-Identifier: Apache-2.0

package import SEC

/// A document that the PMA answers for: its letter, its title and the sets that it belongs to.
package struct CodeDocument: Hashable, Sendable {
  /// A set of documents that a rule speaks of.
  package enum DocumentSet: String, Hashable, Sendable, CaseIterable {
    /// L9.4: what a modification changes.
    case smkiSEC = "smki-sec"
    /// L9.3: the former and the Certification Practice Statements.
    case smki
    /// M4-docset-refs: Section L has its definition elsewhere.
    case dccki
    /// L1.17(q): the document set of the SMETS1 key infrastructure.
    case s1spkm

    /// The rule that defines it.
    package var clause: Clause {
      switch self {
      case .smkiSEC: "L9.4"
      case .smki: "L9.3"
      case .dccki: "M4-docset-refs"
      case .s1spkm: "L1.17(q)"
      }
    }
  }

  /// Appendix letter of the Code; empty for what is no appendix.
  package let appendix: String
  package let title: String
  /// What else it is called.
  package let shortTitle: String
  package let sets: Set<DocumentSet>
  package let clause: Clause
  /// The first edition in which it is in its sets.
  package let since: Edition
  /// The rule by which the PMA looks at it again after each change; nil where none says so.
  package let reviewedUnder: Clause?

  private init(
    _ appendix: String, _ title: String, _ shortTitle: String, _ clause: Clause,
    _ sets: Set<DocumentSet>, since: Edition = .y2013, reviewed: Clause? = nil
  ) {
    self.appendix = appendix
    self.title = title
    self.shortTitle = shortTitle
    self.clause = clause
    self.sets = sets
    self.since = since
    reviewedUnder = reviewed
  }

  private static let code: Set<DocumentSet> = [.smkiSEC, .smki]

  /// L9.3, L9.4, M4-appendix-map, M4-appendix-map-dccki: every document that is known here.
  package static let all: [CodeDocument] = [
    CodeDocument(
      "A", "Device Certificate Policy", "Device CP", "L9.4(a)(i)", code,
      reviewed: "L1.17(d)(iii)"),
    CodeDocument(
      "B", "Organisation Certificate Policy", "Organisation CP", "L9.4(a)(ii)", code,
      reviewed: "L1.17(d)(iv)"),
    CodeDocument(
      "C", "SMKI Compliance Policy", "Compliance Policy", "L9.4(a)(iii)", code,
      reviewed: "L1.17(d)(i)"),
    CodeDocument("D", "SMKI RAPP", "RAPP", "L9.4(a)(iv)", code, reviewed: "L1.17(d)(ii)"),
    CodeDocument("J", "Enduring Test Approach Document", "ETAD", "M4-appendix-map", []),
    CodeDocument(
      "K", "SMKI and Repository Test Scenarios", "SRTSD", "L9.4(a)(x)", code),
    CodeDocument(
      "L", "SMKI Recovery Procedure", "Recovery Procedure", "L9.4(a)(v)", code,
      reviewed: "L1.17(d)(vi)"),
    CodeDocument("M", "SMKI Interface Design Specification", "SMKI IDS", "L9.4(a)(vi)", code),
    CodeDocument("N", "SMKI Code of Connection", "SMKI CoCo", "L9.4(a)(vii)", code),
    CodeDocument(
      "O", "SMKI Repository Interface Design Specification", "Repository IDS", "L9.4(a)(viii)",
      code),
    CodeDocument(
      "P", "SMKI Repository Code of Connection", "Repository CoCo", "L9.4(a)(ix)", code),
    CodeDocument(
      "Q", "IKI Certificate Policy", "IKI CP", "L1.17(d)(v)", code, since: .current,
      reviewed: "L1.17(d)(v)"),
    CodeDocument("", "Section L", "Section L", "L9.4(b)", code),
    CodeDocument("", "Other provisions on SMKI", "Other provisions", "L9.4(c)", code),
    CodeDocument(
      "", "Device Certification Practice Statement", "Device CPS", "L9.3(b)", [.smki]),
    CodeDocument(
      "", "Organisation Certification Practice Statement", "Organisation CPS", "L9.3(c)",
      [.smki]),
    CodeDocument(
      "", "IKI Certification Practice Statement", "IKI CPS", "L1.17(a)", [.smki],
      since: .current),
    CodeDocument(
      "S", "DCCKI Certificate Policy", "DCCKI CP", "M4-dccki-appendices", [.dccki],
      since: .current, reviewed: "L1.17(f)(ii)"),
    CodeDocument(
      "T", "DCCKI Interface Design Specification", "DCCKI IDS", "M4-dccki-appendices", [.dccki],
      since: .current),
    CodeDocument(
      "U", "DCCKI Repository Interface Design Specification", "DCCKI Repository IDS",
      "M4-dccki-appendices", [.dccki], since: .current),
    CodeDocument(
      "V", "DCCKI Code of Connection and Repository Code of Connection", "DCCKI CoCo",
      "M4-dccki-appendices", [.dccki], since: .current),
    CodeDocument(
      "W", "DCCKI RAPP", "DCCKI RAPP", "M4-dccki-appendices", [.dccki], since: .current,
      reviewed: "L1.17(f)(i)"),
    CodeDocument(
      "X", "Registration Data Interface Specification", "Registration Data IS",
      "M4-appendix-map-dccki", [], since: .current),
    CodeDocument(
      "", "S1SPKI Certificate Policy", "S1SPKI CP", "L1.17(r)(i)", [.s1spkm], since: .current,
      reviewed: "L1.17(r)(i)"),
    CodeDocument(
      "", "S1SPKI RAPP", "S1SPKI RAPP", "L1.17(r)(ii)", [.s1spkm], since: .current,
      reviewed: "L1.17(r)(ii)"),
    CodeDocument(
      "AT", "SMETS1 Cryptographic Key Management Policy", "SMETS1 CKMP", "L1.17(r)(iii)",
      [.s1spkm], since: .current, reviewed: "L1.17(r)(iii)"),
    CodeDocument(
      "", "S1SPKM Compliance Policy", "S1SPKM Compliance Policy", "L1.17(r)(iv)", [.s1spkm],
      since: .current, reviewed: "L1.17(r)(iv)"),
  ]

  /// The document of a title, in its long or its short form, or of an appendix letter.
  package static func named(_ name: String) -> CodeDocument? {
    let name = name.lowercased()
    return all.first {
      $0.title.lowercased() == name || $0.shortTitle.lowercased() == name
        || (!$0.appendix.isEmpty && $0.appendix.lowercased() == name)
    }
  }

  /// Whether it is in a set under an edition.
  package func isIn(_ set: DocumentSet, under edition: Edition) -> Bool {
    sets.contains(set) && since.begins <= edition.begins
  }

  /// L1.19(a), L1.19(a)@2014: whether the PMA may propose to change it.
  package func mayBeProposed(under edition: Edition) -> Bool {
    isIn(.smkiSEC, under: edition) || (edition == .current && isIn(.s1spkm, under: edition))
  }
}
