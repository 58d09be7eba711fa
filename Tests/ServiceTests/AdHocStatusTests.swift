// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import Foundation
import HTTP
import Profiles
import Records
import SEC
import Service
import Testing

@Suite("Each reason has its status and error code on the Ad Hoc service")
struct AdHocStatusTests {
  /// Refusals of rooms that the service reaches, which it cannot meet, and why.
  static let unreachable: Set<String> = [
    // Requests of organisations and systems, and the making of authorities.
    "subject-form", "common-name-length", "common-name-not-in-profile", "role-code-form",
    "unique-identifier-form",
    "system-name", "authority-name-form", "authority-name-estate", "credential-name-taken",
    "credential-not-found", "credential-organisation", "identifier-not-of-party",
    // What officers do to the register.
    "not-a-registration-officer", "party-identifier", "party-name", "party-without-role",
    "party-exists", "range-backwards", "range-taken", "party-not-suspended",
    // What operators do to authorities and modules, and the keys of a live estate.
    "authority-not-on-line", "no-successor", "software-keys", "module-unfit", "module-level",
    "module-location", "module-unknown", "attestation-evidence",
    "device-limit-too-low", "authority-key-taken", "authority-name-taken", "authority-request",
    "list-goes-back", "package-form", "package-key-missing", "package-other-estate",
    "package-other-kind", "package-out-of-order", "package-part", "package-replayed",
    "package-without-key", "signed-document-form", "signed-document-signature", "pki-exists",
    "pki-name", "pki-unknown", "pki-document-decided", "pki-document-exists",
    "pki-document-unknown", "policy-version", "policy-not-lodged",
    "signed-request-unknown",
    "basis-not-of-category", "nominator", "range-not-continuous", "range-of-other-role",
    "role-not-held", "role-not-of-category", "not-applied", "steps-missing",
    "credential-needs-person", "credential-of-person",
    "account-unknown", "account-locked", "password-to-be-changed", "password-form",
    "account-form", "account-taken", "account-not-found", "account-capacity",
    "agent-option", "agent-request", "agent-supplier",
    "organisation-case-unknown", "organisation-case-state",
    // TLS certificates of the DCCKI.
    "connection-names", "connection-unknown", "connection-decided", "connection-same-officer",
    "organisation-case-unknown", "organisation-case-state", "rejection-without-reason",
    "device-certificate-unknown", "not-commissionable", "device-not-in-inventory",
    "device-of-other-type", "link-not-of-system", "link-taken",
    "model-not-certified", "model-unknown", "model-name", "not-a-meter", "meter-party-role",
    // The Repository's readers and the control socket.
    "api-key-unknown", "api-key-taken", "api-key-not-found", "purpose-not-stated",
    "identifier-form", "serial-form",
    "certificate-not-found",
  ]

  /// The codes of the factories in a file of refusals.
  static func codes(_ path: String) throws -> Set<String> {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(contentsOf: root.appending(path: path), encoding: .utf8)
    let codes = text.matches(of: /Refusal\(\s*"([a-z0-9-]+)"/).map { String($0.1) }
    try #require(!codes.isEmpty, "\(path) has no refusal")
    return Set(codes)
  }

  @Test(
    "every refusal of every room on the way is in the table, or said to be out of its reach",
    .clause("M8-2.4-status"))
  func isComplete() throws {
    let rooms = ["Profiles", "Parties", "Registration", "Authority"]
    var codes: Set<String> = []
    for room in rooms { codes.formUnion(try Self.codes("Sources/\(room)/Refusals.swift")) }
    codes.formUnion(try Self.codes("Sources/Registration/InventoryRefusals.swift"))
    let known = Set(AdHocStatus.table.keys).union(AdHocStatus.ofTheAsker)
    #expect(codes.subtracting(known).subtracting(Self.unreachable).sorted() == [])
    let doors = try Self.codes("Sources/Service/Refusals.swift")
    #expect(known.subtracting(codes).subtracting(doors).sorted() == [])
    #expect(known.intersection(Self.unreachable).sorted() == [])
  }

  @Test(
    "an error code has its status's letters, at most ten characters, and one meaning",
    .clause("M8-AppA-limits", "M8-2.4-status"))
  func isWellFormed() {
    for (code, entry) in AdHocStatus.table {
      let isLegal = entry.code.wholeMatch(of: /[A-Z]{2}:[A-Za-z0-9]+/) != nil
      #expect(isLegal && entry.code.utf8.count <= 10, "\(code)")
      #expect(entry.code.split(separator: ":").first.map(String.init) == entry.status.prefix)
    }
    #expect(Set(AdHocStatus.table.values.map(\.code)).count == AdHocStatus.table.count)
    #expect(
      AdHocAnswer.Status.allCases.map(\.rawValue) == [
        "SUCCESS", "UNKNOWN_DEVICE", "ISSUANCE_ANOMALY", "CSR_ERROR", "CA_ERROR", "FORMAT_ERROR",
        "WORKFLOW_ERROR",
      ])
  }

  @Test(
    "a failure of ours is a CA_ERROR that tells no inner detail", .clause("M8-2.4-status"),
    arguments: [
      (AuthorityError.busy as any Error, "CA:BUSY"), (AuthorityError.stopping, "CA:BUSY"),
      (AuthorityError.outOfStock(.device), "CA:STOCK"),
      (DatabaseError(.storeUnavailable, "disk i/o error"), "CA:FAILURE"),
    ])
  func failures(error: any Error, code: String) throws {
    guard case .error(let status, let found, let text) = AdHocStatus.outcome(of: error) else {
      Issue.record("no answer")
      return
    }
    #expect(status == .caError)
    #expect(found == code)
    #expect(!text.contains("disk"))
    guard code == "CA:FAILURE" else { return }
    let answer = AdHocAnswer(
      id: "replace-23", build: "0.1.0", transaction: 7,
      outcome: .error(status, code: code, text: text))
    try ExampleFile.expect("ad-hoc-failure-answer.xml", answer.response.body)
  }
}
