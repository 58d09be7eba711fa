// SPDX-License-Identifier: Apache-2.0

/// Files that every node of a store on a server must be able to find, for as long as they are
/// needed: whoever was given a receipt for one has it although the machine is lost that took it.
///
/// They are named by the digest of what they hold, and whoever fetches one compares it.
extension Records {
  /// Keeps a file for all nodes; in a store of one process nothing is to be done.
  ///
  /// - Parameters:
  ///   - name: what it is called.
  ///   - pieces: hands over the octets in their order.
  /// - Throws: `DatabaseError`, or what `pieces` throws; nothing is kept then.
  package func share(
    _ name: String, _ pieces: (_ piece: ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    guard let coordination else { return }
    let connection = try PostgresConnection(coordination.address, .writing)
    try connection.begin(.writing)
    try connection.change("DELETE FROM server_file WHERE name = \(name)")
    var part = 0
    try pieces { octets in
      try connection.change(
        "INSERT INTO server_file (name, part, octets) VALUES (\(name), \(part), \(octets))")
      part += 1
    }
    try connection.change("COMMIT")
  }

  /// Hands over the octets of a file that some node has kept, in pieces and their order.
  ///
  /// - Returns: whether there is one.
  package func fetch(_ name: String, _ body: ([UInt8]) throws -> Void) throws -> Bool {
    guard isShared else { return false }
    return try read { reading in
      var isThere = false
      try reading.each("SELECT octets FROM server_file WHERE name = \(name) ORDER BY part") {
        isThere = true
        try body($0.blob("octets"))
      }
      return isThere
    }
  }

  /// Whether some node has kept a file.
  package func isShared(_ name: String) throws -> Bool {
    guard isShared else { return false }
    return try read { reading in
      try reading.first("SELECT 1 AS one FROM server_file WHERE name = \(name) LIMIT 1") != nil
    }
  }

  /// Lets files go.
  package func unshare(_ names: [String]) throws {
    guard let coordination else { return }
    try coordination.run { connection in
      for name in names { try connection.change("DELETE FROM server_file WHERE name = \(name)") }
    }
  }
}
