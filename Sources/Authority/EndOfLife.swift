// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Keys
import Profiles
import Records
package import SEC
import X509

/// The end of an issuing authority: it stops, its key is destroyed, and that is recorded.
extension Authority {
  /// C3-118-4: takes off line each authority whose life is over, whether or not anybody asks it for
  /// a certificate, so that a clock put back later does not bring it to life again.
  ///
  /// - Returns: those whose life ended here.
  @discardableResult
  package func endLives() throws -> [IssuingAuthority] {
    let life = lifeClock()
    try keepLatest(life)
    let all = try authorities()
    // Another node of the same store may have ended it.
    for spent in all where spent.state == .spent { signers.forget(spent.id) }
    let over = all.filter {
      $0.state == .onLine && ($0.isTimeOver(life) || $0.volumeLeft(at: life.latest) == 0)
    }
    guard !over.isEmpty else { return [] }
    let entry = Entry(Self.node, "authority-life-ended", clause: "C3-118-4", at: life.now)
    return try records.write(entry) { transaction in
      // A lane may have come first.
      let still = try over.compactMap { authority in
        try AuthorityRecords.find(authority.id, in: transaction)
      }.filter { $0.state == .onLine }
      for authority in still {
        try AuthorityRecords.keep(authority.becoming(.spent, at: life.now), in: transaction)
        transaction.note("authority-spent-\(authority.id)", authority.subject)
      }
      return still
    }
  }

  /// C3-118-4: an officer takes an authority off line before its limits, for a re-key; the next of
  /// the stock takes over.
  ///
  /// - Throws: a refusal when there is no such authority on line, or none in stock.
  package func retire(_ id: Int, at moment: Time, by officer: Actor) throws {
    let entry = Entry(
      officer, "authority-retired", clause: "C3-118-4", at: moment,
      facts: ["authority": String(id)])
    try records.write(entry) { transaction in
      guard let authority = try AuthorityRecords.find(id, in: transaction),
        authority.state == .onLine
      else { throw Refusal.authorityNotOnLine(id) }
      let stock = try AuthorityRecords.authorities(in: transaction).filter {
        $0.hierarchy == authority.hierarchy && $0.state == .stock
      }
      guard !stock.isEmpty else { throw Refusal.noSuccessor(authority.subject) }
      try AuthorityRecords.keep(authority.becoming(.spent, at: moment), in: transaction)
      transaction.note("authority-spent-\(id)", authority.subject)
    }
  }

  /// C3-119: the spent Issuing DCAs whose keys are still there, and with which nothing is being
  /// signed any more.
  ///
  /// The keys of other hierarchies stay: they sign the lists of what they issued.
  package func keysToDestroy() throws -> [IssuingAuthority] {
    try records.read { reading in
      let busy = Set(try AuthorityRecords.openChunks(in: reading).map(\.authority))
      return try AuthorityRecords.authorities(in: reading).filter {
        $0.hierarchy == .device && $0.state == .spent && $0.destroyed == nil
          && !busy.contains($0.id)
      }
    }
  }

  /// C3-119: destroys the key of a spent authority and records it in an entry of its own.
  ///
  /// A crash between the two is resumed: what is destroyed again says that it found nothing.
  ///
  /// - Parameters:
  ///   - authority: whose key.
  ///   - destroy: destroys it where it lives, looks for it again, and says how.
  /// - Throws: what `destroy` throws, or a failure of the store.
  package func destroyKey(
    of authority: IssuingAuthority, _ destroy: (IssuingAuthority) throws -> String
  ) throws {
    precondition(authority.state == .spent, "only a spent authority loses its key")
    signers.forget(authority.id)
    reached(.keyForgotten)
    let evidence = try destroy(authority)
    reached(.keyDestroyed)
    let moment = clock()
    let digest = Digest.sha256(authority.certificate.encoded)
    let entry = Entry(
      Self.node, "authority-key-destroyed", clause: "C3-119", at: moment,
      facts: [
        "authority": authority.subject, "key": authority.keyLabel,
        "place": authority.place.description, "method": evidence,
        "certificate": Hex.encode(digest),
      ])
    try records.write(entry) { transaction in
      let place: (SQL.Value, SQL.Value) =
        switch authority.place {
        case .folder: (.null, .null)
        case .token(let module, let token): (.text(module), .text(token))
        }
      try transaction.keep(
        AuthorityRecords.key,
        [
          .int(Int64(authority.id)), place.0, place.1, .int(moment.milliseconds), .text(evidence),
        ])
    }
    reached(.destructionRecorded)
  }

  /// Why the authority that signs next for a hierarchy cannot, or nil.
  package func fault(of hierarchy: Hierarchy) throws -> String? {
    try records.read { try AuthorityRecords.next(of: hierarchy, in: $0) }
      .flatMap { signers.fault(of: $0) }
  }

  /// How many authorities of a hierarchy were certified ahead of need and never used.
  package func stock(of hierarchy: Hierarchy) throws -> Int {
    try authorities().count { $0.hierarchy == hierarchy && $0.state == .stock }
  }
}

extension IssuingAuthority {
  /// The name in its certificate.
  package var subject: String { certificate.subject.description }
}
