// SPDX-License-Identifier: Apache-2.0

import DER
package import Revocation
package import SEC

/// A request for revocation as it stands, in words.
package struct RevocationAnswer: Codable, Sendable {
  /// The number of the request.
  package let request: Int
  /// The certificate's serial number.
  package let serial: String
  /// The party whose certificate it is; nil for an authority's.
  package let party: String?
  package let ground: String
  package let asker: String
  package let capacity: String
  /// `received`, `refused`, `held` or `revoked`.
  package let state: String
  /// Who entered and who decided it, and when.
  package let enteredBy: String
  package let entered: String
  package let decidedBy: String?
  package let decided: String?

  /// A request.
  package init(_ request: RevocationRequest) {
    self.request = request.id
    serial = request.serial
    party = request.party
    ground = request.ground.rawValue
    asker = request.asker.name
    capacity = request.asker.capacity.rawValue
    state = request.state.rawValue
    enteredBy = request.enteredBy
    entered = request.entered.rfc3339
    decidedBy = request.decidedBy
    decided = request.decided?.rfc3339
  }
}

/// RAPP-8: enters a request to revoke a certificate.
package struct RequestRevocation: ControlRequest {
  /// The serial number, the ground and the asker's capacity as the register writes them.
  package let serial: String
  package let ground: String
  package let asker: String
  package let capacity: String
  /// The party that the asker speaks for and the form that was handed in, where there are any.
  package let party: String?
  package let form: String?
  /// What was handed in.
  package let evidence: String

  package static let name = "revoke-request"
  package static let role = Actor.Role.registrationOfficer

  /// A request to be entered.
  package init(
    serial: String, ground: String, asker: String, capacity: String, party: String?,
    form: String?, evidence: String
  ) {
    self.serial = serial
    self.ground = ground
    self.asker = asker
    self.capacity = capacity
    self.party = party
    self.form = form
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> RevocationAnswer {
    RevocationAnswer(
      try node.revocation.request(
        serial: Control.word(serial, Hex.decode, "serial"),
        ground: Control.word(ground, RevocationGround.init, "ground"),
        asker: Asker(
          name: asker, capacity: Control.word(capacity, Asker.Capacity.init, "capacity"),
          party: party, form: form),
        evidence: evidence, at: node.clock(), by: officer))
  }
}

/// M4-ra-revoke-how: grants a request that another officer has entered.
package struct ApproveRevocation: ControlRequest {
  /// The number of the request, and how the asker was verified.
  package let request: Int
  package let verification: String

  package static let name = "revoke-approve"
  package static let role = Actor.Role.registrationOfficer

  /// A request to be granted.
  package init(request: Int, verification: String) {
    self.request = request
    self.verification = verification
  }

  package func run(in node: Node, by officer: Actor) throws -> RevocationAnswer {
    let request = try node.revocation.approve(
      request, verification: verification, at: node.clock(), by: officer)
    node.publishAtOnce()
    return RevocationAnswer(request)
  }
}

/// M4-ra-revoke-how: refuses a request that another officer has entered.
package struct RefuseRevocation: ControlRequest {
  /// The number of the request, and why.
  package let request: Int
  package let reason: String

  package static let name = "revoke-refuse"
  package static let role = Actor.Role.registrationOfficer

  /// A request to be refused.
  package init(request: Int, reason: String) {
    self.request = request
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> RevocationAnswer {
    RevocationAnswer(
      try node.revocation.refuse(request, reason: reason, at: node.clock(), by: officer))
  }
}

/// C3-71: what the SMKI PMA has decided, as it comes over the socket.
package struct DirectionForm: Codable, Sendable {
  /// Who directs, the decision, what shows it, and the rule.
  package let by: String
  package let decision: String
  package let evidence: String
  package let clause: String

  /// A direction in words.
  package init(by: String, decision: String, evidence: String, clause: String) {
    self.by = by
    self.decision = decision
    self.evidence = evidence
    self.clause = clause
  }

  func direction() throws(Refusal) -> Direction {
    try Direction(by: by, decision: decision, evidence: evidence, clause: Clause(clause))
  }
}

/// C3-71: revokes what the SMKI PMA has ordered to be revoked.
package struct OrderRevocation: ControlRequest {
  /// The serial numbers, the ground and the order.
  package let serials: [String]
  package let ground: String
  package let direction: DirectionForm

  package static let name = "revoke-order"
  package static let role = Actor.Role.registrationOfficer

  /// Certificates to be revoked.
  package init(serials: [String], ground: String, direction: DirectionForm) {
    self.serials = serials
    self.ground = ground
    self.direction = direction
  }

  package func run(in node: Node, by officer: Actor) throws -> [RevocationAnswer] {
    let requests = try node.revocation.order(
      direction.direction(), serials: serials.map { try Control.word($0, Hex.decode, "serial") },
      ground: Control.word(ground, RevocationGround.init, "ground"), at: node.clock(),
      by: officer)
    node.publishAtOnce()
    return requests.map(RevocationAnswer.init)
  }
}

/// M4-solr: delays the revocations of a supplier until a date.
package struct DelayRevocation: ControlRequest {
  /// The party, the date in RFC 3339, and the decision.
  package let party: String
  package let until: String
  package let direction: DirectionForm

  package static let name = "revoke-delay"
  package static let role = Actor.Role.registrationOfficer

  /// A party whose revocations are delayed.
  package init(party: String, until: String, direction: DirectionForm) {
    self.party = party
    self.until = until
    self.direction = direction
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    _ = try node.revocation.delay(
      party, until: Control.moment(until, "until"), direction.direction(),
      at: node.clock(), by: officer)
    node.schedule?.hurry("revocation-delays")
    return Done(by: officer)
  }
}

/// M4-solr: lifts a delay before its date.
package struct LiftDelay: ControlRequest {
  /// The party, and the decision.
  package let party: String
  package let direction: DirectionForm

  package static let name = "revoke-lift"
  package static let role = Actor.Role.registrationOfficer

  /// A party whose revocations are no longer delayed.
  package init(party: String, direction: DirectionForm) {
    self.party = party
    self.direction = direction
  }

  package func run(in node: Node, by officer: Actor) throws -> [RevocationAnswer] {
    let requests = try node.revocation.lift(
      party, direction.direction(), at: node.clock(), by: officer)
    node.publishAtOnce()
    return requests.map(RevocationAnswer.init)
  }
}
