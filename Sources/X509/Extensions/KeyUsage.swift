// SPDX-License-Identifier: Apache-2.0

package import DER

/// What a key may be used for (RFC 5280, 4.2.1.3).
package struct KeyUsage: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.keyUsage

  /// One use, numbered as its bit.
  package enum Use: Int, CaseIterable, Sendable {
    /// Signatures other than those on certificates and lists.
    case digitalSignature = 0
    /// Signatures that bind their maker (contentCommitment).
    case nonRepudiation = 1
    /// Encrypting keys.
    case keyEncipherment = 2
    /// Encrypting data directly.
    case dataEncipherment = 3
    /// Agreeing keys.
    case keyAgreement = 4
    /// Signing certificates.
    case keyCertSign = 5
    /// Signing revocation lists.
    case cRLSign = 6
    /// With keyAgreement: only to encrypt.
    case encipherOnly = 7
    /// With keyAgreement: only to decrypt.
    case decipherOnly = 8
  }

  /// The uses, at least one.
  package let uses: Set<Use>

  /// These uses; at least one must be given.
  package init(_ uses: Set<Use>) {
    precondition(!uses.isEmpty, "RFC 5280, 4.2.1.3: at least one bit is set")
    self.uses = uses
  }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    let start = reader.offset
    let bits = try reader.namedBits()
    guard bits.bitCount > 0 else { throw DERError(.empty, at: start, "no key usage") }
    guard bits.bitCount <= Use.allCases.count else {
      throw DERError(.badValue, at: start, "\(bits.bitCount) bits of key usage")
    }
    uses = Set(Use.allCases.filter { bits.hasBit($0.rawValue) })
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.bitString(BitString(bits: Set(uses.map(\.rawValue))))
  }
}
