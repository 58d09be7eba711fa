// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
import Records
import SEC
import Service
import X509

extension Command {
  static let authorities = Command(
    name: "authorities", summary: "list every PKI of the estate with its authorities",
    notes: """
      Roots and issuing authorities of the device and organisation hierarchies, of the IKI and of \
      the DCCKI, with the ceremony that made each, the officer who verified it, and how long its \
      certificate took into the Repository (C3-159); and the PKIs that are registered here and \
      issue nothing, such as those of SMETS1 Service Providers.
      """,
    example: "smki authorities"
  ) { invocation in
    let opening = try Opening(invocation)
    let rows: [AuthorityTableRow] =
      try opening.records.read { reading in
        try AuthorityTableRow.all(in: reading)
      } + PKIRegister(records: opening.records).all().map(AuthorityTableRow.init)
    try invocation.show(rows) {
      Table(
        headings: [
          "pki", "name", "kind", "serial number", "state", "ceremony or documents", "verified by",
          "lodged", "after, s",
        ],
        rows: rows.map {
          [
            $0.pki, $0.name, $0.kind, $0.serial, $0.state, $0.ceremony, $0.verifiedBy,
            $0.lodged.map { String($0.prefix(19)) } ?? "-",
            $0.lodgedAfterSeconds.map { "\($0)" } ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }
}

/// An authority in one line: one service, and hierarchies beside each other (C3-72).
private struct AuthorityTableRow: Encodable {
  let pki: String
  let name: String
  let kind: String
  let serial: String
  let state: String
  let ceremony: String
  let applicant: String
  let witnesses: String
  let verifiedBy: String
  let notAfter: String
  /// C3-159-row-2, C3-159-row-5: when the Repository took it, and how many seconds after its issue.
  let lodged: String?
  let lodgedAfterSeconds: Int64?

  /// A PKI that issues nothing here, with the versions of its documents that may be used.
  init(_ pki: RegisteredPKI) {
    self.pki = pki.id
    name = pki.provider
    kind = "registered"
    serial = "issues nothing here"
    state = "registered"
    ceremony = pki.documents.filter(\.isUsable).map { "\($0.kind.rawValue) \($0.version)" }
      .joined(separator: ", ")
    applicant = "-"
    witnesses = "-"
    verifiedBy = "-"
    notAfter = "-"
    lodged = nil
    lodgedAfterSeconds = nil
  }

  private init(
    pki: String, name: String, kind: String, serial: String, state: String, ceremony: String,
    applicant: String, witnesses: String, verifiedBy: String, notAfter: String, lodged: Time,
    issued: Time
  ) {
    self.pki = pki
    self.name = name
    self.kind = kind
    self.serial = serial
    self.state = state
    self.ceremony = ceremony
    self.applicant = applicant
    self.witnesses = witnesses
    self.verifiedBy = verifiedBy
    self.notAfter = notAfter
    self.lodged = lodged.rfc3339
    lodgedAfterSeconds = lodged.seconds - issued.seconds
  }

  static func all(in reading: Reading) throws -> [AuthorityTableRow] {
    let evidence = try PackageRecords.evidence(in: reading)
    let issuing = try AuthorityRecords.states(in: reading)
    return try PackageRecords.lodgings(in: reading).compactMap { certificate, lodged in
      guard case .authority(let kind) = CertificateKind(certificate) else { return nil }
      let serial = Hex.encode(certificate.serialNumber.magnitude)
      let record = evidence[serial]
      return AuthorityTableRow(
        pki: kind.hierarchy.rawValue,
        name: certificate.subject.commonName ?? "\(certificate.subject)", kind: kind.rawValue,
        serial: serial,
        state: issuing[certificate.encoded]?.rawValue ?? (kind.isRoot ? "offline" : "unknown"),
        ceremony: record?.ceremony ?? "-", applicant: record?.applicant ?? "-",
        witnesses: record?.witnesses ?? "-", verifiedBy: record?.verifiedBy ?? "-",
        notAfter: certificate.tbs.notAfter.rfc3339, lodged: lodged,
        issued: certificate.tbs.notBefore)
    }
  }
}
