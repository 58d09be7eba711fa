// SPDX-License-Identifier: Apache-2.0

package import DER

/// A distinguished name: relative names, each of one attribute or more (RFC 5280, 4.1.2.4).
///
/// It keeps the order and the kind of each string, so that it is written as it was read; two names
/// are equal when their encodings are.
package struct Name: Hashable, Sendable {
  /// The most relative names that are read; the profiles here use 3.
  package static let relativeNamesMax = 16
  /// The most attributes in one relative name; the profiles here use 1.
  package static let attributesMax = 4

  /// One attribute: what it says and its value.
  package struct Attribute: Hashable, Sendable {
    /// What the value is, such as commonName.
    package let type: ObjectIdentifier
    /// The value.
    package let value: Value

    /// An attribute.
    package init(_ type: ObjectIdentifier, _ value: Value) {
      self.type = type
      self.value = value
    }
  }

  /// The value of an attribute.
  package enum Value: Hashable, Sendable {
    /// A character string of one of the kinds in use.
    case string(CharacterString)
    /// A BIT STRING, as of x500UniqueIdentifier (X.520, 6.2.12).
    case bits(BitString)
    /// A string of an old kind or a SEQUENCE, whole and as it was written: see `otherKinds`.
    case other(ArraySlice<UInt8>)
  }

  /// What may stand in a name beside the strings in use: the old kinds of DirectoryString
  /// (RFC 5280, 4.1.2.4), NumericString, and SEQUENCE for postal addresses (X.520, 6.6.1).
  ///
  /// Anything else is no name for people, and other readers refuse it as well.
  private static let otherKinds: Set<UInt8> = [0x12, 0x14, 0x1C, 0x1E, 0x30]

  fileprivate static func mayStandInName(_ identifier: Identifier) -> Bool {
    otherKinds.contains(identifier.octet)
  }

  /// The relative names in order, each with its attributes in order.
  package let relativeNames: [[Attribute]]

  /// A name of relative names with one attribute each.
  package init(_ attributes: [Attribute]) {
    relativeNames = attributes.map { [$0] }
  }

  /// The name of nobody, as in the subject of device certificates.
  package static let empty = Name([])

  /// Whether there is no relative name.
  package var isEmpty: Bool { relativeNames.isEmpty }

  /// All values of an attribute, in order.
  package func values(of type: ObjectIdentifier) -> [Value] {
    relativeNames.joined().filter { $0.type == type }.map(\.value)
  }

  /// The text of an attribute that stands there exactly once as a string, else nil.
  package func text(of type: ObjectIdentifier) -> String? {
    let values = values(of: type)
    guard values.count == 1, case .string(let string) = values[0] else { return nil }
    return string.text
  }

  /// The commonName when there is exactly one.
  package var commonName: String? { text(of: .commonName) }
  /// The organizationName when there is exactly one.
  package var organisation: String? { text(of: .organisationName) }
  /// The organizationalUnitName when there is exactly one: a Remote Party Role code.
  package var organisationalUnit: String? { text(of: .organisationalUnitName) }
  /// The octets of the X500UniqueIdentifier when there is exactly one, of whole octets: an EUI-64.
  package var uniqueIdentifier: [UInt8]? {
    let values = values(of: .x500UniqueIdentifier)
    guard values.count == 1, case .bits(let bits) = values[0], bits.unusedBits == 0 else {
      return nil
    }
    return Array(bits.octets)
  }
}

extension Name.Attribute {
  /// A commonName, or nil when the kind of string cannot hold the text.
  package static func commonName(
    _ text: String, _ kind: CharacterString.Kind = .utf8
  ) -> Name.Attribute? {
    CharacterString(text, kind).map { Name.Attribute(.commonName, .string($0)) }
  }

  /// An organizationName, or nil when the kind of string cannot hold the text.
  package static func organisation(
    _ text: String, _ kind: CharacterString.Kind = .utf8
  ) -> Name.Attribute? {
    CharacterString(text, kind).map { Name.Attribute(.organisationName, .string($0)) }
  }

  /// An organizationalUnitName, or nil when the kind of string cannot hold the text.
  package static func organisationalUnit(
    _ text: String, _ kind: CharacterString.Kind = .utf8
  ) -> Name.Attribute? {
    CharacterString(text, kind).map { Name.Attribute(.organisationalUnitName, .string($0)) }
  }

  /// An X500UniqueIdentifier of whole octets.
  package static func uniqueIdentifier(_ octets: [UInt8]) -> Name.Attribute {
    Name.Attribute(.x500UniqueIdentifier, .bits(BitString(octets)))
  }
}

extension Name {
  /// Reads the RDNSequence.
  package init(from reader: inout Reader) throws(DERError) {
    relativeNames = try reader.sequence(of: 0...Name.relativeNamesMax) {
      (names) throws(DERError) in
      try names.set(of: 1...Name.attributesMax) { (set) throws(DERError) in
        try Attribute(from: &set)
      }
    }
  }

  /// Writes the RDNSequence.
  package func write(into writer: inout Writer) {
    writer.sequence { writer in
      for attributes in relativeNames {
        writer.set(of: attributes.map { attribute in Writer.write { attribute.write(into: &$0) } })
      }
    }
  }

  /// The name as DER.
  package var encoded: [UInt8] { Writer.write { write(into: &$0) } }
}

extension Name.Attribute {
  fileprivate init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    type = try inside.objectIdentifier()
    guard let identifier = inside.next else {
      throw DERError(.truncated, at: inside.offset, "an attribute without a value")
    }
    if CharacterString.Kind(identifier) != nil {
      let start = inside.offset
      let string = try inside.characterString()
      guard !string.octets.isEmpty else {
        throw DERError(.badString, at: start, "an empty name")
      }
      value = .string(string)
    } else if identifier == .bitString {
      value = .bits(try inside.bitString())
    } else {
      guard Name.mayStandInName(identifier) else {
        throw DERError(.wrongTag, at: inside.offset, "\(identifier) in a name")
      }
      value = .other(try inside.wellFormedElement().whole)
    }
    try inside.finish()
  }

  fileprivate func write(into writer: inout Writer) {
    writer.sequence { writer in
      writer.objectIdentifier(type)
      switch value {
      case .string(let string): writer.characterString(string)
      case .bits(let bits): writer.bitString(bits)
      case .other(let element): writer.raw(element)
      }
    }
  }
}

extension Name: CustomStringConvertible {
  /// One line for people, in the order of the encoding: `OU=07, CN=Z1`.
  package var description: String {
    relativeNames.map { $0.map(\.description).joined(separator: "+") }.joined(separator: ", ")
  }
}

extension Name.Attribute: CustomStringConvertible {
  /// Short type, equals sign, value; octets in hexadecimal.
  package var description: String {
    let types: [ObjectIdentifier: String] = [
      .commonName: "CN", .organisationName: "O", .organisationalUnitName: "OU",
      .countryName: "C", .x500UniqueIdentifier: "UniqueIdentifier",
    ]
    let name = types[type] ?? type.description
    return switch value {
    case .string(let string): "\(name)=\(string.text)"
    case .bits(let bits): "\(name)=\(Hex.encode(bits.octets))"
    case .other(let element): "\(name)=#\(Hex.encode(element))"
    }
  }
}
