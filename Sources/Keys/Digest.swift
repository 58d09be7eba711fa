// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Message digests (FIPS 180-4) of bytes that are all there; `RunningDigest` takes them in parts.
///
/// A digest of a few hundred octets costs about a microsecond and allocates only its result.
package enum Digest {
  /// Which digest.
  package enum Algorithm: Hashable, Sendable {
    /// 20 octets; for key identifiers only (RFC 5280, 4.2.1.2), never under a signature.
    case sha1
    /// 32 octets.
    case sha256
    /// 48 octets.
    case sha384

    /// The length of the digest in octets.
    package var count: Int {
      switch self {
      case .sha1: 20
      case .sha256: 32
      case .sha384: 48
      }
    }

    var fetched: OpaquePointer {
      switch self {
      case .sha1: unsafe Library.shared.sha1
      case .sha256: unsafe Library.shared.sha256
      case .sha384: unsafe Library.shared.sha384
      }
    }
  }

  /// SHA-256: 32 octets.
  package static func sha256(_ bytes: some Collection<UInt8>) -> [UInt8] {
    digest(bytes, .sha256)
  }

  /// SHA-1: 20 octets, for key identifiers only (RFC 5280, 4.2.1.2).
  package static func sha1(_ bytes: some Collection<UInt8>) -> [UInt8] {
    digest(bytes, .sha1)
  }

  /// SHA-384: 48 octets.
  package static func sha384(_ bytes: some Collection<UInt8>) -> [UInt8] {
    digest(bytes, .sha384)
  }

  /// The digest of the bytes by the named algorithm.
  package static func digest(
    _ bytes: some Collection<UInt8>, _ algorithm: Algorithm
  ) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: algorithm.count) { output, count in
      unsafe withBytes(of: bytes) { unsafe write($0, algorithm, to: output.baseAddress) }
      count = algorithm.count
    }
  }

  /// Writes the digest to `output`, which has room for it.
  static func write(
    _ bytes: UnsafeBufferPointer<UInt8>, _ algorithm: Algorithm,
    to output: UnsafeMutablePointer<UInt8>?
  ) {
    let context = unsafe Workbench.ofThisThread.digest.pointer
    let done =
      unsafe EVP_DigestInit_ex2(context, algorithm.fetched, nil) == 1
      && EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
      && EVP_DigestFinal_ex(context, output, nil) == 1
    // A digest has no input that it refuses: this is a broken library, not a broken message.
    precondition(done, "OpenSSL cannot compute a digest")
  }
}

/// A digest of bytes that arrive in parts.
@safe package struct RunningDigest: ~Copyable {
  /// Which digest.
  package let algorithm: Digest.Algorithm
  private let context: Owned

  /// A digest of nothing so far.
  ///
  /// - Throws: `library` when there is no memory.
  package init(_ algorithm: Digest.Algorithm) throws(KeyError) {
    guard let context = unsafe Owned(EVP_MD_CTX_new(), freedBy: EVP_MD_CTX_free),
      unsafe EVP_DigestInit_ex2(context.pointer, algorithm.fetched, nil) == 1
    else { throw .library("digest") }
    self.algorithm = algorithm
    self.context = context
  }

  /// Adds bytes at the end.
  package mutating func add(_ bytes: some Collection<UInt8>) {
    let done = unsafe withBytes(of: bytes) {
      unsafe EVP_DigestUpdate(context.pointer, $0.baseAddress, $0.count)
    }
    precondition(done == 1, "OpenSSL cannot compute a digest")
  }

  /// The digest of everything added.
  package consuming func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: algorithm.count)
    let done = unsafe EVP_DigestFinal_ex(context.pointer, &digest, nil)
    precondition(done == 1, "OpenSSL cannot compute a digest")
    return digest
  }
}
