// SPDX-License-Identifier: Apache-2.0

package import DER
import FoundationEssentials

/// The clock of the machine; everything else is handed the time (ENG-clock).
package enum SystemClock {
  /// Now, to the millisecond.
  package static func now() -> Time {
    Time(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)))
  }

  /// A clock that runs ahead of another.
  static func ahead(
    of clock: @escaping @Sendable () -> Time, seconds: Int64
  ) -> @Sendable () -> Time {
    { clock().adding(seconds: seconds) }
  }
}
