// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
package import FoundationEssentials
import Glibc
package import Keys
import Profiles
import Records
import Revocation
package import SEC

/// What an import of a ceremony's package brought.
package struct ImportedAuthorities: Codable, Sendable {
  /// The ceremony, and the number of the package.
  package let ceremony: String
  package let number: Int
  /// What each part is, such as `issuing TD05`.
  package let parts: [String]
}

/// Where a drill stops the process of a ceremony or an import by force, with no tidying up.
package enum CeremonyStop {
  /// The variable that names the step.
  package static let variable = "SMKI_STOP_CEREMONY_AT"

  /// Stops here if the drill of a test estate asks for it.
  package static func reached(_ step: String, in estate: Estate) {
    guard estate.kind == .test, ProcessInfo.processInfo.environment[variable] == step else {
      return
    }
    kill(getpid(), SIGKILL)
  }
}

/// OCP-ceremony: takes the package of a ceremony into the estate, wholly or not at all.
package struct ImportPackage: ControlRequest {
  /// The file.
  package let package: Data

  package static let name = "ceremony-import"
  package static let role = Actor.Role.operatorOfSystem
  package static let octetsMax = 4 * 1024 * 1024

  /// A package to be imported.
  package init(package: Data) {
    self.package = package
  }

  package func run(in node: Node, by officer: Actor) throws -> ImportedAuthorities {
    let keyring = node.keyring
    let manifest = try PackageImport.take(
      Array(package), into: node.estate, node.records, at: node.clock(), by: officer,
      reached: { CeremonyStop.reached("import-written", in: node.estate) },
      place: { keyring.place(of: $0, $1) },
      publish: ListIntake(times: node.configuration.lists.times, moment: node.clock()).publish)
    CeremonyStop.reached("import-done", in: node.estate)
    return ImportedAuthorities(
      ceremony: manifest.ceremony, number: manifest.number,
      parts: manifest.parts.map { "\($0.kind.rawValue) \($0.name)" })
  }
}

/// A request for the certificate of an issuing authority.
package struct AuthorityRequestMade: Codable, Sendable {
  /// PKCS#10, DER.
  package let request: Data
  /// The label of the key.
  package let label: String
}

/// C3-74-2: makes the key of an issuing authority where it will be used, and the request that an
/// offline root certifies.
package struct MakeAuthorityRequest: ControlRequest {
  /// The kind as `AuthorityKind` writes it, the common name, and the place of the key: a module and
  /// a token, or nothing for the folder.
  package let kind: String
  package let commonName: String
  package let module: String?
  package let token: String?

  package static let name = "ceremony-request"
  package static let role = Actor.Role.operatorOfSystem

  /// A request to be made.
  package init(kind: String, commonName: String, module: String?, token: String?) {
    self.kind = kind
    self.commonName = commonName
    self.module = module
    self.token = token
  }

  package func run(in node: Node, by officer: Actor) throws -> AuthorityRequestMade {
    let kind = try Control.word(
      self.kind, { AuthorityKind(rawValue: $0).flatMap { $0.isRoot ? nil : $0 } }, "kind")
    let name = try AuthorityName(commonName, for: kind, in: node.estate)
    let label = AuthorityRequest.keyLabel(commonName)
    var place = KeyPlace.folder
    if let module, let token { place = .token(module: module, token: token) }
    let known = try node.authority.authorities().contains { $0.keyLabel == label }
    guard !known else { throw Refusal.authorityNameTaken(commonName) }
    let key: any SigningKey
    if try node.keyring.labels(at: place).contains(label) {
      // Asked before and not certified yet: the same key, so that nothing is left lying about.
      key = try node.keyring.key(label: label, at: place)
    } else {
      key = try node.keyring.generate(
        label: label, kind: kind.hierarchy.isRSA ? .rsa2048 : .p256, at: place)
    }
    let request = try AuthorityRequest.make(name.name, key)
    let entry = Entry(
      officer, "authority-requested", clause: "C3-74-2", at: node.clock(),
      facts: [
        "kind": kind.rawValue, "name": commonName, "key": "\(place)",
        "request-sha256": Hex.encode(Digest.sha256(request)),
      ])
    try node.records.write(entry) { _ in }
    return AuthorityRequestMade(request: Data(request), label: label)
  }
}

extension Keyring {
  /// Where a key of this label and public half is: in the folder, or in one of the tokens.
  package func place(of label: String, _ key: PublicKey) -> KeyPlace? {
    let places = [KeyPlace.folder] + allTokens.map(\.place)
    return places.first { place in
      let found = try? self.key(label: label, at: place)
      return found?.publicKey == key
    }
  }
}
