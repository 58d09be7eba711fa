// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// ECDSA on P-256 with SHA-256 (FIPS 186-5, 6), straight from the 65 octets of a point.
///
/// This is the hot path of issuing: no key object is decoded, none is made per call.
package enum P256 {
  /// The octets of an uncompressed point: 0x04, x and y (SEC 1, 2.3.3).
  package static let pointOctets = 65

  /// The octets of an ECDSA-Sig-Value on P-256: from two one-octet INTEGERs to two of 33 octets
  /// (RFC 3279, 2.2.3).
  package static let signatureOctets = 8...72

  /// What came of a verification.
  package enum Verdict: Hashable, Sendable {
    /// The signature is the key's over these bytes.
    case valid
    /// The point is not 65 octets beginning with 0x04, or not on the curve.
    case pointNotOnCurve
    /// The signature is not strict DER, out of range, or not the key's over these bytes.
    case invalidSignature
  }

  /// Verifies a DER signature over bytes by a point; safe on any thread.
  package static func verify(
    signature: ArraySlice<UInt8>, over message: ArraySlice<UInt8>, point: ArraySlice<UInt8>
  ) -> Verdict {
    guard point.count == pointOctets, point.first == 0x04 else { return .pointNotOnCurve }
    let bench = Workbench.ofThisThread
    guard unsafe point.withUnsafeBufferPointer({ unsafe bench.hold(point: $0) }) else {
      return .pointNotOnCurve
    }
    guard signatureOctets.contains(signature.count) else { return .invalidSignature }
    // A new context each time: one that is kept might remember the point before this one.
    guard
      let context = unsafe Owned(
        EVP_PKEY_CTX_new_from_pkey(nil, bench.p256.pointer, nil), freedBy: EVP_PKEY_CTX_free),
      unsafe EVP_PKEY_verify_init(context.pointer) == 1
    else {
      ERR_clear_error()
      return .invalidSignature
    }
    let result = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
      unsafe message.withUnsafeBufferPointer {
        unsafe Digest.write($0, .sha256, to: digest.baseAddress)
      }
      // ECDSA_verify encodes what it read once more and compares: what is not DER fails.
      return unsafe signature.withUnsafeBufferPointer {
        unsafe EVP_PKEY_verify(
          context.pointer, $0.baseAddress, $0.count, digest.baseAddress, digest.count)
      }
    }
    guard result == 1 else {
      ERR_clear_error()
      return .invalidSignature
    }
    return .valid
  }
}
