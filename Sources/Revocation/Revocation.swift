// SPDX-License-Identifier: Apache-2.0

package import Audit
import Authority
package import DER
package import Records
package import Registration
import Repository
package import SEC
import X509

/// Revocation of the certificates of organisations, authorities and the IKI (C3-124, RAPP-8).
///
/// A request is entered by one officer and decided by another; what is granted takes effect in the
/// transaction that says so, and costs the same however much was revoked before.
package struct Revocation: Sendable {
  let records: Records

  /// The revocation that these records hold.
  package init(records: Records) {
    self.records = records
  }

  /// RAPP-8: enters a request; who asks and why is checked, nothing is done yet.
  ///
  /// - Parameters:
  ///   - serial: the certificate, 16 octets.
  ///   - ground: why.
  ///   - asker: who asks.
  ///   - evidence: what was handed in.
  ///   - moment: now.
  ///   - officer: who enters it.
  /// - Returns: the request as it stands.
  /// - Throws: `device-certificate`, `root-certificate`, `certificate-to-revoke-unknown`,
  ///   `revoked-already`, `may-not-ask`, `personnel-only`, `ground-not-of-asker`.
  package func request(
    serial: [UInt8], ground: RevocationGround, asker: Asker, evidence: String, at moment: Time,
    by officer: Actor
  ) throws -> RevocationRequest {
    let entry = Entry(
      officer, "revocation-requested", clause: ground.clause, at: moment,
      facts: [
        "serial": Hex.encode(serial), "ground": ground.rawValue, "asker": asker.name,
        "capacity": asker.capacity.rawValue,
      ])
    return try records.write(entry) { transaction in
      let certificate = try Self.revocable(serial, in: transaction)
      try AskerRules.check(asker, ground, for: certificate, in: transaction)
      let request = RevocationRequest(
        id: try RevocationRecords.nextID(of: .request, in: transaction),
        serial: Hex.encode(serial), party: certificate.party, ground: ground, asker: asker,
        evidence: evidence, enteredBy: officer.name, entered: moment)
      try RevocationRecords.keep(request, in: transaction)
      transaction.note("request", String(request.id))
      return request
    }
  }

  /// M4-ra-revoke-how: grants a request after the asker was verified; it takes effect at once, or
  /// is held back while the PMA delays the party's revocations (M4-solr).
  ///
  /// - Throws: `asker-not-verified`, `same-officer`, `request-not-open`, `revoked-already`.
  package func approve(
    _ id: Int, verification: String, at moment: Time, by officer: Actor
  ) throws -> RevocationRequest {
    try decide(id, verification, at: moment, by: officer, "revocation-approved") {
      request, transaction in
      if try Self.delay(of: request.party, at: moment, in: transaction) != nil {
        request.state = .held
        return
      }
      request.state = .revoked
      try Self.revoke(request, at: moment, in: transaction)
    }
  }

  /// M4-ra-revoke-how: refuses a request, with the reason.
  ///
  /// - Throws: `asker-not-verified` without a reason, `same-officer`, `request-not-open`.
  package func refuse(
    _ id: Int, reason: String, at moment: Time, by officer: Actor
  ) throws -> RevocationRequest {
    try decide(id, reason, at: moment, by: officer, "revocation-refused") { request, _ in
      request.state = .refused
    }
  }

  private func decide(
    _ id: Int, _ verification: String, at moment: Time, by officer: Actor, _ action: String,
    _ body: @escaping @Sendable (inout RevocationRequest, Transaction) throws -> Void
  ) throws -> RevocationRequest {
    let entry = Entry(
      officer, action, clause: "M4-ra-revoke-how", at: moment, facts: ["request": String(id)])
    return try records.write(entry) { transaction in
      guard var request = try RevocationRecords.request(id, in: transaction),
        request.state == .received
      else {
        throw Refusal.requestNotOpen(
          id, try RevocationRecords.request(id, in: transaction)?.state)
      }
      guard officer.name != request.enteredBy else { throw Refusal.sameOfficer(officer.name) }
      guard !verification.allSatisfy(\.isWhitespace) else { throw Refusal.askerNotVerified() }
      request.verification = verification
      request.decidedBy = officer.name
      request.decided = moment
      try body(&request, transaction)
      try RevocationRecords.keep(request, in: transaction)
      transaction.note("serial", request.serial)
      transaction.note("state", request.state.rawValue)
      return request
    }
  }

  /// C3-71: revokes at once what the SMKI PMA has ordered; a delay of the PMA's own does not hold
  /// its order back.
  ///
  /// - Throws: as `request`.
  package func order(
    _ direction: Direction, serials: [[UInt8]], ground: RevocationGround = .pmaRequest,
    at moment: Time, by officer: Actor
  ) throws -> [RevocationRequest] {
    try records.write(
      Self.entry(ordering: direction, serials, at: moment, by: officer)
    ) { transaction in
      try Self.order(
        direction, serials: serials, ground: ground, at: moment, by: officer, in: transaction)
    }
  }

  /// The entry of an order, for a transaction that uses the decision up as well.
  package static func entry(
    ordering direction: Direction, _ serials: [[UInt8]], at moment: Time, by officer: Actor
  ) -> Entry {
    Entry(
      officer, "revocation-ordered", clause: "C3-71", at: moment,
      facts: [
        "directed-by": direction.by, "decision": direction.decision,
        "direction-clause": direction.clause.id, "count": String(serials.count),
      ])
  }

  /// C3-71: the same in the transaction of a decision.
  ///
  /// - Throws: as `request`.
  @discardableResult
  package static func order(
    _ direction: Direction, serials: [[UInt8]], ground: RevocationGround = .pmaRequest,
    at moment: Time, by officer: Actor, in transaction: Transaction
  ) throws -> [RevocationRequest] {
    let first = try RevocationRecords.nextID(of: .request, in: transaction)
    var requests: [RevocationRequest] = []
    for (index, serial) in serials.enumerated() {
      let certificate = try revocable(serial, in: transaction)
      let request = RevocationRequest(
        id: first + index, serial: Hex.encode(serial), party: certificate.party, ground: ground,
        asker: Asker(name: direction.by, capacity: .pma), evidence: direction.evidence,
        enteredBy: officer.name, entered: moment, state: .revoked,
        verification: "decision \(direction.decision)", decidedBy: direction.by, decided: moment)
      try RevocationRecords.keep(request, in: transaction)
      try revoke(request, at: moment, in: transaction)
      requests.append(request)
    }
    return requests
  }

  /// C3-71: that certificates could be ordered to be revoked.
  ///
  /// - Returns: the parties whose they are.
  /// - Throws: as `request`.
  package static func checkOrder(
    _ serials: [[UInt8]], in reading: some Querying
  ) throws -> Set<String> {
    Set(try serials.compactMap { try revocable($0, in: reading).party })
  }

  /// ICP-revocation: the Registration Authority revokes a system's credential on its own motion.
  ///
  /// - Throws: `credential-not-found`, `credential-revoked`.
  package func revokeCredential(
    serial: [UInt8], reason: String, at moment: Time, by officer: Actor
  ) throws -> RevocationRequest {
    let entry = Entry(
      officer, "credential-revoked", clause: "ICP-revocation", at: moment,
      facts: ["serial": Hex.encode(serial), "reason": reason])
    return try records.write(entry) { transaction in
      guard
        let credential = try Registration.credential(serial: Hex.encode(serial), in: transaction)
      else { throw Refusal.credentialNotFound(Hex.encode(serial)) }
      if let revoked = credential.revoked { throw Refusal.credentialRevoked(credential, revoked) }
      let request = RevocationRequest(
        id: try RevocationRecords.nextID(of: .request, in: transaction),
        serial: credential.serial, party: credential.party, ground: .noLongerNeeded,
        asker: Asker(name: officer.name, capacity: .dcc), evidence: reason,
        enteredBy: officer.name, entered: moment, state: .revoked,
        verification: "on the Registration Authority's own motion", decidedBy: officer.name,
        decided: moment)
      try RevocationRecords.keep(request, in: transaction)
      try Self.revoke(request, at: moment, in: transaction)
      return request
    }
  }

  /// ICP-revocation: puts credentials on the list that were revoked before there were lists.
  ///
  /// - Returns: how many.
  package func adopt(
    _ credentials: [SystemCredential], at moment: Time, by node: Actor
  ) throws -> Int {
    let missing = try credentials.filter { credential in
      guard credential.revoked != nil, let serial = Hex.decode(credential.serial) else {
        return false
      }
      return try self.entry(serial: serial) == nil
    }
    guard !missing.isEmpty else { return 0 }
    let adopted = Entry(
      node, "revocations-adopted", clause: "ICP-revocation", at: moment,
      facts: ["count": String(missing.count)])
    try records.write(adopted) { transaction in
      for credential in missing {
        let request = RevocationRequest(
          id: try RevocationRecords.nextID(of: .request, in: transaction),
          serial: credential.serial, party: credential.party, ground: .noLongerNeeded,
          asker: Asker(name: node.name, capacity: .dcc), evidence: "revoked before",
          enteredBy: node.name, entered: moment, state: .revoked,
          verification: "on the Registration Authority's own motion", decidedBy: node.name,
          decided: moment)
        try RevocationRecords.keep(request, in: transaction)
        try Self.enter(request, since: credential.revoked ?? moment, in: transaction)
      }
    }
    return missing.count
  }
}

