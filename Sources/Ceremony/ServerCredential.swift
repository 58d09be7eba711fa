// SPDX-License-Identifier: Apache-2.0

import Authority
package import DER
package import Keys
import Profiles
package import SEC
package import X509

/// The TLS credential of a test estate's own server, by an authority that only its clients trust.
///
/// A live estate brings a certificate of a public authority (M8-AppG-tls-keys).
package struct ServerCredential: Sendable {
  /// Days of a test server's certificate [assumed]: what browsers accept at most.
  static let validDays: Int64 = 397

  /// What clients of the test estate put in their trust store.
  package let authority: Certificate
  /// The server's certificate.
  package let certificate: Certificate
  /// The server's key.
  package let key: ClientKey

  /// Makes an authority, a key and a certificate for this machine's loopback names.
  package init(
    for estate: Estate, offline: KeyStore, random: @escaping @Sendable (Int) -> [UInt8],
    at moment: Time
  ) throws {
    let serials = SerialNumbers(shard: 0, random: random)
    let root = try RootAuthority(
      .rootIKI, named: AuthorityName("Test server authority", for: .rootIKI, in: estate),
      keyLabel: FoundingCeremony.Label.serverAuthority, in: Keyring(offline),
      serial: serials.draw(1, at: moment)[0], at: moment)
    key = try ClientKey.generate()
    guard let commonName = Name.Attribute.commonName("localhost") else {
      throw CeremonyError.unusableName("localhost")
    }
    authority = root.certificate
    certificate = try root.certifyServer(
      key: key.key.publicKey, name: Name([commonName]), serial: serials.draw(1, at: moment)[0],
      validity: Validity(
        notBefore: moment, notAfter: moment.adding(seconds: Self.validDays * 86_400)))
  }
}
