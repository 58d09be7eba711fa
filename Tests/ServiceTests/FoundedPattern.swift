// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import DER
import Foundation
import Keys
import Profiles
import SEC
import Service
import TestToken
import Threads
import X509

/// What an estate is founded with: its keys on disk, its server's certificate, and what its records
/// begin with.
///
/// Making the RSA keys of a founding takes over a second, so suites whose estates begin alike get
/// copies of one pattern; no two of them ever meet.
struct FoundedPattern: Sendable {
  /// What tells one pattern from another.
  struct Terms: Hashable, Sendable {
    let kind: Estate.Kind
    let name: String
    let deviceLife: IssuingKeyLife
  }

  let path: String
  let passphrase: [UInt8]
  let founding: Founding
  let rootKeys: [AuthorityKind: SoftwareKey]

  private static let made = Guarded<[Terms: FoundedPattern]>([:])

  /// Puts what was founded on these terms into a folder.
  static func copy(_ terms: Terms, to path: String) throws -> FoundedPattern {
    let pattern = try made.change { made in
      if let pattern = made[terms] { return pattern }
      let pattern = try FoundedPattern(
        terms, at: NSTemporaryDirectory() + "smki-pattern-\(UUID().uuidString)", module: nil)
      ServingEstate.removeAtExit(pattern.path)
      made[terms] = pattern
      return pattern
    }
    try FileManager.default.copyItem(atPath: pattern.path, toPath: path)
    return pattern
  }

  /// Founds in a new folder, with the on-line keys in a token where there is one.
  init(_ terms: Terms, at path: String, module: HardwareModule?) throws {
    let folder = Folder(path)
    for place in [path + "/tls", folder.parties] {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    }
    passphrase = Random.bytes(32)
    let secret = try Secret(copying: passphrase)
    let now = ServingEstate.founded
    let estate = Estate(
      kind: terms.kind, name: terms.name, devicePolicy: "2.25.1.1",
      organisationPolicy: "2.25.1.2", ikiPolicy: "2.25.1.3")
    let online = try KeyStore.create(at: folder.keys, estate: estate.name, passphrase: secret)
    let offline = try KeyStore.create(
      at: folder.offline, estate: estate.name, passphrase: secret)
    var keys = (keys: Keyring(online), place: KeyPlace.folder)
    if let setting = module?.settings.first {
      try online.keep(Secret(copying: Array(TestToken.pin.utf8)), label: setting.pinLabel)
      keys = (try Keyring(online, tokens: [setting], owner: estate.keyOwner), setting.place)
    }
    founding = try FoundingCeremony(
      estate: estate, deviceStock: 3, deviceLife: terms.deviceLife, random: { Random.bytes($0) }
    ).run(offline: (Keyring(offline), .folder), online: keys, at: now)
    keys.keys.close()
    rootKeys = [
      .rootOCA: try offline.key(label: "root-oca"), .rootIKI: try offline.key(label: "root-iki"),
    ]
    // A live estate brings its own; here the same credential does for both.
    let server = try ServerCredential(
      for: Estate(
        kind: .test, name: estate.name, devicePolicy: estate.devicePolicy,
        organisationPolicy: estate.organisationPolicy, ikiPolicy: estate.ikiPolicy),
      random: { Random.bytes($0) }, at: SystemClock.now())
    try Data(server.certificate.pem.utf8).write(to: URL(filePath: folder.serverCertificate))
    try Data(server.authority.pem.utf8).write(to: URL(filePath: folder.serverAuthority))
    try server.key.write(toNewFile: folder.serverKey)
    self.path = path
  }
}

/// Client keys that estates of different suites have in common: the first credential of each has
/// the first key, and so on.
enum SharedClientKeys {
  private static let made = Guarded<[ClientKey]>([])

  static func key(_ number: Int) throws -> ClientKey {
    try made.change { made in
      while made.count <= number { made.append(try ClientKey.generate()) }
      return made[number]
    }
  }
}
