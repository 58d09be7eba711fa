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

  /// The media types in which documents are lodged, by the ends of their files' names.
  package static let mediaTypes = [
    "html": "text/html; charset=utf-8", "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf", "txt": "text/plain; charset=utf-8",
  ]
}
