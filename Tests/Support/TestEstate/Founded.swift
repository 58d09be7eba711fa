// SPDX-License-Identifier: Apache-2.0

package import Authority
import Ceremony
import DER
import Foundation
package import Keys
import Profiles
package import SEC

/// The authorities of all test estates of a run: one ceremony, and its keys in memory.
package struct Founded: Sendable {
  /// The estate that all of them are.
  package static let estate = Estate(
    kind: .test, name: "test-estate", devicePolicy: "1.2.826.0.1.99.1",
    organisationPolicy: "1.2.826.0.1.99.2", ikiPolicy: "1.2.826.0.1.99.3")
  /// Issuing DCAs that the ceremony certifies.
  package static let stockMax = 4
  /// The passphrase of both key stores, which is no secret.
  package static let passphrase = "a test's own passphrase"

  /// One for all tests.
  package static let once = Result { try Founded() }

  /// What the ceremony handed over.
  package let whole: Founding
  /// The Contingency Public Key as it comes out of the Root OCA, 65 octets.
  package let contingencyPoint: [UInt8]
  /// Signs checkpoints of the audit.
  package let checkpointKey: any SigningKey
  private let keys: [String: any SigningKey]

  private init() throws {
    let folder = NSTemporaryDirectory() + "smki-keys-" + UUID().uuidString
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let secret = try Secret(copying: Array(Self.passphrase.utf8))
    let cost = Scrypt(logN: Scrypt.logNRange.lowerBound)
    let offline = try KeyStore.create(
      at: folder + "/offline", estate: Self.estate.name, passphrase: secret, cost: cost)
    let online = try KeyStore.create(
      at: folder + "/keys", estate: Self.estate.name, passphrase: secret, cost: cost)
    whole = try FoundingCeremony(
      estate: Self.estate, deviceStock: Self.stockMax, random: { Random.bytes($0) }
    ).run(offline: offline, online: online, at: TestEstate.beginning)
    keys = try Dictionary(
      uniqueKeysWithValues: online.labels().map { ($0, try online.key(label: $0)) })
    checkpointKey = try online.key(label: FoundingCeremony.Label.checkpoint)
    let contingency = try offline.key(label: FoundingCeremony.Label.contingency)
    guard case .p256(let point) = contingency.publicKey else { throw Missing() }
    contingencyPoint = point.point
  }

  /// Something that a test relies on is not there.
  struct Missing: Error {}

  /// The key of an issuing authority, as the ceremony labelled it.
  package func key(_ label: String) throws -> any SigningKey {
    guard let key = keys[label] else { throw Missing() }
    return key
  }

  /// The same founding with fewer Issuing DCAs, of another life.
  package func founding(stock: Int, deviceLife: IssuingKeyLife) -> Founding {
    let others = whole.issuing.filter { $0.hierarchy != .device }
    return Founding(
      estate: whole.estate, roots: whole.roots,
      issuing: whole.issuing.filter { $0.hierarchy == .device }.prefix(stock) + others,
      deviceLife: deviceLife, policyVersions: whole.policyVersions)
  }
}

/// A key that does something else than sign, or something beside it.
package struct HookedKey: SigningKey {
  private let key: any SigningKey
  private let body: @Sendable (any SigningKey, [UInt8]) throws -> [UInt8]

  /// Signs by a closure that is given the real key and the message.
  package init(
    _ key: any SigningKey, _ body: @escaping @Sendable (any SigningKey, [UInt8]) throws -> [UInt8]
  ) {
    self.key = key
    self.body = body
  }

  /// The public half of the real key.
  package var publicKey: PublicKey { key.publicKey }

  /// What the closure gives.
  package func sign(_ message: [UInt8]) throws -> [UInt8] { try body(key, message) }
}
