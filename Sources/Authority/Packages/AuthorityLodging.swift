// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys
import Profiles
import Records
import Registration
import Repository
import SEC
import X509

/// Lodges the certificates of authorities that a ceremony made, inside one transaction: in the
/// Repository, among the issuing authorities, and in the Registration Authority's record.
struct AuthorityLodging {
  /// What the Registration Authority keeps about how the certificates came to be (C3-74-3).
  struct Evidence {
    let ceremony: String
    let witnesses: [String]
    /// The officer who checked it.
    let officer: String
  }

  let moment: Time
  let evidence: Evidence
  let transaction: Transaction

  /// L5.1(b), L5.1(d): lodges the certificates of the authorities, refuses their keys to everybody
  /// and names them in the entry by their Merkle root, as a chunk of issuing does.
  func lodge(_ roots: [Founding.Root], _ issuing: [Founding.Issuing], _ life: IssuingKeyLife) throws
  {
    let authorities =
      roots.map { ($0.certificate, $0.hierarchy) }
      + issuing.map { ($0.certificate, $0.hierarchy) }
    guard !authorities.isEmpty else { return }
    let lodged = authorities.enumerated().map { position, authority in
      let (certificate, hierarchy) = authority
      return LodgedCertificate(
        serial: Array(certificate.serialNumber.magnitude), kind: hierarchy.authorityClass,
        entity: nil,
        keyIdentifier: KeyIdentifier(methodTwoOf: certificate.tbs.subjectPublicKeyInfo).octets,
        usage: nil, role: nil, chunk: 0, position: position, party: nil, requestHash: nil,
        issued: moment, notAfter: certificate.tbs.notAfter, der: certificate.encoded)
    }
    for (certificate, _) in authorities {
      try Registration.refuse(
        certificate.tbs.subjectPublicKeyInfo, because: "the key of \(certificate.subject)",
        at: moment, in: transaction)
      try record(certificate)
    }
    try transaction.numberWithoutGap("certificate")
    try Repository.lodge(lodged, in: transaction)
    transaction.note("chunk", "0")
    transaction.note("count", String(lodged.count))
    let root = MerkleTree.root(of: lodged.map { MerkleTree.leafHash($0.leaf) })
    transaction.note("certificate-root", Hex.encode(root))
    try enter(issuing, life)
  }

  /// Enters the issuing authorities in the stock, in the order in which they will come on line.
  private func enter(_ issuing: [Founding.Issuing], _ life: IssuingKeyLife) throws {
    let last =
      try transaction.first("SELECT max(id) AS last FROM issuing_authority")?.optionalInt("last")
      ?? 0
    for (index, authority) in issuing.enumerated() {
      let number = last + index + 1
      try AuthorityRecords.keep(
        IssuingAuthority(
          id: number, hierarchy: authority.hierarchy, certificate: authority.certificate,
          keyLabel: authority.keyLabel,
          life: authority.hierarchy == .device ? life : .asCertificate, state: .stock,
          onLineSince: nil, reserved: 0, lodged: moment),
        in: transaction)
      try AuthorityRecords.keepPlace(authority.place, of: number, in: transaction)
      try transaction.execute(
        "INSERT INTO issuing_volume (authority, reserved) VALUES (\(number), 0)")
    }
  }

  /// C3-74-3: no certificate, those of authorities included, without a record of who asked for it
  /// and who verified that; the DCC alone may (C3-80-dca, C3-80-oca).
  private func record(_ certificate: Certificate) throws {
    guard case .authority(let kind) = CertificateKind(certificate) else { return }
    try transaction.keep(
      PackageRecords.record,
      [
        .text(Hex.encode(certificate.serialNumber.magnitude)), .text(kind.rawValue),
        .text(certificate.subject.commonName ?? "\(certificate.subject)"), .text("DCC"),
        .text(evidence.ceremony), .text(evidence.witnesses.joined(separator: "; ")),
        .text(evidence.officer), .int(moment.milliseconds),
      ])
  }
}
