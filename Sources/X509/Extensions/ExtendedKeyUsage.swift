// SPDX-License-Identifier: Apache-2.0

package import DER

/// What else a key may be used for (RFC 5280, 4.2.1.12); in TLS certificates only.
package struct ExtendedKeyUsage: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.extendedKeyUsage
  /// The most purposes that are read.
  package static let countMax = 16

  /// The purposes in order, at least one.
  package let purposes: [ObjectIdentifier]

  /// These purposes; at least one.
  package init(_ purposes: ObjectIdentifier...) {
    precondition(!purposes.isEmpty, "RFC 5280, 4.2.1.12: at least one purpose")
    self.purposes = purposes
  }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    purposes = try reader.sequence(of: 1...Self.countMax) { (inside) throws(DERError) in
      try inside.objectIdentifier()
    }
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.sequence { writer in
      for purpose in purposes { writer.objectIdentifier(purpose) }
    }
  }
}
