// SPDX-License-Identifier: Apache-2.0

package import Records
package import SEC

extension PartyRecords {
  /// ENG-identifier-once: the range of an organisation's identifiers that holds this one, or nil.
  package static func range(
    holding identifier: EntityID, in reading: some Querying
  ) throws -> EntityRange? {
    let octets = identifier.octets
    let row = try reading.first(
      """
      SELECT party, role, first, last FROM entity_range
      WHERE first <= \(octets) AND last >= \(octets) ORDER BY first LIMIT 1
      """)
    guard let row else { return nil }
    guard let role = UInt8(exactly: try row.int("role")),
      let first = EntityID(octets: try row.blob("first")),
      let last = EntityID(octets: try row.blob("last"))
    else { throw DatabaseError.damaged("entity_range") }
    return try EntityRange(
      party: row.text("party"), role: RoleCode(role), first: first, last: last)
  }
}
