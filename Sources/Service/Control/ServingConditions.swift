// SPDX-License-Identifier: Apache-2.0

package import SEC

/// What must be so before the doors of an estate open: asked of a live one, told of a test one.
package struct ServingConditions: Sendable {
  /// Whether a time service keeps the kernel's clock right.
  package let clockIsSynchronised: Bool
  /// Whether the keys are in this process and not in a certified module.
  package let keysAreSoftware: Bool

  /// The conditions as they are now.
  package init(clockIsSynchronised: Bool, keysAreSoftware: Bool) {
    self.clockIsSynchronised = clockIsSynchronised
    self.keysAreSoftware = keysAreSoftware
  }

  /// ENG-clock, C3-190-1: refuses for a live estate what a test estate is only warned of.
  ///
  /// - Returns: the refusals that a live estate would meet.
  /// - Throws: the first of them, in a live estate.
  package func check(_ estate: Estate) throws(Refusal) -> [Refusal] {
    var refusals: [Refusal] = []
    if !clockIsSynchronised { refusals.append(.clockNotSynchronised(estate)) }
    if keysAreSoftware { refusals.append(.softwareKeys(estate)) }
    if estate.kind == .live, let first = refusals.first { throw first }
    return refusals
  }
}
