// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import Profiles
import Records
import Registration
import Repository
import SEC
import X509

/// What is wrong with one row of certificates by itself, and its leaf for the root of its chunk.
///
/// No state is shared and nothing is read, so that all cores can work at it.
struct CertificateExamination: Sendable {
  let id: Int
  /// Shown in faults: the serial number as the row has it.
  let name: String
  let chunk: Int
  let position: Int
  let serial: [UInt8]
  let issued: Time
  let party: String?
  /// The leaf hash over all that the row says; nil when the row cannot be read.
  private(set) var leaf: MerkleTree.Hash?
  /// The class, as the certificate itself says.
  private(set) var kind: CertificateClass?
  private(set) var faults: [VerificationReport.Fault] = []

  /// Rows with their forms; a condition follows.
  static let selection: SQL =
    """
    SELECT id, serial, kind, entity, key_identifier, usage, role, chunk, position, party,
      request_hash, issued, not_after, der, form, template, issuer, class, purpose, unit
    FROM certificate LEFT JOIN certificate_form ON certificate_form.number = certificate.form
    """

  /// Looks at a row.
  ///
  /// - Parameters:
  ///   - row: a row of the table, with the columns above.
  ///   - signer: the authority that must have signed it, or nil when there is none.
  ///   - ceremony: the linter of a ceremony's certificates, or nil for all others.
  init(_ row: Row, signer: SigningAuthority?, ceremony: Lint?) {
    func int(_ column: String) -> Int? { (try? row.optionalInt(column)) ?? nil }
    id = int("id") ?? 0
    serial = ((try? row.optionalBlob("serial")) ?? nil) ?? []
    name = serial.isEmpty ? "id \(id)" : Hex.encode(serial)
    chunk = int("chunk") ?? -1
    position = int("position") ?? -1
    issued = Time(milliseconds: Int64(int("issued") ?? 0))
    party = (try? row.optionalText("party")) ?? nil
    do {
      try examine(row, signer, ceremony)
    } catch {
      add(nil, "cannot be read: \(error)")
    }
  }

  private mutating func add(_ column: String?, _ detail: String) {
    faults.append(.init(table: "certificate", row: name, column: column, detail: detail))
  }

  private mutating func examine(
    _ row: Row, _ signer: SigningAuthority?, _ ceremony: Lint?
  ) throws {
    if try row.optionalInt("form") != nil, try row.optionalText("class") == nil {
      add("form", "no form has this number")
    }
    let isPacked = try row.optionalBlob("template") != nil
    let der: [UInt8]
    do {
      der = try RepositoryRecords.der(from: row)
    } catch {
      add(nil, "row and form do not make a certificate")
      return
    }
    let certificate: Certificate
    do {
      certificate = try Certificate(parsing: der)
    } catch {
      add(isPacked ? nil : "der", "no certificate: \(error)")
      return
    }
    let columns = CertificateColumns(certificate)
    for (column, value) in columns.values where try row.value(column) != value {
      add(column, "\(Self.text(value)) in the certificate")
    }
    kind = columns.kind
    try examineForm(row, certificate)
    if let lint = signer?.lint ?? ceremony {
      for finding in lint.findings(certificate: certificate) {
        // A packed one is made of several columns: which of them was changed it cannot tell.
        add(isPacked ? nil : "der", "\(finding)")
      }
    } else {
      add("chunk", "no authority is known to have signed it")
    }
    if let signer, kind != signer.hierarchy.certificateClass {
      add("der", "an authority of the \(signer.hierarchy.rawValue) hierarchy signed it")
    }
    // The times of issue and of the certificate are one (OCP-annex-B-validity).
    let issued = try row.time("issued")
    if try row.int("chunk") > 0, certificate.tbs.notBefore != issued.wholeSecond {
      add("issued", "valid from \(certificate.tbs.notBefore.rfc3339)")
    }
    guard let kind = CertificateClass(rawValue: try row.text("kind")) else { return }
    let lodged = LodgedCertificate(
      serial: serial, kind: kind, entity: nil, keyIdentifier: [], usage: nil, role: nil,
      chunk: try row.int("chunk"), position: try row.int("position"),
      party: try row.optionalText("party"), requestHash: try row.optionalBlob("request_hash"),
      issued: issued, notAfter: try row.time("not_after"), der: der)
    leaf = MerkleTree.leafHash(lodged.leaf)
  }

  /// ENG-compact-rows: what the form says of the certificate; a row of before has none.
  private mutating func examineForm(_ row: Row, _ certificate: Certificate) throws {
    guard try row.optionalInt("form") != nil, try row.optionalText("class") != nil else { return }
    let issuer = try certificate.tbs.extensions.value(of: AuthorityKeyIdentifier.self)
    let own = try certificate.tbs.extensions.value(of: SubjectKeyIdentifier.self)
    let said: [(String, SQL.Value)] = [
      ("issuer", .blob((issuer?.keyIdentifier ?? own?.keyIdentifier)?.octets ?? [])),
      ("class", try row.value("kind")),
      ("purpose", try row.value("usage")), ("unit", try row.value("role")),
    ]
    for (column, value) in said where try row.value(column) != value {
      add("form", "the form has another \(column) than \(Self.text(value))")
    }
  }

  private static func text(_ value: SQL.Value) -> String {
    switch value {
    case .null: "nothing"
    case .int(let value): "\(value)"
    case .text(let text): text
    case .blob(let octets): Hex.encode(octets)
    }
  }
}
