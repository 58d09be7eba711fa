// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Governance
import Keys
import Records
import Registration
import Repository
import SEC
import X509

extension StoreWalk {
  /// L1.15: what the PMA decided is what the entry of the decision tells the digest of, and each
  /// signature under it is that of an elector, by a certificate of this store that was in force.
  mutating func decisions() throws {
    for row in try reading.query("SELECT vote, position FROM pma_decided ORDER BY vote") {
      let vote = try row.text("vote")
      do {
        let digest = Digest.sha256(Array(try Votes.statement(of: vote, in: reading).utf8))
        if try toldDigest(at: row.int("position")) != Hex.encode(digest) {
          report.add("pma_decided", vote, "position", "its entry tells of another statement")
        }
      } catch {
        report.add("pma_decided", vote, nil, "cannot be read: \(error)")
      }
    }
    for row in try reading.query(
      "SELECT vote, person, serial, octets, moment FROM pma_signature ORDER BY vote, person")
    {
      let name = "\(try row.text("vote"))/\(try row.text("person"))"
      do {
        if let (column, wrong) = try fault(of: row) {
          report.add("pma_signature", name, column, wrong)
        }
      } catch {
        report.add("pma_signature", name, nil, "cannot be read: \(error)")
      }
    }
  }

  /// The digest of a statement that an entry of the audit names.
  private func toldDigest(at position: Int) throws -> String? {
    guard
      let entry = try reading.first("SELECT data FROM audit_entry WHERE position = \(position)")
    else { return nil }
    return try Entry.decode(entry.blob("data")).facts["statement"]
  }

  /// What is wrong with a signature, and in which column.
  private func fault(of row: Row) throws -> (column: String, detail: String)? {
    let (vote, person) = (try row.text("vote"), try row.text("person"))
    let serial = try row.text("serial")
    let moment = try row.time("moment")
    guard
      try reading.first(
        "SELECT 1 AS one FROM pma_elector WHERE vote = \(vote) AND person = \(person)") != nil
    else { return ("person", "somebody who could not vote") }
    guard let octets = Hex.decode(serial),
      let lodged = try Repository.certificate(serial: octets, in: reading),
      let credential = try Registration.credential(serial: serial, in: reading)
    else { return ("serial", "no credential of this estate has it") }
    guard moment <= credential.notAfter, credential.revoked.map({ moment < $0 }) ?? true else {
      return ("moment", "the credential was not in force")
    }
    let key = try Certificate(parsing: lodged.der).tbs.subjectPublicKeyInfo.publicKey()
    let statement = try Votes.statement(of: vote, in: reading)
    guard key.isValid(try row.blob("octets"), over: Array(statement.utf8)) else {
      return ("octets", "not a signature of \(person)'s credential over the statement")
    }
    return nil
  }
}
