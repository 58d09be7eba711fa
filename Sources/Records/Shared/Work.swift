// SPDX-License-Identifier: Apache-2.0

/// Work that one node has begun in the store and only it can finish.
///
/// It is noted in the transaction that begins it and gone with the one that ends it, so that every
/// other node knows of it, and voids it when its node is dead. A store in a file has one process:
/// there nothing is noted.
package struct Work: Hashable, Sendable {
  static let prefix = "work/"

  /// What it is, as its room names it.
  package let name: String
  /// The number of its node.
  package let node: Int

  init(_ row: Row) throws {
    name = String(try row.text("name").dropFirst(Self.prefix.count))
    node = try row.int("node")
  }
}

extension Transaction {
  /// Notes work that this node begins.
  package func beginWork(_ name: String, note: @autoclosure () -> [UInt8]) throws {
    guard let node else { return }
    let now = SQL(trusted: PostgresConnection.now)
    try changeOwn(
      """
      INSERT INTO server_claim (name, node, since, note)
      VALUES (\(Work.prefix + name), \(node), \(now), \(note()))
      """)
  }

  /// Notes that work is over, whoever began it.
  package func endWork(_ name: String) throws {
    guard node != nil else { return }
    try changeOwn("DELETE FROM server_claim WHERE name = \(Work.prefix + name)")
  }

  /// What the other nodes have begun and not ended.
  package func workElsewhere() throws -> [Work] {
    guard let node else { return [] }
    return try query(
      "SELECT name, node FROM server_claim WHERE name LIKE 'work/%' AND node <> \(node)"
    ).map(Work.init)
  }

  /// What was noted with work, or nil when it is over.
  package func note(ofWork name: String) throws -> [UInt8]? {
    try query("SELECT note FROM server_claim WHERE name = \(Work.prefix + name)").first?
      .optionalBlob("note")
  }
}

extension Querying {
  /// What was begun by nodes that have ended, or were found dead, and that nobody has voided yet.
  package func workOfTheDead() throws -> [Work] {
    try query(
      """
      SELECT name, node FROM server_claim WHERE name LIKE 'work/%'
      AND node NOT IN (SELECT id FROM server_node WHERE ended IS NULL) ORDER BY name
      """
    ).map(Work.init)
  }
}
