// SPDX-License-Identifier: Apache-2.0

package import Records
import X509

/// What commands read beside a node that issues.
extension AuthorityRecords {
  /// C3-118-4: every issuing authority, by number.
  package static func all(in records: Records) throws -> [IssuingAuthority] {
    try records.read { try authorities(in: $0) }
  }
}

extension AuthorityRecords {
  /// The state of each issuing authority, by its certificate.
  package static func states(
    in reading: some Querying
  ) throws -> [[UInt8]: IssuingAuthority.State] {
    Dictionary(
      try authorities(in: reading).map { ($0.certificate.encoded, $0.state) },
      uniquingKeysWith: { first, _ in first })
  }
}
