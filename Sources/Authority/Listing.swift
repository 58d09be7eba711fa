// SPDX-License-Identifier: Apache-2.0

package import DER
package import Records
package import X509

/// What the lists of revoked certificates need of the authorities.
extension AuthorityRecords {
  /// Every issuing authority, by number, as one reading or transaction sees them.
  package static func all(in reading: some Querying) throws -> [IssuingAuthority] {
    try authorities(in: reading)
  }

  /// C3-124-3: takes an authority whose certificate was revoked out of use: it never signs a
  /// certificate again.
  package static func retire(
    _ certificate: Certificate, at moment: Time, in transaction: Transaction
  ) throws {
    let own = try authorities(in: transaction).first { $0.certificate == certificate }
    guard let own, own.state != .spent else { return }
    try keep(
      own.becoming(.onLine, at: moment).becoming(.spent, at: moment), in: transaction)
  }
}

extension Authority {
  /// OCP-annex-B-crl: signs a list with the key of an issuing authority and verifies it.
  ///
  /// - Throws: `AuthorityError.noKey` when the key is not on line, `UnverifiedList`, or a
  ///   failure of the key.
  package func sign(_ list: TBSRevocationList, by authority: Int) throws -> RevocationList {
    try RevocationList.sign(list, with: signer(authority).signer.key)
  }

  /// RFC6960: signs answers about certificates with the key of the authority that issued them.
  ///
  /// - Throws: `AuthorityError.noKey`, `UnverifiedList`, or a failure of the key.
  package func sign(
    _ answers: [OCSPResponse.Single], by authority: Int, at moment: Time
  ) throws -> [UInt8] {
    let (own, signer) = try signer(authority)
    return try OCSPResponse.sign(
      answers, by: own.certificate, isDelegate: false, at: moment, with: signer.key)
  }

  /// An authority by its number, with its signer.
  private func signer(
    _ number: Int
  ) throws -> (authority: IssuingAuthority, signer: Signer) {
    guard let own = try authorities().first(where: { $0.id == number }) else {
      throw AuthorityError.noKey(number)
    }
    return (own, try signers.signer(of: own))
  }
}
