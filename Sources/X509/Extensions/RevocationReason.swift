// SPDX-License-Identifier: Apache-2.0

package import DER

/// Why a certificate was revoked: reasonCode of an entry (RFC 5280, 5.3.1).
package enum RevocationReason: Int, ExtensionValue, CaseIterable {
  /// extnID.
  package static let identifier = ObjectIdentifier.reasonCode

  /// No reason is given; an entry leaves it out.
  case unspecified = 0
  /// The private key of the subject is lost, stolen or otherwise unreliable.
  case keyCompromise = 1
  /// The private key of an authority is.
  case authorityCompromise = 2
  /// The subject is called otherwise or belongs elsewhere.
  case affiliationChanged = 3
  /// Another certificate took its place.
  case superseded = 4
  /// It is no longer needed.
  case cessationOfOperation = 5
  /// On hold: not used here.
  case certificateHold = 6
  /// Off hold again, in delta lists: not used here.
  case removeFromList = 8
  /// A privilege in the certificate was withdrawn.
  case privilegeWithdrawn = 9
  /// An attribute authority's key is compromised: not used here.
  case attributeAuthorityCompromise = 10

  /// RFC5280-5.3.1: reads the value; those outside the enumeration are refused.
  package init(from reader: inout Reader) throws(DERError) {
    let start = reader.offset
    let content = try reader.content(of: .enumerated)
    guard content.count == 1, let octet = content.first,
      let reason = RevocationReason(rawValue: Int(octet))
    else { throw DERError(.badValue, at: start, "a reason code 0 to 6 or 8 to 10 expected") }
    self = reason
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.element(.enumerated, [UInt8(rawValue)])
  }

  /// As RFC 5280 calls it.
  package var name: String {
    switch self {
    case .unspecified: "unspecified"
    case .keyCompromise: "keyCompromise"
    case .authorityCompromise: "cACompromise"
    case .affiliationChanged: "affiliationChanged"
    case .superseded: "superseded"
    case .cessationOfOperation: "cessationOfOperation"
    case .certificateHold: "certificateHold"
    case .removeFromList: "removeFromCRL"
    case .privilegeWithdrawn: "privilegeWithdrawn"
    case .attributeAuthorityCompromise: "aACompromise"
    }
  }
}
