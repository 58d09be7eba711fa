// SPDX-License-Identifier: Apache-2.0

/// How much a reader of archives takes before it refuses.
package struct ZipLimits: Sendable {
  /// Entries of the whole archive.
  package var entriesMax: Int
  /// Octets of one entry, unpacked.
  package var entryOctetsMax: Int
  /// Octets of all entries, unpacked.
  package var totalOctetsMax: Int
  /// Octets of a name.
  package var nameOctetsMax: Int
  /// How many times larger than the file its entries may be together; text packs to a third or a
  /// quarter, a bomb to a thousandth.
  package var ratioMax: Int

  /// Limits with the stated values.
  package init(
    entriesMax: Int, entryOctetsMax: Int, totalOctetsMax: Int, nameOctetsMax: Int = 255,
    ratioMax: Int = 50
  ) {
    self.entriesMax = entriesMax
    self.entryOctetsMax = entryOctetsMax
    self.totalOctetsMax = totalOctetsMax
    self.nameOctetsMax = nameOctetsMax
    self.ratioMax = ratioMax
  }
}
