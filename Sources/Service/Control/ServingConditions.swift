// SPDX-License-Identifier: Apache-2.0

import Authority
import Records
package import SEC

/// What must be so before the doors of an estate open: asked of a live one, told of a test one.
package struct ServingConditions: Sendable {
  /// Whether a time service keeps the kernel's clock right.
  package let clockIsSynchronised: Bool
  /// C3-190-1: why keys of authorities are not activated in a live estate, each reason once.
  package let unfitKeys: [Refusal]

  /// The conditions as they are now.
  package init(clockIsSynchronised: Bool, unfitKeys: [Refusal]) {
    self.clockIsSynchronised = clockIsSynchronised
    self.unfitKeys = unfitKeys
  }

  /// ENG-clock, C3-190-1: refuses for a live estate what a test estate is only warned of.
  ///
  /// - Returns: the refusals that a live estate would meet.
  /// - Throws: the first of them, in a live estate.
  package func check(_ estate: Estate) throws(Refusal) -> [Refusal] {
    var refusals: [Refusal] = []
    if !clockIsSynchronised { refusals.append(.clockNotSynchronised(estate)) }
    refusals += unfitKeys
    if estate.kind == .live, let first = refusals.first { throw first }
    return refusals
  }
}

/// How the keys of a node are kept.
extension Node {
  /// C3-190-1: why keys of authorities that sign, or will, are not fit for a live estate.
  package func unfitKeys() throws -> [Refusal] {
    var refusals: [Refusal] = []
    for authority in try authority.authorities() where authority.state != .spent {
      do {
        try ActivatedKey.check(authority.place, in: records)
      } catch let refusal as Refusal {
        if !refusals.contains(where: { "\($0)" == "\(refusal)" }) { refusals.append(refusal) }
      }
    }
    return refusals
  }

  /// What each page says of the keys; SoftHSM keeps them in files, whatever its face.
  package var keysNote: String {
    guard !configuration.modules.isEmpty else { return "SOFTWARE KEYS" }
    let isSoft = configuration.modules.contains { $0.path.lowercased().contains("softhsm") }
    return isSoft
      ? "SOFTHSM" : "KEYS IN " + configuration.modules.map(\.name).joined(separator: ", ")
  }
}
