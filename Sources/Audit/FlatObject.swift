// SPDX-License-Identifier: Apache-2.0

/// An object of strings in canonical JSON (RFC 8785) on one line, as the access log is made of.
package enum FlatObject {
  /// The most members of an object.
  package static let membersMax = 64

  /// The octets of an object, its members in the order of their names.
  package static func encode(_ members: [String: String]) -> [UInt8] {
    var writer = CanonicalJSON()
    var separator: Unicode.Scalar = "{"
    let sorted = members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
    for (name, value) in sorted {
      writer.key(name, after: separator)
      writer.string(value)
      separator = ","
    }
    if members.isEmpty { writer.punctuation("{") }
    writer.punctuation("}")
    return writer.bytes
  }

  /// The members of an object.
  ///
  /// - Throws: `malformedEntry` when it is none in this form.
  package static func decode(_ bytes: ArraySlice<UInt8>) throws(AuditError) -> [String: String] {
    var reader = CanonicalJSON.Reader(Array(bytes))
    let members = try reader.strings(most: membersMax)
    guard encode(members)[...] == bytes else {
      throw AuditError(.malformedEntry, "not in canonical form")
    }
    return members
  }
}
