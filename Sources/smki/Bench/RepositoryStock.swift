// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys
import Profiles
import Records
import Repository
import SEC
import X509

/// Device Certificates in the real format, made in bulk and lodged as issuing lodges them.
///
/// They are of as many issuing authorities as their number needs. One in a thousand has a key pair
/// and a signature that verifies; of the others point and signature are random octets, which cost
/// the Repository the same.
struct RepositoryStock {
  /// Certificates of one issuing authority, as C3-118-4 ends it.
  static let ofAuthority = 100_000
  /// Certificates of a chunk of issuing.
  private static let chunk = 500
  /// Devices are counted up from here, two certificates each.
  static let firstDevice: UInt64 = 0x02DB_0000_0000_0000
  private static let beginning = Time(seconds: 1_795_248_000)

  let records: Records
  private let policy: ObjectIdentifier = "1.3.6.1.4.1.32473.1.1"

  /// The device of a number, and what its certificate is for.
  static func device(_ number: Int) -> EntityID { EntityID(firstDevice + UInt64(number / 2)) }

  /// The serial number of a number: times ascend, the rest is a digest of the number.
  static func serial(_ number: Int) -> [UInt8] {
    let steps = UInt64(number / 8)
    let time = (0..<5).reversed().map { UInt8(truncatingIfNeeded: steps >> ($0 * 8)) }
    let rest = Digest.sha256(Array("serial \(number)".utf8)).prefix(8)
    return [0x41, 0, 0] + time + rest
  }

  /// Lodges certificates from one number to another.
  func lodge(_ numbers: Range<Int>) throws {
    var first = numbers.lowerBound
    while first < numbers.upperBound {
      let last = min(first + Self.chunk, numbers.upperBound)
      let template = DeviceTemplate(
        DeviceProfile(policy: policy, issuer: issuer(first / Self.ofAuthority)))
      let moment = Self.beginning.adding(milliseconds: Int64(first * 2))
      let certificates = try (first..<last).map { number in
        try certificate(number, template, chunk: first / Self.chunk + 1, first: first, at: moment)
      }
      let root = MerkleTree.root(of: certificates.map { MerkleTree.leafHash($0.leaf) })
      let entry = Entry(
        Actor(name: "bench", role: .node), "certificates-lodged", clause: "L5.3(a)", at: moment,
        facts: [
          "chunk": "\(first / Self.chunk + 1)", "count": "\(last - first)",
          "certificate-root": Hex.encode(root), "policy": "1.0",
        ])
      try records.write(entry, isPatient: true) {
        try Repository.lodge(certificates, in: $0)
      } finish: { _ in
      }
      first = last
    }
    records.hasten()
    // What was queued before this is durable once this is.
    try records.write(
      Entry(
        Actor(name: "bench", role: .node), "stock-lodged", clause: "L5.3(a)", at: Self.beginning)
    ) { _ in }
  }

  private func issuer(_ number: Int) -> Issuer {
    let name = Name.Attribute.commonName("T\(number)").map { Name([$0]) } ?? Name([])
    let octets = [0x40] + Digest.sha256(Array("issuer \(number)".utf8)).prefix(7)
    guard let key = KeyIdentifier(octets) else { preconditionFailure("8 octets") }
    return Issuer(name: name, keyIdentifier: key)
  }

  private func certificate(
    _ number: Int, _ template: DeviceTemplate, chunk: Int, first: Int, at moment: Time
  ) throws -> LodgedCertificate {
    let serial = Self.serial(number)
    guard let serialNumber = SerialNumber(octets: serial) else { throw BenchError.unusableKey }
    let isReal = number.isMultiple(of: 1_000)
    let key = isReal ? try SoftwareKey.generate(.p256) : nil
    var point = [0x04] + Random.bytes(64)
    if let key, case .p256(let publicKey) = key.publicKey { point = publicKey.point }
    let identifier = KeyIdentifier(methodTwoOf: point)
    let usage: CertificateUsage = number.isMultiple(of: 2) ? .keyAgreement : .digitalSignature
    let device = Self.device(number)
    let signed = template.toBeSigned(
      serial: serialNumber, notBefore: moment,
      subject: DeviceSubject(
        device: device, hardwareType: RequestForge.hardwareType),
      usage: usage, point: point, keyIdentifier: identifier)
    let signature = try key.map { try $0.sign(signed) } ?? Self.signature(Random.bytes(64))
    let der = Writer.write { writer in
      writer.sequence { writer in
        writer.raw(signed)
        AlgorithmIdentifier.ecdsaWithSHA256.write(into: &writer)
        writer.element(.bitString, [0] + signature)
      }
    }
    return LodgedCertificate(
      serial: serial, kind: .device, entity: device, keyIdentifier: identifier.octets,
      usage: usage, role: nil, chunk: chunk, position: number - first, party: "bench-party",
      requestHash: Digest.sha256(serial), issued: moment, notAfter: .noWellDefinedExpiry, der: der)
  }

  private static func signature(_ octets: [UInt8]) -> [UInt8] {
    Writer.write { writer in
      writer.sequence { writer in
        writer.integer(Integer(magnitude: Array(octets.prefix(32))))
        writer.integer(Integer(magnitude: Array(octets.suffix(32))))
      }
    }
  }
}
