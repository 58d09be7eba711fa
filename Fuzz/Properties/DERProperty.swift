// SPDX-License-Identifier: Apache-2.0

import DER

/// What holds for each row of values of the encoding rules: written again, they are the same.
enum DERProperty {
  /// A limit that an input can pass, unlike the reader's own of 64 KiB.
  static let octetsMax = 2048
  /// The most members of one structure: a limit that an input can pass.
  static let membersMax = 24

  static func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    var walk = Walk()
    var outcome = Outcome(isPastFirstLength: true)
    do throws(DERError) {
      let again = try Reader.read(input, octetsMax: octetsMax) { (reader) throws(DERError) in
        try walk.copy(&reader)
      }
      walk.unless(again == input, "values change when they are written")
    } catch {
      try error.require(within: input)
      walk.unless("\(error)".contains(error.code.rawValue), "an error without its name")
      let isPast = error.offset > 2 || input.isOneElement
      outcome = Outcome(refusal: error.code.rawValue, isPastFirstLength: isPast)
    }
    if let found = walk.found { throw Violation(found) }
    try Violation.unless(
      !isWellFormed(input) || Peer.takesElement(input), "OpenSSL refuses a well-formed element")
    return outcome
  }

  /// Whether the input is one element that is well-formed to the bottom.
  private static func isWellFormed(_ input: [UInt8]) -> Bool {
    let element = try? Reader.read(input, octetsMax: octetsMax) { (reader) throws(DERError) in
      try reader.wellFormedElement()
    }
    return element != nil
  }
}

/// Reads a row of elements by their types and writes each again.
private struct Walk {
  /// The first property that did not hold.
  private(set) var found: String?

  /// Says that a property does not hold unless it does.
  mutating func unless(_ isTrue: Bool, _ what: @autoclosure () -> String) {
    if !isTrue, found == nil { found = what() }
  }

  /// The elements that are left, read as values and written again.
  mutating func copy(_ reader: inout Reader) throws(DERError) -> [UInt8] {
    var writer = Writer()
    var members = 0
    while let identifier = reader.next {
      members += 1
      guard members <= DERProperty.membersMax else {
        throw DERError(.tooMany, at: reader.offset, "a limit of the property")
      }
      let rest = reader.rest
      try copy(identifier, &reader, &writer)
      unless(reader.rest.count < rest.count, "nothing was read")
      unless(reader.offset == reader.rest.startIndex, "the offset is not where the rest begins")
    }
    unless(reader.isAtEnd, "no element is next, and yet something is left")
    try reader.finish()
    return writer.bytes
  }

  private mutating func copy(
    _ identifier: Identifier, _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    switch identifier {
    case .boolean: try boolean(&reader, &writer)
    case .integer: try integer(&reader, &writer)
    case .bitString: try bitString(&reader, &writer)
    case .octetString:
      let octets = try reader.octetString()
      octets.count.isMultiple(of: 2) ? writer.octetString(octets) : writer.octetString([] + octets)
      texts(Array(octets))
    case .null:
      try reader.null()
      writer.null()
    case .objectIdentifier: try objectIdentifier(&reader, &writer)
    case .utf8String, .printableString, .ia5String: try string(&reader, &writer)
    case .utcTime, .generalizedTime: try time(&reader, &writer)
    case .sequence: try sequence(&reader, &writer)
    case .set:
      let members = try reader.set(of: 1...8) { (inside) throws(DERError) in
        try self.one(&inside)
      }
      writer.set(of: members)
    default: try tagged(identifier, &reader, &writer)
    }
  }

  /// One element, read as a value and written again.
  private mutating func one(_ reader: inout Reader) throws(DERError) -> [UInt8] {
    var writer = Writer(capacity: 16)
    guard let identifier = reader.next else { return [] }
    try copy(identifier, &reader, &writer)
    return writer.bytes
  }

  private mutating func boolean(
    _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    var again = reader
    let value = try reader.boolean()
    let written = try? again.booleanDefaultFalse()
    unless(value ? written == true : written == nil, "a default that is written out")
    writer.boolean(value)
  }

