// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Foundation
import HTTP
import Repository
import SEC
import Service
import Testing
import X509

@Suite("Certificates are found by their description over the Repository's port")
struct SearchDoorTests {
  let setting: RepositorySetting

  init() throws { setting = try RepositorySetting.shared.get() }

  private func get(
    _ path: String, _ query: [(String, String)], key: String? = RepositorySetting.key,
    door: Door = .repository
  ) throws -> Response {
    try setting.estate.send(
      "GET", "/services/\(path)", at: door, query: (key.map { [("apikey", $0)] } ?? []) + query)
  }

  private func page(_ query: [(String, String)]) throws -> FoundPage {
    let response = try get("certificates", query)
    try #require(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
    return try JSONDecoder().decode(FoundPage.self, from: Data(response.body))
  }

  private func code(_ response: Response) throws -> String {
    try JSONDecoder().decode(ErrorBody.self, from: Data(response.body)).code
  }

  @Test("by device, by issuer and by issue time the same certificate", .clause("ENG-search"))
  func words() throws {
    let serial = Hex.encode(setting.device.serialNumber.magnitude)
    let found = try #require(
      try page([("device", AdHocSetting.device.description)]).certificates.first {
        $0.serial == serial
      })
    #expect(found.certificate == Base64.encode(setting.device.encoded))
    #expect(found.status == "I" && found.usage == "KA" && found.kind == "device")
    let from = try #require(Time(rfc3339: found.issued))
    for query in [
      [("key-identifier", found.keyIdentifier)], [("serial", serial)],
      [("issuer", found.issuer), ("usage", "KA")],
      [("issued-from", found.issued), ("issued-before", from.adding(seconds: 1).rfc3339)],
    ] {
      #expect(try page(query).certificates.contains { $0.serial == serial }, "\(query)")
    }
    // No one else's request, no party: what the Repository knows of the asker is not shown.
    let text = String(decoding: try get("certificates", [("serial", serial)]).body, as: UTF8.self)
    #expect(!text.contains("party") && !text.contains("request"))
  }

  @Test(
    "no key, a wrong word, a broad search and a changed cursor are refused", .clause("ENG-search"))
  func refusals() throws {
    let keyless = try get("certificates", [("class", "dca")], key: nil)
    #expect(keyless.status == 403)
    #expect(try code(keyless) == "api-key-unknown")
    let first = try page([("class", "dca"), ("limit", "1")])
    let cursor = try #require(first.cursor)
    #expect(
      try page([("class", "dca"), ("limit", "1"), ("cursor", cursor)]).certificates.count == 1)
    for (query, expected) in [
      ([("usage", "DS")], "search-too-broad"), ([], "search-too-broad"),
      ([("role", "x")], "search-word"), ([("class", "dca"), ("limit", "many")], "search-word"),
      ([("class", "dca"), ("limit", "501")], "page-size"),
      ([("class", "oca"), ("cursor", cursor)], "cursor-invalid"),
      ([("class", "dca"), ("cursor", "zz" + cursor.dropFirst(2))], "cursor-invalid"),
    ] {
      let response = try get("certificates", query)
      #expect(response.status == 400)
      #expect(try code(response) == expected)
    }
  }

  @Test(
    "a certificate comes with those above it and the lists of its issuers, in one call",
    .clause("L5.5", "L5.1(b)", "L5.1(d)", "L5.1(j)", "L5.1(k)"))
  func chain() throws {
    for (certificate, kind) in [(setting.device, "dca"), (setting.organisation, "oca")] {
      let serial = Hex.encode(certificate.serialNumber.magnitude)
      let response = try get("chain", [("serial", serial)])
      #expect(response.status == 200)
      let found = try JSONDecoder().decode(FoundChain.self, from: Data(response.body))
      #expect(found.certificate.certificate == Base64.encode(certificate.encoded))
      #expect(found.chain.map(\.kind) == [kind, kind])
      #expect(found.certificate.issuer == found.chain.first?.keyIdentifier)
    }
    for serial in ["", "12", "0" + String(repeating: "1", count: 31)] {
      let response = try get("chain", [("serial", serial)])
      #expect(try code(response) == (serial.count == 32 ? "certificate-not-found" : "serial-form"))
    }
  }
}
