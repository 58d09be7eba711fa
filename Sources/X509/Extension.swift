// SPDX-License-Identifier: Apache-2.0

package import DER

/// One extension of a certificate or request, its value not yet looked at (RFC 5280, 4.2).
package struct Extension: Hashable, Sendable {
  /// The most extensions of one certificate or request; the profiles here use 5.
  package static let countMax = 32

  /// Which extension.
  package let identifier: ObjectIdentifier
  /// Whether somebody who does not know it must refuse the certificate.
  package let isCritical: Bool
  /// The content of extnValue: DER of the extension's own type.
  package let value: ArraySlice<UInt8>

  /// An extension with a value that already is DER.
  package init(_ identifier: ObjectIdentifier, isCritical: Bool, value: [UInt8]) {
    self.identifier = identifier
    self.isCritical = isCritical
    self.value = value[...]
  }

  /// An extension of a known type.
  package init(_ value: some ExtensionValue, isCritical: Bool) {
    self.init(
      type(of: value).identifier, isCritical: isCritical,
      value: Writer.write { value.write(into: &$0) })
  }

  /// The value as a known type; nothing may be left over.
  package func value<Value: ExtensionValue>(as type: Value.Type) throws(DERError) -> Value {
    precondition(identifier == type.identifier, "another extension than \(type)")
    return try Reader.read(value) { (reader) throws(DERError) in try Value(from: &reader) }
  }

  /// Reads one Extension.
  package init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    identifier = try inside.objectIdentifier()
    isCritical = try inside.booleanDefaultFalse()
    value = try inside.octetString()
    try inside.finish()
  }

  /// Writes one Extension.
  package func write(into writer: inout Writer) {
    writer.sequence {
      $0.objectIdentifier(identifier)
      if isCritical { $0.boolean(true) }
      $0.octetString(value)
    }
  }
}

/// The type of an extension's value: how it is named, read and written.
package protocol ExtensionValue: Hashable, Sendable {
  /// extnID of the extension.
  static var identifier: ObjectIdentifier { get }
  /// Reads the value from the content of extnValue.
  init(from reader: inout Reader) throws(DERError)
  /// Writes the value as the content of extnValue.
  func write(into writer: inout Writer)
}

/// A row of extensions in which none stands twice (RFC 5280, 4.2).
extension [Extension] {
  /// The extension with this identifier, or nil.
  package subscript(identifier: ObjectIdentifier) -> Extension? {
    first { $0.identifier == identifier }
  }

  /// The value of an extension of a known type, or nil when it is absent.
  package func value<Value: ExtensionValue>(of type: Value.Type) throws(DERError) -> Value? {
    guard let found = self[type.identifier] else { return nil }
    return try found.value(as: type)
  }

  /// Reads SEQUENCE OF Extension.
  ///
  /// - Throws: `empty`, `too-many`, or `duplicate` when one stands twice.
  package init(from reader: inout Reader) throws(DERError) {
    let start = reader.offset
    self = try reader.sequence(of: 1...Extension.countMax) { (inside) throws(DERError) in
      try Extension(from: &inside)
    }
    for index in indices.dropFirst()
    where self[..<index].contains(where: { $0.identifier == self[index].identifier }) {
      throw DERError(.duplicate, at: start, "extension \(self[index].identifier) stands twice")
    }
  }

  /// Writes SEQUENCE OF Extension.
  package func write(into writer: inout Writer) {
    writer.sequence { writer in
      for entry in self { entry.write(into: &writer) }
    }
  }
}
