// SPDX-License-Identifier: Apache-2.0

/// A public key on P-256: a point that is known to lie on the curve.
package struct P256PublicKey: Hashable, Sendable {
  /// 65 octets: 0x04, x and y big-endian (SEC 1, 2.3.3).
  package let point: [UInt8]

  /// Reads an uncompressed point.
  ///
  /// - Throws: `wrongLength`, `compressedPoint` (also for the hybrid form) or `notOnCurve`.
  package init(uncompressed octets: ArraySlice<UInt8>) throws(KeyError) {
    switch octets.first {
    case 0x02, 0x03, 0x06, 0x07:
      throw KeyError(.compressedPoint, "only uncompressed points are taken")
    default:
      break
    }
    guard octets.count == P256.pointOctets else {
      throw KeyError(.wrongLength, "a point has 65 octets, this one \(octets.count)")
    }
    // The point at infinity is one octet 0x00, so the length has already refused it.
    guard octets.first == 0x04,
      unsafe octets.withUnsafeBufferPointer({ unsafe Workbench.ofThisThread.hold(point: $0) })
    else { throw KeyError(.notOnCurve, "the point is not on P-256") }
    point = Array(octets)
  }

  /// Reads an uncompressed point; see the other initialiser.
  package init(uncompressed octets: [UInt8]) throws(KeyError) {
    try self.init(uncompressed: octets[...])
  }
}
