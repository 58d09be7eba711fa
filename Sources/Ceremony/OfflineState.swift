// SPDX-License-Identifier: Apache-2.0

package import Audit
package import Authority
package import DER
package import Keys
package import Profiles
package import X509

/// What an offline store knows before a ceremony; nothing before the first.
package struct OfflineState: Sendable {
  /// The estate, once it was founded.
  package var estate: DeclaredEstate?
  /// Every authority, in the order in which they were made.
  package var authorities: [OfflineAuthority] = []
  /// Every key that a ceremony made or certified.
  package var keys: [MadeKey] = []
  /// The shares of every generation of every vault.
  package var shares: [ShareRecord] = []
  /// Everybody who had or has a share.
  package var custodians: [String: Custodian] = [:]
  /// The last list of each root, by common name.
  var lists: [String: [UInt8]] = [:]
  /// The ceremonies that were held, oldest first.
  package var ceremonies: [String] = []
  /// The number of the last package.
  package var packages = 0
  /// The label of the ceremony key that signs next.
  var ceremonyKeyLabel: String?

  /// Nothing yet.
  package init() {}

  /// The shares that open a vault now.
  package func standing(_ vault: Vault) -> [ShareRecord] {
    let own = shares.filter { $0.vault == vault }
    let last = own.map(\.generation).max() ?? 0
    return own.filter { $0.generation == last }
  }

  /// The vaults that were shared out.
  package var vaults: Set<Vault> { Set(shares.map(\.vault)) }

  /// The public halves of every ceremony key, as notes write keys.
  package func ceremonyKeys() throws -> [NoteKey] {
    guard let estate else { return [] }
    return try keys.filter { $0.use == MadeKey.ceremonyUse }.map { key in
      let information = try Reader.read(key.publicKey[...]) { (reader) throws(DERError) in
        try SubjectPublicKeyInfo(from: &reader)
      }
      return try NoteKey(estate.estate.ceremonyOrigin, information.publicKey())
    }
  }

  /// The names of those who have ceased to be custodians.
  var ceased: Set<String> { Set(custodians.filter { $0.value.ceased != nil }.keys) }

  /// The authority with a name.
  func authority(_ name: String) -> OfflineAuthority? { authorities.first { $0.name == name } }
}

/// An authority that a ceremony made.
package struct OfflineAuthority: Sendable {
  /// Its common name.
  package let name: String
  package let kind: AuthorityKind
  package let certificate: Certificate
  /// The label of its key: in the root vault for a root, in the on-line place otherwise.
  package let keyLabel: String
  /// Whether that is a folder or a token.
  package let place: KeyPlace
  /// The ceremony that made it.
  package let ceremony: String
}

/// A key that a ceremony made, or that it certified.
package struct MadeKey: Hashable, Sendable {
  /// The name of a vault, or `on-line`.
  package let place: String
  package let label: String
  /// What it is for.
  package let use: String
  /// The SubjectPublicKeyInfo; nothing for a symmetric key.
  package let publicKey: [UInt8]

  /// The place of keys that an on-line module holds.
  package static let online = "on-line"
  /// What the key that signs transcripts and packages is for.
  static let ceremonyUse = "ceremony key"
}

/// Somebody who had or has a share.
package struct Custodian: Hashable, Sendable {
  /// When the last appointment was.
  package let appointed: Time
  /// When it ended, or nil.
  package let ceased: Time?
  package let reason: String?
}
