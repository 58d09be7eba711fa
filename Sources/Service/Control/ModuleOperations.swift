// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
package import Keys
import Records
package import SEC

/// C3-187, C3-188, C3-190-1: enters a component in the register of modules.
package struct AddModule: ControlRequest {
  /// The words of `CryptographicModule`, each as the register writes it.
  package var module = ""
  package var owner = CryptographicModule.dcc
  package var kind = CryptographicModule.Kind.cryptographicModule.rawValue
  package var function = ""
  package var location = ""
  package var country = ""
  package var affectsSupply = false
  package var standard = CryptographicModule.Standard.none.rawValue
  package var level = 0
  package var certificate = ""
  package var assessment = ""

  package static let name = "module-add"
  package static let role = Actor.Role.operatorOfSystem

  /// A component to be entered.
  package init() {}

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try ModuleRegister.add(
      CryptographicModule(
        name: module, owner: owner,
        kind: Control.word(kind, CryptographicModule.Kind.init, "kind"), function: function,
        location: location, country: country, affectsSupply: affectsSupply,
        standard: Control.word(standard, CryptographicModule.Standard.init, "standard"),
        level: level, certificate: certificate, assessment: assessment, since: node.clock()),
      in: node.records, by: officer)
    return Done(by: officer)
  }
}

/// C3-188-1: keeps what somebody attests of a component.
package struct AttestModule: ControlRequest {
  /// The component, the activity, whether it is done in the United Kingdom, and what shows it.
  package let module: String
  package let activity: String
  package let isInUK: Bool
  package let evidence: String

  package static let name = "module-attest"
  package static let role = Actor.Role.operatorOfSystem

  /// An attestation to be kept.
  package init(module: String, activity: String, isInUK: Bool, evidence: String) {
    self.module = module
    self.activity = activity
    self.isInUK = isInUK
    self.evidence = evidence
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try ModuleRegister.attest(
      ModuleAttestation(
        module: module,
        activity: Control.word(activity, ModuleAttestation.Activity.init, "activity"),
        isInUK: isInUK, evidence: evidence, attested: node.clock()),
      in: node.records, by: officer)
    return Done(by: officer)
  }
}

/// Asks each token of the configuration now, whatever was known against it.
package struct CheckModules: ControlRequest {
  /// A token as it was found.
  package struct Found: Codable, Sendable {
    /// The names of the module and of the token.
    package let module: String
    package let token: String
    /// Whether keys in it can be used.
    package let isUp: Bool
    /// Why not, or empty.
    package let fault: String
    /// This estate's keys in it.
    package let keys: [String]
  }

  package static let name = "module-check"
  package static let role = Actor.Role.operatorOfSystem

  /// A check of all.
  package init() {}

  package func run(in node: Node, by officer: Actor) throws -> [Found] {
    node.keyring.allTokens.compactMap { place, token in
      guard case .token(let module, let label) = place else { return nil }
      do throws(TokenFault) {
        try token.check()
        return Found(
          module: module, token: label, isUp: true, fault: "", keys: try token.labels())
      } catch {
        return Found(module: module, token: label, isUp: false, fault: error.reason, keys: [])
      }
    }
  }
}

/// The PINs of a node's tokens.
extension Node {
  /// C3-192: keeps the PIN of a token that the configuration names, sealed as the keys are.
  ///
  /// - Throws: `KeyError.noSuchStore` when there is no such token.
  package func keepPIN(
    _ pin: borrowing Secret, module: String, token: String, by officer: Actor
  ) throws {
    let settings = configuration.modules.flatMap(\.settings)
    guard let setting = settings.first(where: { $0.module == module && $0.token == token }) else {
      throw KeyError(.noSuchStore, "estate.json names no token \(token) of a module \(module)")
    }
    try keyring.folder.replace(pin, label: setting.pinLabel)
    let entry = Entry(
      officer, "module-pin-kept", clause: "C3-192", at: clock(),
      facts: ["module": module, "token": token])
    try records.write(entry) { _ in }
  }
}

/// C3-118-4: takes an issuing authority off line for a re-key; the next of the stock takes over.
package struct RetireAuthority: ControlRequest {
  /// The authority's number.
  package let authority: Int

  package static let name = "authority-retire"
  package static let role = Actor.Role.operatorOfSystem

  /// An authority to be taken off line.
  package init(authority: Int) {
    self.authority = authority
  }

  package func run(in node: Node, by officer: Actor) throws -> Done {
    try node.authority.retire(authority, at: node.clock(), by: officer)
    node.schedule?.hurry("issuing-life")
    return Done(by: officer)
  }
}
