// SPDX-License-Identifier: Apache-2.0

import DER
import HTTP
import Registration
import Revocation
import SEC

/// What became of a rejection, in words.
package struct RejectionAnswer: Codable, Sendable {
  /// The certificate's serial number.
  package let serial: String
  /// `revoked` for an Organisation Certificate, `noted` for a Device Certificate.
  package let state: String
  /// The number of the revocation; nil where there is none.
  package let revocation: Int?
}

/// The portal's function for a subscriber who rejects a certificate, as plain routes.
struct RejectionDoor: Sendable {
  /// The most octets of a reason.
  static let reasonOctetsMax = 1_024

  let service: ServiceInterface
  let revocation: Revocation
  /// Publishes the lists that a revocation changes.
  let publish: @Sendable () -> Void

  /// M8-2.3.1.5: an Organisation Certificate that is rejected is revoked, and on the list.
  func organisation(_ request: Request) throws -> Response {
    let system = try service.system(of: request)
    try service.registration.checkInterface(.portalOrganisation, of: system)
    let revoked = try revocation.reject(
      Rejection(
        serial: Self.serial(of: request), party: system.credential.party,
        person: system.actor.name, reason: Self.reason(of: request), verification: "signed in"),
      at: service.clock(), by: system.actor)
    publish()
    return try Self.answer(
      RejectionAnswer(
        serial: revoked.serial, state: revoked.state.rawValue, revocation: revoked.id))
  }

  /// M8-2.3.1.10: a Device Certificate that is rejected is kept in mind, and stays as it is.
  func device(_ request: Request) throws -> Response {
    let system = try service.system(of: request)
    try service.registration.checkInterface(.portalDevice, of: system)
    let serial = try Self.serial(of: request)
    try service.registration.rejectDevice(
      serial: serial, of: system.credential.party, because: Self.reason(of: request),
      at: service.clock(), by: system.actor)
    service.log(
      .warning, "device-certificate-rejected",
      ["serial": Hex.encode(serial), "party": system.credential.party])
    return try Self.answer(
      RejectionAnswer(serial: Hex.encode(serial), state: "noted", revocation: nil))
  }

  private static func serial(of request: Request) throws(Refusal) -> [UInt8] {
    let text = request.queryValue("serial") ?? ""
    guard let serial = Hex.decode(text), serial.count == 16 else { throw .serialForm(found: text) }
    return serial
  }

  private static func reason(of request: Request) -> String {
    String(decoding: request.body, as: UTF8.self)
  }

  private static func answer(_ answer: RejectionAnswer) throws -> Response {
    var response = Response(type: "application/json", body: try Control.encode(answer))
    response.headers.append(("Cache-Control", "no-store"))
    return response
  }
}
