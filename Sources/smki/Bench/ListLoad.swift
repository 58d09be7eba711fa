// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import FoundationEssentials
import Keys
import Profiles
import Records
import Revocation
import SEC
import Service
import X509

/// What lists of a length cost.
struct ListCost: Encodable {
  /// Certificates on the list, and octets of it.
  let entries: Int
  let octets: Int
  /// Milliseconds to publish it when nothing is at hand but the store: read, sign, verify, gate,
  /// lodge.
  let fromStore: Double
  /// Milliseconds to publish the next list, with one entry more.
  let oneMore: Double
  /// Milliseconds of two passes of SHA-256 over it: one to sign, one to verify.
  let twoDigests: Double
}

/// Publishes lists of several lengths in an estate of its own that goes with the measurement.
///
/// The revocations are of certificates that were never issued: they are put into the table, so
/// that the store of the measurement proves nothing and is thrown away.
struct ListLoad {
  /// How many certificates are revoked, one measurement each.
  let lengths: [Int]

  func run() throws -> [ListCost] {
    let path = FileManager.default.temporaryDirectory.path + "/smki-lists-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try lengths.map { try cost(of: $0, in: Folder("\(path)-\($0)")) }
  }

  private func cost(of length: Int, in folder: Folder) throws -> ListCost {
    defer { try? FileManager.default.removeItem(atPath: folder.path) }
    let passphrase = try Secret.random(32)
    let policies = EstateMaking.testPolicies
    guard let device = ObjectIdentifier(policies.device),
      let organisation = ObjectIdentifier(policies.organisation),
      let iki = ObjectIdentifier(policies.iki)
    else { throw Failure.Message(.failed, "the policies of test estates cannot be read") }
    let estate = Estate(
      kind: .test, name: "Lists", devicePolicy: device, organisationPolicy: organisation,
      ikiPolicy: iki)
    try EstateMaking(
      folder: folder, estate: estate, deviceStock: 1, configuration: Configuration(estate: "Lists"),
      withSamples: false, pin: nil, progress: { _ in }
    ).run(passphrase: passphrase)
    let node = try Node(folder, passphrase: passphrase, log: .silent)
    defer { node.stop() }
    let issuer = try node.publisher.standings().map(\.issuer).first { $0.kind == .issuingOCA }
    guard let issuer else { throw Failure.Message(.failed, "no authority for organisations") }
    try fill(node, issuer, 0..<length)
    let fromStore = try milliseconds { try node.publisher.publish(issuer, by: ListPublisher.node) }
    try fill(node, issuer, length..<(length + 1))
    let oneMore = try milliseconds { try node.publisher.publish(issuer, by: ListPublisher.node) }
    let octets = try node.publisher.newest(of: issuer.id)?.octets ?? []
    let twoDigests = milliseconds {
      _ = Digest.sha256(octets)
      _ = Digest.sha256(octets)
    }
    return ListCost(
      entries: length, octets: octets.count, fromStore: fromStore, oneMore: oneMore,
      twoDigests: twoDigests)
  }

  /// Puts revocations into the table, many at once.
  private func fill(_ node: Node, _ issuer: ListIssuer, _ numbers: Range<Int>) throws {
    let moment = node.clock()
    let entry = Entry(
      ListPublisher.node, "measurement", clause: "C3-124-2", at: moment)
    try node.records.write(entry) { transaction in
      try transaction.execute(
        """
        INSERT INTO revocation_entry (id, issuer, serial, revoked, reason, ground, request, encoded)
        VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)
        """,
        each: numbers.lazy.map { number in
          let digits = (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
          let serial = [0x41] + [UInt8](repeating: 0x5A, count: 7) + digits
          let listed = RevokedCertificate(
            serialNumber: Integer(magnitude: serial), revoked: moment, reason: .keyCompromise)
          return [
            .int(Int64(number + 1)), .text(issuer.id), .blob(serial), .int(moment.milliseconds),
            .int(Int64(RevocationReason.keyCompromise.rawValue)),
            .text(RevocationGround.keyUnreliable.rawValue), .blob(listed.encoded),
          ]
        })
    }
  }

  private func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .milliseconds(1)
  }
}
