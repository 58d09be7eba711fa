// SPDX-License-Identifier: Apache-2.0

import CGfshare

/// One of the parts of a secret, of which so many together give it back and fewer say nothing
/// about it (Shamir, by libgfshare over GF(256)).
@safe package final class SecretShare: Sendable {
  /// How many parts a secret can have: libgfshare numbers them by one octet, and none is 0.
  package static let countRange = 2...255

  /// Which part it is, from 1.
  package let index: UInt8
  /// As many octets as the secret has.
  let octets: Secret

  init(index: UInt8, octets: consuming Secret) {
    self.index = index
    self.octets = octets
  }

  /// What libgfshare needs before its first use: randomness, which it also wipes memory with.
  private static let isReady: Bool = {
    _ = Library.shared
    smki_gfshare_use_openssl()
    return true
  }()

  /// Splits a secret.
  ///
  /// - Parameters:
  ///   - secret: at least one octet.
  ///   - threshold: how many parts give it back, at least two.
  ///   - count: how many parts there are, at least the threshold.
  /// - Returns: the parts in the order of their numbers.
  /// - Throws: `library` when there is no memory.
  package static func split(
    _ secret: borrowing Secret, threshold: Int, count: Int
  ) throws -> [SecretShare] {
    precondition(
      countRange.contains(count) && (countRange.lowerBound...count).contains(threshold)
        && secret.count > 0, "a threshold of at least two, and a part for each of them")
    _ = isReady
    var numbers = (1...count).map { UInt8($0) }
    guard
      let context = unsafe Owned(
        gfshare_ctx_init_enc(
          &numbers, UInt32(count), UInt8(threshold), UInt32(secret.count)),
        freedBy: gfshare_ctx_free)
    else { throw KeyError(.library, "memory for shares") }
    try unsafe secret.withBytes { octets in
      // The library takes a pointer to what it may change, and only reads it.
      let copy = try unsafe Secret(capacity: octets.count) { room in
        unsafe room.copyMemory(from: octets)
        return octets.count
      }
      unsafe copy.withBytes {
        unsafe gfshare_ctx_enc_setsecret(
          context.pointer,
          UnsafeMutableRawPointer(mutating: $0.baseAddress)?
            .assumingMemoryBound(to: UInt8.self))
      }
    }
    let size = secret.count
    return try numbers.indices.map { place in
      SecretShare(
        index: numbers[place],
        octets: try unsafe Secret(capacity: size) { room in
          unsafe gfshare_ctx_enc_getshare(
            context.pointer, UInt8(place), room.bindMemory(to: UInt8.self).baseAddress)
          return size
        })
    }
  }

  /// Puts a secret together again.
  ///
  /// Parts that do not belong together, or too few of them, give octets that mean nothing:
  /// whoever combines compares each part with what is known of it first.
  ///
  /// - Throws: `wrongLength` for no parts, for parts of unequal length, or for one that stands
  ///   twice; `library` when there is no memory.
  package static func combine(_ shares: [SecretShare]) throws -> Secret {
    _ = isReady
    var numbers = shares.map(\.index)
    guard let size = shares.first?.octets.count, size > 0,
      shares.allSatisfy({ $0.octets.count == size }), Set(numbers).count == numbers.count,
      !numbers.contains(0)
    else { throw KeyError(.wrongLength, "shares that do not belong to one secret") }
    guard
      let context = unsafe Owned(
        gfshare_ctx_init_dec(&numbers, UInt32(numbers.count), UInt32(size)),
        freedBy: gfshare_ctx_free)
    else { throw KeyError(.library, "memory for shares") }
    for (place, share) in shares.enumerated() {
      unsafe share.octets.withBytes {
        unsafe gfshare_ctx_dec_giveshare(
          context.pointer, UInt8(place),
          UnsafeMutableRawPointer(mutating: $0.baseAddress)?.assumingMemoryBound(to: UInt8.self))
      }
    }
    return try unsafe Secret(capacity: size) { room in
      unsafe gfshare_ctx_dec_extract(
        context.pointer, room.bindMemory(to: UInt8.self).baseAddress)
      return size
    }
  }
}
