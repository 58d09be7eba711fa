// SPDX-License-Identifier: Apache-2.0

extension Records {
  /// The most complaints that a check of the file lists.
  package static let complaintsMax = 100

  /// Checks the file itself: its pages, its indexes against its rows, its references.
  ///
  /// - Returns: what is wrong, one sentence each; nothing when all is well.
  /// - Throws: `DatabaseError` when the file cannot be read at all.
  package func verifyFile() throws -> [String] {
    try read { try $0.complaints(most: Self.complaintsMax) }
  }
}
