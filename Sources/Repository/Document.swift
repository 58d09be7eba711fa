// SPDX-License-Identifier: Apache-2.0

package import DER

/// L5.1: one version of a document, as it was lodged; its octets lie beside it.
package struct Document: Hashable, Sendable {
  /// The most octets of one version [assumed]: the largest policy of the Code has some hundred
  /// pages.
  package static let octetsMax = 8 << 20

  /// What it is.
  package let kind: DocumentKind
  /// The version as the document names it, such as `2.0`; unique in its kind.
  package let version: String
  package let title: String
  /// The media type in which it is served.
  package let mediaType: String
  /// How many octets it has.
  package let size: Int
  /// SHA-256 over its octets, 32 octets.
  package let digest: [UInt8]
  /// When it was lodged.
  package let lodged: Time
  /// Who lodged it.
  package let lodgedBy: String
  /// In which role.
  package let role: String
  /// L5.1(l), L5.1(m), P3-1.3: the instruction or reason, and for whom and after which check it was
  /// lodged; empty when there is none.
  package let reason: String
  /// P3-1.3-lodging: for whom the DCC lodged it, or nil when the lodger answers for it.
  package let proxy: Proxy?

  /// P3-1.3-lodging: who asked the Service Desk to lodge a document, and how that was checked.
  package struct Proxy: Hashable, Sendable {
    /// The Authorised Responsible Officer, by identifier.
    package let person: String
    /// For whom that officer acts: the SMKI PMA, or the Code Administrator for it.
    package let party: String
    /// The number of the call.
    package let call: Int
    /// What the check against the nomination form said.
    package let check: String

    /// A proxy, whole.
    package init(person: String, party: String, call: Int, check: String) {
      self.person = person
      self.party = party
      self.call = call
      self.check = check
    }
  }

  /// The media types in which documents are lodged, by the ends of their files' names.
  package static let mediaTypes = [
    "html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf", "txt": "text/plain; charset=utf-8",
  ]
}
