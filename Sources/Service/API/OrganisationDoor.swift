// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import HTTP
import Keys
import Profiles
import Registration
import SEC
import X509

/// The portal's organisation function as a plain route: each request is a case that goes from
/// submission to acceptance (M8-2.3.1.3).
struct OrganisationDoor: Sendable {
  let registration: Registration
  let authority: Authority
  let clock: @Sendable () -> Time

  /// M8-2.3.1.3, C3-123: format and signature, then content, then issue; each step is kept.
  ///
  /// - Parameters:
  ///   - request: the PKCS#10 in any encoding.
  ///   - party: who asks.
  ///   - actor: the person or officer who asks for it.
  ///   - authorise: holds the request against the register.
  /// - Returns: the number of the case and the certificate, DER.
  /// - Throws: the refusal that the case now has, or a failure.
  func submit(
    _ request: [UInt8], of party: String, by actor: Actor,
    _ authorise: @escaping @Sendable (OrganisationRequest) throws -> Authorised
  ) throws -> (number: Int, certificate: [UInt8]) {
    let it = try registration.receiveOrganisation(
      hash: Digest.sha256(request), of: party, at: clock(), by: actor)
    func move(
      _ state: OrganisationCase.State, serial: String? = nil, because reason: String? = nil
    ) throws {
      guard it.serial == nil else { return }
      try registration.move(
        it.id, to: state, serial: serial, because: reason, at: clock(), by: actor)
    }
    do {
      let parsed = try OrganisationRequest(parsing: ServiceInterface.requestBytes(request))
      try parsed.checkPossession()
      try move(.accepted)
      let authorised = try authorise(parsed)
      if case .failure(let refusal)? = authorised.requests.first { throw refusal }
      try move(.approved)
      let outcomes = try authority.issue { Authority.prepare(try authorise(parsed)) }
      guard let outcome = outcomes.first else { throw AuthorityError.stopping }
      let certificate = try outcome.get()
      let serial = try Certificate(parsing: certificate).serialNumber.magnitude
      try move(.issued, serial: Hex.encode(serial))
      return (it.id, certificate)
    } catch let refusal as Refusal {
      // M8-2.3.1.4: nothing is held against the key pair.
      try move(.refused, because: refusal.description)
      throw refusal
    }
  }
}

extension ServiceInterface {
  /// M8-2.3.1.3: a request in PEM, Base64 or DER in, a certificate in PEM or an error body out.
  func organisationCSR(_ request: Request) throws -> Response {
    let system = try system(of: request)
    try registration.checkInterface(.portalOrganisation, of: system)
    let door = OrganisationDoor(
      registration: registration, authority: authority, clock: clock)
    let (number, certificate) = try door.submit(
      request.body, of: system.credential.party, by: system.actor
    ) { [registration] parsed in
      try registration.authorise([.success(parsed)], by: system)
    }
    var response = Self.certificate(certificate, of: request)
    response.headers.append(("Smki-Case", "\(number)"))
    return response
  }
}
