// SPDX-License-Identifier: Apache-2.0

package import DER

/// The set of rules in force at a moment: rules are dated, and the date of the event picks them.
package enum Edition: String, Hashable, Sendable, CaseIterable {
  /// The consultation of December 2013.
  case y2013 = "2013"
  /// Section L as concluded in 2014.
  case y2014 = "2014"
  /// Section L as it stands, with the PMA of ten seats.
  case current

  /// The first moment of this edition, in UTC.
  package var begins: Time {
    switch self {
    case .y2013: Time(milliseconds: .min)
    case .y2014: Time(seconds: 1_393_632_000)  // 2014-03-01, the government response
    case .current: Time(seconds: 1_645_660_800)  // 2022-02-24, SEC v57.0
    }
  }

  /// The edition in force at a moment.
  package static func at(_ moment: Time) -> Edition {
    allCases.last { $0.begins <= moment } ?? .y2013
  }
}