extension Revocation {
  /// The revocation of a certificate by its serial number of 16 octets, or nil.
  package func entry(serial: [UInt8]) throws -> RevokedEntry? {
    try records.read { try RevocationRecords.entry(serial: serial, in: $0) }
  }

  /// Revocations behind a number, in the order of revoking.
  package func entries(after number: Int, most: Int) throws -> [RevokedEntry] {
    try records.read { try RevocationRecords.entries(after: number, most: most, in: $0) }
  }

  /// The newest requests, the last one first.
  package func requests(most: Int) throws -> [RevocationRequest] {
    try records.read { try RevocationRecords.newestRequests(most, in: $0) }
  }

  /// DCP-no-revocation: what can be revoked and is not; nothing of the device hierarchy can.
  static func revocable(
    _ serial: [UInt8], in reading: some Querying
  ) throws -> LodgedCertificate {
    let shown = Hex.encode(serial)
    guard let certificate = try Repository.certificate(serial: serial, in: reading) else {
      throw Refusal.certificateToRevokeUnknown(shown)
    }
    switch certificate.kind {
    // C3-118-2, C3-118-3: nothing of the device hierarchy is on a list.
    case .device, .dca: throw Refusal.deviceCertificate(shown)
    case .oca, .ikiAuthority, .dcckiAuthority:
      let parsed = try Certificate(parsing: certificate.der)
      if parsed.issuer == parsed.subject { throw Refusal.rootCertificate(shown) }
    case .organisation, .iki, .dccki: break
    }
    if let entry = try RevocationRecords.entry(serial: serial, in: reading) {
      throw Refusal.revokedAlready(entry)
    }
    return certificate
  }

