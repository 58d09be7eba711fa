// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Threads

/// A private key in this process; its private part lives only inside OpenSSL, which wipes it.
///
/// One key serves any number of threads: OpenSSL counts references atomically and does not change
/// a key by signing (openssl-threads(7)); what is changed, the context, is one thread's at a time.
@safe package final class SoftwareKey: SigningKey {
  /// The kinds of key that can be made.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// ECDSA on P-256.
    case p256
    /// RSA with a modulus of 2048 bits and the exponent 65537.
    case rsa2048
    /// Ed25519 (RFC 8032).
    case ed25519
  }

  /// The kind of this key.
  package let kind: Kind
  /// The public half.
  package let publicKey: PublicKey

  let key: Owned
  /// Contexts that are ready to sign and belong to no thread now; held to push or pop one.
  private let idle = Guarded<[SigningContext]>([])

  /// Takes over a key pair of OpenSSL's.
  ///
  /// - Throws: `unsupportedKey` when it is of no known kind.
  init(_ key: consuming Owned) throws(KeyError) {
    (kind, publicKey) = try Self.publicPart(of: key)
    self.key = key
  }

  /// Makes a new key pair.
  ///
  /// - Throws: `library`.
  package static func generate(_ kind: Kind) throws(KeyError) -> SoftwareKey {
    _ = Library.shared
    let name: StaticString =
      switch kind {
      case .p256: "EC"
      case .rsa2048: "RSA"
      case .ed25519: "ED25519"
      }
    var key: OpaquePointer?
    guard
      let context = unsafe Owned(
        EVP_PKEY_CTX_new_from_name(nil, name.cString, nil), freedBy: EVP_PKEY_CTX_free),
      unsafe EVP_PKEY_keygen_init(context.pointer) == 1,
      unsafe kind != .p256 || EVP_PKEY_CTX_set_group_name(context.pointer, "prime256v1") == 1,
      unsafe kind != .rsa2048
        || EVP_PKEY_CTX_set_rsa_keygen_bits(context.pointer, Int32(RSAPublicKey.modulusOctets * 8))
          == 1,
      unsafe EVP_PKEY_generate(context.pointer, &key) == 1,
      let owned = unsafe Owned(key, freedBy: EVP_PKEY_free)
    else { throw .library("making a key") }
    return try SoftwareKey(owned)
  }

  /// Signs the message on any thread; see `SigningKey` for the form of each kind.
  ///
  /// - Throws: `library`.
  package func sign(_ message: [UInt8]) throws(KeyError) -> [UInt8] {
    switch kind {
    case .p256: try signDigest(of: message, room: P256.signatureOctets.upperBound)
    case .rsa2048: try signDigest(of: message, room: RSAPublicKey.modulusOctets)
    case .ed25519: try signWhole(message)
    }
  }

  /// Signs the SHA-256 of the message in a context that was made ready before.
  private func signDigest(of message: [UInt8], room: Int) throws(KeyError) -> [UInt8] {
    let waiting = idle.change { $0.popLast() }
    let context = if let waiting { waiting } else { try SigningContext(key, kind: kind) }
    var failure = false
    let signature = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
      unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digest in
        unsafe message.withUnsafeBufferPointer {
          unsafe Digest.write($0, .sha256, to: digest.baseAddress)
        }
        var length = room
        let done = unsafe EVP_PKEY_sign(
          context.owned.pointer, output.baseAddress, &length, digest.baseAddress, digest.count)
        failure = done != 1
        count = failure ? 0 : length
      }
    }
    // A context that failed is dropped, not used again.
    guard !failure else { throw .library("signing") }
    idle.change { $0.append(context) }
    return signature
  }

  /// Signs the message itself: Ed25519 hashes it inside.
  private func signWhole(_ message: [UInt8]) throws(KeyError) -> [UInt8] {
    var signature = [UInt8](repeating: 0, count: 64)
    var length = signature.count
    guard let context = unsafe Owned(EVP_MD_CTX_new(), freedBy: EVP_MD_CTX_free),
      unsafe EVP_DigestSignInit(context.pointer, nil, nil, nil, key.pointer) == 1,
      unsafe EVP_DigestSign(context.pointer, &signature, &length, message, message.count) == 1,
      length == signature.count
    else { throw .library("signing") }
    return signature
  }
}

/// A context of one key, ready to sign digests by SHA-256.
@safe private final class SigningContext: Sendable {
  let owned: Owned

  init(_ key: borrowing Owned, kind: SoftwareKey.Kind) throws(KeyError) {
    guard
      let context = unsafe Owned(
        EVP_PKEY_CTX_new_from_pkey(nil, key.pointer, nil), freedBy: EVP_PKEY_CTX_free),
      unsafe EVP_PKEY_sign_init(context.pointer) == 1,
      unsafe kind != .rsa2048
        || EVP_PKEY_CTX_set_rsa_padding(context.pointer, RSA_PKCS1_PADDING) == 1,
      unsafe EVP_PKEY_CTX_set_signature_md(context.pointer, Library.shared.sha256) == 1
    else { throw .library("preparing to sign") }
    owned = context
  }
}
