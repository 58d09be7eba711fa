// SPDX-License-Identifier: Apache-2.0

package import Authority
package import DER
package import HTTP
import Profiles
package import Registration
import SEC
import X509

/// The service interface: everything behind the port with mutual TLS (M8-2.1).
///
/// Every route is deferred: a lane of the authorities checks, authorises, proves possession, and
/// answers after the second commit, so that no thread waits for another.
package struct ServiceInterface: Sendable {
  /// The most octets of a request for one certificate: the largest CSR, as text.
  package static let requestOctetsMax = 16_384

  let registration: Registration
  let authority: Authority
  let transactions: TransactionNumbers
  let usage: UsageLimits
  let build: String
  let clock: @Sendable () -> Time
  let log: Log

  /// The interface to these authorities; `transactions` and `build`, the version of the product,
  /// are for the answers of the Ad Hoc service.
  package init(
    registration: Registration, authority: Authority, transactions: TransactionNumbers,
    usage: UsageLimits, build: String, clock: @escaping @Sendable () -> Time, log: Log
  ) {
    self.registration = registration
    self.authority = authority
    self.transactions = transactions
    self.usage = usage
    self.build = build
    self.clock = clock
    self.log = log
  }

  /// Admits the system of a connection once; the verdict is kept with the connection.
  package func authenticate(_ peer: Peer) -> any Sendable {
    Result { try admit(peer.certificates.first ?? []) }
  }

  /// The system behind a request as the facts are now (ENG-http-tls).
  func system(of request: Request) throws -> AdmittedSystem {
    let certificate = request.peer.certificates.first ?? []
    guard let verdict = request.identity as? Result<AdmittedSystem, any Error>,
      case .success(let system) = verdict
    else { return try admit(certificate) }
    return try registration.readmit(system, certificate: certificate, at: clock())
  }

  /// L4.5(c): nobody is served over a connection that does not show who asks.
  private func admit(_ certificate: [UInt8]) throws -> AdmittedSystem {
    guard !certificate.isEmpty else { throw Refusal.credentialUnknown([]) }
    return try registration.admit(certificate: certificate, at: clock())
  }
}

/// The portal's ad hoc function as a plain route: the first certificate of a device.
extension ServiceInterface {
  /// M8-2.3: a request in PEM, Base64 or DER in, a certificate in PEM or an error body out.
  func deviceCSR(_ request: Request, _ respond: @escaping Respond) {
    do {
      try authority.submit {
        let system = try system(of: request)
        usage.portal(system.credential.party)
        let parsed = Result { () throws(Refusal) in
          try DeviceRequest(parsing: Self.requestBytes(request.body))
        }
        return Authority.prepare(
          try registration.authorise([parsed], by: system, over: .portalDevice))
      } answer: { outcomes in
        respond(response(to: outcomes, of: request))
      }
    } catch {
      respond(ErrorBody.response(to: error, log: log, at: request.path))
    }
  }

  /// M8-2.3-encodings, RFC7468-2: the DER behind any of the encodings in which requests are handed
  /// in.
  static func requestBytes(_ body: [UInt8]) throws(Refusal) -> [UInt8] {
    do {
      return try RequestText.read(body)
    } catch {
      throw .malformedRequest("\(error.code.rawValue): \(error.detail)", at: error.offset)
    }
  }

  private func response(
    to outcomes: Result<[Authority.Outcome], any Error>, of request: Request
  ) -> Response {
    do {
      let outcome = try outcomes.get().first ?? .failure(AuthorityError.stopping)
      return Self.certificate(try outcome.get(), of: request)
    } catch {
      return ErrorBody.response(to: error, log: log, at: request.path)
    }
  }

  /// M8-2.2-accepted: what every download of certificates says.
  static let acceptance = (
    name: "Smki-Acceptance", value: "deemed accepted unless rejected at once"
  )

  /// DER where the caller accepts only that, PEM otherwise.
  static func certificate(_ der: [UInt8], of request: Request) -> Response {
    var response =
      request.headers.accepts("application/pkix-cert")
      ? Response(type: "application/pkix-cert", body: der)
      : Response(
        type: "application/x-pem-file", text: PEM(label: "CERTIFICATE", bytes: der).text)
    response.headers.append(acceptance)
    return response
  }
}
