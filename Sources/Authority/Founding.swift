// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Keys
import Profiles
package import Records
import Registration
import Repository
package import SEC
package import X509

/// What a ceremony hands over to the on-line estate: certificates and labels, never a root key.
package struct Founding: Sendable {
  /// A root: its certificate only.
  package struct Root: Sendable {
    /// The hierarchy that it stands above.
    package let hierarchy: Hierarchy
    /// Its certificate, signed by itself.
    package let certificate: Certificate

    /// The root of a hierarchy.
    package init(hierarchy: Hierarchy, certificate: Certificate) {
      self.hierarchy = hierarchy
      self.certificate = certificate
    }
  }

  /// An issuing authority and the label of its key in the on-line key store.
  package struct Issuing: Sendable {
    /// The hierarchy that it belongs to.
    package let hierarchy: Hierarchy
    /// Its certificate, by the root of the hierarchy.
    package let certificate: Certificate
    /// The label of its key.
    package let keyLabel: String
    /// Where its key lives.
    package let place: KeyPlace

    /// An issuing authority of a hierarchy.
    package init(
      hierarchy: Hierarchy, certificate: Certificate, keyLabel: String,
      place: KeyPlace = .folder
    ) {
      self.hierarchy = hierarchy
      self.certificate = certificate
      self.keyLabel = keyLabel
      self.place = place
    }
  }

  /// The estate.
  package let estate: Estate
  /// One root for each hierarchy.
  package let roots: [Root]
  /// The issuing authorities, in the order in which they will come on line.
  package let issuing: [Issuing]
  /// The limits of an Issuing DCA; a smaller volume than C3-118 sets is for tests of the take-over.
  package let deviceLife: IssuingKeyLife
  /// C3-112: the version of each policy that is in force from now.
  package let policyVersions: [Hierarchy: String]

  /// A founding, whole.
  package init(
    estate: Estate, roots: [Root], issuing: [Issuing], deviceLife: IssuingKeyLife = .issuingDCA,
    policyVersions: [Hierarchy: String]
  ) {
    self.estate = estate
    self.roots = roots
    self.issuing = issuing
    self.deviceLife = deviceLife
    self.policyVersions = policyVersions
  }

  /// Enters the estate, its authorities and policies in empty records, in one transaction.
  package func enter(in records: Records, at moment: Time, by actor: Actor) throws {
    let entry = Entry(
      actor, "estate-founded", clause: "C3-84-2", at: moment,
      facts: [
        "estate": estate.name, "kind": estate.kind.rawValue,
        "roots": roots.map(\.certificate.subject.description).joined(separator: "; "),
      ])
    try records.write(entry) { transaction in
      try EstateRecords.keep(estate, in: transaction)
      for (hierarchy, version) in policyVersions {
        try transaction.keep(
          AuthorityRecords.policy,
          [.text(hierarchy.rawValue), .int(moment.milliseconds), .text(version)])
      }
      try lodge(at: moment, in: transaction)
      for (index, authority) in issuing.enumerated() {
        try AuthorityRecords.keep(
          IssuingAuthority(
            id: index + 1, hierarchy: authority.hierarchy, certificate: authority.certificate,
            keyLabel: authority.keyLabel,
            life: authority.hierarchy == .device ? deviceLife : .asCertificate, state: .stock,
            onLineSince: nil, reserved: 0, lodged: moment),
          in: transaction)
        try AuthorityRecords.keepPlace(authority.place, of: index + 1, in: transaction)
        try transaction.execute(
          "INSERT INTO issuing_volume (authority, reserved) VALUES (\(index + 1), 0)")
      }
    }
  }

  /// L5.1(b), L5.1(d): lodges the certificates of the authorities, refuses their keys to everybody
  /// and names them in the entry by their Merkle root, as a chunk of issuing does.
  private func lodge(at moment: Time, in transaction: Transaction) throws {
    let authorities =
      roots.map { ($0.certificate, $0.hierarchy) }
      + issuing.map { ($0.certificate, $0.hierarchy) }
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
    }
    try Repository.lodge(lodged, in: transaction)
    transaction.note("chunk", "0")
    transaction.note("count", String(lodged.count))
    let root = MerkleTree.root(of: lodged.map { MerkleTree.leafHash($0.leaf) })
    transaction.note("certificate-root", Hex.encode(root))
  }
}
