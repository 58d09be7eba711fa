// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Records
import Repository
package import SEC

/// C3-116-4, C3-116-5: a request for an Organisation Certificate on its way from submission to
/// acceptance (M8-2.3.1.3).
package struct OrganisationCase: Hashable, Sendable {
  /// Where it is.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Taken in; nothing was looked at.
    case submitted
    /// Its form and signature are right.
    case accepted
    /// Its content is that of the register.
    case approved
    /// The certificate is issued and lodged.
    case issued
    /// L11.7: the subscriber did not reject it in time.
    case deemedAccepted = "deemed-accepted"
    /// Said no to; the same key pair may come again (M8-2.3.1.4).
    case refused
    /// M8-2.3.1.5: the subscriber rejected the certificate, which is revoked.
    case rejected

    /// Where it can go from here.
    package var next: Set<State> {
      switch self {
      case .submitted: [.accepted, .refused]
      case .accepted: [.approved, .refused]
      case .approved: [.issued, .refused]
      case .issued: [.deemedAccepted, .rejected]
      case .deemedAccepted, .refused, .rejected: []
      }
    }
  }

  /// Counted from 1; whose it is, and who asked.
  package let id: Int
  package let party: String
  package let asker: String
  /// SHA-256 of the request as received.
  package let hash: [UInt8]
  package let state: State
  /// Since when it is in this state.
  package let changed: Time
  package let received: Time
  /// The certificate, once it is issued.
  package let serial: String?
  /// Why it was refused or rejected.
  package let reason: String?
}

/// Requests for Organisation Certificates, from submission to acceptance.
extension Registration {
  /// M8-2.3.1.3: takes in a request; one that was issued before is the same case again.
  package func receiveOrganisation(
    hash: [UInt8], of party: String, at moment: Time, by asker: Actor
  ) throws -> OrganisationCase {
    let entry = Entry(
      asker, "organisation-request-received", clause: "M8-2.3.1.3", at: moment,
      facts: ["party": party, "request": Hex.encode(hash)])
    return try records.write(entry) { transaction in
      let known = try RegistrationRecords.organisationCases(
        "WHERE hash = \(hash) AND party = \(party) ORDER BY id", in: transaction
      ).last { [.issued, .deemedAccepted].contains($0.state) }
      if let known { return known }
      let last = try transaction.first("SELECT MAX(id) AS last FROM organisation_request")
      let it = OrganisationCase(
        id: (try last?.optionalInt("last") ?? 0) + 1, party: party, asker: asker.name, hash: hash,
        state: .submitted, changed: moment, received: moment, serial: nil, reason: nil)
      try RegistrationRecords.keep(it, in: transaction)
      transaction.note("number", "\(it.id)")
      return it
    }
  }

