// SPDX-License-Identifier: Apache-2.0

package import Audit
import DER
package import Keys
import Profiles
package import Records
import Repository
package import SEC
import X509

/// A package of which every octet was checked: its signature, its estate, its place in the row of
/// packages, and each of its parts.
package struct CheckedPackage: Sendable {
  /// What it says.
  package let manifest: CeremonyPackage
  /// The file, signed.
  let document: SignedDocument
  /// New roots.
  let roots: [Founding.Root]
  /// New issuing authorities, in the order in which they will come on line.
  let issuing: [Founding.Issuing]
  /// Lists of revoked authorities.
  let lists: [AuthorityList]

  /// Checks the package that founds an estate; nothing is known of the estate but this key.
  ///
  /// - Throws: see the other initialiser.
  package init(founding octets: [UInt8], key: NoteKey) throws {
    let document = try SignedDocument(.package, parsing: octets)
    let manifest = try CeremonyPackage(document.body)
    try document.verify(.package, by: key, of: manifest.estate.estate)
    guard manifest.number == 1 else { throw Refusal.packageOutOfOrder(1, manifest.number) }
    let checks = PackageChecks(
      estate: manifest.estate.estate, made: manifest.made, known: [], lists: [:])
    try self.init(document, manifest, checks)
  }

  /// Checks a package against an estate, as its store is now.
  ///
  /// - Parameters:
  ///   - octets: the file.
  ///   - estate: the estate that is to take it.
  ///   - reading: its store.
  /// - Throws: `signed-document-form`, `signed-document-signature`, `package-form`,
  ///   `package-other-kind`, `package-other-estate`, `package-replayed`, `package-out-of-order`,
  ///   `package-part`, `authority-name-taken`, `authority-key-taken`, `list-goes-back`, or why a
  ///   certificate departs from its profile.
  package init(_ octets: [UInt8], for estate: Estate, in reading: some Querying) throws {
    let document = try SignedDocument(.package, parsing: octets)
    let manifest = try CeremonyPackage(document.body)
    let own = manifest.estate.estate
    guard own.kind == estate.kind else { throw Refusal.packageOtherKind(estate, own) }
    guard own == estate else { throw Refusal.packageOtherEstate(estate, own) }
    guard let last = try PackageRecords.last(in: reading) else {
      throw Refusal.packageWithoutKey(estate)
    }
    try document.verify(.package, by: try NoteKey(last.nextKey), of: estate)
    guard manifest.number > last.number else {
      throw Refusal.packageReplayed(manifest.ceremony, manifest.number)
    }
    guard manifest.number == last.number + 1 else {
      throw Refusal.packageOutOfOrder(last.number + 1, manifest.number)
    }
    let known = try PackageRecords.authorities(in: reading)
    for certificate in try manifest.certificates() {
      let identifier = KeyIdentifier(methodTwoOf: certificate.tbs.subjectPublicKeyInfo).octets
      guard try Repository.certificates(keyIdentifier: identifier, in: reading).isEmpty else {
        throw Refusal.authorityKeyTaken("\(certificate.subject)")
      }
    }
    var lists: [String: AuthorityList.Known] = [:]
    for part in manifest.parts where part.kind == .list {
      lists[part.name] = try PackageRecords.lastList(of: part.name, in: reading)
    }
    let checks = PackageChecks(estate: estate, made: manifest.made, known: known, lists: lists)
    try self.init(document, manifest, checks)
  }

  private init(
    _ document: SignedDocument, _ manifest: CeremonyPackage, _ checks: PackageChecks
  ) throws {
    self.document = document
    self.manifest = manifest
    (roots, issuing, lists) = try checks.check(manifest)
    do {
      _ = try NoteKey(manifest.nextKey)
    } catch {
      throw Refusal.packagePart("next-key", expected: "a key of notes", found: "\(error)")
    }
  }

  /// What an estate is founded with, each key at the place where it was found on line.
  ///
  /// - Throws: `package-key-missing`.
  package func founding(
    _ place: (String, PublicKey) -> KeyPlace?, deviceLife: IssuingKeyLife = .issuingDCA
  ) throws -> Founding {
    Founding(
      estate: manifest.estate.estate, roots: roots, issuing: try placed(place),
      deviceLife: deviceLife, ceremony: self)
  }

  /// The issuing authorities with the places of their keys.
  func placed(_ place: (String, PublicKey) -> KeyPlace?) throws -> [Founding.Issuing] {
    try issuing.map { authority in
      let key = try authority.certificate.tbs.subjectPublicKeyInfo.publicKey()
      guard let found = place(authority.keyLabel, key) else {
        throw Refusal.packageKeyMissing(
          authority.keyLabel, "\(authority.certificate.subject)")
      }
      return authority.at(found)
    }
  }

  /// Keeps the package, its lists and its requests.
  func keep(at moment: Time, in transaction: Transaction) throws {
    try transaction.keep(
      PackageRecords.package,
      [
        .int(Int64(manifest.number)), .text(manifest.ceremony), .blob(document.digest),
        .blob(manifest.transcript), .text(manifest.nextKey), .int(moment.milliseconds),
        .blob(document.encoded),
      ])
    for list in lists { try list.keep(package: manifest.number, in: transaction) }
    for part in manifest.parts where part.kind == .request {
      try transaction.keep(
        PackageRecords.request,
        [
          .blob(Digest.sha256(part.data)), .text(part.name), .int(Int64(manifest.number)),
          .blob(part.data),
        ])
    }
    transaction.note("ceremony", manifest.ceremony)
    transaction.note("package", String(manifest.number))
    transaction.note("package-sha256", Hex.encode(document.digest))
    transaction.note("transcript-sha256", Hex.encode(manifest.transcript))
    transaction.note("witnesses", manifest.witnesses.joined(separator: "; "))
  }
}

extension CeremonyPackage {
  /// The certificates of its parts.
  fileprivate func certificates() throws -> [Certificate] {
    try parts.filter { $0.kind == .root || $0.kind == .issuing }.map { part in
      do {
        return try Certificate(parsing: part.data)
      } catch {
        throw Refusal.packagePart(part.name, expected: "a certificate", found: "\(error)")
      }
    }
  }
}
