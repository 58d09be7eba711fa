// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
package import X509

extension KeyIdentifier {
  /// GBCS-12.1-8: the identifier by method (2) of the key whose BIT STRING holds these octets.
  ///
  /// For P-256 these are the 65 octets of the point, for RSA the encoded RSAPublicKey.
  package init(methodTwoOf key: [UInt8]) {
    self.init(methodTwoFromSHA1: Digest.sha1(key))
  }

  /// GBCS-12.1-8: the identifier by method (2) of a key.
  package init(methodTwoOf key: SubjectPublicKeyInfo) {
    self.init(methodTwoFromSHA1: Digest.sha1(key.bits.octets))
  }
}
