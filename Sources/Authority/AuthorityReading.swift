// SPDX-License-Identifier: Apache-2.0

package import Records

/// What commands read beside a node that issues.
extension AuthorityRecords {
  /// C3-118-4: every issuing authority, by number.
  package static func all(in records: Records) throws -> [IssuingAuthority] {
    try records.read { try authorities(in: $0) }
  }

  /// ENG-two-commits: the chunk of issuing with a number, or nil.
  package static func chunk(_ id: Int, in records: Records) throws -> IssuanceChunk? {
    try records.read { reading in
      try reading.first("SELECT \(chunkColumns) FROM issuance_chunk WHERE id = \(id)")
        .map(chunk(from:))
    }
  }
}
