// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
import Enrolment
import Records
import Repository
package import SEC

/// Word that something is about to end, given once for each of the days before it.
package struct ExpiryNotice: Hashable, Sendable {
  /// What ends.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case credential
    case apiKey = "api-key"
    case organisationCertificate = "organisation-certificate"
    case person
  }

  package let kind: Kind
  /// Its serial number, or the beginning of a key's digest, or the person's identifier.
  package let subject: String
  package let party: String
  /// Its name for people.
  package let name: String
  package let ends: Time
  /// How many days before the end the notice was due.
  package let days: Int
  /// When it was given.
  package let made: Time
}

extension Registration {
  /// RAPP-5.4: gives the notices that are due: one for each of `days` before an end.
  ///
  /// - Returns: those that were given now.
  package func giveNotices(
    days: [Int], at moment: Time, by actor: Actor
  ) throws -> [ExpiryNotice] {
    let due = try records.read { reading in
      let known = Set(
        try reading.query("SELECT subject, days FROM expiry_notice").map {
          "\(try $0.text("subject"))/\(try $0.int("days"))"
        })
      let horizon = moment.adding(seconds: Int64(days.max() ?? 0) * 86_400)
      return try endings(from: moment, to: horizon, in: reading).compactMap { ending in
        // The nearest mark that has passed: a node that was away does not give all of them.
        let mark = days.filter { ending.ends <= moment.adding(seconds: Int64($0) * 86_400) }.min()
        guard let mark, !known.contains("\(ending.subject)/\(mark)") else { return nil }
        return ExpiryNotice(
          kind: ending.kind, subject: ending.subject, party: ending.party, name: ending.name,
          ends: ending.ends, days: mark, made: moment)
      } as [ExpiryNotice]
    }
    // An entry has room for so many rows.
    for start in stride(from: 0, to: due.count, by: 100) {
      let part = Array(due[start..<min(start + 100, due.count)])
      let entry = Entry(actor, "expiry-notices-given", clause: "RAPP-5.4", at: moment)
      try records.write(entry) { transaction in
        let last = try transaction.first("SELECT MAX(id) AS last FROM expiry_notice")
        var id = Int64(try last?.optionalInt("last") ?? 0)
        for notice in part {
          id += 1
          try transaction.keep(
            RegistrationRecords.notice,
            [
              .int(id), .text(notice.kind.rawValue), .text(notice.subject), .text(notice.party),
              .text(notice.name), .int(notice.ends.milliseconds), .int(Int64(notice.days)),
              .int(moment.milliseconds),
            ])
        }
      }
    }
    return due
  }

  /// Every notice that was given, the newest last.
  package func notices(of party: String? = nil) throws -> [ExpiryNotice] {
    try records.read { reading in
      try reading.query(
        """
        SELECT kind, subject, party, name, ends, days, made FROM expiry_notice ORDER BY id
        """
      ).map { row in
        guard let kind = ExpiryNotice.Kind(rawValue: try row.text("kind")) else {
          throw DatabaseError.damaged("expiry_notice.kind")
        }
        return ExpiryNotice(
          kind: kind, subject: try row.text("subject"), party: try row.text("party"),
          name: try row.text("name"), ends: try row.time("ends"), days: try row.int("days"),
          made: try row.time("made"))
      }.filter { party == nil || $0.party == party }
    }
  }

  /// Something that ends, without its notice.
  private struct Ending {
    let kind: ExpiryNotice.Kind
    let subject: String
    let party: String
    let name: String
    let ends: Time
  }

  private func endings(
    from moment: Time, to horizon: Time, in reading: some Querying
  ) throws -> [Ending] {
    let credentials = try RegistrationRecords.credentials(in: reading)
      .filter { $0.revoked == nil }.map {
        Ending(
          kind: .credential, subject: $0.serial, party: $0.party,
          name: "\($0.name), \($0.interface.rawValue)", ends: $0.notAfter)
      }
    let keys = try apiKeys().compactMap { key in
      key.until.map {
        Ending(
          kind: .apiKey, subject: String(Hex.encode(key.hash).prefix(16)), party: key.party,
          name: key.label, ends: $0)
      }
    }
    let persons = try enrolment.persons().filter { $0.left == nil }.map {
      Ending(
        kind: .person, subject: $0.id, party: $0.party, name: $0.role.rawValue, ends: $0.expires)
    }
    let certificates = try RegistrationRecords.organisationCases(
      """
      WHERE state IN (\(OrganisationCase.State.issued.rawValue),
        \(OrganisationCase.State.deemedAccepted.rawValue)) ORDER BY id
      """, in: reading
    ).compactMap { it -> Ending? in
      guard let serial = it.serial, let octets = Hex.decode(serial),
        let certificate = try repository.certificate(serial: octets)
      else { return nil }
      return Ending(
        kind: .organisationCertificate, subject: serial, party: it.party,
        name: certificate.entity.map { "\($0)" } ?? serial, ends: certificate.notAfter)
    }
    return (credentials + keys + persons + certificates).filter {
      $0.ends > moment && $0.ends <= horizon
    }
  }
}
