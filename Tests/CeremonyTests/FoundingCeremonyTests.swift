// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import ClauseTrait
import DER
import Foundation
import Keys
import Profiles
import SEC
import TestEstate
import Testing
import X509

@Suite("A ceremony makes the hierarchies of an estate, and its contingency key")
struct FoundingCeremonyTests {
  private static let moment = Time(seconds: 1_795_255_200)

  /// One ceremony for all tests, its stores open.
  private struct Done: Sendable {
    let founding: Founding
    let offline: KeyStore
    let online: KeyStore
    let estate = Estate(
      kind: .test, name: "ceremony-test", devicePolicy: "1.2.826.0.1.99.1",
      organisationPolicy: "1.2.826.0.1.99.2", ikiPolicy: "1.2.826.0.1.99.3")

    init() throws {
      let folder = NSTemporaryDirectory() + "smki-ceremony-" + UUID().uuidString
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      Leftovers.remove(folder)
      let secret = try Secret(copying: Array("a test's passphrase".utf8))
      let cost = Scrypt(logN: Scrypt.logNRange.lowerBound)
      offline = try KeyStore.create(
        at: folder + "/offline", estate: estate.name, passphrase: secret, cost: cost)
      online = try KeyStore.create(
        at: folder + "/keys", estate: estate.name, passphrase: secret, cost: cost)
      founding = try FoundingCeremony(
        estate: estate, dcckiPolicy: "1.2.826.0.1.99.4", deviceStock: 2,
        random: { Random.bytes($0) }
      ).run(offline: offline, online: online, at: moment)
    }
  }

  private static let done = Result { try Done() }

  /// The wrapped key as it stands in the certificate of the Root OCA.
  private static func wrapped(_ done: Done) throws -> [UInt8] {
    let root = try #require(done.founding.roots.first { $0.hierarchy == .organisation })
    let value = try #require(
      try root.certificate.tbs.extensions.value(of: WrappedApexContingencyKey.self))
    let wrapped = try #require(value.wrapped)
    #expect(wrapped.algorithm == WrappedContingencyKey.defaultAlgorithm)
    return Array(wrapped.key)
  }

  @Test("the wrapped contingency key in the Root OCA unwraps", .clause("L10.6(c)"))
  func contingencyKey() throws {
    let done = try Self.done.get()
    let unwrapped = try KeyWrap.unwrap(
      Self.wrapped(done), under: done.offline.secret(label: "contingency-symmetric"))
    guard case .p256(let key) = try done.offline.key(label: "contingency").publicKey else {
      Issue.record("the contingency key is not on P-256")
      return
    }
    let expected = try Secret(copying: WrappedContingencyKey.plaintext(of: key))
    let isSame = unsafe unwrapped.withBytes { mine in
      unsafe expected.withBytes { unsafe mine.elementsEqual($0) }
    }
    #expect(isSame)
    #expect(unwrapped.count == 91)
  }

  @Test("under another key, or changed in one octet, it does not", .clause("L10.6(c)"))
  func contingencyKeyOfOthers() throws {
    let done = try Self.done.get()
    let wrapped = try Self.wrapped(done)
    #expect(throws: KeyError.self) {
      try KeyWrap.unwrap(wrapped, under: .random(32)).count
    }
    for index in wrapped.indices {
      var spoilt = wrapped
      spoilt[index] ^= 1
      #expect(throws: KeyError.self) {
        try KeyWrap.unwrap(spoilt, under: done.offline.secret(label: "contingency-symmetric")).count
      }
    }
  }

  @Test("every certificate lints clean and leads to its root")
  func certificates() throws {
    let done = try Self.done.get()
    let roots = done.founding.roots.map(\.certificate)
    let lint = Lint(estate: done.estate, authorities: roots)
    #expect(roots.count == 4)
    #expect(done.founding.issuing.count == 5)
    for certificate in roots + done.founding.issuing.map(\.certificate) {
      #expect(lint.findings(certificate: certificate) == [])
      let path = try Path.find(from: certificate, to: roots, rules: PathRules(at: Self.moment))
      #expect(path.certificates.last.map(roots.contains) == true)
    }
  }

  @Test(
    "no root's key is in the on-line store, and no issuing one's in the other", .clause("C3-74"))
  func stores() throws {
    let done = try Self.done.get()
    #expect(
      try done.online.labels().sorted()
        == (done.founding.issuing.map(\.keyLabel) + ["audit-checkpoint"]).sorted())
    #expect(
      try done.offline.labels().sorted()
        == ["contingency", "root-dca", "root-dccki", "root-iki", "root-oca"])
    for authority in done.founding.issuing {
      #expect(
        try done.online.key(label: authority.keyLabel).publicKey
          == authority.certificate.tbs.subjectPublicKeyInfo.publicKey())
    }
  }

  @Test(
    "a test estate's names begin with T, a live one's do not", .clause("OCP-annex-B-test-names"))
  func names() throws {
    let names = try Self.done.get().founding.issuing.compactMap(\.certificate.subject.commonName)
    #expect(names == ["TD01", "TD02", "TO01", "TIKI issuing 01", "TDCCKI issuing 01"])
  }
}
