// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What the kernel knows of its clock.
enum KernelClock {
  /// adjtimex(2): the clock is not synchronised to a reliable server.
  private static let timeError: Int32 = 5
  /// More octets than `struct timex` has on any Linux; all zero it asks and changes nothing.
  private static let timexOctets = 512

  /// Whether a time service keeps it right.
  ///
  /// The function is in the C library but in no module that Swift sees, so it is looked up by name.
  static var isSynchronised: Bool {
    typealias Ask = @convention(c) (UnsafeMutableRawPointer) -> Int32
    guard let symbol = unsafe dlsym(nil, "adjtimex") else { return false }
    let ask = unsafe unsafeBitCast(symbol, to: Ask.self)
    var state = [UInt64](repeating: 0, count: timexOctets / 8)
    let answer = unsafe state.withUnsafeMutableBytes { bytes in
      unsafe bytes.baseAddress.map { unsafe ask($0) } ?? -1
    }
    return answer >= 0 && answer != timeError
  }
}
