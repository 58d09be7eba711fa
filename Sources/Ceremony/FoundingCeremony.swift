// SPDX-License-Identifier: Apache-2.0

package import Authority
package import DER
package import Keys
import Profiles
package import SEC
import X509

/// Makes the hierarchies of a new estate: roots in the offline store, issuing authorities with keys
/// in the on-line store, and the wrapped contingency key (C3-74, L10.6(c)).
package struct FoundingCeremony: Sendable {
  /// Issuing DCAs certified ahead of need [assumed]: a year at three months each, and the first.
  package static let deviceStockDefault = 4

  /// The estate that is founded.
  package let estate: Estate
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
    /// The Contingency Private Key, in the offline store.
    package static let contingency = "contingency"
    /// The Contingency Symmetric Key, 32 octets, in the offline store.
    package static let contingencySymmetric = "contingency-symmetric"
    /// The authority of the test estate's server certificates, in the offline store.
    package static let serverAuthority = "server-authority"
  }

  /// A ceremony for an estate.
  package init(
    estate: Estate, deviceStock: Int = FoundingCeremony.deviceStockDefault,
    deviceLife: IssuingKeyLife = .issuingDCA, random: @escaping @Sendable (Int) -> [UInt8]
  ) {
    precondition((1...99).contains(deviceStock), "the names of Issuing DCAs have two digits")
    self.estate = estate
    self.deviceStock = deviceStock
    self.deviceLife = deviceLife
    self.random = random
  }

  /// Makes everything at a moment, with all keys in the estate's folder.
  package func run(
    offline: KeyStore, online: KeyStore, at moment: Time
  ) throws -> Founding {
    try run(
      offline: (Keyring(offline), .folder), online: (Keyring(online), .folder), at: moment)
  }

  /// Makes everything at a moment.
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
    let (roots, rootPlace) = offline
    let serials = SerialNumbers(shard: 0, random: random)
    var next = { serials.draw(1, at: moment)[0] }
    let rootDCA = try RootAuthority(
      .rootDCA, named: name("DR", .rootDCA), keyLabel: "root-dca", in: roots,
      place: rootPlace, serial: next(), at: moment)
    let rootOCA = try RootAuthority(
      .rootOCA(try wrapContingencyKey(in: roots.folder)), named: name("OR", .rootOCA),
      keyLabel: "root-oca", in: roots, place: rootPlace, serial: next(), at: moment)
    let rootIKI = try RootAuthority(
      .rootIKI, named: name("IKI root", .rootIKI), keyLabel: "root-iki", in: roots,
      place: rootPlace, serial: next(), at: moment)
    var issuing: [Founding.Issuing] = []
    for number in 1...deviceStock {
      issuing.append(
        try certify(
          .issuingDCA(policy: estate.devicePolicy),
          named: "D\(number < 10 ? "0" : "")\(number)", by: rootDCA, online, &next, moment))
    }
    issuing.append(
      try certify(
        .issuingOCA(policy: estate.organisationPolicy), named: "O01", by: rootOCA, online, &next,
        moment))
    issuing.append(
      try certify(
        .issuingIKI(policy: estate.ikiPolicy), named: "IKI issuing 01", by: rootIKI, online,
        &next, moment))
    _ = try online.keys.folder.generate(label: Label.checkpoint, kind: .ed25519)
    return Founding(
      estate: estate,
      roots: [rootDCA, rootOCA, rootIKI].map {
        Founding.Root(hierarchy: $0.kind.hierarchy, certificate: $0.certificate)
      },
      issuing: issuing, deviceLife: deviceLife,
      policyVersions: [
        .device: "Device Certificate Policy 1.0",
        .organisation: "Organisation Certificate Policy 1.0", .iki: "IKI Certificate Policy 1.0",
      ])
  }

  /// Test estates have names of their own: they begin with T (OCP-annex-B-test-names).
  private func name(_ text: String, _ kind: AuthorityKind) throws -> AuthorityName {
    try AuthorityName(estate.kind == .test ? "T\(text)" : text, for: kind, in: estate)
  }

  private func certify(
    _ profile: AuthorityProfile, named text: String, by root: RootAuthority,
    _ online: (keys: Keyring, place: KeyPlace), _ next: inout () -> SerialNumber, _ moment: Time
  ) throws -> Founding.Issuing {
    let name = try name(text, profile.kind)
    let label =
      "issuing-" + name.commonName.lowercased().split(separator: " ").joined(separator: "-")
    let kind: SoftwareKey.Kind = profile.kind.hierarchy == .iki ? .rsa2048 : .p256
    let key = try online.keys.generate(label: label, kind: kind, at: online.place)
    let certificate = try root.certify(
      profile, named: name, key: key.publicKey, serial: next(), at: moment)
    return Founding.Issuing(
      hierarchy: profile.kind.hierarchy, certificate: certificate, keyLabel: label,
      place: online.place)
  }

  /// L10.6(c)(ii): a contingency key pair; its public half, encrypted, goes into the Root OCA.
  private func wrapContingencyKey(in offline: KeyStore) throws -> WrappedContingencyKey {
    let key = try offline.generate(label: Label.contingency, kind: .p256)
    guard case .p256(let publicKey) = key.publicKey else { throw CeremonyError.unusableKey }
    let symmetric = try Secret.random(32)
    try offline.keep(symmetric, label: Label.contingencySymmetric)
    return WrappedContingencyKey(
      octets: try KeyWrap.wrap(
        Secret(copying: WrappedContingencyKey.plaintext(of: publicKey)), under: symmetric))
  }
}
