// SPDX-License-Identifier: Apache-2.0

package import DER

/// The key that is certified (RFC 5280, 4.2.1.2).
package struct SubjectKeyIdentifier: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.subjectKeyIdentifier

  /// The short name of the key.
  package let keyIdentifier: KeyIdentifier

  /// Names a key.
  package init(_ keyIdentifier: KeyIdentifier) {
    self.keyIdentifier = keyIdentifier
  }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    keyIdentifier = try KeyIdentifier(content: try reader.octetString())
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.octetString(keyIdentifier.octets)
  }
}

/// The key that signed (RFC 5280, 4.2.1.1).
package struct AuthorityKeyIdentifier: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.authorityKeyIdentifier

  /// The short name of the issuer's key, the form that this infrastructure uses; nil when absent.
  package let keyIdentifier: KeyIdentifier?
  /// What follows: authorityCertIssuer and authorityCertSerialNumber as they were written.
  ///
  /// Empty when absent, as each profile here asks.
  package let issuerAndSerial: ArraySlice<UInt8>

  /// Names the issuer's key.
  package init(_ keyIdentifier: KeyIdentifier) {
    self.keyIdentifier = keyIdentifier
    issuerAndSerial = []
  }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    let tag = Identifier.context(0, constructed: false)
    keyIdentifier =
      inside.next == tag ? try KeyIdentifier(content: try inside.content(of: tag)) : nil
    issuerAndSerial = inside.rest
    let others = [
      Identifier.context(1, constructed: true), Identifier.context(2, constructed: false),
    ]
    while !inside.isAtEnd {
      let start = inside.offset
      let element = try inside.wellFormedElement()
      guard others.contains(element.identifier) else {
        throw DERError(.wrongTag, at: start, "\(element.identifier) in an authority key identifier")
      }
    }
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.sequence {
      if let keyIdentifier {
        $0.element(.context(0, constructed: false), keyIdentifier.octets)
      }
      $0.raw(issuerAndSerial)
    }
  }
}
