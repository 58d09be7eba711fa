// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import SEC
import X509

/// A root and its private key, for the length of a ceremony (C3-74).
///
/// Only this room names the type, and no room that can be reached from the network sees this one.
struct RootAuthority {
  let kind: AuthorityKind
  let certificate: Certificate
  private let key: any SigningKey

  /// Makes a root: a key in the offline store and its certificate.
  init(
    _ profile: AuthorityProfile, named name: AuthorityName, keyLabel: String,
    in keys: Keyring, place: KeyPlace = .folder, serial: SerialNumber, at moment: Time
  ) throws {
    let keyKind: SoftwareKey.Kind = profile.kind.hierarchy == .iki ? .rsa2048 : .p256
    let key = try keys.generate(label: keyLabel, kind: keyKind, at: place)
    let tbs = profile.toBeSigned(
      serial: serial, validity: profile.validity(from: moment), subject: name.name,
      key: try SubjectPublicKeyInfo.encoding(key.publicKey))
    kind = profile.kind
    self.key = key
    certificate = try tbs.signed(by: key, verifiedWith: key.publicKey)
  }

  /// Certifies an issuing authority.
  func certify(
    _ profile: AuthorityProfile, named name: AuthorityName, key: PublicKey,
    serial: SerialNumber, at moment: Time
  ) throws -> Certificate {
    guard let issuer = Issuer(certificate) else { throw CeremonyError.rootWithoutIdentifier }
    let tbs = profile.toBeSigned(
      serial: serial, validity: profile.validity(from: moment), subject: name.name,
      key: try SubjectPublicKeyInfo.encoding(key), issuer: issuer)
    return try tbs.signed(by: self.key, verifiedWith: self.key.publicKey)
  }

  /// Certifies the server of a test estate, by a root made for nothing else.
  func certifyServer(
    key: PublicKey, name: Name, serial: SerialNumber, validity: Validity
  ) throws -> Certificate {
    guard let issuer = Issuer(certificate) else { throw CeremonyError.rootWithoutIdentifier }
    let tbs = ServerProfile(issuer: issuer).toBeSigned(
      serial: serial, validity: validity, subject: name,
      key: try SubjectPublicKeyInfo.encoding(key))
    return try tbs.signed(by: self.key, verifiedWith: self.key.publicKey)
  }
}

/// Why a ceremony cannot go on.
package enum CeremonyError: Error, Hashable, Sendable {
  /// A root's certificate without subject key identifier.
  case rootWithoutIdentifier
  /// A key that no profile has a place for.
  case unusableKey
  /// A signature that does not verify under the key that made it.
  case badSignature
  /// A common name that no profile takes.
  case unusableName(String)
}

extension TBSCertificate {
  /// The certificate, its signature verified before anybody sees it (ENG-self-check).
  func signed(by key: any SigningKey, verifiedWith publicKey: PublicKey) throws -> Certificate {
    let bytes = encoded()
    let signature = try key.sign(bytes)
    guard publicKey.isValid(signature, over: bytes) else { throw CeremonyError.badSignature }
    return try Certificate(
      parsing: Certificate.assemble(
        tbs: bytes, algorithm: AlgorithmIdentifier(signingWith: publicKey), signature: signature))
  }
}

extension SubjectPublicKeyInfo {
  /// The encoding of a key that certificates can hold.
  static func encoding(_ key: PublicKey) throws -> SubjectPublicKeyInfo {
    guard let encoded = SubjectPublicKeyInfo(key) else { throw CeremonyError.unusableKey }
    return encoded
  }
}
