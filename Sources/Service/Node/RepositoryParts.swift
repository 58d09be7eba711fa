// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Records
import Registration
package import Repository
import Revocation

/// What a node has beside the certificates of the Repository.
extension Node {
  /// Makes the bulk files, which have the newest list of each issuer.
  package var bulk: BulkMaker {
    BulkMaker(
      BulkFolder(configuration.bulk.folder ?? folder.bulk), records: records, key: checkpointKey,
      audit: estate.auditOrigin, rules: configuration.bulk.rules,
      lists: { [publisher] in
        try publisher.standings().compactMap { standing in
          try standing.newest.flatMap { try publisher.newest(of: $0.issuer)?.octets }
        }
      })
  }

  /// ENG-search: seals the cursors of searches; every node of the estate has the same.
  var cursorKey: [UInt8] {
    // A signature by Ed25519 is the same every time, and nobody else can make this one.
    let seed = (try? checkpointKey.sign(Array("smki search cursor 1".utf8))) ?? Random.bytes(32)
    return Digest.sha256(seed)
  }

  /// A standby of the server, from which people's searches are read.
  static func replica(
    of records: Records, _ configuration: Configuration, clock: @escaping @Sendable () -> Time,
    log: Log
  ) -> Replica? {
    configuration.replica.map { place in
      Replica(
        of: records, lagSecondsMax: configuration.replicaLagSecondsMax, clock: clock,
        open: { try Records.openReadOnly(place, migrations: Store.migrations) },
        tell: { isUsed, lag in
          let facts = ["lag": lag.map { "\($0) ms" } ?? "unknown"]
          log(isUsed ? .info : .warning, isUsed ? "replica-read" : "replica-behind", facts)
        })
    }
  }

  /// Asks witnesses for their signatures.
  package var cosigning: Cosigning {
    Cosigning(
      records: records, origin: estate.auditOrigin, witnesses: configuration.witnesses,
      path: folder.witnessed)
  }

  /// Who reads the Repository: by API key, or by account and password.
  var signIn: PortalSignIn {
    PortalSignIn(registration: registration, signedIn: signedIn, clock: clock)
  }
}
