// SPDX-License-Identifier: Apache-2.0

package import Records

/// What commands read beside a node that issues.
extension AuthorityRecords {
  /// C3-118-4: every issuing authority, by number.
  package static func all(in records: Records) throws -> [IssuingAuthority] {
    try records.read { try authorities(in: $0) }
  }
}
