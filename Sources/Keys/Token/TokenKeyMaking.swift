// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import DER

/// Making, finding and destroying keys in a token.
extension Token {
  /// The curve P-256 as a parameter: its object identifier in DER (RFC 5480, 2.1.1.1).
  private static let p256Parameters: [UInt8] = [
    0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07,
  ]

  /// How many times the time of a call the making of a key may take: primes are found by chance
  /// [assumed].
  private static let makingTimes = 12
  /// How often the making of a key is tried when the token stumbles.
  ///
  /// SoftHSM now and then reads an object while another session writes it: `CKR_GENERAL_ERROR`.
  private static let makingAttempts = 3

  /// Makes a key pair in the token, whose private half can never leave it.
  ///
  /// - Throws: `KeyError.labelTaken`, `badLabel`, `unsupportedKey`; `TokenFault`.
  package func generate(label: String, kind: SoftwareKey.Kind) throws -> TokenKey {
    let full = try fullLabel(label)
    let identifier = Random.bytes(16)
    let base = Template().with(CKA_TOKEN, true).with(CKA_LABEL, full.utf8)
      .with(CKA_ID, identifier)
    let privateTemplate = base.with(CKA_PRIVATE, true).with(CKA_SENSITIVE, true)
      .with(CKA_EXTRACTABLE, false).with(CKA_SIGN, true)
    let publicBase = base.with(CKA_VERIFY, true)
    let (mechanism, publicTemplate): (CK_MECHANISM_TYPE, Template)
    switch kind {
    case .p256:
      mechanism = CKM_EC_KEY_PAIR_GEN
      publicTemplate = publicBase.with(CKA_EC_PARAMS, Self.p256Parameters)
    case .rsa2048:
      mechanism = CKM_RSA_PKCS_KEY_PAIR_GEN
      publicTemplate = publicBase.with(
        CKA_MODULUS_BITS, number: CK_ULONG(RSAPublicKey.modulusOctets * 8)
      ).with(CKA_PUBLIC_EXPONENT, [0x01, 0x00, 0x01])
    case .ed25519:
      throw KeyError(.unsupportedKey, "tokens hold keys for P-256 and RSA")
    }
    let made = try crew.work(1, times: Self.makingTimes) {
      session, _ throws(TokenFault) -> Result<PublicKey, KeyError> in
      guard try session.find(full, CKO_PRIVATE_KEY).isEmpty,
        try session.find(full, CKO_PUBLIC_KEY).isEmpty
      else { return .failure(KeyError(.labelTaken, "there is already a key \(full)")) }
      var attemptsLeft = Self.makingAttempts
      while true {
        do throws(TokenFault) {
          let pair = try session.generate(
            mechanism, publicTemplate: publicTemplate, privateTemplate: privateTemplate)
          try session.demandInside(pair.private, full)
          return try .success(Self.publicKey(pair.public, in: session))
        } catch {
          // There was nothing under this label: what is there now is a half of what failed.
          for kind in [CKO_PRIVATE_KEY, CKO_PUBLIC_KEY] {
            for half in (try? session.find(full, kind, most: .max)) ?? [] {
              try? session.destroy(half)
            }
          }
          attemptsLeft -= 1
          guard error.nature == .transient, attemptsLeft > 0 else { throw error }
        }
      }
    }
    return try TokenKey(self, fullLabel: full, publicKey: made[0].get())
  }

  /// The key with a label, its public half as the token says.
  ///
  /// - Throws: `KeyError.noSuchKey`, `badLabel`, `unsupportedKey`; `TokenFault`.
  package func key(label: String) throws -> TokenKey {
    let full = try fullLabel(label)
    let found = try crew.work(1) { session, _ throws(TokenFault) -> PublicKey? in
      guard let key = try session.find(full, CKO_PRIVATE_KEY).first else { return nil }
      try session.demandInside(key, full)
      guard let publicHalf = try session.find(full, CKO_PUBLIC_KEY).first else { return nil }
      return try Self.publicKey(publicHalf, in: session)
    }
    guard let publicKey = found[0] else {
      throw KeyError(.noSuchKey, "there is no key \(full) on the token \(self.label)")
    }
    return try TokenKey(self, fullLabel: full, publicKey: publicKey)
  }

  /// The key with a label whose public half is known from its certificate: the token is not asked
  /// before the first signature, so that a program starts while the token is away.
  ///
  /// - Throws: `KeyError.badLabel`, `unsupportedKey`.
  package func key(label: String, publicKey: PublicKey) throws(KeyError) -> TokenKey {
    try TokenKey(self, fullLabel: fullLabel(label), publicKey: publicKey)
  }

  /// The labels of this estate's private keys on the token, sorted.
  ///
  /// - Throws: `TokenFault`.
  package func labels() throws(TokenFault) -> [String] {
    let prefix = "\(Self.labelPrefix)\(owner)/"
    let all = try crew.work(1) { session, _ throws(TokenFault) -> [String] in
      var labels: [String] = []
      for key in try session.find(nil, CKO_PRIVATE_KEY, most: .max) {
        labels.append(String(decoding: try session.value(of: CKA_LABEL, of: key), as: UTF8.self))
      }
      return labels
    }
    return all[0].filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
      .sorted()
  }

  /// C3-119: destroys both halves of a key and looks for them again.
  ///
  /// - Throws: `KeyError.noSuchKey` when there is none; `TokenFault`, permanent when the key is
  ///   still there afterwards.
  package func destroy(label: String) throws {
    let full = try fullLabel(label)
    let found = try crew.work(1) { session, _ throws(TokenFault) -> Bool in
      let halves =
        try session.find(full, CKO_PRIVATE_KEY, most: .max)
        + session.find(full, CKO_PUBLIC_KEY, most: .max)
      for half in halves { try session.destroy(half) }
      guard try session.find(full, CKO_PRIVATE_KEY).isEmpty else {
        throw TokenFault(.permanent, "the key \(full) is still there after it was destroyed")
      }
      return !halves.isEmpty
    }
    guard found[0] else {
      throw KeyError(.noSuchKey, "there is no key \(full) on the token \(self.label)")
    }
  }

  private static func publicKey(
    _ object: CK_OBJECT_HANDLE, in session: Session
  ) throws(TokenFault) -> PublicKey {
    let kind = try session.value(of: CKA_KEY_TYPE, of: object)
    do {
      // The type is a number of the machine: its lowest octet comes first or last.
      if kind.contains(UInt8(CKK_EC)) {
        return .p256(
          try P256PublicKey(uncompressed: point(session.value(of: CKA_EC_POINT, of: object))))
      }
      return .rsa(
        try RSAPublicKey(
          modulus: session.value(of: CKA_MODULUS, of: object)[...],
          exponent: session.value(of: CKA_PUBLIC_EXPONENT, of: object)[...]))
    } catch let fault as TokenFault {
      throw fault
    } catch {
      throw TokenFault(.permanent, "a public key that is not used here: \(error)")
    }
  }

  /// A point is an OCTET STRING (PKCS #11 2.40, 2.3.3); some vendors give it bare.
  private static func point(_ value: [UInt8]) -> ArraySlice<UInt8> {
    let header: [UInt8] = [0x04, UInt8(P256.pointOctets)]
    return value.count == P256.pointOctets + header.count && value.starts(with: header)
      ? value.dropFirst(header.count) : value[...]
  }
}
