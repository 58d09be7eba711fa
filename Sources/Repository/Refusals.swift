// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC

/// Every way in which the Repository says no.
extension Refusal {
  /// L5.3, L5.4: the DCC lodges, and the SMKI PMA or the Code Administrator for it; nobody else.
  package static func mayNotLodge(_ actor: Actor) -> Refusal {
    Refusal(
      "may-not-lodge", clause: "L5.4", field: "actor",
      expected: "an operator of the DCC, or the Secretariat for a document of the SMKI PMA",
      found: "\(actor.name), \(actor.role.rawValue)",
      remedy: "Ask the Service Desk to lodge it for you (P3-1.3-lodging).")
  }

  /// L5.1: one version is one text.
  package static func versionTaken(_ document: Document) -> Refusal {
    Refusal(
      "document-version-taken", clause: "L5.1", field: "version",
      expected: "a version that the Repository does not hold",
      found: "\(document.kind.rawValue) \(document.version), lodged \(document.lodged.rfc3339) "
        + "with other octets",
      remedy: "Give the document a version of its own; what was lodged stays as it is.")
  }

  /// L5.1: the form of what is lodged.
  package static func documentForm(
    _ field: String, _ expected: String, _ found: String
  ) -> Refusal {
    Refusal(
      "document-form", clause: "L5.1", field: field, expected: expected,
      found: String(found.prefix(100)), remedy: "Mend it and lodge the document again.")
  }

  /// L5.9, L5.1(l), L5.1(m): what is there by somebody's choice says by whose and why.
  package static func documentReason(_ kind: DocumentKind) -> Refusal {
    Refusal(
      "document-reason", clause: kind.clause, field: "reason",
      expected: kind == .specifiedByPMA
        ? "the PMA's instruction, such as the number of its resolution"
        : "why the DCC considers it appropriate",
      found: "nothing", remedy: "Say it with --reason.")
  }

  /// L5.1: nothing of that kind or version was lodged.
  package static func documentNotFound(_ kind: DocumentKind, _ version: String?) -> Refusal {
    Refusal(
      "document-not-found", clause: "L5.1", field: version == nil ? "kind" : "version",
      expected: "a version that was lodged",
      found: "\(kind.rawValue) \(version ?? "with no version at all")",
      remedy: "See the list of documents for what there is.")
  }

  /// L9.12, L9.18: a practice statement is between the DCC and the SMKI PMA.
  package static func documentConfidential(_ name: String) -> Refusal {
    Refusal(
      "document-confidential", clause: "L9.12", field: "kind",
      expected: "a document that Parties may read", found: name,
      remedy: "Hand it to the SMKI PMA; practice statements are never in the Repository.")
  }

  /// L5.11: nobody reads for another purpose than the Code's, so the purpose is stated.
  package static func purposeMissing(_ document: Document) -> Refusal {
    Refusal(
      "purpose-missing", clause: "L5.11", field: "purpose",
      expected: "the Code purpose of reading, 3 to 200 octets", found: "none",
      remedy: "State it: it is kept with the record of reading \(document.kind.rawValue).")
  }

  /// L3.11: what is loaded into devices at manufacture is an Organisation Certificate in use.
  package static func manufacturingMark(_ found: String) -> Refusal {
    Refusal(
      "manufacturing-mark", clause: "L3.11", field: "serial",
      expected: "an Organisation Certificate in use, and a reason of 3 to 200 octets",
      found: found, remedy: "Find it with smki find --class organisation --role ROLE.")
  }

  /// ENG-search: a search whose answer would be a large part of the Repository.
  package static func searchTooBroad(_ found: String) -> Refusal {
    Refusal(
      "search-too-broad", clause: "ENG-search", field: "query",
      expected: "a serial number, key identifier, device, organisation, issuer, role, subject, "
        + "what is meant for manufacture, or issue times within "
        + "\(CertificateQuery.issuedDaysMax) days or ends of validity within "
        + "\(CertificateQuery.endingDaysMax) days",
      found: found,
      remedy:
        "Say more, ask for one stretch of time after the other, or take the bulk files, which "
        + "hold everything.")
  }

  /// ENG-search: a stretch of time that ends before it begins.
  package static func searchContradicts(_ name: String, _ from: Time, _ to: Time) -> Refusal {
    Refusal(
      "search-contradicts", clause: "ENG-search", field: name,
      expected: "a beginning before the end", found: "\(from.rfc3339) to \(to.rfc3339)",
      remedy: "Exchange the two times.")
  }

  /// ENG-search: a cursor that was not given for this search, or not to this reader.
  package static var cursorInvalid: Refusal {
    Refusal(
      "cursor-invalid", clause: "ENG-search", field: "cursor",
      expected: "the cursor of the page before, with the same search by the same reader",
      found: "another one", remedy: "Begin the search again without a cursor.")
  }

  /// ENG-search: a part of a search that is no such thing.
  package static func searchWord(_ name: String, _ expected: String, _ found: String) -> Refusal {
    Refusal(
      "search-word", clause: "ENG-search", field: name, expected: expected,
      found: String(found.prefix(100)), remedy: "Mend it and search again.")
  }

  /// ENG-search: pages have bounds.
  package static func pageSize(_ found: Int) -> Refusal {
    Refusal(
      "page-size", clause: "ENG-search", field: "limit",
      expected: "1 to \(Repository.pageMax)", found: "\(found)",
      remedy: "Ask for a smaller page, and for the next one by its cursor.")
  }
}
