// SPDX-License-Identifier: Apache-2.0

import Keys
import Records
import Authority
import DER
import Foundation
import HTTP
import Profiles
import Registration
import Revocation
import SEC
import Service
import Testing
import X509

/// An estate in which an organisation's certificates are revoked through the door of commands.
struct Revoking {
  static let olive = UInt32(1001)
  static let otto = UInt32(1002)

  let estate: ServingEstate

  init() throws {
    estate = try ServingEstate { configuration in
      configuration.officers = [
        Configuration.Officer(
          user: Self.olive, name: "Olive", roles: ["registration-officer", "operator"]),
        Configuration.Officer(user: Self.otto, name: "Otto", roles: ["registration-officer"]),
      ]
    }
    for party in ["north", "south"] { try estate.add(party, [.importSupplier]) }
    try estate.add("dcc", [.dcc])
  }

  func organisation(_ party: String = "north", _ number: UInt64 = 1) throws -> Certificate {
    try estate.organisation(
      party, EntityID(0x90B3_D51F_3001_0000 + number), role: RoleCode(2),
      usage: .digitalSignature)
  }

  func perform<Request: ControlRequest>(
    _ request: Request, as user: UInt32 = Revoking.olive
  ) throws -> Request.Answer {
    try Control.perform(request, in: estate.node, as: user)
  }

  func ask(
    _ serial: Integer, ground: RevocationGround = .keyUnreliable,
    capacity: Asker.Capacity = .seniorResponsibleOfficer, party: String? = "north",
    form: String? = nil
  ) throws -> RevocationAnswer {
    try perform(
      RequestRevocation(
        serial: Hex.encode(serial.magnitude), ground: ground.rawValue, asker: "Ann Other",
        capacity: capacity.rawValue, party: party, form: form, evidence: "letter 12"))
  }

  func approve(_ id: Int, as user: UInt32 = Revoking.otto) throws -> RevocationAnswer {
    try perform(ApproveRevocation(request: id, verification: "called back"), as: user)
  }

  func order(_ serials: [Integer], decision: String = "PMA 1") throws -> [RevocationAnswer] {
    try perform(
      OrderRevocation(
        serials: serials.map { Hex.encode($0.magnitude) }, ground: "pma-request",
        direction: DirectionForm(
          by: "SMKI PMA", decision: decision, evidence: "minutes", clause: "C3-71")))
  }

  /// The newest list of an issuer of a kind, fetched at the Repository's door.
  func list(_ kind: AuthorityKind) throws -> RevocationList {
    let standing = try #require(
      try estate.node.publisher.standings().first { $0.issuer.kind == kind })
    let response = try estate.send(
      "GET", ListInterface.path(of: standing.issuer.id), at: .repository)
    try #require(response.status == 200)
    #expect(response.headers.contains { $0 == ("Content-Type", "application/pkix-crl") })
    return try RevocationList(parsing: response.body)
  }

  func status(_ serial: Integer) throws -> String {
    let body =
      "<CertificateDataRequest><CertificateSerial>\(Hex.encode(serial.magnitude))"
      + "</CertificateSerial></CertificateDataRequest>"
    let response = try estate.send(
      "POST", "/services/retrievecertificate", at: .repositoryPlain, type: "application/xml",
      body: Array(body.utf8), query: [("apikey", RepositoryInterface.testAPIKey)])
    let text = String(decoding: response.body, as: UTF8.self)
    let parts = text.split(separator: "CertificateStatus>")
    return parts.count > 1 ? String(parts[1].prefix(1)) : text
  }

  func verify() throws -> VerificationReport {
    try Verification(
      records: estate.node.records, keys: [estate.node.checkpointNoteKey],
      openChunks: .allowed
    ).run()
  }
}
