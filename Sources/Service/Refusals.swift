// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC
package import XML

/// Every way in which the doors themselves say no.
extension Refusal {
  /// ENG-control: the asking process belongs to a user who is nobody here.
  package static func noOfficer(_ user: UInt32?) -> Refusal {
    Refusal(
      "no-officer", clause: "ENG-control", field: "user",
      expected: "a user of this machine whom estate.json lists under officers",
      found: user.map { "user number \($0)" } ?? "a connection without user",
      remedy: "Have an operator add the user to officers in estate.json, and start the node again.")
  }

  /// L5.1: there is no such list in the Repository.
  package static func listUnknown(_ path: String) -> Refusal {
    Refusal(
      "list-unknown", clause: "L5.1", field: "path",
      expected: "a list of the index at \(ListInterface.index)", found: path,
      remedy: "Look at the index; lists of devices are not provided (C3-118-3).")
  }

  /// ENG-control: an officer without the role that the operation asks for.
  package static func roleMissing(
    _ officer: Configuration.Officer, _ role: Actor.Role
  ) -> Refusal {
    Refusal(
      "role-missing", clause: "ENG-control", field: "role", expected: role.rawValue,
      found: "\(officer.name) with \(officer.roles.joined(separator: ", "))",
      remedy: "Have an officer with that role do it.")
  }

  /// ENG-control: what came is no request of that operation: command and node differ in version.
  package static func controlRequestForm(_ operation: String) -> Refusal {
    Refusal(
      "control-request-form", clause: "ENG-control", field: "body",
      expected: "a request for \(operation) in JSON", found: "something else",
      remedy: "Use the command of the same version as the node.")
  }

  /// ENG-control: a word that the Code does not have.
  package static func unknownWord(
    _ word: String, _ field: String, expected: String? = nil
  ) -> Refusal {
    let isTime = ["day", "until", "held", "from"].contains(field)
    let usual =
      isTime
      ? "a day of the calendar as 2031-04-01, or a moment as 2031-04-01T10:00:00Z"
      : "one of the words that smki help lists"
    return Refusal(
      "unknown-word", clause: "ENG-control", field: field, expected: expected ?? usual,
      found: word, remedy: "Ask smki help with the command for the words.")
  }

  /// K-test-api-key: the key that everybody knows opens a test estate's plain door and no other.
  package static func keyOfPublicClient() -> Refusal {
    Refusal(
      "key-of-public-client", clause: "K-test-api-key", field: "key",
      expected: "a key that nobody else knows", found: "the key of DCC's public client",
      remedy: "Leave the key out: one is made.")
  }

  /// ENG-clock: signatures and lives need a clock that somebody keeps right.
  package static func clockNotSynchronised(_ estate: Estate) -> Refusal {
    Refusal(
      "clock-not-synchronised", clause: "ENG-clock", field: "clock",
      expected: "a kernel clock that a time service keeps synchronised",
      found: "an unsynchronised clock in the \(estate.kind.rawValue) estate \(estate.name)",
      remedy: "Start a time service such as chrony, and wait until it has set the clock.")
  }
}

/// Every way in which the doors themselves say no, before any room has seen the request.
extension Refusal {
  /// M8-AppB-http, K-search: the XML interfaces take XML in UTF-8.
  package static func mediaType(_ found: String?) -> Refusal {
    Refusal(
      "media-type", clause: "M8-AppB-http", field: "Content-Type",
      expected: "application/xml;charset=UTF-8", found: shown(found ?? "none"),
      remedy: "Send the header Content-Type: application/xml;charset=UTF-8.")
  }

  /// ENG-xml: the text is not XML 1.0 in UTF-8, or names an entity that XML does not define.
  package static func xmlNotWellFormed(_ error: XMLError) -> Refusal {
    Refusal(
      "xml-not-well-formed", clause: "ENG-xml", field: "body",
      expected: "well-formed XML 1.0 in UTF-8", found: shown(error.description),
      remedy: "Check the document with an XML parser and send it again.")
  }

  /// ENG-xml: document types, entities, processing instructions and other encodings are not read.
  package static func xmlForbidden(_ error: XMLError) -> Refusal {
    Refusal(
      "xml-forbidden", clause: "ENG-xml", field: "body",
      expected: "XML without document type, entities, processing instructions, in UTF-8",
      found: shown(error.description), remedy: "Leave the declaration out; nothing needs it.")
  }

  /// ENG-xml: more than the interface reads.
  package static func xmlTooLarge(_ error: XMLError) -> Refusal {
    Refusal(
      "xml-too-large", clause: "ENG-xml", field: "body",
      expected: "a document within the interface's limits of size, depth and count",
      found: shown(error.description), remedy: "Send one request with the elements of the schema.")
  }

