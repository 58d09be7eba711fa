// SPDX-License-Identifier: Apache-2.0

package import DER
import Keys
package import SEC

/// L5.1: which of the Repository's certificates this is.
package enum CertificateClass: String, Hashable, Sendable, CaseIterable {
  /// L5.1(a): a Device Certificate.
  case device
  /// L5.1(b): a certificate of a Root or Issuing DCA.
  case dca
  /// L5.1(c): an Organisation Certificate.
  case organisation
  /// L5.1(d): a certificate of a Root or Issuing OCA.
  case oca
  /// A certificate of an IKI authority.
  case ikiAuthority = "iki-authority"
  /// A certificate that authenticates a person or a system (ICP-subject).
  case iki
  /// A certificate of a DCCKI authority.
  case dcckiAuthority = "dccki-authority"
  /// A TLS certificate of the DCCKI.
  case dccki
}

/// A certificate as it is lodged: its bytes and what the Repository finds it by.
package struct LodgedCertificate: Hashable, Sendable {
  /// 16 octets.
  package let serial: [UInt8]
  package let kind: CertificateClass
  /// The EUI-64 of the device or organisation; nil for authorities and IKI.
  package let entity: EntityID?
  /// Method 2 of RFC 5280, 4.2.1.2: 8 octets.
  package let keyIdentifier: [UInt8]
  /// One purpose for end entities, nil for authorities.
  package let usage: CertificateUsage?
  /// Role of an organisation, nil otherwise.
  package let role: RoleCode?
  /// The chunk of issuing that made it and its place there; authorities made by a ceremony have 0.
  package let chunk: Int
  package let position: Int
  /// The party that asked, or nil for a ceremony.
  package let party: String?
  /// SHA-256 of the request as received, 32 octets, or nil for a ceremony.
  package let requestHash: [UInt8]?
  package let issued: Time
  package let notAfter: Time
  /// The whole certificate in DER.
  package let der: [UInt8]

  /// A certificate, whole.
  package init(
    serial: [UInt8], kind: CertificateClass, entity: EntityID?, keyIdentifier: [UInt8],
    usage: CertificateUsage?, role: RoleCode?, chunk: Int, position: Int, party: String?,
    requestHash: [UInt8]?, issued: Time, notAfter: Time, der: [UInt8]
  ) {
    self.serial = serial
    self.kind = kind
    self.entity = entity
    self.keyIdentifier = keyIdentifier
    self.usage = usage
    self.role = role
    self.chunk = chunk
    self.position = position
    self.party = party
    self.requestHash = requestHash
    self.issued = issued
    self.notAfter = notAfter
    self.der = der
  }

  /// ENG-audit: what stands for this certificate in the Merkle tree of its chunk: the certificate
  /// and everything about it that cannot be read from it.
  package var leaf: [UInt8] {
    var leaf = Array("\(kind.rawValue)\n\(party ?? "")\n\(issued.milliseconds)\n".utf8)
    leaf += Array("\(chunk)/\(position)\n\(requestHash.map { Hex.encode($0) } ?? "")\n".utf8)
    leaf += der
    return leaf
  }
}
