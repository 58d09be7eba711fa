// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import SEC

/// ENG-search: where the next page of an answer begins, sealed so that nobody makes one up.
///
/// The seal covers the place, the question and who asks: a cursor is good for going on with the
/// same search and for nothing else.
struct SearchCursor: Hashable, Sendable {
  /// The place behind which the next page begins: what rows are sorted by, and the row.
  struct Place: Hashable, Sendable {
    let key: Int64
    let row: Int64

    static let beginning = Place(key: .min, row: 0)
  }

  /// Octets of the seal; two numbers of 8 stand before it.
  private static let sealOctets = 16

  /// A cursor as text.
  static func text(
    _ place: Place, _ query: CertificateQuery, of reader: String, key: [UInt8]
  )
    -> String
  {
    let octets = bytes(place.key) + bytes(place.row)
    return Hex.encode(octets + seal(octets, query, reader, key)).lowercased()
  }

  /// Reads a cursor.
  ///
  /// - Throws: `cursor-invalid`.
  static func place(
    _ text: String, _ query: CertificateQuery, of reader: String, key: [UInt8]
  ) throws(Refusal) -> Place {
    guard text.utf8.count == 2 * (16 + sealOctets), let octets = Hex.decode(text),
      isEqual(octets.dropFirst(16), seal(Array(octets.prefix(16)), query, reader, key))
    else { throw .cursorInvalid }
    return Place(key: number(octets[0..<8]), row: number(octets[8..<16]))
  }

  /// HMAC-SHA-256 (RFC 2104), cut to 16 octets.
  private static func seal(
    _ octets: [UInt8], _ query: CertificateQuery, _ reader: String, _ key: [UInt8]
  ) -> [UInt8] {
    let message = octets + Array("\n\(reader)\n\(query.canonical)".utf8)
    let block = key.prefix(64) + [UInt8](repeating: 0, count: max(0, 64 - key.count))
    let inner = Digest.sha256(block.map { $0 ^ 0x36 } + message)
    return Array(Digest.sha256(block.map { $0 ^ 0x5C } + inner).prefix(sealOctets))
  }

  /// Compares without telling by its time how much is equal.
  private static func isEqual(_ left: ArraySlice<UInt8>, _ right: [UInt8]) -> Bool {
    zip(left, right).reduce(UInt8(left.count == right.count ? 0 : 1)) { $0 | ($1.0 ^ $1.1) } == 0
  }

  private static func bytes(_ number: Int64) -> [UInt8] {
    (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  private static func number(_ octets: ArraySlice<UInt8>) -> Int64 {
    octets.reduce(0) { $0 << 8 | Int64($1) }
  }
}
