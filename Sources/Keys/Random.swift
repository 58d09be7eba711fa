// SPDX-License-Identifier: Apache-2.0

import COpenSSL

/// Unpredictable bytes from OpenSSL's generator, seeded by the operating system (SP 800-90A).
package enum Random {
  /// So many bytes.
  ///
  /// Rooms are handed this as a closure, so that tests can hand them a seeded one.
  /// Without unpredictable bytes nothing may be signed or numbered: the process then ends.
  package static func bytes(_ count: Int) -> [UInt8] {
    precondition(count >= 0, "a negative number of bytes")
    _ = Library.shared
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      let done = unsafe count == 0 || RAND_bytes(output.baseAddress, Int32(count)) == 1
      precondition(done, "OpenSSL has no random bytes")
      filled = count
    }
  }
}
