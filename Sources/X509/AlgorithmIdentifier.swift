// SPDX-License-Identifier: Apache-2.0

package import DER

/// An algorithm and its parameters as they were written (RFC 5280, 4.1.1.2).
package struct AlgorithmIdentifier: Hashable, Sendable {
  /// Which algorithm.
  package let algorithm: ObjectIdentifier
  /// The parameters as one DER element; nil when absent, which is not the same as NULL.
  package let parameters: ArraySlice<UInt8>?

  /// An algorithm with parameters that already are DER.
  package init(_ algorithm: ObjectIdentifier, parameters: [UInt8]? = nil) {
    self.algorithm = algorithm
    self.parameters = parameters.map { $0[...] }
  }

  /// Reads the SEQUENCE.
  package init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    algorithm = try inside.objectIdentifier()
    parameters = inside.isAtEnd ? nil : try inside.wellFormedElement().whole
    try inside.finish()
  }

  /// Writes the SEQUENCE.
  package func write(into writer: inout Writer) {
    writer.sequence {
      $0.objectIdentifier(algorithm)
      if let parameters { $0.raw(parameters) }
    }
  }

  /// ECDSA with SHA-256, parameters absent (RFC 5758, 3.2).
  package static let ecdsaWithSHA256 = AlgorithmIdentifier(.ecdsaWithSHA256)
  /// RSA with PKCS #1 v1.5 and SHA-256, parameters NULL (RFC 4055, 5).
  package static let sha256WithRSA = AlgorithmIdentifier(.sha256WithRSA, parameters: [0x05, 0x00])
  /// Ed25519, parameters absent (RFC 8410, 3).
  package static let ed25519 = AlgorithmIdentifier(.ed25519)
  /// A key on P-256 (RFC 5480, 2.1.1).
  package static let p256Key = AlgorithmIdentifier(
    .ecPublicKey, parameters: Writer.write { $0.objectIdentifier(.p256) })
}