  /// M8-2.3.1.3: moves a case on.
  package func move(
    _ id: Int, to state: OrganisationCase.State, serial: String? = nil,
    because reason: String? = nil,
    at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "organisation-request-\(state.rawValue)", clause: "M8-2.3.1.3", at: moment,
      facts: ["number": "\(id)"])
    try records.write(entry) { transaction in
      let it = try RegistrationRecords.organisationCases("WHERE id = \(id)", in: transaction).first
      guard let it else { throw Refusal.organisationCaseUnknown("\(id)") }
      try Self.move(
        it, to: state, serial: serial, because: reason, at: moment, in: transaction)
    }
  }

  private static func move(
    _ it: OrganisationCase, to state: OrganisationCase.State, serial: String?,
    because reason: String?, at moment: Time, in transaction: Transaction
  ) throws {
    guard it.state.next.contains(state) else { throw Refusal.organisationCaseState(it, state) }
    if let serial { transaction.note("serial", serial) }
    if let reason { transaction.note("reason", String(reason.prefix(200))) }
    try RegistrationRecords.keep(
      OrganisationCase(
        id: it.id, party: it.party, asker: it.asker, hash: it.hash, state: state, changed: moment,
        received: it.received, serial: serial ?? it.serial, reason: reason ?? it.reason),
      in: transaction)
  }

  /// M8-2.3.1.5: marks a certificate rejected in the transaction that revokes it.
  ///
  /// - Throws: `rejection-without-reason`; `organisation-case-unknown` for another party's too;
  ///   `organisation-case-state` once it is deemed accepted.
  package static func rejectOrganisation(
    serial: String, of party: String, because reason: String, at moment: Time,
    in transaction: Transaction
  ) throws {
    guard !reason.allSatisfy(\.isWhitespace) else { throw Refusal.rejectionWithoutReason() }
    let it = try RegistrationRecords.organisationCases(
      "WHERE serial = \(serial) AND party = \(party) ORDER BY id", in: transaction
    ).last
    guard let it else { throw Refusal.organisationCaseUnknown(serial) }
    try move(it, to: .rejected, serial: nil, because: reason, at: moment, in: transaction)
  }

  /// M8-2.3.1.10, L11.6: keeps that a party rejects a Device Certificate, which stays as it is.
  ///
  /// - Throws: `rejection-without-reason`, `device-certificate-unknown` for another party's too.
  package func rejectDevice(
    serial: [UInt8], of party: String, because reason: String, at moment: Time, by actor: Actor
  ) throws {
    let shown = Hex.encode(serial)
    let entry = Entry(
      actor, "device-certificate-rejected", clause: "M8-2.3.1.10", at: moment,
      facts: ["serial": shown, "party": party, "reason": String(reason.prefix(200))])
    try records.write(entry) { transaction in
      guard !reason.allSatisfy(\.isWhitespace) else { throw Refusal.rejectionWithoutReason() }
      let certificate = try Repository.certificate(serial: serial, in: transaction)
      guard let certificate, certificate.kind == .device, certificate.party == party else {
        throw Refusal.deviceCertificateUnknown(shown)
      }
      if let device = certificate.entity { transaction.note("device", device.description) }
    }
  }

  /// L11.7: deems accepted what was issued long enough ago and nobody rejected.
  ///
  /// - Returns: how many.
  package func deemAccepted(
    issuedBefore end: Time, at moment: Time, by actor: Actor
  ) throws -> Int {
    let issued = try records.read {
      try RegistrationRecords.organisationCases(
        "WHERE state = \(OrganisationCase.State.issued.rawValue) ORDER BY id", in: $0)
    }.filter { $0.changed <= end }
    for it in issued {
      try move(it.id, to: .deemedAccepted, at: moment, by: actor)
    }
    return issued.count
  }

  /// Every case, the newest last.
  package func organisationCases(of party: String? = nil) throws -> [OrganisationCase] {
    try records.read { reading in
      guard let party else {
        return try RegistrationRecords.organisationCases("ORDER BY id", in: reading)
      }
      return try RegistrationRecords.organisationCases(
        "WHERE party = \(party) ORDER BY id", in: reading)
    }
  }
}

extension RegistrationRecords {
  static func organisationCases(
    _ part: SQL, in reading: some Querying
  ) throws -> [OrganisationCase] {
    try reading.query(
      """
      SELECT id, party, asker, hash, state, changed, received, serial, reason
      FROM organisation_request \(part)
      """
    ).map { row in
      guard let state = OrganisationCase.State(rawValue: try row.text("state")) else {
        throw DatabaseError.damaged("organisation_request.state")
      }
      return OrganisationCase(
        id: try row.int("id"), party: try row.text("party"), asker: try row.text("asker"),
        hash: try row.blob("hash"), state: state, changed: try row.time("changed"),
        received: try row.time("received"), serial: try row.optionalText("serial"),
        reason: try row.optionalText("reason"))
    }
  }

  static func keep(_ it: OrganisationCase, in transaction: Transaction) throws {
    try transaction.keep(
      organisationRequest,
      [
        .int(Int64(it.id)), .text(it.party), .text(it.asker), .blob(it.hash),
        .text(it.state.rawValue), .int(it.changed.milliseconds), .int(it.received.milliseconds),
        it.serial.map { .text($0) } ?? .null, it.reason.map { .text($0) } ?? .null,
      ])
  }
}
