// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Keys
package import Records
package import SEC
package import X509

/// Takes a ceremony's package into the estate: all of it in one transaction, or nothing.
package enum PackageImport {
  /// Checks a package and lodges what it brings.
  ///
  /// - Parameters:
  ///   - octets: the file.
  ///   - estate: the estate that takes it.
  ///   - records: its store.
  ///   - moment: now.
  ///   - actor: the officer, who answers for having looked at the transcript.
  ///   - reached: is told when everything is written and not yet durable; drills stop there.
  ///   - place: where on line the key of this label and public half is, or nil.
  ///   - publish: leads a list of revoked authorities through the gate and lodges it, in the same
  ///     transaction; what it refuses refuses the package.
  /// - Returns: what it said.
  /// - Throws: what `CheckedPackage` throws; `package-key-missing`.
  @discardableResult
  package static func take(
    _ octets: [UInt8], into estate: Estate, _ records: Records, at moment: Time, by actor: Actor,
    reached: @escaping @Sendable () -> Void = {},
    place: @escaping @Sendable (String, PublicKey) -> KeyPlace?,
    publish: @escaping @Sendable (RevocationList, Transaction) throws -> Void
  ) throws -> CeremonyPackage {
    let entry = Entry(actor, "ceremony-imported", clause: "OCP-ceremony", at: moment)
    return try records.write(entry) { transaction in
      let package = try CheckedPackage(octets, for: estate, in: transaction)
      let issuing = try package.placed(place)
      try AuthorityLodging(
        moment: moment,
        evidence: .init(
          ceremony: package.manifest.ceremony, witnesses: package.manifest.witnesses,
          officer: actor.name),
        transaction: transaction
      ).lodge(package.roots, issuing, .issuingDCA)
      try package.keep(at: moment, in: transaction)
      for list in package.lists { try publish(list.list, transaction) }
      reached()
      return package.manifest
    }
  }
}
