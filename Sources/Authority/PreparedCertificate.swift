// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import Registration
import Repository
import SEC
import X509

/// One certificate that may be issued: its request is authorised and its possession proven.
///
/// One object, as it goes from step to step and has many parts.
final class PreparedCertificate: Sendable {
  /// A request of one of the four kinds.
  typealias Request = SubscriberRequest

  let request: Request
  let hierarchy: Hierarchy
  let party: String
  /// The system or officer that asked in the party's name.
  let asker: String
  /// The EUI-64 that the certificate will name; nil for IKI.
  let entity: EntityID?
  let usage: CertificateUsage?
  let role: RoleCode?
  /// The key as the certificate will have it.
  let key: SubjectPublicKeyInfo
  let keyIdentifier: [UInt8]
  /// SHA-256 of the request as received.
  let requestHash: [UInt8]

  /// Takes an authorised request and proves that the asker holds its key.
  init(_ request: Request, party: String, asker: String) throws(Refusal) {
    self.request = request
    self.party = party
    self.asker = asker
    switch request {
    case .device(let request):
      try request.checkPossession()
      hierarchy = .device
      entity = request.subject.device
      usage = request.usage
      role = nil
      key = request.key
      requestHash = request.requestHash
    case .organisation(let request):
      try request.checkPossession()
      hierarchy = .organisation
      entity = request.subject.identifier
      usage = request.usage
      role = request.subject.role
      key = request.key
      requestHash = request.requestHash
    case .iki(let request, _, _):
      try request.checkPossession()
      hierarchy = .iki
      entity = nil
      usage = nil
      role = nil
      key = request.key
      requestHash = request.requestHash
    case .dccki(let request):
      try request.checkPossession()
      hierarchy = .dccki
      entity = nil
      usage = nil
      role = nil
      key = request.key
      requestHash = request.requestHash
    }
    keyIdentifier = KeyIdentifier(methodTwoOf: key).octets
  }
}

extension PreparedCertificate {
  /// M8-AppG-iki-csr: the party, interface and name of which only one credential may be valid.
  var nameOfSystem: [String]? {
    guard case .iki(let request, let interface, _) = request else { return nil }
    return [party, interface.rawValue, request.subject.commonName]
  }
}

/// Requests that are ready to be recorded; only `Authority.prepare` makes them, and they are spent
/// once.
package struct Prepared: ~Copyable {
  let items: [Result<PreparedCertificate, Refusal>]
  let actor: Actor

  /// OCP-possession, C3-116-2: proves possession for each authorised request.
  init(_ authorised: consuming Authorised) {
    let party = authorised.party
    let actor = authorised.actor
    self.actor = actor
    items = authorised.requests.map { request in
      request.flatMap { request in
        do throws(Refusal) {
          return .success(try PreparedCertificate(request, party: party, asker: actor.name))
        } catch {
          return .failure(error)
        }
      }
    }
  }
}
