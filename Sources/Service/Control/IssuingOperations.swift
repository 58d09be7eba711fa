// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
package import FoundationEssentials
import Keys
import Parties
import Profiles
import Registration
import Revocation
package import SEC

/// A certificate that was issued by command.
package struct IssuedCertificate: Codable, Sendable {
  /// The certificate, DER.
  package let certificate: Data
}

/// RAPP-5.4: issues a person or a system of a party its credential for an interface.
package struct IssueCredential: ControlRequest {
  /// The party, the interface as `Interface` writes it, and the PKCS#10 in any encoding.
  package let party: String
  package let interface: String
  package let request: Data
  /// Who will hold it, by identifier; nil for a system's.
  package let person: String?
  /// N4-2.3: the serial number of the token with the key, or nil for another medium.
  package let token: String?

  package static let name = "credential-issue"
  package static let role = Actor.Role.registrationOfficer

  /// A credential to be issued.
  package init(
    party: String, interface: String, request: Data, person: String? = nil, token: String? = nil
  ) {
    self.party = party
    self.interface = interface
    self.request = request
    self.person = person
    self.token = token
  }

  package func run(in node: Node, by officer: Actor) throws -> IssuedCertificate {
    let interface = try Control.word(self.interface, Interface.init, "interface")
    let request = try IKIRequest(parsing: ServiceInterface.requestBytes(Array(self.request)))
    let registration = node.registration
    return try Control.issue(in: node) {
      try registration.authorise(
        request, for: party, interface: interface,
        holder: person.map { CredentialHolder(person: $0, token: token) }, at: node.clock(),
        by: officer)
    }
  }
}

/// C3-80-org: issues an Organisation Certificate that an officer enters for a party.
package struct IssueOrganisation: ControlRequest {
  /// The party, and the PKCS#10 in any encoding.
  package let party: String
  package let request: Data

  package static let name = "issue-organisation"
  package static let role = Actor.Role.registrationOfficer

  /// An Organisation Certificate to be issued.
  package init(party: String, request: Data) {
    self.party = party
    self.request = request
  }

  package func run(in node: Node, by officer: Actor) throws -> IssuedCertificate {
    guard try node.registration.register.party(party) != nil else {
      throw Refusal.partyUnknown(party)
    }
    let door = OrganisationDoor(
      registration: node.registration, authority: node.authority, clock: node.clock)
    let (_, certificate) = try door.submit(Array(request), of: party, by: officer) { parsed in
      try node.registration.authorise(
        [.success(parsed)], for: party, at: node.clock(), by: officer)
    }
    return IssuedCertificate(certificate: Data(certificate))
  }
}

extension Control {
  /// Issues what one authorisation asks for.
  static func issue(
    in node: Node, _ authorise: @escaping @Sendable () throws -> Authorised
  ) throws -> IssuedCertificate {
    let outcomes = try node.authority.issue { Authority.prepare(try authorise()) }
    guard let outcome = outcomes.first else { throw AuthorityError.stopping }
    return IssuedCertificate(certificate: Data(try outcome.get()))
  }
}

/// ICP-revocation: revokes a credential, which is refused at its next request.
package struct RevokeCredential: ControlRequest {
  /// Serial number, 32 upper-case hexadecimal digits, and the reason in words.
  package let serial: String
  package let reason: String

  package static let name = "credential-revoke"
  package static let role = Actor.Role.registrationOfficer

  /// A credential to be revoked.
  package init(serial: String, reason: String) {
    self.serial = serial
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    let serial = try Control.word(self.serial, Hex.decode, "serial")
    _ = try node.revocation.revokeCredential(
      serial: serial, reason: reason, at: node.clock(), by: officer)
    node.publishAtOnce()
    return Done(by: officer)
  }
}

/// ENG-audit-tree: signs the size and root of the audit of this moment.
package struct SignCheckpoint: ControlRequest {
  package static let name = "audit-checkpoint"
  package static let role = Actor.Role.operatorOfSystem

  /// What was signed.
  package struct Answer: Codable, Sendable {
    /// The whole signed note (C2SP tlog-checkpoint).
    package let note: String
    /// How many entries it covers.
    package let size: Int
  }

  /// A checkpoint of now.
  package init() {}

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let (checkpoint, note) = try node.signCheckpoint()
    return Answer(note: note.encoded, size: checkpoint.size)
  }
}
