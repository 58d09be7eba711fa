// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import Records
import Registration
import SEC
import TestEstate
import X509

/// What tests look at in the store of an estate.
extension TestEstate {
  /// A chunk of issuing, as far as tests compare it.
  struct Chunk: Equatable {
    let authority: Int
    let count: Int
    let state: String
    let policy: String
  }

  func chunks() throws -> [Chunk] {
    try records.read { reading in
      try reading.query("SELECT authority, count, state, policy FROM issuance_chunk ORDER BY id")
        .map {
          Chunk(
            authority: try $0.int("authority"), count: try $0.int("count"),
            state: try $0.text("state"), policy: try $0.text("policy"))
        }
    }
  }

  /// Rows of a table.
  func count(_ table: SQL) throws -> Int {
    try records.read {
      try $0.first("SELECT count(*) AS count FROM \(table)")?.int("count") ?? -1
    }
  }

  /// Entries of an action, in order.
  func entries(_ action: String) throws -> [Entry] {
    var found: [Entry] = []
    for index in 0..<(try records.audit.size) {
      let entry = try records.audit.entry(index)
      if entry.action == action { found.append(entry) }
    }
    return found
  }

  /// Refuses a key from now on.
  func refuse(_ key: SubjectPublicKeyInfo, because reason: String) throws {
    let moment = now
    try records.write(
      Entry(Self.officer, "key-refused", clause: "ENG-refused-key", at: moment)
    ) { transaction in
      try Registration.refuse(key, because: reason, at: moment, in: transaction)
    }
  }

  /// The issuer's common name of certificates in DER.
  func issuers(_ certificates: [[UInt8]]) throws -> [String] {
    try certificates.map { try Certificate(parsing: $0).issuer.commonName ?? "" }
  }
}

/// The refusal that an outcome is, or nil.
func refusal(_ outcome: Authority.Outcome) -> Refusal? {
  if case .failure(let error) = outcome { error as? Refusal } else { nil }
}

/// The failure of ours that an outcome is, or nil.
func failure(_ outcome: Authority.Outcome) -> AuthorityError? {
  if case .failure(let error) = outcome { error as? AuthorityError } else { nil }
}
