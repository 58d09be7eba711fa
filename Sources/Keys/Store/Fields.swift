// SPDX-License-Identifier: Apache-2.0

/// Writes the files of a store: fixed octets, and fields with their length in two octets before.
struct FieldWriter {
  /// The most octets of one field: what two octets can say.
  static let octetsMax = Int(UInt16.max)

  private(set) var bytes: [UInt8] = []

  mutating func put(_ octets: [UInt8]) {
    bytes += octets
  }

  mutating func put(field: [UInt8]) {
    precondition(field.count <= Self.octetsMax, "a field that is too long")
    bytes += [UInt8(field.count >> 8), UInt8(field.count & 0xFF)] + field
  }
}

/// Reads what `FieldWriter` wrote; everything else is `damaged`.
struct FieldReader {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  /// Exactly so many octets.
  mutating func take(_ count: Int) throws(KeyError) -> ArraySlice<UInt8> {
    guard rest.count >= count else { throw KeyError(.damaged, "the file ends too early") }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  /// A field with its length before it.
  mutating func takeField() throws(KeyError) -> ArraySlice<UInt8> {
    try take(try take(2).reduce(0) { $0 << 8 | Int($1) })
  }

  /// Exactly these octets.
  mutating func demand(_ octets: [UInt8], _ what: String) throws(KeyError) {
    guard try take(octets.count).elementsEqual(octets) else {
      throw KeyError(.damaged, "not \(what)")
    }
  }

  /// The end of the file.
  func end() throws(KeyError) {
    guard rest.isEmpty else { throw KeyError(.damaged, "the file goes on after its end") }
  }
}
