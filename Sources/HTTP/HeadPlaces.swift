// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd

/// Where the parts of a request's head stand in the library's memory.
///
/// The library reads a head where it was received and only shows the parts of it: what separates
/// two lines, a NUL that ends a value early, and a line that was folded are lost with what stood
/// between the parts. But the distances tell: between the end of a part and the beginning of the
/// next one there is room for the separator and nothing else. No octet is read by these addresses.
struct HeadPlaces {
  private let start: UInt
  private var end: UInt
  private var isContiguous: Bool

  /// Whether the library reads a head in place, as this release of it does.
  ///
  /// Later ones refuse by themselves what the distances show.
  static let areMeaningful = unsafe String(cString: MHD_get_version()) == "0.9.75"

  /// The octets between two lines: CR and LF.
  private static let lineEnd: UInt = 2

  /// The addresses of some octets.
  static func range(of octets: UnsafeRawBufferPointer) -> Range<UInt> {
    let start = UInt(bitPattern: octets.baseAddress)
    return start..<start + UInt(octets.count)
  }

  /// The parts of a request line.
  init(method: UnsafePointer<CChar>, target: Range<UInt>, version: UnsafePointer<CChar>) {
    start = UInt(bitPattern: method)
    let methodEnd = unsafe start + UInt(strlen(method))
    let versionStart = UInt(bitPattern: version)
    end = unsafe versionStart + UInt(strlen(version))
    isContiguous = methodEnd + 1 == target.lowerBound && target.upperBound + 1 == versionStart
  }

  /// One more line: a name, a colon, blanks, and a value.
  mutating func note(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
    let name = unsafe Self.range(of: name)
    let value = unsafe Self.range(of: value)
    isContiguous =
      isContiguous && end + Self.lineEnd == name.lowerBound && name.upperBound < value.lowerBound
    end = value.upperBound
  }

  /// Whether each line, and the empty one after them, begins where CR LF of the one before ends.
  func isWhole(headOctets: Int) -> Bool {
    isContiguous && end + 2 * Self.lineEnd == start + UInt(headOctets)
  }
}
