// SPDX-License-Identifier: Apache-2.0

package import DER

/// The encrypted contingency public key in the root certificate (RFC 5934, 9; L10.6(c)).
///
/// RFC 5934 lets both parts be absent together; never one of them.
package struct WrappedApexContingencyKey: ExtensionValue {
  /// extnID.
  package static let identifier = ObjectIdentifier.wrappedApexContingencyKey

  /// How the key is encrypted, and the encrypted SubjectPublicKeyInfo.
  package struct Wrapped: Hashable, Sendable {
    /// wrapAlgorithm.
    package let algorithm: AlgorithmIdentifier
    /// wrappedContinPubKey.
    package let key: ArraySlice<UInt8>
  }

  /// The key, or nil when the extension only announces one.
  package let wrapped: Wrapped?

  /// A wrapped key.
  package init(algorithm: AlgorithmIdentifier, wrappedKey: [UInt8]) {
    wrapped = Wrapped(algorithm: algorithm, key: wrappedKey[...])
  }

  /// Reads the value.
  package init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    guard !inside.isAtEnd else {
      wrapped = nil
      return
    }
    let algorithm = try AlgorithmIdentifier(from: &inside)
    wrapped = Wrapped(algorithm: algorithm, key: try inside.octetString())
    try inside.finish()
  }

  /// Writes the value.
  package func write(into writer: inout Writer) {
    writer.sequence {
      guard let wrapped else { return }
      wrapped.algorithm.write(into: &$0)
      $0.octetString(wrapped.key)
    }
  }
}
