// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import FoundationEssentials
import HTTP
import Parties
import Records
import Registration
import Revocation
import SEC
import Service
import Testing

@Suite("Nobody is served without a credential that is in force for the interface")
struct CredentialTests {
  static let paths: [(String, Interface)] = [
    ("/1.0/DeviceCSR", .portalDevice), (AdHocSetting.path, .adHoc),
  ]

  /// The refusal in a JSON answer.
  private func refusal(_ response: Response) throws -> ErrorBody {
    try #require(response.headers.first?.value == "application/json")
    return try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
  }

  @Test(
    "no certificate, an unknown one, and one for the other interface are 403 with the rule",
    .clause("M8-2.3-no-credential", "M8-AppG-one-per-interface", "ENG-http-tls"),
    arguments: paths)
  func refuses(path: String, interface: Interface) throws {
    let setting = try AdHocSetting.shared.get()
    let other = interface == .adHoc ? setting.maker : setting.supplier
    for (certificate, code) in [
      (nil, "credential-unknown"), ([0x30, 0], "credential-unknown"),
      (other.certificate, "credential-for-other-interface"),
    ] as [([UInt8]?, String)] {
      let response = try setting.estate.send(
        "POST", path, at: .service, type: AdHocXML.mediaType, body: [1], certificate: certificate)
      #expect(response.status == 403)
      #expect(try refusal(response).code == code)
      #expect(try !refusal(response).remedy.isEmpty)
    }
  }

  @Test(
    "revoked, expired and suspended are refused at the next request",
    .clause("ICP-revocation", "ICP-validity", "L2.15", "ENG-http-tls"))
  func refusesLater() throws {
    let estate = try ServingEstate()
    try estate.add("electric", [.importSupplier])
    try estate.add("gas", [.gasSupplier])
    let revoked = try estate.credential(of: "electric", for: .adHoc)
    let expired = try estate.credential(of: "electric", for: .adHoc)
    let suspended = try estate.credential(of: "gas", for: .adHoc)
    func code(_ credential: ServingEstate.Credential) throws -> (Int, String) {
      let response = try estate.send(
        "POST", AdHocSetting.path, at: .service, type: AdHocXML.mediaType, body: [1],
        certificate: credential.certificate)
      return (response.status, response.status == 200 ? "" : try refusal(response).code)
    }
    #expect(try code(revoked) == (200, ""))
    _ = try estate.node.revocation.revokeCredential(
      serial: try #require(Hex.decode(revoked.serial)), reason: "lost", at: estate.now,
      by: ServingEstate.officer)
    #expect(try code(revoked) == (403, "credential-revoked"))
    #expect(try code(suspended) == (200, ""))
    try estate.node.registration.register.suspend(
      "gas", from: estate.now, under: "L2.15", evidence: "minutes 7", by: ServingEstate.officer)
    #expect(try code(suspended) == (403, "party-suspended"))
    #expect(try code(expired) == (200, ""))
    estate.pass(seconds: 11 * 366 * 86_400)
    #expect(try code(expired) == (403, "credential-expired"))
  }

  @Test(
    "the Ad Hoc service is for DCC, Import Supplier and Gas Supplier only",
    .clause("M8-2.4-ad-hoc-roles", "M8-2.4-access"))
  func refusesRole() throws {
    let setting = try AdHocSetting.shared.get()
    #expect(throws: Refusal.interfaceNotForRole(.adHoc, [.otherParty])) {
      _ = try setting.estate.credential(of: "meters", for: .adHoc)
    }
  }

  @Test(
    "a party without the role is refused with the rule, before its XML is read",
    .clause("M8-2.4-ad-hoc-roles"))
  func refusesRoleAtTheDoor() throws {
    let estate = try ServingEstate()
    try estate.add("electric", [.importSupplier])
    let credential = try estate.credential(of: "electric", for: .adHoc)
    func answer() throws -> Response {
      try estate.send(
        "POST", AdHocSetting.path, at: .service, type: AdHocXML.mediaType, body: [60],
        certificate: credential.certificate)
    }
    #expect(try answer().status == 200)
    // No form takes a role away; the register says what a party is all the same.
    let entry = Entry(ServingEstate.officer, "party-changed", clause: "C3-80", at: estate.now)
    let since = estate.now.milliseconds
    try estate.node.records.write(entry) { transaction in
      try transaction.keep(
        PartyRecords.party,
        [
          .text("electric"), .text("The electric company"), .text("electricity-distributor"),
          .int(since),
        ])
    }
    let refused = try answer()
    #expect(refused.status == 403)
    #expect(try refusal(refused).code == "interface-not-for-role")
  }

  @Test("who is no Authorised Subscriber may not ask", .clause("L3.2"))
  func refusesOthers() throws {
    let setting = try AdHocSetting.shared.get()
    try setting.estate.add("untested", [.otherParty], subscribes: false)
    let credential = try setting.estate.credential(of: "untested", for: .portalDevice)
    let response = try setting.estate.send(
      "POST", "/1.0/DeviceCSR", at: .service,
      body: DeviceDraft(for: AdHocSetting.device).encoded(), certificate: credential.certificate)
    #expect(response.status == 403)
    #expect(try refusal(response).code == "not-an-authorised-subscriber")
  }
}
