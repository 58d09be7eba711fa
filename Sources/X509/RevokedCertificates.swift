// SPDX-License-Identifier: Apache-2.0

package import DER

/// The entries of a revocation list, kept as the octets that they are written in.
///
/// A list may have a million of them: they are read strictly once, counted, and made into values
/// one at a time. Adding one appends its octets.
package struct RevokedCertificates: Hashable, Sendable {
  /// The entries one after the other, without the header of the SEQUENCE around them.
  package private(set) var encoded: [UInt8]
  /// How many there are.
  package private(set) var count: Int

  /// No entry.
  package static let none = RevokedCertificates(encoded: [], count: 0)

  private init(encoded: [UInt8], count: Int) {
    self.encoded = encoded
    self.count = count
  }

  /// These entries in this order.
  package init(_ entries: some Sequence<RevokedCertificate>) {
    self = .none
    for entry in entries { append(entry) }
  }

  /// Reads entries that stand one after the other, strictly.
  ///
  /// - Parameters:
  ///   - content: their octets.
  ///   - known: entries that were read before: where the octets begin with theirs, only the rest is
  ///     read.
  /// - Throws: `DERError`, its offset counted in `content`.
  package init(
    reading content: ArraySlice<UInt8>, knowing known: RevokedCertificates = .none
  ) throws(DERError) {
    let isPrefix = known.count > 0 && content.starts(withOctets: known.encoded[...])
    let rest = isPrefix ? content.dropFirst(known.encoded.count) : content
    var added = 0
    var reader = try Reader(rest, octetsMax: RevocationList.octetsMax)
    while !reader.isAtEnd {
      _ = try RevokedCertificate(from: &reader)
      added += 1
    }
    guard isPrefix else {
      self.init(encoded: Array(rest), count: added)
      return
    }
    self = known
    // What is the same is not copied, and so is found to be the same at once.
    guard added > 0 else { return }
    encoded += rest
    count += added
  }

  /// Whether there is none.
  package var isEmpty: Bool { count == 0 }

  /// Adds an entry behind the others.
  package mutating func append(_ entry: RevokedCertificate) {
    encoded += entry.encoded
    count += 1
  }

  /// Adds the entries of another list behind these.
  package mutating func append(_ others: RevokedCertificates) {
    encoded += others.encoded
    count += others.count
  }

  /// Whether these are all entries of another list in the same octets, and perhaps more.
  package func begins(with other: RevokedCertificates) -> Bool {
    encoded[...].starts(withOctets: other.encoded[...])
  }

  /// The entries after those of another list, or nil where these do not begin with all of them in
  /// the same octets; the two are compared once.
  package func rest(after other: RevokedCertificates) -> RevokedCertificates? {
    guard begins(with: other) else { return nil }
    return RevokedCertificates(
      encoded: Array(encoded.dropFirst(other.encoded.count)), count: count - other.count)
  }
}

extension RevokedCertificates: Sequence {
  /// Makes one entry after the other.
  package struct Iterator: IteratorProtocol {
    private var reader: Reader?

    fileprivate init(_ content: [UInt8]) {
      reader = try? Reader(content[...], octetsMax: RevocationList.octetsMax)
    }

    /// The next entry; they were read before, so that none can be malformed.
    package mutating func next() -> RevokedCertificate? {
      guard var moving = reader, !moving.isAtEnd,
        let entry = try? RevokedCertificate(from: &moving)
      else { return nil }
      reader = moving
      return entry
    }
  }

  /// From the first entry on.
  package func makeIterator() -> Iterator { Iterator(encoded) }
}

extension ArraySlice<UInt8> {
  /// The same as `starts(with:)`, eight octets at a time: a list of a million entries has 49 MB.
  fileprivate func starts(withOctets other: ArraySlice<UInt8>) -> Bool {
    guard count >= other.count else { return false }
    return unsafe withUnsafeBytes { mine in
      unsafe other.withUnsafeBytes { theirs in
        if unsafe mine.baseAddress == theirs.baseAddress { return true }
        let whole = theirs.count / 8 * 8
        for offset in stride(from: 0, to: whole, by: 8) {
          let word = unsafe mine.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          guard unsafe word == theirs.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else {
            return false
          }
        }
        for offset in whole..<theirs.count {
          guard unsafe mine[offset] == theirs[offset] else { return false }
        }
        return true
      }
    }
  }
}
