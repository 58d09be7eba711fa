// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import FuzzProperties
import Keys
import Testing
import X509

@Suite("Revocation lists", .clause("RFC5280-5.1"))
struct RevocationListTests {
  static let key = Result { try SoftwareKey.generate(.p256) }
  static let made = Time(seconds: 1_790_000_000)

  private func name(_ text: String = "T1") throws -> Name {
    Name([try #require(.commonName(text, .printable))])
  }

  private func entry(
    _ number: Int, _ reason: RevocationReason = .unspecified
  ) -> RevokedCertificate {
    RevokedCertificate(
      serialNumber: Integer(number), revoked: Self.made.adding(seconds: -60), reason: reason)
  }

  private func tbs(_ entries: [RevokedCertificate], number: Int = 1) throws -> TBSRevocationList {
    TBSRevocationList(
      issuer: try name(), thisUpdate: Self.made, nextUpdate: Self.made.adding(seconds: 3600),
      entries: RevokedCertificates(entries),
      extensions: [
        Extension(
          AuthorityKeyIdentifier(try #require(KeyIdentifier([0x41, 2, 3, 4, 5, 6, 7, 8]))),
          isCritical: false),
        Extension(CRLNumber(Integer(number)), isCritical: false),
      ])
  }

  @Test("what was signed is read again, entry for entry, and as text")
  func signed() throws {
    let key = try Self.key.get()
    let entries = [entry(7), entry(0x1234_5678, .keyCompromise), entry(9, .superseded)]
    let list = try RevocationList.sign(try tbs(entries, number: 300), with: key)
    #expect(Array(list.tbs.entries) == entries)
    #expect(list.tbs.entries.count == 3)
    #expect(list.number == Integer(300))
    #expect(list.authorityKeyIdentifier?.octets.first == 0x41)
    #expect(list.tbs.entries.map(\.reason) == [nil, .keyCompromise, .superseded])
    #expect(try RevocationList(pem: Array(list.pem.utf8)) == list)
    #expect(try Rebuilding.revocationList(list) == list.encoded)
    let info = try #require(SubjectPublicKeyInfo(key.publicKey))
    #expect(list.isSigned(by: info) == .valid)
    var other = list.encoded
    other[other.count - 1] ^= 1
    #expect(try RevocationList(parsing: other).isSigned(by: info) == .invalid)
  }

  @Test("a key that signs wrongly is found out before anybody sees the list")
  func wrongSignature() throws {
    #expect(throws: UnverifiedList.self) {
      try RevocationList.sign(try tbs([]), with: WrongKey(key: try Self.key.get()))
    }
  }

  @Test("without entries the field is left out, and an empty one is refused")
  func empty() throws {
    let list = try RevocationList.sign(try tbs([]), with: try Self.key.get())
    #expect(list.tbs.entries.isEmpty)
    #expect(list.tbs.nextUpdate == Self.made.adding(seconds: 3600))
    let whole = Writer.write { writer in
      writer.sequence {
        $0.integer(1)
        AlgorithmIdentifier.ecdsaWithSHA256.write(into: &$0)
        $0.sequence { _ in }
        $0.time(Self.made)
        $0.sequence { _ in }
      }
    }
    let error = #expect(throws: DERError.self) {
      try Reader.read(whole) { (reader) throws(DERError) in try TBSRevocationList(from: &reader) }
    }
    #expect(error?.code == .empty)
  }

  @Test(
    "an unspecified reason is left out; others outside the enumeration are refused",
    .clause("RFC5280-5.3.1"))
  func reasons() throws {
    #expect(entry(5).extensions.isEmpty)
    for reason in RevocationReason.allCases where reason != .unspecified {
      #expect(entry(5, reason).reason == reason)
    }
    for code: UInt8 in [7, 11, 0xFF] {
      let wrong = Extension(.reasonCode, isCritical: false, value: [0x0A, 0x01, code])
      #expect(throws: DERError.self) { try wrong.value(as: RevocationReason.self) }
    }
  }

  @Test("times change their form with the year 2050")
  func times() throws {
    var early = try tbs([])
    early.thisUpdate = try #require(Time(rfc3339: "2049-12-31T23:59:59Z"))
    early.nextUpdate = early.thisUpdate.adding(seconds: 1)
    let octets = early.encoded()
    #expect(octets.contains(sequence: [0x17, 13] + Array("491231235959Z".utf8)))
    #expect(octets.contains(sequence: [0x18, 15] + Array("20500101000000Z".utf8)))
  }

  @Test("a list goes on from a known one and reads only what is new")
  func known() throws {
    let key = try Self.key.get()
    let first = try RevocationList.sign(try tbs([entry(1), entry(2)]), with: key)
    var entries = first.tbs.entries
    entries.append(entry(3, .keyCompromise))
    var more = try tbs([], number: 2)
    more.entries = entries
    let second = try RevocationList.sign(more, with: key)
    let read = try RevocationList(parsing: second.encoded, knowing: first.tbs.entries)
    #expect(read.tbs == (try RevocationList(parsing: second.encoded)).tbs)
    #expect(read.tbs.entries.begins(with: first.tbs.entries))
    #expect(
      read.tbs.entries.rest(after: first.tbs.entries).map(Array.init)
        == [entry(3, .keyCompromise)])
    #expect(first.tbs.entries.rest(after: read.tbs.entries) == nil)
    #expect(!first.tbs.entries.begins(with: read.tbs.entries))
  }