  /// M8-AppA-elements, K-search: the elements of the schema, each once, in their order, with no
  /// namespace and no text beside them.
  package static func xmlElement(
    _ clause: Clause, expected: String, found: String, line: Int
  ) -> Refusal {
    Refusal(
      "xml-element", clause: clause, field: "body", expected: expected,
      found: shown(found) + (line > 0 ? " in line \(line)" : ""),
      remedy: "Write the elements of the schema, in its order, and no other.")
  }

  /// M8-AppA-elements: the attributes of the schema.
  package static func xmlAttribute(
    _ clause: Clause, element: String, expected: String, found: String
  ) -> Refusal {
    Refusal(
      "xml-attribute", clause: clause, field: element, expected: expected, found: shown(found),
      remedy: "Write the attributes of the schema and no other.")
  }

  /// M8-AppA-limits: the client's reference has 1 to 32 characters.
  package static func requestID(_ found: String?) -> Refusal {
    Refusal(
      "request-id", clause: "M8-AppA-limits", field: "ID",
      expected: "an attribute ID of 1 to \(AdHocRequest.idCharactersMax) characters",
      found: found.map { "\($0.unicodeScalars.count) characters" } ?? "none",
      remedy: "Give the request a reference of its own; it comes back in the answer.")
  }

  /// M8-AppA-limits: the version that the path names.
  package static func interfaceVersion(_ found: String) -> Refusal {
    Refusal(
      "interface-version", clause: "M8-AppA-limits", field: "Version",
      expected: AdHocRequest.version, found: shown(found),
      remedy: "Write \(AdHocRequest.version), the version of this path.")
  }

  /// M8-AppA-limits: Base64 on one line, with padding, without white space and PEM lines.
  package static func requestBase64(_ found: String) -> Refusal {
    Refusal(
      "request-base64", clause: "M8-AppA-limits", field: "CertificateSigningRequest",
      expected: "Base64 of the DER, padded, on one line, without PEM lines", found: found,
      remedy: "Take the text between the PEM lines and remove the line ends: "
        + "openssl req -outform DER | base64 -w0.")
  }

  /// K-search: EUI-64 as eight octets joined by hyphens.
  package static func identifierForm(_ element: String, found: String) -> Refusal {
    Refusal(
      "identifier-form", clause: "K-search", field: element,
      expected: "an EUI-64 such as 90-B3-D5-1F-30-01-00-00", found: shown(found),
      remedy: "Write eight pairs of hexadecimal digits joined by hyphens.")
  }

  /// K-retrieve: a serial number as 32 hexadecimal digits.
  package static func serialForm(found: String) -> Refusal {
    Refusal(
      "serial-form", clause: "K-retrieve", field: "CertificateSerial",
      expected: "32 hexadecimal digits", found: shown(found),
      remedy: "Write the serial number as the search gave it.")
  }

  /// K-status-codes: nothing is lodged under this identifier or serial number.
  package static func certificateNotFound(_ element: String, _ found: String) -> Refusal {
    Refusal(
      "certificate-not-found", clause: "K-status-codes", field: element,
      expected: "an identifier or serial number under which a certificate is lodged",
      found: shown(found),
      remedy: "Check the digits, and that the certificate was issued in this estate.")
  }

  /// M4-org-info-form: a file that is no filled form.
  package static func formFile(_ found: String) -> Refusal {
    Refusal(
      "form-file", clause: "M4-org-info-form", field: "file",
      expected: "JSON with form, version and answers", found: shown(found),
      remedy: "Begin with the empty form: smki form show FORM --template.")
  }

  /// What was found, no longer than a person reads.
  private static func shown(_ found: String) -> String {
    found.unicodeScalars.count <= 120 ? found : String(found.unicodeScalars.prefix(120)) + "…"
  }

  /// L1.17(s): letters need a server.
  package static func noMailServer() -> Refusal {
    Refusal(
      "mail-not-configured", clause: "L1.17(s)", field: "mail",
      expected: "a mail server in estate.json", found: "none",
      remedy: "Set mail.server, mail.from and mail.secretariat, and start the node again.")
  }

  /// ENG-bulk: a name that no manifest has and no manifest names.
  package static func bulkFileUnknown(_ name: String) -> Refusal {
    Refusal(
      "bulk-file-unknown", clause: "ENG-bulk", field: "path",
      expected: "a manifest of the index, or a segment that a manifest names", found: shown(name),
      remedy: "Read the index of the bulk files again: old ones are removed.")
  }

  /// ENG-bulk: a range behind the end of a file.
  package static func rangeOutside(_ header: String, _ size: Int) -> Refusal {
    Refusal(
      "range-outside", clause: "ENG-bulk", field: "Range",
      expected: "a range within \(size) octets", found: shown(header),
      remedy: "Ask from the octet on that is missing; a file that is whole needs no more.")
  }

  /// MP147-bulk: neither a full extract nor a delta.
  package static func bulkKind(_ name: String) -> Refusal {
    Refusal(
      "bulk-kind", clause: "MP147-bulk", field: "kind", expected: "full or delta",
      found: shown(name), remedy: "Name one of the two, or none for what is due.")
  }

