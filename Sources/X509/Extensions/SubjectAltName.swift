// SPDX-License-Identifier: Apache-2.0

package import DER

/// Other names of the subject (RFC 5280, 4.2.1.6): a device's identifier, or a server's host names.
package struct SubjectAltName: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.subjectAltName
  /// The most names that are read.
  package static let countMax = 64

  /// The names in order, at least one.
  package let names: [GeneralName]

  /// These names; at least one.
  package init(_ names: [GeneralName]) {
    precondition(!names.isEmpty, "RFC 5280, 4.2.1.6: at least one name")
    self.names = names
  }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    names = try reader.sequence(of: 1...Self.countMax) { (inside) throws(DERError) in
      try GeneralName(from: &inside)
    }
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.sequence { writer in
      for name in names { name.write(into: &writer) }
    }
  }
}

/// One GeneralName (RFC 5280, 4.2.1.6), of the kinds in use here.
package enum GeneralName: Hashable, Sendable {
  /// A module of hardware: type and serial number (RFC 4108, 5); a device's EUI-64.
  case hardwareModule(HardwareModuleName)
  /// A host name, in ASCII.
  case dNSName(CharacterString)
  /// An address: 4 octets of IPv4 or 16 of IPv6.
  case iPAddress(ArraySlice<UInt8>)
  /// Another name, whole and as it was written.
  case other(ArraySlice<UInt8>)

  /// A host name, or nil when it is empty or not ASCII.
  package static func host(_ name: String) -> GeneralName? {
    guard !name.isEmpty else { return nil }
    return CharacterString(name, .ia5).map { .dNSName($0) }
  }

  private static let otherName = Identifier.context(0, constructed: true)
  private static let host = Identifier.context(2, constructed: false)
  private static let address = Identifier.context(7, constructed: false)
  /// Tags 0 to 8 in their one form: those that hold a structure are constructed.
  private static let identifiers = Set(
    [0, 3, 4, 5].map { Identifier.context($0, constructed: true) }
      + [1, 2, 6, 7, 8].map { Identifier.context($0, constructed: false) })

  init(from reader: inout Reader) throws(DERError) {
    let start = reader.offset
    switch reader.next {
    case Self.otherName:
      let whole = try reader.wellFormedElement().whole
      guard let name = try HardwareModuleName(otherName: whole) else {
        self = .other(whole)
        return
      }
      self = .hardwareModule(name)
    case Self.host:
      let name = try reader.ia5String(as: Self.host)
      guard !name.octets.isEmpty else { throw DERError(.badString, at: start, "an empty name") }
      self = .dNSName(name)
    case Self.address:
      let octets = try reader.content(of: Self.address)
      guard octets.count == 4 || octets.count == 16 else {
        throw DERError(.badValue, at: start, "an address of \(octets.count) octets")
      }
      self = .iPAddress(octets)
    default:
      let element = try reader.wellFormedElement()
      guard Self.identifiers.contains(element.identifier) else {
        throw DERError(.wrongTag, at: start, "\(element.identifier) is no general name")
      }
      self = .other(element.whole)
    }
  }

  func write(into writer: inout Writer) {
    switch self {
    case .hardwareModule(let name): name.write(into: &writer)
    case .dNSName(let name): writer.element(Self.host, name.octets)
    case .iPAddress(let octets): writer.element(Self.address, octets)
    case .other(let whole): writer.raw(whole)
    }
  }
}

/// HardwareModuleName (RFC 4108, 5): the type of a module and its serial number.
package struct HardwareModuleName: Hashable, Sendable {
  /// The most octets of a serial number that are read; an EUI-64 has 8.
  package static let serialNumberOctetsMax = 64

  /// hwType: who gives the serial numbers.
  package let hardwareType: ObjectIdentifier
  /// hwSerialNum: for devices here the 8 octets of the EUI-64.
  package let serialNumber: [UInt8]

  /// A name of its two parts.
  package init(hardwareType: ObjectIdentifier, serialNumber: [UInt8]) {
    self.hardwareType = hardwareType
    self.serialNumber = serialNumber
  }

  /// Reads an otherName whole with its tag; nil when it names something else.
  fileprivate init?(otherName whole: ArraySlice<UInt8>) throws(DERError) {
    var reader = try Reader(whole)
    var inside = try reader.enter(.context(0, constructed: true))
    guard try inside.objectIdentifier() == .hardwareModuleName else { return nil }
    var explicit = try inside.enter(.context(0, constructed: true))
    try inside.finish()
    var name = try explicit.enter(.sequence)
    try explicit.finish()
    hardwareType = try name.objectIdentifier()
    let octets = try name.octetString()
    try name.finish()
    guard octets.count <= Self.serialNumberOctetsMax else {
      throw DERError(.tooLong, at: octets.startIndex, "a serial number of \(octets.count) octets")
    }
    serialNumber = Array(octets)
  }

  fileprivate func write(into writer: inout Writer) {
    writer.element(.context(0, constructed: true)) {
      $0.objectIdentifier(.hardwareModuleName)
      $0.element(.context(0, constructed: true)) {
        $0.sequence {
          $0.objectIdentifier(hardwareType)
          $0.octetString(serialNumber)
        }
      }
    }
  }
}
