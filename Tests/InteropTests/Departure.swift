// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import SEC
import Testing
import X509

/// A certificate that departs from its profile in one thing, and the clause that `smki lint` names.
struct Departure: Sendable {
  let name: String
  /// A kind of `Specimens`.
  let kind: String
  let clause: String
  let change: @Sendable (inout TBSCertificate) throws -> Void

  init(
    _ kind: String, _ clause: String, _ name: String,
    _ change: @escaping @Sendable (inout TBSCertificate) throws -> Void
  ) {
    self.name = name
    self.kind = kind
    self.clause = clause
    self.change = change
  }

  /// The certificate, signed again as it says.
  func make() throws -> [UInt8] {
    var tbs = try Specimens.shared.get()[kind].tbs
    try change(&tbs)
    return try Self.sign(tbs.encoded(), tbs.signatureAlgorithm)
  }

  static let elliptic = Result { try SoftwareKey.generate(.p256) }
  static let rsa = Result { try SoftwareKey.generate(.rsa2048) }

  static func sign(_ bytes: [UInt8], _ algorithm: AlgorithmIdentifier) throws -> [UInt8] {
    let key = try algorithm.algorithm == .sha256WithRSA ? rsa.get() : elliptic.get()
    return Certificate.assemble(tbs: bytes, algorithm: algorithm, signature: try key.sign(bytes))
  }
}

extension TBSCertificate {
  mutating func drop(_ identifier: ObjectIdentifier) {
    extensions.removeAll { $0.identifier == identifier }
  }

  mutating func put(_ value: some ExtensionValue, critical: Bool = true) {
    drop(type(of: value).identifier)
    extensions.append(Extension(value, isCritical: critical))
  }

  /// An extension with octets that need not be its value.
  mutating func put(
    _ identifier: ObjectIdentifier, critical: Bool = true, _ octets: [UInt8]
  ) {
    drop(identifier)
    extensions.append(Extension(identifier, isCritical: critical, value: octets))
  }

  mutating func uncritical(_ identifier: ObjectIdentifier) throws {
    let value = try #require(extensions[identifier]).value
    put(identifier, critical: false, Array(value))
  }

  mutating func critical(_ identifier: ObjectIdentifier) throws {
    let value = try #require(extensions[identifier]).value
    put(identifier, critical: true, Array(value))
  }

  mutating func take(_ key: SubjectPublicKeyInfo) {
    subjectPublicKeyInfo = key
    put(SubjectKeyIdentifier(KeyIdentifier(methodTwoOf: key)), critical: false)
  }
}

extension TBSCertificate {
  private static let curve: [UInt8] = [6, 8, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 3, 1, 7]

  /// A key of octets that are no uncompressed point of P-256.
  mutating func take(
    point: [UInt8] = [4] + [UInt8](repeating: 7, count: 64),
    parameters: [UInt8] = TBSCertificate.curve
  ) throws {
    let algorithm: [UInt8] = [6, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1] + parameters
    let bits: [UInt8] = [3, UInt8(point.count + 1), 0] + point
    let body = [0x30, UInt8(algorithm.count)] + algorithm + bits
    take(
      try Reader.read([0x30, UInt8(body.count)] + body) { (reader) throws(DERError) in
        try SubjectPublicKeyInfo(from: &reader)
      })
  }
}
