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

  static let columns: SQL =
    """
    id, serial, kind, entity, key_identifier, usage, role, chunk, position, party, request_hash,
    issued, not_after, der
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
    let der = try row.blob("der")
    let certificate: Certificate
    do {
      certificate = try Certificate(parsing: der)
    } catch {
      add("der", "no certificate: \(error)")
      return
    }
    let expected = Self.expected(certificate)
    for (column, value) in expected where try row.value(column) != value {
      add(column, "\(Self.text(value)) in the certificate")
    }
    kind = Self.kind(certificate)
    if let lint = signer?.lint ?? ceremony {
      for finding in lint.findings(certificate: certificate) { add("der", "\(finding)") }
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

  private static func kind(_ certificate: Certificate) -> CertificateClass? {
    switch CertificateKind(certificate) {
    case .device: .device
    case .organisation: .organisation
    case .iki: .iki
    case .dccki: .dccki
    case .authority(let kind):
      switch kind.hierarchy {
      case .device: .dca
      case .organisation: .oca
      case .iki: .ikiAuthority
      case .dccki: .dcckiAuthority
      }
    case .server: nil
    }
  }

  /// The columns that can be read from the certificate, as they must be.
  private static func expected(_ certificate: Certificate) -> [(String, SQL.Value)] {
    let tbs = certificate.tbs
    let kind = kind(certificate)
    var entity: [UInt8]?
    var role: Int64?
    var usage: CertificateUsage?
    switch kind {
    case .device:
      let names = (try? tbs.extensions.value(of: SubjectAltName.self))?.names ?? []
      if case .hardwareModule(let name)? = names.first { entity = Array(name.serialNumber) }
      usage = Self.usage(tbs)
    case .organisation:
      entity = tbs.subject.uniqueIdentifier
      role = tbs.subject.organisationalUnit.flatMap { RoleCode(hex: $0) }.map { Int64($0.value) }
      usage = Self.usage(tbs)
    case .dca, .oca, .ikiAuthority, .iki, .dcckiAuthority, .dccki, nil: break
    }
    return [
      ("serial", .blob(Array(certificate.serialNumber.magnitude))),
      ("kind", kind.map { .text($0.rawValue) } ?? .null),
      ("entity", entity.map { .blob($0) } ?? .null),
      ("key_identifier", .blob(KeyIdentifier(methodTwoOf: tbs.subjectPublicKeyInfo).octets)),
      ("usage", usage.map { .text($0.rawValue) } ?? .null),
      ("role", role.map { .int($0) } ?? .null),
      ("not_after", .int(tbs.notAfter.milliseconds)),
    ]
  }

  private static func usage(_ tbs: TBSCertificate) -> CertificateUsage? {
    switch (try? tbs.extensions.value(of: KeyUsage.self))?.uses {
    case [.digitalSignature]?: .digitalSignature
    case [.keyAgreement]?: .keyAgreement
    default: nil
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