  private mutating func integer(
    _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    var again = reader
    let value = try reader.integer()
    unless(Integer(magnitude: Array(value.magnitude)) == value, "\(value) has two forms")
    let small = try? again.integer(max: 255)
    unless(small == value.value.flatMap { $0 <= 255 ? $0 : nil }, "\(value) is \(small ?? -1)")
    if let small { writer.integer(small) } else { writer.integer(value) }
    unless(value.isZero == value.magnitude.isEmpty, "\(value) and zero")
  }

  private mutating func bitString(
    _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    var named = reader
    var octets = reader
    let bits = try reader.bitString()
    if let list = try? named.namedBits(), list.bitCount <= 64 {
      let again = BitString(bits: Set((0..<list.bitCount).filter(list.hasBit)))
      unless(again == list, "a list of named bits changes")
    }
    if let whole = try? octets.octetsInBitString() {
      unless(bits == BitString(Array(whole)), "whole octets change")
      writer.bitString(whole)
    } else {
      unless(bits.unusedBits > 0, "whole octets are refused")
      writer.bitString(bits)
    }
  }

  private mutating func objectIdentifier(
    _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    let value = try reader.objectIdentifier()
    unless(ObjectIdentifier(value.description) == value, "\(value) is read as another")
    writer.objectIdentifier(value)
  }

  private mutating func string(
    _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    var again = reader
    let value = try reader.characterString()
    unless(CharacterString(value.text, value.kind) == value, "text changes")
    if value.kind == .ia5 {
      unless((try? again.ia5String(as: .ia5String)) == value, "an IA5String is none")
    }
    _ = ObjectIdentifier(value.text)
    if let moment = Time(rfc3339: value.text) {
      unless(Time(rfc3339: moment.rfc3339) == moment, "\(moment.rfc3339) is another moment")
    }
    writer.characterString(value)
  }

  private mutating func time(
    _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    let value = try reader.time()
    unless(Time(rfc3339: value.rfc3339) == value, "\(value.rfc3339) is another moment")
    unless(value.wholeSecond == value, "a part of a second")
    writer.time(value)
  }

  /// A SEQUENCE in one of the ways in which rooms read one, chosen by its size.
  private mutating func sequence(
    _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    switch reader.rest.count % 3 {
    case 0:
      var inside = try reader.enter(.sequence)
      let content = try copy(&inside)
      writer.sequence { $0.raw(content) }
    case 1:
      let members = try reader.sequence(of: 1...8) { (inside) throws(DERError) in
        try self.one(&inside)
      }
      writer.element(.sequence, members.flatMap(\.self))
    default:
      let content = try reader.sequence { (inside) throws(DERError) in try self.copy(&inside) }
      writer.header(.sequence, length: content.count)
      writer.raw(content)
    }
  }

  /// What has no type here: entered when constructed and of this context, else as it is.
  private mutating func tagged(
    _ identifier: Identifier, _ reader: inout Reader, _ writer: inout Writer
  ) throws(DERError) {
    unless(!identifier.description.isEmpty, "a tag without a name")
    if identifier == .context(0, constructed: true) {
      let content = try reader.optional(identifier) { (inside) throws(DERError) in
        try self.copy(&inside)
      }
      writer.element(identifier) { $0.raw(content ?? []) }
    } else if identifier == .context(2, constructed: false) {
      writer.element(identifier, try reader.ia5String(as: identifier).octets)
    } else if identifier.octet & 0x40 != 0 {
      writer.raw(try reader.element().whole)
    } else {
      let element = try reader.wellFormedElement()
      writer.element(element.identifier, element.content)
    }
  }

  /// Octets as text and back.
  private mutating func texts(_ octets: [UInt8]) {
    unless(Base64.decode(Array(Base64.encode(octets).utf8)) == octets, "Base64 changes octets")
    unless(Hex.decode(Hex.encode(octets)) == octets, "hexadecimal digits change octets")
  }
}
