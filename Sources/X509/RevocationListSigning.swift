// SPDX-License-Identifier: Apache-2.0

package import Keys

/// A list whose signature did not verify: the fault of a key or a module, never of an asker.
package struct UnverifiedList: Error, CustomStringConvertible {
  /// One sentence for the log.
  package let description: String
}

extension RevocationList {
  /// ENG-self-check: signs a list, verifies what was signed, and compares it with what was to be.
  ///
  /// - Parameters:
  ///   - tbs: what it says.
  ///   - key: the issuer's key, wherever it lives.
  /// - Returns: the list, read again from its octets.
  /// - Throws: `UnverifiedList`, or a failure of the key.
  package static func sign(
    _ tbs: TBSRevocationList, with key: any SigningKey
  ) throws -> RevocationList {
    let message = tbs.encoded()
    let signature = try key.sign(message)
    guard key.publicKey.isValid(signature[...], over: message[...]) else {
      throw UnverifiedList(description: "the signature of the list of \(tbs.issuer) is wrong")
    }
    let list = try RevocationList(
      parsing: assemble(tbs: message, algorithm: tbs.signatureAlgorithm, signature: signature),
      knowing: tbs.entries)
    guard list.tbs == tbs else {
      throw UnverifiedList(description: "the list of \(tbs.issuer) reads other than it was made")
    }
    return list
  }
}
