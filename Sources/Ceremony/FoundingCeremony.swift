// SPDX-License-Identifier: Apache-2.0

package import Authority
package import DER
package import Keys
import Profiles
package import SEC

/// The ceremony that founds an estate: the three hierarchies and the DCCKI, a stock of Issuing DCAs
/// and the wrapped contingency key (C3-74, L10.6(c)).
package struct FoundingCeremony: Sendable {
  /// Issuing DCAs certified ahead of need [assumed]: a year at three months each, and the first.
  package static let deviceStockDefault = 4

  /// The estate that is founded.
  package let estate: DeclaredEstate
  /// How many Issuing DCAs are certified.
  package let deviceStock: Int
  /// The limits of each Issuing DCA.
  package let deviceLife: IssuingKeyLife
  /// Gives so many unpredictable octets.
  package let random: @Sendable (Int) -> [UInt8]

  /// Labels of the keys.
  package enum Label {
    /// The audit's checkpoint key, Ed25519, in the on-line store.
    package static let checkpoint = "audit-checkpoint"
    /// The Contingency Private Key, in the contingency vault; later ones have a number behind.
    package static let contingency = "contingency"
    /// The Contingency Symmetric Key, 32 octets, in the contingency vault; likewise.
    package static let contingencySymmetric = "contingency-symmetric"
  }

  /// A ceremony for an estate; without a policy for it there is no DCCKI.
  package init(
    estate: Estate, dcckiPolicy: ObjectIdentifier? = nil,
    deviceStock: Int = FoundingCeremony.deviceStockDefault,
    deviceLife: IssuingKeyLife = .issuingDCA, random: @escaping @Sendable (Int) -> [UInt8]
  ) {
    precondition((1...99).contains(deviceStock), "the names of Issuing DCAs have two digits")
    self.estate = DeclaredEstate(estate, dcckiPolicy: dcckiPolicy)
    self.deviceStock = deviceStock
    self.deviceLife = deviceLife
    self.random = random
  }

  /// The acts that make the authorities, without the sharing out of the vaults.
  package var acts: [Act] {
    var acts: [Act] = [
      .makeRoot(.rootDCA, name: name("DR")), .makeRoot(.rootOCA, name: name("OR")),
      .makeRoot(.rootIKI, name: name("IKI root")),
    ]
    if estate.dcckiPolicy != nil { acts.append(.makeRoot(.rootDCCKI, name: name("DCCKI root"))) }
    for number in 1...deviceStock {
      acts.append(certify(.issuingDCA, "D\(number < 10 ? "0" : "")\(number)", by: "DR"))
    }
    acts.append(certify(.issuingOCA, "O01", by: "OR"))
    acts.append(certify(.issuingIKI, "IKI issuing 01", by: "IKI root"))
    acts += [firstList(by: "OR"), firstList(by: "IKI root")]
    if estate.dcckiPolicy != nil {
      acts.append(certify(.issuingDCCKI, "DCCKI issuing 01", by: "DCCKI root"))
      acts.append(firstList(by: "DCCKI root"))
    }
    return acts
  }

  private func certify(_ kind: AuthorityKind, _ text: String, by root: String) -> Act {
    .certify(kind, name: name(text), by: name(root), key: .madeHere)
  }

  /// C3-124-3: the empty list with which a root begins; the device hierarchy has none (C3-118-3).
  private func firstList(by root: String) -> Act {
    .signList(by: name(root), number: 1, revoked: [])
  }

  /// Test estates have names of their own: they begin with T (OCP-annex-B-test-names).
  private func name(_ text: String) -> String { estate.estate.kind == .test ? "T\(text)" : text }

  /// Makes everything at a moment, with all keys in the estate's folder.
  package func run(
    offline: KeyStore, online: KeyStore, at moment: Time
  ) throws -> Founding {
    try run(
      offline: (Keyring(offline), .folder), online: (Keyring(online), .folder), at: moment)
  }

  /// Makes everything at a moment, by the same acts as a ceremony with custodians, in stores that
  /// are open already.
  ///
  /// - Parameters:
  ///   - offline: the keys of the roots, which no serving node opens, and where they are made.
  ///   - online: the keys of the issuing authorities, and where they are made.
  ///   - moment: when the certificates begin.
  /// - Returns: what the on-line estate takes over.
  /// - Throws: `CeremonyError`, a refusal of a name, or a failure of a store or token.
  package func run(
    offline: (keys: Keyring, place: KeyPlace), online: (keys: Keyring, place: KeyPlace),
    at moment: Time
  ) throws -> Founding {
    let file = try CeremonyFile(
      ceremony: "founding", title: "Founding", estate: estate, acts: acts)
    let vaults = Vault.allCases.map { ($0, offline.keys) }
    var proceedings = Proceedings(
      file, after: OfflineState(),
      in: Workplace(
        vaults: Dictionary(uniqueKeysWithValues: vaults), online: online.keys, requests: [:],
        seal: { vault, _, _ in throw Refusal.vaultNotShared(vault) }, deliver: { _, _ in },
        clock: { moment }, random: random),
      roots: offline.place, issuing: online.place)
    try proceedings.run()
    _ = try online.keys.folder.generate(label: Label.checkpoint, kind: .ed25519)
    let made = proceedings.made.authorities
    return Founding(
      estate: estate.estate,
      roots: made.filter(\.kind.isRoot).map {
        Founding.Root(hierarchy: $0.kind.hierarchy, certificate: $0.certificate)
      },
      issuing: made.filter { !$0.kind.isRoot }.map {
        Founding.Issuing(
          hierarchy: $0.kind.hierarchy, certificate: $0.certificate, keyLabel: $0.keyLabel,
          place: $0.place)
      }, deviceLife: deviceLife)
  }
}
