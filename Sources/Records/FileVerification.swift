// SPDX-License-Identifier: Apache-2.0

extension Records {
  /// The most complaints that a check of the file lists.
  package static let complaintsMax = 100

  /// Checks the file itself: its pages, its indexes against its rows, its references.
  ///
  /// - Returns: what is wrong, one sentence each; nothing when all is well.
  /// - Throws: `DatabaseError` when the file cannot be read at all.
  package func verifyFile() throws -> [String] {
    try read { reading in
      var complaints: [String] = []
      for row in try reading.query("PRAGMA integrity_check(100)") {
        let text = try row.text("integrity_check")
        if text != "ok" { complaints.append(text) }
      }
      try reading.each("PRAGMA foreign_key_check") { row in
        guard complaints.count < Self.complaintsMax else { return }
        let place = try row.optionalInt("rowid").map { "row \($0)" } ?? "a row"
        complaints.append(
          "\(try row.text("table")), \(place): refers to nothing in \(try row.text("parent"))")
      }
      return complaints
    }
  }
}
