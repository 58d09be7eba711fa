// SPDX-License-Identifier: Apache-2.0

package import DER

/// A public key and its algorithm as they stand in requests and certificates (RFC 5280, 4.1.2.7).
///
/// Nothing is computed here: whether a point lies on the curve is found when it is used.
package struct SubjectPublicKeyInfo: Hashable, Sendable {
  /// The most content octets of an RSA number that is read: 4096 bits and a sign octet.
  package static let rsaOctetsMax = 513
  /// The octets before the point of an uncompressed P-256 key: each such key begins with them.
  package static let p256Prefix: [UInt8] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
    0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
  ]
  /// The octets of an uncompressed point on P-256: 04, x, y (SEC 1, 2.3.3).
  package static let pointOctets = 65

  /// What key it is.
  package enum Key: Hashable, Sendable {
    /// An uncompressed point on P-256, 65 octets that begin with 04.
    case p256(point: ArraySlice<UInt8>)
    /// An RSA key: both numbers big-endian without leading zeros.
    case rsa(modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>)
    /// An Ed25519 key of 32 octets.
    case ed25519(ArraySlice<UInt8>)
    /// A key that is not used here, and why.
    case unsupported(Problem)
  }

  /// Why a key cannot be used.
  package enum Problem: Hashable, Sendable {
    /// Another algorithm.
    case algorithm(ObjectIdentifier)
    /// Another named curve than P-256.
    case curve(ObjectIdentifier)
    /// Curve parameters that are absent or not the name of a curve (RFC 5480, 2.1.1).
    case unnamedCurve
    /// A compressed point (first octet 02 or 03).
    case compressedPoint
    /// A point with another first octet, or not of 65 octets.
    case malformedPoint(octets: Int)
    /// Parameters that are not those of the algorithm.
    case parameters
    /// A key that does not fill whole octets, or is not encoded as its algorithm asks.
    case malformedKey
  }

  /// What was read or will be written: the whole SEQUENCE.
  package let encoded: ArraySlice<UInt8>
  /// Algorithm and parameters.
  package let algorithm: AlgorithmIdentifier
  /// The content of the BIT STRING: what key identifiers are made from (RFC 5280, 4.2.1.2).
  package let bits: BitString
  /// The key.
  package let key: Key

  /// Whether it is an uncompressed key on P-256; its point, 65 octets.
  package var p256Point: ArraySlice<UInt8>? {
    if case .p256(let point) = key { point } else { nil }
  }
}

extension SubjectPublicKeyInfo {
  /// The key of an uncompressed point on P-256; nil unless 65 octets that begin with 04.
  package init?(p256Point point: ArraySlice<UInt8>) {
    guard point.count == Self.pointOctets, point.first == 0x04 else { return nil }
    encoded = (Self.p256Prefix + point)[...]
    algorithm = .p256Key
    let octets = encoded.dropFirst(Self.p256Prefix.count)
    bits = BitString(Array(octets))
    key = .p256(point: octets)
  }

  /// An RSA key of two numbers, big-endian.
  package init(rsaModulus modulus: [UInt8], exponent: [UInt8]) {
    let modulus = Integer(magnitude: modulus)
    let exponent = Integer(magnitude: exponent)
    algorithm = AlgorithmIdentifier(.rsaEncryption, parameters: [0x05, 0x00])
    bits = BitString(
      Writer.write {
        $0.sequence {
          $0.integer(modulus)
          $0.integer(exponent)
        }
      })
    key = .rsa(modulus: modulus.magnitude, exponent: exponent.magnitude)
    encoded = Self.encode(algorithm, bits)
  }

  /// An Ed25519 key; nil unless 32 octets.
  package init?(ed25519 octets: [UInt8]) {
    guard octets.count == 32 else { return nil }
    algorithm = .ed25519
    bits = BitString(octets)
    key = .ed25519(bits.octets)
    encoded = Self.encode(algorithm, bits)
  }

  private static func encode(
    _ algorithm: AlgorithmIdentifier, _ bits: BitString
  ) -> ArraySlice<UInt8> {
    Writer.write {
      $0.sequence {
        algorithm.write(into: &$0)
        $0.bitString(bits)
      }
    }[...]
  }

  /// Reads the SEQUENCE; a key that is not used here is read too, with its problem.
  package init(from reader: inout Reader) throws(DERError) {
    let element = try reader.element()
    let whole = element.whole
    encoded = whole
    if whole.count == Self.p256Prefix.count + Self.pointOctets, whole.starts(with: Self.p256Prefix),
      whole[whole.startIndex + Self.p256Prefix.count] == 0x04
    {
      algorithm = .p256Key
      let point = whole.dropFirst(Self.p256Prefix.count)
      bits = BitString(wholeOctets: point)
      key = .p256(point: point)
      return
    }
    var again = try Reader(whole)
    var inside = try again.enter(.sequence)
    algorithm = try AlgorithmIdentifier(from: &inside)
    bits = try inside.bitString()
    try inside.finish()
    key = Self.key(algorithm, bits)
  }

  /// Writes the SEQUENCE.
  package func write(into writer: inout Writer) {
    writer.raw(encoded)
  }

  private static func key(_ algorithm: AlgorithmIdentifier, _ bits: BitString) -> Key {
    guard bits.unusedBits == 0 else { return .unsupported(.malformedKey) }
    switch algorithm.algorithm {
    case .ecPublicKey: return elliptic(algorithm.parameters, bits.octets)
    case .rsaEncryption: return rsa(algorithm.parameters, bits.octets)
    case .ed25519:
      guard algorithm.parameters == nil else { return .unsupported(.parameters) }
      return bits.octets.count == 32 ? .ed25519(bits.octets) : .unsupported(.malformedKey)
    default: return .unsupported(.algorithm(algorithm.algorithm))
    }
  }

  private static func elliptic(
    _ parameters: ArraySlice<UInt8>?, _ octets: ArraySlice<UInt8>
  ) -> Key {
    guard let parameters,
      let curve = try? Reader.read(
        parameters,
        { (reader) throws(DERError) in
          try reader.objectIdentifier()
        })
    else { return .unsupported(.unnamedCurve) }
    guard curve == .p256 else { return .unsupported(.curve(curve)) }
    if octets.first == 0x02 || octets.first == 0x03 { return .unsupported(.compressedPoint) }
    guard octets.count == pointOctets, octets.first == 0x04 else {
      return .unsupported(.malformedPoint(octets: octets.count))
    }
    return .p256(point: octets)
  }

  private static func rsa(_ parameters: ArraySlice<UInt8>?, _ octets: ArraySlice<UInt8>) -> Key {
    guard let parameters, parameters.elementsEqual([0x05, 0x00]) else {
      return .unsupported(.parameters)
    }
    let numbers = try? Reader.read(octets) { (reader) throws(DERError) in
      try reader.sequence { (inside) throws(DERError) in
        let modulus = try inside.integer(octetsMax: rsaOctetsMax)
        return (modulus, try inside.integer(octetsMax: rsaOctetsMax))
      }
    }
    guard let (modulus, exponent) = numbers, !modulus.isZero, !exponent.isZero else {
      return .unsupported(.malformedKey)
    }
    return .rsa(modulus: modulus.magnitude, exponent: exponent.magnitude)
  }
}
