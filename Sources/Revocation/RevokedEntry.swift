// SPDX-License-Identifier: Apache-2.0

package import DER
package import X509

/// A certificate that was revoked, as the store keeps it; there is no way back.
package struct RevokedEntry: Hashable, Sendable {
  /// A number of this estate, from 1, in the order of revoking.
  package let id: Int
  /// The key identifier of who issued it, 16 upper-case hexadecimal digits: whose list it is on.
  package let issuer: String
  /// The certificate's serial number, 16 octets.
  package let serial: [UInt8]
  package let revoked: Time
  package let reason: RevocationReason
  package let ground: RevocationGround
  /// The request, or nil where none was needed.
  package let request: Int?

  /// A revocation, whole.
  package init(
    id: Int, issuer: String, serial: [UInt8], revoked: Time, reason: RevocationReason,
    ground: RevocationGround, request: Int?
  ) {
    self.id = id
    self.issuer = issuer
    self.serial = serial
    self.revoked = revoked
    self.reason = reason
    self.ground = ground
    self.request = request
  }

  /// The entry as it stands on a list.
  package var listed: RevokedCertificate {
    RevokedCertificate(
      serialNumber: Integer(magnitude: serial), revoked: revoked, reason: reason)
  }
}
