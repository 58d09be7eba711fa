// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import DER
import Keys
import Profiles
import Registration
import SEC
import TestEstate
import Testing
import X509

@Suite("Requests for TLS certificates of connections")
struct ConnectionTests {
  private static let second = Actor(name: "Charles Babbage", role: .registrationOfficer)

  @Test(
    "the names are host names and addresses, and there is at least one", .clause("ENG-dccki-tls"),
    arguments: [
      (["gateway.example"], true), (["a", "b.example", "127.0.0.1"], true), ([], false),
      (["*.example"], false), (["gateway..example"], false), (["-a.example"], false),
      ([String(repeating: "a", count: 63)], true), ([String(repeating: "a", count: 64)], false),
      ([Array(repeating: "abcdefg", count: 31).joined(separator: ".") + ".abcde"], true),
      ([Array(repeating: "abcdefg", count: 31).joined(separator: ".") + ".abcdef"], false),
    ])
  func names(hosts: [String], isGood: Bool) throws {
    let names = hosts.compactMap { host in
      host == "127.0.0.1" ? .iPAddress([127, 0, 0, 1]) : GeneralName.host(host)
    }
    let request = try Asking.connection(of: .gas, names: names)
    let found = Result { () throws(Refusal) in try DCCKIRequest(parsing: request) }
    switch found {
    case .success(let request): #expect(isGood && request.hosts == hosts)
    case .failure(let refusal): #expect(!isGood && refusal == .connectionNames(found: ""))
    }
  }

  @Test(
    "one officer enters and another decides, once", .clause("ENG-dccki-tls", "RAPP-two-people"))
  func twoPeople() throws {
    let estate = try TestEstate()
    let registration = estate.registration
    func enter(
      _ request: [UInt8], for party: SampleParty = .gas
    ) throws -> ConnectionRequest {
      try registration.enterConnection(
        DCCKIRequest(parsing: request), for: party.id, at: estate.now, by: TestEstate.officer)
    }
    let good = try Asking.connection(of: .gas)
    #expect(throws: Refusal.credentialOrganisation("", "")) {
      try enter(try Asking.connection(of: .gas, organisation: "Somebody Else"))
    }
    #expect(throws: Refusal.possessionNotProven()) {
      try enter(try Asking.connection(of: .gas, signedBy: SoftwareKey.generate(.rsa2048)))
    }
    let it = try enter(good)
    #expect(it.id == 1 && it.state == .entered)
    #expect(throws: Refusal.connectionSameOfficer("")) {
      _ = try registration.authoriseConnection(1, at: estate.now, by: TestEstate.officer)
    }
    #expect(throws: Refusal.connectionUnknown(2)) {
      _ = try registration.authoriseConnection(2, at: estate.now, by: Self.second)
    }
    let authorised = try registration.authoriseConnection(1, at: estate.now, by: Self.second)
    let party = authorised.party
    #expect(party == SampleParty.gas.id)
    #expect(throws: Refusal.connectionSameOfficer("")) {
      try registration.refuseConnection(
        1, because: "no", at: estate.now, by: TestEstate.officer)
    }
    let refused = try registration.refuseConnection(
      1, because: "no", at: estate.now, by: Self.second)
    #expect(refused.state == .refused && refused.reason == "no")
    #expect(throws: Refusal.connectionDecided(1, .refused)) {
      _ = try registration.authoriseConnection(1, at: estate.now, by: Self.second)
    }
    #expect(try registration.connections() == [refused])
  }
}
