// SPDX-License-Identifier: Apache-2.0

import Authority
import ClauseTrait
import Client
import DER
import Foundation
import HTTP
import Keys
import Profiles
import Revocation
import SEC
import Service
import TestProcess
import Testing
import X509

@Suite("The status of Organisation Certificates on request", .clause("RFC6960", "RFC5019"))
struct StatusTests {
  let estate: ServingEstate
  let good: Certificate
  let bad: Certificate
  let issuer: Certificate

  init() throws {
    let estate = try ServingEstate()
    try estate.add("north", [.importSupplier])
    func organisation(_ usage: KeyUsage.Use) throws -> Certificate {
      try estate.organisation(
        "north", EntityID(0x90B3_D51F_3001_0001), role: RoleCode(2), usage: usage)
    }
    self.estate = estate
    good = try organisation(.digitalSignature)
    bad = try organisation(.keyAgreement)
    issuer = try #require(
      try estate.node.authority.authorities().first { $0.hierarchy == .organisation }
    ).certificate
  }

  private func revoke(
    _ certificate: Certificate, _ ground: RevocationGround = .keyUnreliable
  ) throws {
    _ = try estate.node.revocation.order(
      Direction(by: "SMKI PMA", decision: "PMA 1", evidence: "minutes", clause: "C3-71"),
      serials: [Array(certificate.serialNumber.magnitude)], ground: ground, at: estate.now,
      by: ServingEstate.officer)
  }

  private func question(
    _ serial: Integer, of issuer: Certificate, _ algorithm: AlgorithmIdentifier
  ) -> [UInt8] {
    let digest: ([UInt8]) -> [UInt8] =
      algorithm.algorithm == .sha1 ? { Digest.sha1($0) } : { Digest.sha256($0) }
    return OCSPRequest([
      .init(
        algorithm: algorithm, nameHash: digest(issuer.subject.encoded),
        keyHash: digest(Array(issuer.tbs.subjectPublicKeyInfo.bits.octets)), serialNumber: serial)
    ]).encoded
  }

  private func ask(
    _ serial: Integer, of issuer: Certificate? = nil,
    by algorithm: AlgorithmIdentifier = AlgorithmIdentifier(.sha1, parameters: [5, 0])
  ) throws -> Response {
    try estate.send(
      "POST", OCSPInterface.path, at: .repository, type: "application/ocsp-request",
      body: question(serial, of: issuer ?? self.issuer, algorithm))
  }

  /// What `openssl ocsp` says of an answer, its signature verified.
  private func reading(_ answer: [UInt8], _ certificate: Certificate) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ocsp-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func write(_ name: String, _ octets: [UInt8]) throws -> String {
      let url = folder.appending(path: name)
      try Data(octets).write(to: url)
      return url.path
    }
    let root = try #require(
      try estate.node.publisher.standings().first { $0.issuer.kind == .rootOCA })
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "openssl", "ocsp", "-respin", try write("answer.der", answer),
      "-issuer", try write("issuer.pem", Array(issuer.pem.utf8)),
      "-cert", try write("certificate.pem", Array(certificate.pem.utf8)),
      "-CAfile", try write("root.pem", Array(root.issuer.certificate.pem.utf8)),
      "-verify_other", try write("other.pem", Array(issuer.pem.utf8)), "-no_nonce",
      "-attime", "\(estate.now.seconds + 1)", "-validity_period", "100000000",
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitForEnd()
    return String(decoding: text, as: UTF8.self)
  }

  @Test("good, revoked with time and reason, and unknown, as openssl reads them")
  func statuses() throws {
    let first = try ask(bad.serialNumber)
    #expect(first.headers.contains { $0 == ("Content-Type", "application/ocsp-response") })
    let text = try reading(first.body, bad)
    #expect(text.contains("Response verify OK"), "\(text)")
    #expect(text.contains(": good"), "\(text)")
    try revoke(bad)
    let revoked = try reading(try ask(bad.serialNumber).body, bad)
    #expect(revoked.contains("Response verify OK"))
    #expect(revoked.contains(": revoked") && revoked.contains("keyCompromise"), "\(revoked)")
    #expect(
      try reading(ask(good.serialNumber, by: AlgorithmIdentifier(.sha256)).body, good)
        .contains("Response verify OK"))
    let nobody = try ask(Integer(0x4711))
    #expect(nobody.body.contains(sequence: [0x82, 0x00]))
  }

  @Test("an answer is given again until it lapses, and is renewed in time")
  func kept() throws {
    let responder = estate.node.responder
    let first = try ask(good.serialNumber).body
    #expect(try ask(good.serialNumber).body == first)
    #expect(responder.keptCount == 1)
    estate.pass(seconds: OCSPResponder.standSeconds - OCSPResponder.renewSeconds)
    let next = try responder.renew(at: estate.now)
    #expect(next == estate.now.adding(seconds: 300))
    let second = try ask(good.serialNumber).body
    #expect(second != first)
    #expect(try ask(good.serialNumber).body == second)
    // The clock is put back: what was signed in the future is not given.
    estate.pass(seconds: -86_400)
    #expect(try ask(good.serialNumber).body != second)
    estate.pass(seconds: 10 * 86_400)
    _ = try responder.renew(at: estate.now)
    #expect(responder.keptCount == 0)
  }

  @Test("a GET can be cached until the answer lapses")
  func caching() throws {
    let question = question(
      good.serialNumber, of: issuer, AlgorithmIdentifier(.sha1, parameters: [5, 0]))
    let path = OCSPInterface.path + "/" + Base64.encode(question)
    let response = try estate.send("GET", path, at: .repositoryPlain)
    func header(_ name: String) -> String? { response.headers.first { $0.name == name }?.value }
    #expect(header("Cache-Control") == "max-age=3600, public, no-transform, must-revalidate")
    #expect(header("Last-Modified") == "Sat, 21 Nov 2026 08:00:00 GMT")
    #expect(header("Expires") == "Sat, 21 Nov 2026 09:00:00 GMT")
    #expect(header("ETag") != nil)
    #expect(try response.body == ask(good.serialNumber).body)
    for path in ["/ocsp/", "/ocsp/zzzz", "/ocsp/MAA="] {
      let refused = try estate.send("GET", path, at: .repository)
      #expect(refused.body == [0x30, 3, 0x0A, 1, 1], "\(path)")
      #expect(refused.headers.contains { $0 == ("Cache-Control", "no-store") })
    }
  }

  @Test("no answer is given for somebody else's certificates, or to what is no request")
  func refused() throws {
    let device = try #require(
      try estate.node.authority.authorities().first { $0.hierarchy == .device }
    ).certificate
    #expect(try ask(good.serialNumber, of: device).body == [0x30, 3, 0x0A, 1, 6])
    let broken = try estate.send(
      "POST", OCSPInterface.path, at: .repository, type: "application/ocsp-request", body: [1])
    #expect(broken.body == [0x30, 3, 0x0A, 1, 1])
    #expect(
      try estate.send("POST", OCSPInterface.path, at: .repository, type: "text/plain", body: [1])
        .status == 415)
  }

  @Test("openssl asks the open port itself, by POST")
  func overHTTP() throws {
    try estate.node.serve()
    try revoke(bad)
    let port = try #require(estate.node.port(of: .repositoryPlain))
    let question = question(
      bad.serialNumber, of: issuer, AlgorithmIdentifier(.sha1, parameters: [5, 0]))
    let response = try estate.client().post(
      "http://127.0.0.1:\(port)/ocsp", type: "application/ocsp-request", body: question)
    #expect(response.status == 200)
    #expect(try reading(response.body, bad).contains(": revoked"))
    // A slash stands as it is: the server takes none that is escaped.
    let escaped = Base64.encode(question).split(separator: "/", omittingEmptySubsequences: false)
      .compactMap { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) }
      .joined(separator: "/")
    let got = try estate.client().get("http://127.0.0.1:\(port)/ocsp/\(escaped)")
    #expect(got.status == 200)
    #expect(got.body == response.body)
  }
}

extension [UInt8] {
  fileprivate func contains(sequence: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: sequence) }
  }
}
