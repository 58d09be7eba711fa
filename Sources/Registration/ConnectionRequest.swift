// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Profiles
import Records
package import SEC
import X509

/// A request for the TLS certificate of one end of a DCC Gateway Connection (ENG-dccki-tls): one
/// officer enters it and another decides.
package struct ConnectionRequest: Hashable, Sendable {
  /// Where it is.
  package enum State: String, Hashable, Sendable, CaseIterable {
    /// Entered by one officer; another has to look at it.
    case entered
    /// Approved, and its certificate lodged.
    case issued
    /// Said no to.
    case refused
  }

  /// Counted from 1.
  package let id: Int
  package let party: String
  /// The request, PKCS#10 in DER.
  package let request: [UInt8]
  package let enteredBy: String
  package let entered: Time
  package var state = State.entered
  /// Who decided, and when; nil until then.
  package var decidedBy: String?
  package var decided: Time?
  /// The certificate, once it is issued.
  package var serial: String?
  /// Why it was refused.
  package var reason: String?
}

extension Registration {
  /// ENG-dccki-tls: enters a request for a party, whose form and signature are right.
  ///
  /// - Throws: `credential-organisation`, and why the party may not ask.
  package func enterConnection(
    _ request: DCCKIRequest, for party: String, at moment: Time, by officer: Actor
  ) throws -> ConnectionRequest {
    try request.checkPossession()
    try checkConnection(request, of: party, at: moment, by: officer)
    let entry = Entry(
      officer, "connection-requested", clause: "ENG-dccki-tls", at: moment,
      facts: ["party": party, "request": Hex.encode(request.requestHash)])
    return try records.write(entry) { transaction in
      let last = try transaction.first("SELECT max(id) AS last FROM connection_request")
      let it = ConnectionRequest(
        id: (try last?.optionalInt("last") ?? 0) + 1, party: party,
        request: request.request.encoded, enteredBy: officer.name, entered: moment)
      try RegistrationRecords.keep(it, in: transaction)
      transaction.note("number", "\(it.id)")
      return it
    }
  }

  /// ENG-dccki-tls, RAPP-two-people: what another officer has entered may be issued.
  ///
  /// - Throws: `connection-unknown`, `connection-decided`, `connection-same-officer`, and why the
  ///   party may not ask any more.
  package func authoriseConnection(
    _ id: Int, at moment: Time, by officer: Actor
  ) throws -> Authorised {
    let it = try records.read { try Self.open(id, by: officer, in: $0) }
    let request = try DCCKIRequest(parsing: it.request)
    try checkConnection(request, of: it.party, at: moment, by: officer)
    return Authorised([.success(.dccki(request))], party: it.party, actor: officer)
  }

  /// ENG-dccki-tls: records that a request was approved and its certificate issued.
  package func issueConnection(
    _ id: Int, serial: String, at moment: Time, by officer: Actor
  ) throws -> ConnectionRequest {
    try decide(id, "connection-approved", at: moment, by: officer) {
      $0.state = .issued
      $0.serial = serial
    }
  }

  /// ENG-dccki-tls: refuses what another officer has entered.
  package func refuseConnection(
    _ id: Int, because reason: String, at moment: Time, by officer: Actor
  ) throws -> ConnectionRequest {
    try decide(id, "connection-refused", at: moment, by: officer) {
      $0.state = .refused
      $0.reason = reason
    }
  }

  /// Every request, in the order in which they were entered.
  package func connections() throws -> [ConnectionRequest] {
    try records.read { try RegistrationRecords.connections("ORDER BY id", in: $0) }
  }

  private func decide(
    _ id: Int, _ deed: String, at moment: Time, by officer: Actor,
    _ change: @escaping @Sendable (inout ConnectionRequest) -> Void
  ) throws -> ConnectionRequest {
    let entry = Entry(
      officer, deed, clause: "ENG-dccki-tls", at: moment, facts: ["number": "\(id)"])
    return try records.write(entry) { transaction in
      var it = try Self.open(id, by: officer, in: transaction)
      change(&it)
      it.decidedBy = officer.name
      it.decided = moment
      try RegistrationRecords.keep(it, in: transaction)
      return it
    }
  }

  /// RAPP-two-people: a request that is open, and that somebody else has entered.
  private static func open(
    _ id: Int, by officer: Actor, in reading: some Querying
  ) throws -> ConnectionRequest {
    let found = try RegistrationRecords.connections("WHERE id = \(id)", in: reading).first
    guard let it = found else { throw Refusal.connectionUnknown(id) }
    guard it.state == .entered else { throw Refusal.connectionDecided(id, it.state) }
    guard it.enteredBy != officer.name else { throw Refusal.connectionSameOfficer(officer.name) }
    return it
  }
}

extension RegistrationRecords {
  static func connections(
    _ part: SQL, in reading: some Querying
  ) throws -> [ConnectionRequest] {
    try reading.query(
      """
      SELECT id, party, request, entered_by, entered, state, decided_by, decided, serial, reason
      FROM connection_request \(part)
      """
    ).map { row in
      guard let state = ConnectionRequest.State(rawValue: try row.text("state")) else {
        throw DatabaseError.damaged("connection_request.state")
      }
      return ConnectionRequest(
        id: try row.int("id"), party: try row.text("party"), request: try row.blob("request"),
        enteredBy: try row.text("entered_by"), entered: try row.time("entered"), state: state,
        decidedBy: try row.optionalText("decided_by"), decided: try row.optionalTime("decided"),
        serial: try row.optionalText("serial"), reason: try row.optionalText("reason"))
    }
  }

  static func keep(_ it: ConnectionRequest, in transaction: Transaction) throws {
    try transaction.keep(
      connectionRequest,
      [
        .int(Int64(it.id)), .text(it.party), .blob(it.request), .text(it.enteredBy),
        .int(it.entered.milliseconds), .text(it.state.rawValue),
        it.decidedBy.map { .text($0) } ?? .null, it.decided.map { .int($0.milliseconds) } ?? .null,
        it.serial.map { .text($0) } ?? .null, it.reason.map { .text($0) } ?? .null,
      ])
  }
}
