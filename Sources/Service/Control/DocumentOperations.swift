// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
package import FoundationEssentials
import Registration
package import Repository
package import SEC

/// L5.3: lodges a version of a document in the Repository.
package struct LodgeDocument: ControlRequest {
  /// The kind as `DocumentKind` writes it, version and title.
  package let kind: String
  package let version: String
  package let title: String
  /// The end of the file's name.
  package let fileEnding: String
  /// The instruction or the reason, and for whom after which check; may be empty.
  package let reason: String
  /// In whose name: `operator` or `secretariat`.
  package let lodger: String
  /// P3-1.3-lodging: the call to the Service Desk in which an ARO of the SMKI PMA, or of the Code
  /// Administrator for it, asked for the lodging; nil when nobody asked.
  package let call: Int?
  package let document: Data

  /// Days after which a call is no request any more [assumed].
  package static let callDaysMax: Int64 = 7

  package static let name = "document-lodge"
  package static let role = Actor.Role.operatorOfSystem
  /// L5.3: in the DCC's name or in that of the SMKI PMA.
  package var role: Actor.Role { Actor.Role(rawValue: lodger) ?? Self.role }
  /// A document as Base64 in JSON, and what is said of it.
  package static let octetsMax = Document.octetsMax / 3 * 4 + Control.requestOctetsMax

  /// A document to be lodged.
  package init(
    kind: String, version: String, title: String, fileEnding: String, reason: String,
    lodger: String, call: Int? = nil, document: Data
  ) {
    self.kind = kind
    self.version = version
    self.title = title
    self.fileEnding = fileEnding
    self.reason = reason
    self.lodger = lodger
    self.call = call
    self.document = document
  }

  package func run(in node: Node, by officer: Actor) throws -> LodgedDocument {
    let moment = node.clock()
    return LodgedDocument(
      try node.library.lodge(
        Library.Submission(
          kind: DocumentKind(named: kind), version: version, title: title, fileEnding: fileEnding,
          reason: reason, octets: Array(document)),
        for: call.map { try Self.proxy($0, in: node, at: moment) }, at: moment, by: officer))
  }

  /// P3-1.3-lodging: who asked in a call, when the call shows that the person may.
  private static func proxy(
    _ number: Int, in node: Node, at moment: Time
  ) throws -> Document.Proxy {
    let enrolment = node.registration.enrolment
    guard let call = try enrolment.calls().first(where: { $0.id == number }),
      moment.seconds - call.moment.seconds <= callDaysMax * 86_400
    else {
      throw Refusal.proxyCall("call \(number), which is none of the last \(callDaysMax) days")
    }
    guard call.isIdentified else { throw Refusal.proxyCall("call \(number), \(call.identified)") }
    let person = try enrolment.person(call.caller)
    guard person.role == .authorisedResponsibleOfficer, person.isActive(at: moment) else {
      throw Refusal.proxyCall("\(person.id), who is no active ARO")
    }
    guard node.configuration.documentAskers.contains(person.party) else {
      throw Refusal.proxyParty(person.party, node.configuration.documentAskers)
    }
    return Document.Proxy(
      person: person.id, party: person.party, call: number, check: call.identified)
  }
}

/// L5.5, L5.11: reads a document, with the purpose stated.
package struct ReadDocument: ControlRequest {
  /// The kind as `DocumentKind` writes it, and the version; nil for the latest.
  package let kind: String
  package let version: String?
  /// The Code purpose.
  package let purpose: String

  package static let name = "document-read"
  package static let role = Actor.Role.operatorOfSystem

  /// The document, and what is said of it.
  package struct Answer: Codable, Sendable {
    /// Which it is.
    package let document: LodgedDocument
    /// The document itself.
    package let octets: Data
  }

  /// A document to be read.
  package init(kind: String, version: String?, purpose: String) {
    self.kind = kind
    self.version = version
    self.purpose = purpose
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    let document = try node.library.document(DocumentKind(named: kind), version: version)
    let octets = try node.library.read(document, for: purpose, at: node.clock(), by: officer)
    return Answer(document: LodgedDocument(document), octets: Data(octets))
  }
}

/// A document of the Repository as people and programs are told of it.
package struct LodgedDocument: Codable, Sendable {
  /// The kind as `DocumentKind` writes it.
  package let kind: String
  /// As the document has them.
  package let version, title: String
  /// The media type in which it is served.
  package let mediaType: String
  /// How many octets it has.
  package let octets: Int
  /// SHA-256 in hexadecimal digits.
  package let sha256: String
  /// RFC 3339.
  package let lodged: String
  package let lodgedBy: String
  package let role: String
  package let reason: String
  /// The rule by which it is in the Repository.
  package let clause: String
  /// P3-1.3-lodging: who asked for the lodging, in which call, and how that was checked.
  package let proxy: Proxy?

  /// At whose request a document was lodged.
  package struct Proxy: Codable, Sendable {
    /// The ARO, the party, the number of the call, and what the check said.
    package let person: String
    package let party: String
    package let call: Int
    package let check: String
  }

  /// What is told of a document.
  package init(_ document: Document) {
    kind = document.kind.rawValue
    version = document.version
    title = document.title
    mediaType = document.mediaType
    octets = document.size
    sha256 = Hex.encode(document.digest)
    lodged = document.lodged.rfc3339
    lodgedBy = document.lodgedBy
    role = document.role
    reason = document.reason
    clause = document.kind.clause.id
    proxy = document.proxy.map {
      Proxy(person: $0.person, party: $0.party, call: $0.call, check: $0.check)
    }
  }
}
