// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
package import FoundationEssentials
import Profiles
package import Registration
package import SEC
import X509

/// A request for the TLS certificate of a connection's end, in words.
package struct ConnectionAnswer: Codable, Sendable {
  /// The number of the request, and whose it is.
  package let number: Int
  /// The party's identifier.
  package let party: String
  /// `entered`, `issued` or `refused`.
  package let state: String
  /// The system, and the names of its end.
  package let system: String
  package let hosts: [String]
  package let enteredBy: String
  package let entered: String
  package let decidedBy: String?
  package let decided: String?
  /// The certificate's serial number, once it is issued.
  package let serial: String?
  /// Why it was refused.
  package let reason: String?

  /// A request.
  ///
  /// - Throws: a refusal when the request that is kept cannot be read.
  package init(_ it: ConnectionRequest) throws {
    let request = try DCCKIRequest(parsing: it.request)
    number = it.id
    party = it.party
    state = it.state.rawValue
    system = request.subject.commonName
    hosts = request.hosts
    enteredBy = it.enteredBy
    entered = it.entered.rfc3339
    decidedBy = it.decidedBy
    decided = it.decided?.rfc3339
    serial = it.serial
    reason = it.reason
  }
}

/// ENG-dccki-tls: enters a request for the TLS certificate of a party's end of a connection.
package struct EnterConnection: ControlRequest {
  /// The party, and the PKCS#10 in any encoding.
  package let party: String
  package let request: Data

  package static let name = "dccki-request"
  package static let role = Actor.Role.registrationOfficer

  /// A request to be entered.
  package init(party: String, request: Data) {
    self.party = party
    self.request = request
  }

  package func run(in node: Node, by officer: Actor) throws -> ConnectionAnswer {
    let request = try DCCKIRequest(
      parsing: ServiceInterface.requestBytes(Array(self.request)))
    return try ConnectionAnswer(
      node.registration.enterConnection(request, for: party, at: node.clock(), by: officer))
  }
}

/// RAPP-two-people: approves a request that another officer has entered, and issues.
package struct ApproveConnection: ControlRequest {
  /// The number of the request.
  package let number: Int

  package static let name = "dccki-approve"
  package static let role = Actor.Role.registrationOfficer

  /// A request to be approved.
  package init(number: Int) {
    self.number = number
  }

  package func run(in node: Node, by officer: Actor) throws -> IssuedCertificate {
    let registration = node.registration
    let moment = node.clock()
    // The same request gets the same certificate: what a crash left half done is done again.
    let issued = try Control.issue(in: node) {
      try registration.authoriseConnection(number, at: moment, by: officer)
    }
    let serial = try Certificate(parsing: Array(issued.certificate)).serialNumber.magnitude
    _ = try registration.issueConnection(
      number, serial: Hex.encode(serial), at: node.clock(), by: officer)
    return issued
  }
}

/// RAPP-two-people: refuses a request that another officer has entered.
package struct RefuseConnection: ControlRequest {
  /// The number of the request, and why.
  package let number: Int
  package let reason: String

  package static let name = "dccki-refuse"
  package static let role = Actor.Role.registrationOfficer

  /// A request to be refused.
  package init(number: Int, reason: String) {
    self.number = number
    self.reason = reason
  }

  package func run(in node: Node, by officer: Actor) throws -> ConnectionAnswer {
    try ConnectionAnswer(
      node.registration.refuseConnection(
        number, because: reason, at: node.clock(), by: officer))
  }
}
