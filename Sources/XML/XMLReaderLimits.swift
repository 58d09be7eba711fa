// SPDX-License-Identifier: Apache-2.0

/// How much a reader takes before it refuses.
package struct XMLReaderLimits: Sendable {
  /// Octets of the whole text.
  package var octetsMax: Int
  /// Elements standing in each other, the outermost at depth 1; libxml2 itself stops at 256.
  package var depthMax: Int
  /// Attributes of one element, namespace declarations among them.
  package var attributesMax: Int
  /// Octets of a name.
  package var nameOctetsMax: Int
  /// Octets of one attribute's value or one run of text; libxml2 itself stops at 10,000,000.
  package var textOctetsMax: Int
  /// Elements of the whole text.
  package var elementsMax: Int

  /// Limits with the stated values.
  package init(
    octetsMax: Int, depthMax: Int = 16, attributesMax: Int = 16, nameOctetsMax: Int = 128,
    textOctetsMax: Int = 64 * 1_024, elementsMax: Int = 1_000
  ) {
    self.octetsMax = octetsMax
    self.depthMax = depthMax
    self.attributesMax = attributesMax
    self.nameOctetsMax = nameOctetsMax
    self.textOctetsMax = textOctetsMax
    self.elementsMax = elementsMax
  }

  /// For one request: 64 KiB.
  package static let small = XMLReaderLimits(octetsMax: 64 * 1_024)
}
