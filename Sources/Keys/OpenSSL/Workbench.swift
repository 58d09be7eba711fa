// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// The OpenSSL objects that one thread keeps and uses again and again.
///
/// Making them costs more than using them, and sharing them would need a lock. The thread's end
/// frees them.
@safe final class Workbench {
  /// For digests in one go.
  let digest: Owned
  /// A P-256 key whose point is replaced before each verification.
  let p256: Owned
  /// Room for large numbers between the steps of a calculation.
  let numbers: Owned

  private init?() {
    guard let digest = unsafe Owned(EVP_MD_CTX_new(), freedBy: EVP_MD_CTX_free),
      let p256 = Self.emptyP256Key(),
      let numbers = unsafe Owned(BN_CTX_new(), freedBy: BN_CTX_free)
    else { return nil }
    self.digest = digest
    self.p256 = p256
    self.numbers = numbers
  }

  /// This thread's bench, made at its first use.
  static var ofThisThread: Workbench {
    if let kept = unsafe CRYPTO_THREAD_get_local(slot) {
      return unsafe Unmanaged<Workbench>.fromOpaque(kept).takeUnretainedValue()
    }
    // Without memory for a few small objects nothing that follows could work either.
    guard let bench = Workbench() else { preconditionFailure("\(KeyError.library("workbench"))") }
    let kept = unsafe CRYPTO_THREAD_set_local(slot, Unmanaged.passRetained(bench).toOpaque())
    precondition(kept == 1, "a thread cannot keep its objects")
    return bench
  }

  /// Places `point` into the kept key: 65 octets, 0x04 first.
  ///
  /// - Returns: whether it lies on the curve (SEC 1, 3.2.2.1: range and equation are checked).
  func hold(point: UnsafeBufferPointer<UInt8>) -> Bool {
    let held = unsafe EVP_PKEY_set1_encoded_public_key(
      p256.pointer, point.baseAddress, point.count)
    if held != 1 { ERR_clear_error() }
    return held == 1
  }

  private nonisolated(unsafe) static let slot: UnsafeMutablePointer<CRYPTO_THREAD_LOCAL> = {
    _ = Library.shared
    let slot = UnsafeMutablePointer<CRYPTO_THREAD_LOCAL>.allocate(capacity: 1)
    unsafe slot.initialize(to: 0)
    let made = unsafe CRYPTO_THREAD_init_local(slot) { kept in
      if let kept = unsafe kept { unsafe Unmanaged<Workbench>.fromOpaque(kept).release() }
    }
    precondition(made == 1, "the process has no thread-specific data left")
    return unsafe slot
  }()

  /// A key that has the group P-256 and no point yet.
  private static func emptyP256Key() -> Owned? {
    let name: StaticString = "EC"
    guard
      let context = unsafe Owned(
        EVP_PKEY_CTX_new_from_name(nil, name.cString, nil), freedBy: EVP_PKEY_CTX_free),
      unsafe EVP_PKEY_paramgen_init(context.pointer) == 1,
      unsafe EVP_PKEY_CTX_set_group_name(context.pointer, "prime256v1") == 1
    else { return nil }
    var key: OpaquePointer?
    guard unsafe EVP_PKEY_paramgen(context.pointer, &key) == 1 else { return nil }
    return unsafe Owned(key, freedBy: EVP_PKEY_free)
  }
}
