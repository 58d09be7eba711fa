// SPDX-License-Identifier: Apache-2.0

import DER

/// A short name of a public key, as it stands in subjectKeyIdentifier (RFC 5280, 4.2.1.2).
///
/// This infrastructure makes them by method (2): 8 octets, of which the first half octet is 4
/// (spec: certificate profiles, rule 8). Others have other lengths, which are read as they are.
package struct KeyIdentifier: Hashable, Sendable {
  /// The octets of an identifier by method (2).
  package static let octetCount = 8
  /// The octets of an identifier that is read; SHA-512 is the longest known.
  package static let octetsMax = 64

  /// The octets.
  package let octets: [UInt8]

  /// An identifier of these octets; nil without any, or above `octetsMax`.
  package init?(_ octets: some Collection<UInt8>) {
    guard (1...Self.octetsMax).contains(octets.count) else { return nil }
    self.octets = Array(octets)
  }

  /// Method (2): 0100 and then the low 60 bits of SHA-1 over the content of the key's BIT STRING.
  ///
  /// - Parameter digest: the 20 octets of SHA-1.
  package init(methodTwoFromSHA1 digest: [UInt8]) {
    precondition(digest.count == 20, "SHA-1 has 20 octets")
    var octets = Array(digest.suffix(Self.octetCount))
    octets[0] = 0x40 | octets[0] & 0x0F
    self.octets = octets
  }

  /// Whether it has the form of method (2): 8 octets that begin with 4.
  package var hasFormOfMethodTwo: Bool {
    octets.count == Self.octetCount && octets[0] >> 4 == 4
  }

  init(content: ArraySlice<UInt8>) throws(DERError) {
    guard let identifier = KeyIdentifier(content) else {
      throw DERError(
        .badValue, at: content.startIndex, "a key identifier of \(content.count) octets")
    }
    self = identifier
  }
}

extension KeyIdentifier: CustomStringConvertible {
  /// Upper-case hexadecimal digits.
  package var description: String { Hex.encode(octets) }
}
