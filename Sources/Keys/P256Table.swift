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

  /// A signature (ECDSA-Sig-Value in strict DER) and what it should be over.
  package struct Signed: Sendable {
    let signature: [UInt8]
    let message: [UInt8]

    /// The signature over the SHA-256 of this message.
    package init(signature: [UInt8], over message: [UInt8]) {
      self.signature = signature
      self.message = message
    }
  }

  /// Signatures verified together: they share one inversion, which each would do for itself.
  static let companyMax = 16

  /// Whether the signature is the key's over the SHA-256 of the message; safe on any thread.
  package func isValid(_ signature: [UInt8], over message: [UInt8]) -> Bool {
    invalid(among: [Signed(signature: signature, over: message)]) == nil
  }

  /// The place of a signature that is not the key's over its message, or nil when each of them is;
  /// safe on any thread.
  package func invalid(among all: [Signed]) -> Int? {
    for start in stride(from: 0, to: all.count, by: Self.companyMax) {
      let company = all[start..<min(all.count, start + Self.companyMax)]
      if let place = invalid(among: company) {
        ERR_clear_error()
        return place
      }
    }
    return nil
  }

  /// The same for a few, with one inversion for all (Montgomery's trick): the product of all s is
  /// inverted, and from that the inverse of each is made by multiplications.
  private func invalid(among company: ArraySlice<Signed>) -> Int? {
    let numbers = unsafe Workbench.ofThisThread.numbers.pointer
    unsafe BN_CTX_start(numbers)
    defer { unsafe BN_CTX_end(numbers) }
    var pairs: [Pair] = []
    for (place, signed) in zip(company.indices, company) {
      guard
        let pair = unsafe Pair(
          signed.signature, after: pairs.last, order: order, numbers: numbers)
      else { return place }
      pairs.append(pair)
    }
    guard let last = pairs.last else { return nil }
    guard let inverse = unsafe BN_CTX_get(numbers),
      unsafe BN_mod_inverse(inverse, last.product, order, numbers) != nil
    else { return company.startIndex }
    for (place, pair) in zip(company.indices, pairs).reversed() {
      // Here it is the inverse of the product of all s up to this one.
      guard unsafe satisfies(pair, inverse, over: company[place].message, numbers: numbers),
        unsafe BN_mod_mul(inverse, inverse, pair.s, order, numbers) == 1
      else { return place }
    }
    return nil
  }

  private var order: OpaquePointer? { unsafe EC_GROUP_get0_order(curve.pointer) }

  /// The equation itself: the x of u1·G + u2·Q is r, where u1 = e/s and u2 = r/s modulo the order.
  @unsafe private func satisfies(
    _ pair: Pair, _ inverse: OpaquePointer, over message: [UInt8], numbers: OpaquePointer
  ) -> Bool {
    unsafe BN_CTX_start(numbers)
    defer { unsafe BN_CTX_end(numbers) }
    guard let u1 = unsafe BN_CTX_get(numbers), let u2 = unsafe BN_CTX_get(numbers),
      let own = unsafe BN_CTX_get(numbers), let x = unsafe BN_CTX_get(numbers),
      let sum = unsafe Owned(EC_POINT_new(curve.pointer), freedBy: EC_POINT_free),
      let term = unsafe Owned(EC_POINT_new(curve.pointer), freedBy: EC_POINT_free)
    else { return false }
    // The order has as many bits as the digest, so that nothing is cut off.
    let isHashed = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
      unsafe message.withUnsafeBufferPointer {
        unsafe Digest.write($0, .sha256, to: digest.baseAddress)
      }
      return unsafe BN_bin2bn(digest.baseAddress, Int32(digest.count), u1) != nil
    }
    guard isHashed,
      unsafe BN_mod_mul(own, inverse, pair.productBefore, order, numbers) == 1,
      unsafe BN_mod_mul(u1, u1, own, order, numbers) == 1,
      unsafe BN_mod_mul(u2, pair.r, own, order, numbers) == 1,
      unsafe EC_POINT_mul(curve.pointer, sum.pointer, u1, nil, nil, numbers) == 1,
      unsafe EC_POINT_mul(ofKey.pointer, term.pointer, u2, nil, nil, numbers) == 1,
      unsafe EC_POINT_add(curve.pointer, sum.pointer, sum.pointer, term.pointer, numbers) == 1,
      unsafe EC_POINT_is_at_infinity(curve.pointer, sum.pointer) == 0,
      unsafe EC_POINT_get_affine_coordinates(curve.pointer, sum.pointer, x, nil, numbers) == 1,
      unsafe BN_nnmod(x, x, order, numbers) == 1
    else { return false }
    return unsafe BN_cmp(x, pair.r) == 0
  }
}

/// The two numbers of a signature, for the length of one calculation.
@safe private final class Pair {
  private let pair: Owned
  /// The product of the s of all before this one; 1 for the first.
  let productBefore: OpaquePointer?
  /// The same with this one's.
  let product: OpaquePointer

  var r: OpaquePointer? { unsafe ECDSA_SIG_get0_r(pair.pointer) }
  var s: OpaquePointer? { unsafe ECDSA_SIG_get0_s(pair.pointer) }

  /// Reads them; nil for what is not written in the one way of DER, as in ECDSA_verify, and for
  /// numbers that are not at least 1 and below the order.
  init?(
    _ signature: [UInt8], after: Pair?, order: OpaquePointer?, numbers: OpaquePointer
  ) {
    guard P256.signatureOctets.contains(signature.count),
      let product = unsafe BN_CTX_get(numbers),
      let pair = unsafe Owned(Self.read(signature), freedBy: ECDSA_SIG_free)
    else { return nil }
    self.pair = pair
    unsafe self.product = product
    unsafe productBefore = after?.product ?? BN_value_one()
    guard unsafe Self.isInRange(r, below: order), unsafe Self.isInRange(s, below: order),
      unsafe BN_mod_mul(product, productBefore, s, order, numbers) == 1
    else { return nil }
  }

  private static func read(_ signature: [UInt8]) -> OpaquePointer? {
    unsafe signature.withUnsafeBufferPointer { octets in
      var rest = octets.baseAddress
      guard let pair = unsafe d2i_ECDSA_SIG(nil, &rest, octets.count) else { return nil }
      guard unsafe isEncoding(octets, of: pair) else {
        unsafe ECDSA_SIG_free(pair)
        return nil
      }
      return unsafe pair
    }
  }

  /// Whether the octets are the one way in which DER writes the pair.
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

  private static func isInRange(_ number: OpaquePointer?, below order: OpaquePointer?) -> Bool {
    unsafe BN_is_zero(number) == 0 && BN_is_negative(number) == 0 && BN_ucmp(number, order) < 0
  }
}
