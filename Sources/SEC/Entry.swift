// SPDX-License-Identifier: Apache-2.0

package import Audit
package import DER

extension Entry {
  /// An entry in the Code's words: an actor does something at a moment under a clause.
  package init(
    _ actor: Actor, _ action: String, clause: Clause, at moment: Time,
    facts: [String: String] = [:]
  ) {
    var facts = facts
    if let party = actor.party { facts["acting-for"] = party }
    self.init(
      time: moment, actor: actor.name, role: actor.role.rawValue, action: action,
      clause: clause.id, facts: facts)
  }
}
