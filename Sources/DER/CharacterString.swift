// SPDX-License-Identifier: Apache-2.0

/// A character string that remembers which ASN.1 string it is.
///
/// Equality is by kind and octets: two names that look alike but are encoded differently are not
/// the same name here (spec: the issuer field is identical to the issuer's subject field).
package struct CharacterString: Hashable, Sendable {
  /// The kinds that RFC 5280, 4.1.2.4 and 4.2.1.6 leave in use.
  package enum Kind: CaseIterable, Sendable {
    /// PrintableString: letters, digits, space and `'()+,-./:=?` (X.680, 41.4).
    case printable
    /// UTF8String.
    case utf8
    /// IA5String: ASCII.
    case ia5

    /// The identifier octet of the kind.
    package var identifier: Identifier {
      switch self {
      case .printable: .printableString
      case .utf8: .utf8String
      case .ia5: .ia5String
      }
    }

    /// The kind with this identifier, or nil.
    package init?(_ identifier: Identifier) {
      guard let kind = Kind.allCases.first(where: { $0.identifier == identifier }) else {
        return nil
      }
      self = kind
    }
  }

  /// Which string it is.
  package let kind: Kind
  /// Its octets, as they are written.
  package let octets: [UInt8]

  /// The string of this text, or nil when the kind cannot hold it.
  package init?(_ text: String, _ kind: Kind) {
    let octets = Array(text.utf8)
    guard CharacterString.isValid(octets[...], kind) else { return nil }
    self.kind = kind
    self.octets = octets
  }

  init(content: ArraySlice<UInt8>, _ kind: Kind) throws(DERError) {
    guard CharacterString.isValid(content, kind) else {
      throw DERError(.badString, at: content.startIndex, "not a \(kind.identifier)")
    }
    self.kind = kind
    octets = Array(content)
  }

  /// The text for people.
  package var text: String { String(decoding: octets, as: UTF8.self) }

  /// NUL is refused in each kind: it ends a string for C, and no name needs it.
  private static func isValid(_ octets: ArraySlice<UInt8>, _ kind: Kind) -> Bool {
    switch kind {
    case .printable:
      octets.allSatisfy { printable.contains($0) }
    case .utf8:
      !octets.contains(0) && String(validating: octets, as: UTF8.self) != nil
    case .ia5:
      octets.allSatisfy { (1...0x7F).contains($0) }
    }
  }

  private static let printable = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 '()+,-./:=?".utf8)
}

extension Reader {
  /// A character string of one of the kinds.
  package mutating func characterString() throws(DERError) -> CharacterString {
    guard let kind = next.flatMap(CharacterString.Kind.init) else {
      let found = next.map { "\($0)" } ?? "nothing"
      throw DERError(.wrongTag, at: offset, "a character string expected, \(found) found")
    }
    return try CharacterString(content: try content(of: kind.identifier), kind)
  }

  /// An IA5String tagged in another's place, such as a dNSName.
  package mutating func ia5String(as identifier: Identifier) throws(DERError) -> CharacterString {
    try CharacterString(content: try content(of: identifier), .ia5)
  }
}

extension Writer {
  /// A character string in its own kind.
  package mutating func characterString(_ string: CharacterString) {
    element(string.kind.identifier, string.octets)
  }
}
