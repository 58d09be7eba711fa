// SPDX-License-Identifier: Apache-2.0

import DER
package import Keys

/// From keys as they are encoded to keys that verify, and back.
extension SubjectPublicKeyInfo {
  /// The key, ready to verify with.
  ///
  /// - Throws: `KeyError`: `compressedPoint`, `notOnCurve`, `wrongLength`, or `unsupportedKey`.
  package func publicKey() throws(KeyError) -> PublicKey {
    switch key {
    case .p256(let point):
      return .p256(try P256PublicKey(uncompressed: point))
    case .rsa(let modulus, let exponent):
      return .rsa(try RSAPublicKey(modulus: modulus, exponent: exponent))
    case .ed25519(let octets):
      return .ed25519(Array(octets))
    case .unsupported(.compressedPoint):
      throw KeyError(.compressedPoint, "only uncompressed points are taken")
    case .unsupported(.malformedPoint(let octets)):
      throw KeyError(.wrongLength, "a point of \(octets) octets, or of an unknown form")
    case .unsupported(let problem):
      throw KeyError(.unsupportedKey, "\(problem)")
    }
  }

  /// The encoding of a key; nil when an Ed25519 key has not 32 octets.
  package init?(_ key: PublicKey) {
    switch key {
    case .p256(let key): self.init(p256Point: key.point[...])
    case .rsa(let key): self.init(rsaModulus: key.modulus, exponent: key.exponent)
    case .ed25519(let octets): self.init(ed25519: octets)
    }
  }

  /// The key identifier by method (2) of RFC 5280, 4.2.1.2.
  package var keyIdentifier: KeyIdentifier {
    KeyIdentifier(methodTwoFromSHA1: Digest.sha1(bits.octets))
  }
}

extension AlgorithmIdentifier {
  /// How a key of this kind signs.
  package init(signingWith key: PublicKey) {
    switch key {
    case .p256: self = .ecdsaWithSHA256
    case .rsa: self = .sha256WithRSA
    case .ed25519: self = .ed25519
    }
  }
}

/// What came of verifying a signature.
package enum SignatureVerdict: Hashable, Sendable {
  /// The signature is the key's over these bytes.
  case valid
  /// The signature is not the key's over these bytes, or is malformed.
  case invalid
  /// The algorithm is not the one of this kind of key, or has other parameters.
  case wrongAlgorithm
  /// The key is not used here, or its point does not lie on the curve.
  case unusableKey
}

extension SubjectPublicKeyInfo {
  /// Verifies a signature with this key, straight from the point where it is on P-256.
  ///
  /// - Parameters:
  ///   - signature: the content of the signature's BIT STRING.
  ///   - message: the bytes that were signed.
  ///   - algorithm: what the signature says it is; it must be the one of the key.
  /// - Returns: the verdict.
  package func verify(
    _ signature: ArraySlice<UInt8>, over message: ArraySlice<UInt8>,
    algorithm: AlgorithmIdentifier
  ) -> SignatureVerdict {
    if case .p256(let point) = key {
      guard algorithm == .ecdsaWithSHA256 else { return .wrongAlgorithm }
      return switch P256.verify(signature: signature, over: message, point: point) {
      case .valid: .valid
      case .invalidSignature: .invalid
      case .pointNotOnCurve: .unusableKey
      }
    }
    guard let key = try? publicKey() else { return .unusableKey }
    guard algorithm == AlgorithmIdentifier(signingWith: key) else { return .wrongAlgorithm }
    return key.isValid(signature, over: message) ? .valid : .invalid
  }
}

extension CertificationRequest {
  /// Whether whoever made the request holds the key in it (RFC 2986, 4.2).
  package func provesPossession() -> SignatureVerdict {
    subjectPublicKeyInfo.verify(signature, over: signedBytes, algorithm: signatureAlgorithm)
  }
}

extension Certificate {
  /// Whether the holder of this key signed the certificate.
  package func isSigned(by issuer: SubjectPublicKeyInfo) -> SignatureVerdict {
    issuer.verify(signature, over: signedBytes, algorithm: signatureAlgorithm)
  }
}