  @Test("numbers are compared as numbers", .clause("RFC5280-5.2.3"))
  func numbers() {
    #expect(Integer(256).isAbove(Integer(255)))
    #expect(Integer(128).isAbove(Integer(127)))
    #expect(!Integer(5).isAbove(Integer(5)))
    #expect(!Integer(0).isAbove(Integer(0)))
    #expect(Integer(1).isAbove(Integer(0)))
    let twenty = Extension(
      .crlNumber, isCritical: false, value: [0x02, 21] + [UInt8](repeating: 0x7F, count: 21))
    #expect(throws: DERError.self) { try twenty.value(as: CRLNumber.self) }
  }

  @Test("a list that leaves something out says so in a form that is read")
  func scope() throws {
    for scope in IssuingDistributionPoint.Scope.allCases {
      let value = Extension(IssuingDistributionPoint(scope), isCritical: true)
      #expect(try value.value(as: IssuingDistributionPoint.self).scope == scope)
    }
    let wrong: [[UInt8]] = [
      [0x30, 0], [0x30, 3, 0x81, 1, 0], [0x30, 6, 0x81, 1, 0xFF, 0x82, 1, 0xFF],
      [0x30, 2, 0x81, 0],
    ]
    for octets in wrong {
      let value = Extension(.issuingDistributionPoint, isCritical: true, value: octets)
      #expect(throws: DERError.self) { try value.value(as: IssuingDistributionPoint.self) }
    }
  }

  @Test("an octet changed or cut off is refused or round-trips")
  func spoilt() throws {
    let list = try RevocationList.sign(
      try tbs([entry(7), entry(8, .keyCompromise)]), with: try Self.key.get())
    var refused = 0
    for index in list.encoded.indices {
      for mask: UInt8 in [0x01, 0x80, 0xFF] {
        var octets = list.encoded
        octets[index] ^= mask
        guard let read = try? RevocationList(parsing: octets),
          let again = try? Rebuilding.revocationList(read)
        else {
          refused += 1
          continue
        }
        #expect(again == octets, "octet \(index)")
      }
    }
    #expect(refused > 100)
    for length in 0..<list.encoded.count {
      #expect(throws: DERError.self) {
        try RevocationList(parsing: Array(list.encoded.prefix(length)))
      }
    }
  }
}

/// A module that returns the signature of something else.
private struct WrongKey: SigningKey {
  let key: SoftwareKey
  var publicKey: PublicKey { key.publicKey }
  func sign(_ message: [UInt8]) throws -> [UInt8] { try key.sign(message + [0]) }
}

extension [UInt8] {
  fileprivate func contains(sequence: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: sequence) }
  }
}
