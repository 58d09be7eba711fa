// SPDX-License-Identifier: Apache-2.0

import Enrolment

extension StoreWalk {
  /// ENG-personal-data: what persons said is held against the salted digests in the tree; what was
  /// erased is gone and takes nothing with it.
  mutating func personalData() throws {
    let (_, faults) = try Enrolment.checkPersonalData(in: reading)
    for fault in faults { report.add("personal_datum", fault.row, "value", fault.detail) }
  }
}
