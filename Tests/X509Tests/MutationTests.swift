// SPDX-License-Identifier: Apache-2.0

import DER
import FuzzProperties
import Testing
import X509

/// What is not refused is written again byte for byte: nothing is read that is not understood.
@Suite("Spoilt bytes")
struct MutationTests {
  private static let masks: [UInt8] = [0x01, 0x80, 0xFF]

  /// How many of the spoilt forms were refused and how many round-trip; nothing else may happen.
  private func spoil(
    _ der: [UInt8], _ roundTrip: ([UInt8]) throws -> [UInt8]
  ) throws -> (refused: Int, kept: Int) {
    var refused = 0
    var kept = 0
    func judge(_ bytes: [UInt8], _ what: String) throws {
      do {
        let again = try roundTrip(bytes)
        #expect(again == bytes, "\(what)")
        kept += 1
      } catch is DERError {
        refused += 1
      }
    }
    for index in der.indices {
      for mask in Self.masks {
        var bytes = der
        bytes[index] ^= mask
        try judge(bytes, "octet \(index) ^ \(mask)")
      }
    }
    for length in 0..<der.count {
      let error = #expect(throws: DERError.self) { try roundTrip(Array(der.prefix(length))) }
      #expect(error != nil, "cut to \(length)")
    }
    #expect(throws: DERError.self) { try roundTrip(der + [0]) }
    return (refused, kept)
  }

  private func certificate(_ der: [UInt8]) throws -> [UInt8] {
    try Rebuilding.certificate(try Certificate(parsing: der))
  }

  private func request(_ der: [UInt8]) throws -> [UInt8] {
    try Rebuilding.request(try CertificationRequest(parsing: der))
  }

  @Test(
    "a real certificate with an octet changed, or cut short, is refused or round-trips",
    .enabled(if: Samples.arePresent, Samples.absence), arguments: Samples.certificateNames)
  func realCertificates(name: String) throws {
    let outcome = try spoil(try Samples.certificate(name), certificate)
    // Keys, numbers and signatures can be anything; structure cannot.
    #expect(outcome.refused > 100)
    #expect(outcome.kept > 100)
  }

  @Test(
    "so is the real request", .enabled(if: Samples.arePresent, Samples.absence))
  func realRequest() throws {
    let outcome = try spoil(try Samples.request(), request)
    #expect(outcome.refused > 100)
    #expect(outcome.kept > 100)
  }

  @Test("so is the certificate made by OpenSSL")
  func ownCertificate() throws {
    let outcome = try spoil(Fixtures.tlsCertificate, certificate)
    #expect(outcome.refused > 100)
    #expect(outcome.kept > 100)
  }

  @Test("so are the requests made by OpenSSL", arguments: Fixtures.requests.keys.sorted())
  func ownRequests(name: String) throws {
    let outcome = try spoil(try #require(Fixtures.requests[name]), request)
    #expect(outcome.refused > 50)
    #expect(outcome.kept > 50)
  }
}
