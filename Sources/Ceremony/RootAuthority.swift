// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import SEC
import X509

/// A root and its private key, for the length of a ceremony (C3-74).
///
/// Only this room names the type, and no room that can be reached from the network sees this one.
/// It signs itself, issuing authorities and lists of them, and has no way to sign anything else
/// (C3-74-1, C3-75-1).
struct RootAuthority {
  let kind: AuthorityKind
  let certificate: Certificate
  private let key: any SigningKey

  /// Makes a root: the certificate of a key that was made for it.
  init(
    _ profile: AuthorityProfile, named name: AuthorityName, key: any SigningKey,
    serial: SerialNumber, at moment: Time
  ) throws {
    let tbs = profile.toBeSigned(
      serial: serial, validity: profile.validity(from: moment), subject: name.name,
      key: try SubjectPublicKeyInfo.encoding(key.publicKey))
    kind = profile.kind
    self.key = key
    certificate = try tbs.signed(by: key, verifiedWith: key.publicKey)
  }

  /// A root that an earlier ceremony made, with its key out of the vault.
  ///
  /// - Throws: `CeremonyError.unusableKey` when the key is another than the certificate's.
  init(_ kind: AuthorityKind, _ certificate: Certificate, key: any SigningKey) throws {
    guard try certificate.tbs.subjectPublicKeyInfo.publicKey() == key.publicKey else {
      throw CeremonyError.unusableKey
    }
    self.kind = kind
    self.certificate = certificate
    self.key = key
  }

  /// Certifies an issuing authority of its own hierarchy.
  ///
  /// - Throws: `root-other-hierarchy`.
  func certify(
    _ profile: AuthorityProfile, named name: AuthorityName, key: PublicKey,
    serial: SerialNumber, at moment: Time
  ) throws -> Certificate {
    guard let issuer = Issuer(certificate) else { throw CeremonyError.rootWithoutIdentifier }
    guard profile.kind.hierarchy == kind.hierarchy, !profile.kind.isRoot else {
      throw Refusal.rootOtherHierarchy(kind, profile.kind)
    }
    let tbs = profile.toBeSigned(
      serial: serial, validity: profile.validity(from: moment), subject: name.name,
      key: try SubjectPublicKeyInfo.encoding(key), issuer: issuer)
    return try tbs.signed(by: self.key, verifiedWith: self.key.publicKey)
  }

  /// Signs a list of revoked authorities (OCP-annex-B-arl).
  func signList(
    number: Int, at moment: Time, entries: [RevokedCertificate]
  ) throws -> RevocationList {
    guard let issuer = Issuer(certificate) else { throw CeremonyError.rootWithoutIdentifier }
    let tbs = RevocationListProfile(issuer: issuer, authority: kind).toBeSigned(
      number: Integer(number), at: moment, entries: RevokedCertificates(entries))
    return try RevocationList.sign(tbs, with: key)
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

/// Why a ceremony cannot go on: a fault of ours or of a module, never of what people wrote.
package enum CeremonyError: Error, Hashable, Sendable {
  /// A root's certificate without subject key identifier.
  case rootWithoutIdentifier
  /// A key that no profile has a place for, or that is another than its certificate's.
  case unusableKey
  /// A signature that does not verify under the key that made it.
  case badSignature
  /// A common name that no profile takes.
  case unusableName(String)
  /// Shares that do not give back the secret that they were made of.
  case sharesDoNotCombine
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
