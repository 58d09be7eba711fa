// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
package import FoundationEssentials
package import Governance
import Keys
import Records
import Registration
import Repository
package import SEC
import X509

extension Node {
  /// L1.17: the business of the PMA.
  package var matters: Matters {
    Matters(records: records, calendar: configuration.workingDays)
  }
  /// L1.21: the standards that the Code asks for.
  package var standards: Standards { Standards(records: records) }
  /// L1.18, L1.19: proposals to change the Code.
  package var proposals: Proposals {
    Proposals(
      records: records, rules: configuration.proceedings, calendar: configuration.workingDays)
  }
}

/// L1.17: what the Secretariat enters for the business of the PMA, for standards and signatures.
package struct PMABusiness: ControlRequest {
  /// One act; words are those that the rules of business use.
  package enum Act: Codable, Sendable {
    case begin(matter: String, kind: String, subject: String, version: String, cause: String)
    case paper(matter: String, name: String, octets: Data)
    case observe(
      matter: String, number: Int, document: String, sort: String, text: String,
      recommendation: String, isOpen: Bool)
    case direct(matter: String, number: Int, text: String)
    case amended(matter: String, number: Int)
    case panelDecision(matter: String, outcome: String)
    case issue(matter: String)
    case follow(vote: String, evidence: String)
    case standard(
      name: String, version: String, issuer: String, obligation: String, follows: String,
      day: String?)
    case discontinue(name: String, version: String, day: String?)
    case publishStandard(name: String, version: String)
    case appeal(
      name: String, version: String, appellant: String, capacity: String, grounds: String)
    case decideAppeal(name: String, version: String, newDay: String?, evidence: String)
    case credential(person: String, serial: String)
    case sign(vote: String, person: String, signature: Data)
  }

  package let act: Act

  package static let name = "pma-business"
  package static let role = Actor.Role.secretariat
  /// A practice statement as Base64 in JSON.
  package static let octetsMax = Document.octetsMax / 3 * 4 + Control.requestOctetsMax

  /// An act to be entered.
  package init(_ act: Act) {
    self.act = act
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let now = node.clock()
    switch act {
    case .standard, .discontinue, .publishStandard, .appeal, .decideAppeal:
      try standards(node.standards, now, officer)
    case .credential(let person, let serial):
      _ = try Self.key(of: serial, in: node, at: now)
      try node.votes.enrol(credential: serial, of: person, at: now, by: officer)
    case .sign(let vote, let person, let signature):
      guard let serial = try node.votes.credential(of: person) else {
        throw Refusal.signatureNotValid(person, vote)
      }
      try node.votes.sign(
        vote, as: person, serial: serial, Array(signature),
        key: Self.key(of: serial, in: node, at: now), at: now, by: officer)
    default: try matters(node.matters, now, officer)
    }
    return Done(by: officer)
  }

  /// The key of a credential of this estate that is in force.
  private static func key(of serial: String, in node: Node, at now: Time) throws -> PublicKey {
    let (credential, certificate) = try node.records.read { reading in
      (
        try Registration.credential(serial: serial, in: reading),
        try Hex.decode(serial).flatMap { try Repository.certificate(serial: $0, in: reading) }
      )
    }
    guard let credential, let certificate else { throw Refusal.credentialNotFound(serial) }
    if let revoked = credential.revoked { throw Refusal.credentialRevoked(credential, revoked) }
    guard now <= credential.notAfter else { throw Refusal.credentialExpired(credential) }
    switch try Certificate(parsing: certificate.der).tbs.subjectPublicKeyInfo.key {
    case .p256(let point): return .p256(try P256PublicKey(uncompressed: point))
    case .rsa(let modulus, let exponent):
      return .rsa(try RSAPublicKey(modulus: modulus, exponent: exponent))
    case .ed25519, .unsupported: throw Refusal.credentialNotFound(serial)
    }
  }

  private func matters(_ room: Matters, _ now: Time, _ by: Actor) throws {
    switch act {
    case .begin(let matter, let kind, let subject, let version, let cause):
      try room.open(
        matter, Control.word(kind, MatterKind.init, "kind"), about: subject, version: version,
        cause: cause, at: now, by: by)
    case .paper(let matter, let name, let octets):
      try room.file(name, Array(octets), to: matter, at: now, by: by)
    case .observe(
      let matter, let number, let document, let sort, let text, let recommendation, let isOpen):
      let observation = Observation(
        number: number, document: document,
        sort: try Control.word(sort, Observation.Class.init, "class"), text: text,
        recommendation: recommendation, isOpen: isOpen)
      try room.observe(observation, in: matter, at: now, by: by)
    case .direct(let matter, let number, let text):
      try room.direct(number, text, in: matter, at: now, by: by)
    case .amended(let matter, let number):
      try room.amended(number, in: matter, at: now, by: by)
    case .panelDecision(let matter, let outcome):
      try room.enterPanelDecision(outcome, of: matter, at: now, by: by)
    case .issue(let matter): try room.issue(matter, at: now, by: by)
    case .follow(let vote, let evidence):
      try room.follow(direction: vote, evidence: evidence, at: now, by: by)
    default: preconditionFailure("every act has a room")
    }
  }

  private func standards(_ room: Standards, _ now: Time, _ by: Actor) throws {
    switch act {
    case .standard(
      let name, let version, let issuer, let obligation, let follows, let day):
      try room.note(
        name, version: version, issuer: issuer, obligation: obligation, follows: follows,
        on: PMAAct.day(day, now), at: now, by: by)
    case .discontinue(let name, let version, let day):
      try room.discontinue(name, version: version, on: PMAAct.day(day, now), at: now, by: by)
    case .publishStandard(let name, let version):
      try room.publish(name, version: version, at: now, by: by)
    case .appeal(let name, let version, let appellant, let capacity, let grounds):
      // L1.24: the DCC or a User.
      try room.appeal(
        name, version: version, by: appellant,
        as: Control.word(capacity, StandardAppeal.Capacity.init, "capacity"), grounds: grounds,
        at: now, by: by)
    case .decideAppeal(let name, let version, let newDay, let evidence):
      try room.decideAppeal(
        name, version: version, newDay: newDay.map { try PMAAct.day($0, now) },
        evidence: evidence, at: now, by: by)
    default: preconditionFailure("every act has a room")
    }
  }
}
