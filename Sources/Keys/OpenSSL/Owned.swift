// SPDX-License-Identifier: Apache-2.0

/// One pointer from OpenSSL with the function that frees it, called once when the owner ends.
///
/// Any one thread at a time may use it and any thread may end it, as OpenSSL allows for all its
/// objects (openssl-threads(7)).
@safe struct Owned: ~Copyable, Sendable {
  typealias Free = @convention(c) (OpaquePointer?) -> Void

  nonisolated(unsafe) let pointer: OpaquePointer
  private nonisolated(unsafe) let free: Free

  /// Takes over what a `new`, `dup`, `fetch` or `get1` function returned; nil when it failed.
  init?(_ pointer: OpaquePointer?, freedBy free: Free) {
    guard let pointer = unsafe pointer else { return nil }
    unsafe self.pointer = pointer
    unsafe self.free = free
  }

  deinit {
    unsafe free(pointer)
  }
}