  /// The entry of a granted request, which costs the same however many there are.
  @discardableResult
  private static func enter(
    _ request: RevocationRequest, since moment: Time, in transaction: Transaction
  ) throws -> Certificate {
    guard let serial = Hex.decode(request.serial) else {
      throw DatabaseError.damaged("revocation_request.serial")
    }
    let certificate = try revocable(serial, in: transaction)
    let parsed = try Certificate(parsing: certificate.der)
    guard let issuer = parsed.authorityKeyIdentifier else {
      throw DatabaseError.damaged("certificate.der")
    }
    let isAuthority = [.oca, .ikiAuthority, .dcckiAuthority].contains(certificate.kind)
    try RevocationRecords.keep(
      RevokedEntry(
        id: try RevocationRecords.nextID(of: .entry, in: transaction),
        issuer: issuer.description, serial: serial, revoked: moment,
        reason: request.ground.reason(isAuthority: isAuthority), ground: request.ground,
        request: request.id),
      in: transaction)
    return parsed
  }

  /// The effect of a granted request, in the transaction that grants it.
  static func revoke(
    _ request: RevocationRequest, at moment: Time, in transaction: Transaction
  ) throws {
    guard let serial = Hex.decode(request.serial) else {
      throw DatabaseError.damaged("revocation_request.serial")
    }
    let kind = try revocable(serial, in: transaction).kind
    let parsed = try enter(request, since: moment, in: transaction)
    if request.ground.isCompromise {
      // ENG-refused-key: a key that was reported compromised is never certified again.
      try Registration.refuse(
        parsed.tbs.subjectPublicKeyInfo, because: "reported with certificate \(request.serial)",
        at: moment, in: transaction)
    }
    switch kind {
    case .iki:
      try Registration.revokeCredential(
        serial: request.serial, at: moment, in: transaction)
    case .oca, .ikiAuthority, .dcckiAuthority:
      try AuthorityRecords.retire(parsed, at: moment, in: transaction)
    case .organisation, .dccki, .device, .dca: break
    }
  }
}
