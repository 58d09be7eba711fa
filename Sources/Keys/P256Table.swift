// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// A public key on P-256 with a table of its multiples, for a key whose signatures are verified
/// again and again, such as our own.
///
/// It is the verification of FIPS 186-5, 6.4.2, whole; only that u2·Q comes from a table, as u1·G
/// does in any library. That takes half the time, and 20 ms and 160 KB once for the table.
@safe package final class P256Table: Sendable {
  /// The curve with its own generator G.
  private let curve: Owned
  /// The curve with the key's point Q for its generator, so that OpenSSL keeps a table for it.
  private let ofKey: Owned

  /// Makes the table.
  ///
  /// - Throws: `library`.
  package init(_ key: P256PublicKey) throws(KeyError) {
    guard let curve = Self.newCurve(), let ofKey = Self.newCurve(),
      let point = unsafe Owned(EC_POINT_new(curve.pointer), freedBy: EC_POINT_free),
      unsafe EC_POINT_oct2point(curve.pointer, point.pointer, key.point, key.point.count, nil) == 1,
      unsafe EC_GROUP_set_generator(
        ofKey.pointer, point.pointer, EC_GROUP_get0_order(curve.pointer), BN_value_one()) == 1,
      unsafe smki_EC_GROUP_precompute(ofKey.pointer) == 1
    else { throw .library("making the table of a key") }
    self.curve = curve
    self.ofKey = ofKey
  }

  private static func newCurve() -> Owned? {
    unsafe Owned(EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1), freedBy: EC_GROUP_free)
  }

  /// Whether the signature (ECDSA-Sig-Value in strict DER) is the key's over the SHA-256 of the
  /// message; safe on any thread.
  package func isValid(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    guard P256.signatureOctets.contains(signature.count) else { return false }
    let numbers = unsafe Workbench.ofThisThread.numbers.pointer
    unsafe BN_CTX_start(numbers)
    defer { unsafe BN_CTX_end(numbers) }
    let isValid = unsafe signature.withUnsafeBufferPointer { octets in
      var rest = octets.baseAddress
      guard
        let pair = unsafe Owned(
          d2i_ECDSA_SIG(nil, &rest, octets.count), freedBy: ECDSA_SIG_free),
        unsafe Self.isEncoding(octets, of: pair.pointer),
        let sum = unsafe Owned(EC_POINT_new(curve.pointer), freedBy: EC_POINT_free),
        let term = unsafe Owned(EC_POINT_new(curve.pointer), freedBy: EC_POINT_free)
      else { return false }
      return unsafe satisfies(
        r: ECDSA_SIG_get0_r(pair.pointer), s: ECDSA_SIG_get0_s(pair.pointer), over: message,
        sum: sum.pointer, term: term.pointer, numbers: numbers)
    }
    if !isValid { ERR_clear_error() }
    return isValid
  }

  /// The equation itself: the x of u1·G + u2·Q is r, where u1 = e/s and u2 = r/s modulo the order.
  @unsafe private func satisfies(
    r: OpaquePointer?, s: OpaquePointer?, over message: [UInt8], sum: OpaquePointer,
    term: OpaquePointer, numbers: OpaquePointer
  ) -> Bool {
    let order = unsafe EC_GROUP_get0_order(curve.pointer)
    guard let inverse = unsafe BN_CTX_get(numbers), let u1 = unsafe BN_CTX_get(numbers),
      let u2 = unsafe BN_CTX_get(numbers), let x = unsafe BN_CTX_get(numbers),
      unsafe Self.isInRange(r, below: order), unsafe Self.isInRange(s, below: order)
    else { return false }
    // The order has as many bits as the digest, so that nothing is cut off.
    let isHashed = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
      unsafe message.withUnsafeBufferPointer {
        unsafe Digest.write($0, .sha256, to: digest.baseAddress)
      }
      return unsafe BN_bin2bn(digest.baseAddress, Int32(digest.count), u1) != nil
    }
    guard isHashed,
      unsafe BN_mod_inverse(inverse, s, order, numbers) != nil,
      unsafe BN_mod_mul(u1, u1, inverse, order, numbers) == 1,
      unsafe BN_mod_mul(u2, r, inverse, order, numbers) == 1,
      unsafe EC_POINT_mul(curve.pointer, sum, u1, nil, nil, numbers) == 1,
      unsafe EC_POINT_mul(ofKey.pointer, term, u2, nil, nil, numbers) == 1,
      unsafe EC_POINT_add(curve.pointer, sum, sum, term, numbers) == 1,
      unsafe EC_POINT_is_at_infinity(curve.pointer, sum) == 0,
      unsafe EC_POINT_get_affine_coordinates(curve.pointer, sum, x, nil, numbers) == 1,
      unsafe BN_nnmod(x, x, order, numbers) == 1
    else { return false }
    return unsafe BN_cmp(x, r) == 0
  }

  /// Whether the octets are the one way in which DER writes the pair; ECDSA_verify asks that too.
  @unsafe private static func isEncoding(
    _ octets: UnsafeBufferPointer<UInt8>, of pair: OpaquePointer
  ) -> Bool {
    guard unsafe i2d_ECDSA_SIG(pair, nil) == Int32(octets.count) else { return false }
    return unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: octets.count) { again in
      var end = again.baseAddress
      return unsafe i2d_ECDSA_SIG(pair, &end) == Int32(octets.count)
        && again.elementsEqual(octets)
    }
  }

  /// Whether a number is at least 1 and below the order.
  @unsafe private static func isInRange(
    _ number: OpaquePointer?, below order: OpaquePointer?
  ) -> Bool {
    unsafe BN_is_zero(number) == 0 && BN_is_negative(number) == 0 && BN_ucmp(number, order) < 0
  }
}