  /// ENG-mirror: what is served ends before what the mirror holds.
  package static func mirrorOlder(_ found: Int, _ held: Int) -> Refusal {
    Refusal(
      "mirror-older", clause: "ENG-mirror", field: "manifest",
      expected: "certificates up to \(held) or later", found: "\(found)",
      remedy: "Ask the Service Desk: a Repository that shrinks has lost something, or another one "
        + "answers in its place.")
  }

  /// ENG-mirror: what came is not what the signed manifest names.
  package static func mirrorSegment(_ name: String, _ found: String) -> Refusal {
    Refusal(
      "mirror-segment", clause: "ENG-mirror", field: shown(name),
      expected: "what the signed manifest names", found: found,
      remedy: "Synchronise again; when it stays, tell the Service Desk.")
  }

  /// ENG-audit-tree: a tile that the signed tree does not have.
  package static func tileUnknown(_ path: String) -> Refusal {
    Refusal(
      "tile-unknown", clause: "ENG-audit-tree", field: "path",
      expected: "a tile of the tree that the last checkpoint covers (C2SP tlog-tiles)",
      found: shown(path), remedy: "Read the checkpoint again, and ask for its tiles.")
  }

  /// L5.3(b): what the PMA lodges is the document that it voted on.
  package static func otherDocument(expected: String, found: String) -> Refusal {
    Refusal(
      "other-document", clause: "L5.3(b)", field: "sha256", expected: expected, found: found,
      remedy: "Hand in the document that the motion named.")
  }

  /// P3-1.3-lodging: nothing is lodged for somebody who was not identified.
  package static func proxyCall(_ found: String) -> Refusal {
    Refusal(
      "proxy-call", clause: "P3-1.3-lodging", field: "call",
      expected: "a call of an ARO who was identified by the nomination form",
      found: found, remedy: "Call the ARO back, and keep the call with smki desk log.")
  }

  /// L5.4: others than the SMKI PMA, or the Code Administrator for it, ask for no lodging.
  package static func proxyParty(_ party: String, _ known: [String]) -> Refusal {
    Refusal(
      "proxy-party", clause: "L5.4", field: "call",
      expected: known.isEmpty
        ? "a party of documentAskers in estate.json" : known.joined(separator: ", "),
      found: party,
      remedy: "Only an ARO of the SMKI PMA, or of the Code Administrator for it, asks for this.")
  }

  /// L1.17: a letter goes to somebody who was told.
  package static func recipientUnknown(_ matter: String, _ recipient: String) -> Refusal {
    Refusal(
      "recipient-unknown", clause: "L1.17", field: "to",
      expected: "somebody who was told of \(matter)",
      found: recipient.isEmpty ? "nobody" : recipient,
      remedy: "Issue it first: smki pma issue; then name the recipient with --to.")
  }

  /// L4.2: maintenance ends after it began.
  package static func maintenancePeriod(_ from: Time, _ until: Time) -> Refusal {
    Refusal(
      "maintenance-period", clause: "L4.2", field: "until", expected: "after \(from.rfc3339)",
      found: until.rfc3339, remedy: "Name a later end.")
  }

  /// L4.2: only what was planned before it began is Planned Maintenance.
  package static func maintenanceNotAhead(_ from: Time, now: Time) -> Refusal {
    Refusal(
      "maintenance-not-ahead", clause: "L4.2", field: "from",
      expected: "\(now.rfc3339) or later", found: from.rfc3339,
      remedy: "An outage that has begun counts as one; plan the rest of it.")
  }

  /// L4.2: no Planned Maintenance of this number.
  package static func maintenanceUnknown(_ number: Int) -> Refusal {
    Refusal(
      "maintenance-unknown", clause: "L4.2", field: "number",
      expected: "Planned Maintenance that was entered", found: "\(number)",
      remedy: "See smki maintenance list.")
  }

  /// L4.2: what is over cannot be ended, or an outage would be made of it afterwards.
  package static func maintenanceOver(_ number: Int, _ until: Time) -> Refusal {
    Refusal(
      "maintenance-over", clause: "L4.2", field: "number",
      expected: "Planned Maintenance that is not over", found: "\(number), until \(until.rfc3339)",
      remedy: "Nothing is left to be done.")
  }

  /// L4.2(a): availability counts from a day that somebody has to name.
  package static func servicesStartOpen() -> Refusal {
    Refusal(
      "services-start-open", clause: "L4.2(a)", field: "servicesStart",
      expected: "the day from which SMKI Services have to be provided", found: "none",
      remedy: "Set servicesStart in estate.json, such as 2027-01-31.")
  }

  /// L4.2(a): before that day nothing counts.
  package static func servicesNotStarted(_ start: Time, until: Time) -> Refusal {
    Refusal(
      "services-not-started", clause: "L4.2(a)", field: "until",
      expected: "after \(start.rfc3339)", found: until.rfc3339,
      remedy: "Ask about the time after SMKI Services began.")
  }
}
