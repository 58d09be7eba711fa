// SPDX-License-Identifier: Apache-2.0

package import DER

/// A component that holds keys or looks at messages, as the register of modules has it.
package struct CryptographicModule: Hashable, Sendable {
  /// What it is.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// C3-188-1: it holds private keys.
    case cryptographicModule = "cryptographic-module"
    /// C3-188-2: it looks for anomalies in messages to Smart Metering Equipment.
    case anomalyDetection = "anomaly-detection"
    /// C3-187: another part of a User's system.
    case component
  }

  /// The standard by which a module was certified.
  package enum Standard: String, Hashable, Sendable, CaseIterable {
    case fips140part2 = "fips-140-2"
    case fips140part3 = "fips-140-3"
    /// None; C3-190-2 lets small Users rest on their risk assessment.
    case none
  }

  /// C3-190-1: the level that a module of the DCC must have.
  package static let levelMin = 3
  /// Who owns the modules of the authorities.
  package static let dcc = "dcc"

  /// Its name, by which `estate.json` names it too.
  package let name: String
  /// `dcc`, or the identifier of a party.
  package let owner: String
  package let kind: Kind
  /// What it is for.
  package let function: String
  /// C3-187: where it stands, in words, and the country in two letters.
  package let location: String
  package let country: String
  /// C3-187: whether it can affect the supply of energy to premises.
  package let affectsSupply: Bool
  package let standard: Standard
  /// The security level of the certificate, 0 for none.
  package let level: Int
  /// The number of the certificate, empty for none.
  package let certificate: String
  /// C3-190-2: the risk assessment that it rests on, empty for none.
  package let assessment: String
  package let since: Time

  /// A component, whole.
  package init(
    name: String, owner: String, kind: Kind, function: String, location: String, country: String,
    affectsSupply: Bool, standard: Standard, level: Int, certificate: String, assessment: String,
    since: Time
  ) {
    self.name = name
    self.owner = owner
    self.kind = kind
    self.function = function
    self.location = location
    self.country = country
    self.affectsSupply = affectsSupply
    self.standard = standard
    self.level = level
    self.certificate = certificate
    self.assessment = assessment
    self.since = since
  }

  /// C3-190-1: whether keys of the DCC's authorities may be used in it.
  package var mayHoldAuthorities: Bool {
    owner == Self.dcc && kind == .cryptographicModule && standard != .none
      && level >= Self.levelMin && !certificate.isEmpty
  }
}

/// C3-188-1: what somebody attests to be done in the United Kingdom, or not.
package struct ModuleAttestation: Hashable, Sendable {
  /// The five activities.
  package enum Activity: String, Hashable, Sendable, CaseIterable {
    case located, operated, configured, tested, maintained
  }

  /// The name of the component.
  package let module: String
  package let activity: Activity
  /// Whether it is done in the United Kingdom, by personnel located there.
  package let isInUK: Bool
  /// What shows it.
  package let evidence: String
  package let attested: Time

  /// An attestation, whole.
  package init(
    module: String, activity: Activity, isInUK: Bool, evidence: String, attested: Time
  ) {
    self.module = module
    self.activity = activity
    self.isInUK = isInUK
    self.evidence = evidence
    self.attested = attested
  }
}

/// A component with what was attested of it, and what is wrong or missing.
package struct ModuleStanding: Sendable {
  /// The component.
  package let module: CryptographicModule
  /// What was attested of it.
  package let attestations: [ModuleAttestation]

  /// C3-187, C3-188, C3-190: what an auditor would ask about.
  package var flags: [String] {
    var flags: [String] = []
    if module.affectsSupply {
      if module.country != "GB" {
        flags.append("affects supply from outside the United Kingdom (C3-187)")
      }
      let attested = Set(attestations.filter(\.isInUK).map(\.activity))
      let missing = ModuleAttestation.Activity.allCases.filter { !attested.contains($0) }
      if module.kind != .component, !missing.isEmpty {
        flags.append("not attested: \(missing.map(\.rawValue).joined(separator: ", ")) (C3-188)")
      }
    }
    if module.owner == CryptographicModule.dcc, module.kind == .cryptographicModule,
      !module.mayHoldAuthorities
    {
      flags.append("below FIPS 140 level \(CryptographicModule.levelMin) (C3-190)")
    }
    if module.owner != CryptographicModule.dcc, module.kind == .cryptographicModule,
      module.level < CryptographicModule.levelMin, module.assessment.isEmpty
    {
      flags.append("no level and no risk assessment (C3-190)")
    }
    return flags
  }
}
