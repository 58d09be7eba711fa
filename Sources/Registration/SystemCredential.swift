// SPDX-License-Identifier: Apache-2.0

package import DER

/// M8-AppG-iki-csr: the IKI certificate by which a system of a party reaches one interface.
package struct SystemCredential: Hashable, Sendable {
  /// Serial number, 32 upper-case hexadecimal digits.
  package let serial: String
  package let party: String
  package let interface: Interface
  /// Unique system name: the CN of the certificate, unique among the party's for the interface.
  package let name: String
  /// SHA-256 of the certificate's DER, 32 octets.
  package let fingerprint: [UInt8]
  /// The last second in which the certificate is valid (RFC5280-4.1.2.5).
  package let notAfter: Time
  /// When it was revoked, or nil.
  package let revoked: Time?
  /// RAPP-5.4: the person who holds it, by identifier, or nil for a system's.
  package let person: String?
  /// N4-2.3: the serial number of the token with its key, or nil for another medium.
  package let token: String?

  /// A credential, whole.
  package init(
    serial: String, party: String, interface: Interface, name: String, fingerprint: [UInt8],
    notAfter: Time, revoked: Time? = nil, person: String? = nil, token: String? = nil
  ) {
    self.serial = serial
    self.party = party
    self.interface = interface
    self.name = name
    self.fingerprint = fingerprint
    self.notAfter = notAfter
    self.revoked = revoked
    self.person = person
    self.token = token
  }

  /// ICP-validity: whether it has not ended at a moment; revocation is another matter.
  package func isValid(at moment: Time) -> Bool { moment.wholeSecond <= notAfter }
}
