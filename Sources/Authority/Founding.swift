// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Keys
import Profiles
package import Records
package import SEC
package import X509

/// What a ceremony hands over to the on-line estate: certificates and labels, never a root key.
package struct Founding: Sendable {
  /// A root: its certificate only.
  package struct Root: Sendable {
    /// The hierarchy that it stands above.
    package let hierarchy: Hierarchy
    /// Its certificate, signed by itself.
    package let certificate: Certificate

    /// The root of a hierarchy.
    package init(hierarchy: Hierarchy, certificate: Certificate) {
      self.hierarchy = hierarchy
      self.certificate = certificate
    }
  }

  /// An issuing authority and the label of its key in the on-line key store.
  package struct Issuing: Sendable {
    /// The hierarchy that it belongs to.
    package let hierarchy: Hierarchy
    /// Its certificate, by the root of the hierarchy.
    package let certificate: Certificate
    /// The label of its key.
    package let keyLabel: String
    /// Where its key lives.
    package let place: KeyPlace

    /// The same with its key at a place.
    func at(_ place: KeyPlace) -> Issuing {
      Issuing(
        hierarchy: hierarchy, certificate: certificate, keyLabel: keyLabel, place: place)
    }

    /// An issuing authority of a hierarchy.
    package init(
      hierarchy: Hierarchy, certificate: Certificate, keyLabel: String,
      place: KeyPlace = .folder
    ) {
      self.hierarchy = hierarchy
      self.certificate = certificate
      self.keyLabel = keyLabel
      self.place = place
    }
  }

  /// The estate.
  package let estate: Estate
  /// One root for each hierarchy.
  package let roots: [Root]
  /// The issuing authorities, in the order in which they will come on line.
  package let issuing: [Issuing]
  /// The limits of an Issuing DCA; a smaller volume than C3-118 sets is for tests of the take-over.
  package let deviceLife: IssuingKeyLife
  /// C3-112: the version of each policy that is in force from now.
  package let policyVersions: [Hierarchy: String]
  /// The package that brought it all, or nil where a test made it.
  package let ceremony: CheckedPackage?

  /// C3-112: the version of each policy that an estate begins with.
  package static let firstPolicyVersions: [Hierarchy: String] = Dictionary(
    uniqueKeysWithValues: Hierarchy.allCases.map { ($0, "\(PolicyVersions.name($0)) 1.0") })

  /// A founding, whole.
  package init(
    estate: Estate, roots: [Root], issuing: [Issuing], deviceLife: IssuingKeyLife = .issuingDCA,
    policyVersions: [Hierarchy: String] = Founding.firstPolicyVersions,
    ceremony: CheckedPackage? = nil
  ) {
    self.estate = estate
    self.roots = roots
    self.issuing = issuing
    self.deviceLife = deviceLife
    self.policyVersions = policyVersions
    self.ceremony = ceremony
  }

  /// Enters the estate, its authorities, policies and first lists in empty records, in one
  /// transaction.
  ///
  /// - Parameters:
  ///   - records: the store.
  ///   - moment: now.
  ///   - actor: who founds the estate.
  ///   - publish: leads a list of revoked authorities through the gate and lodges it.
  /// - Throws: what the gate refuses, or a failure of the store.
  package func enter(
    in records: Records, at moment: Time, by actor: Actor,
    publish: @escaping @Sendable (RevocationList, Transaction) throws -> Void = { _, _ in }
  ) throws {
    let entry = Entry(
      actor, "estate-founded", clause: "C3-84-2", at: moment,
      facts: [
        "estate": estate.name, "kind": estate.kind.rawValue,
        "roots": roots.map(\.certificate.subject.description).joined(separator: "; "),
      ])
    try records.write(entry) { transaction in
      try EstateRecords.keep(estate, in: transaction)
      for (hierarchy, version) in policyVersions {
        try transaction.keep(
          AuthorityRecords.policy,
          [.text(hierarchy.rawValue), .int(moment.milliseconds), .text(version)])
      }
      try AuthorityLodging(
        moment: moment,
        evidence: .init(
          ceremony: ceremony.map(\.manifest.ceremony) ?? "founding",
          witnesses: ceremony.map(\.manifest.witnesses) ?? [], officer: actor.name),
        transaction: transaction
      ).lodge(roots, issuing, deviceLife)
      try ceremony?.keep(at: moment, in: transaction)
      for list in ceremony?.lists ?? [] { try publish(list.list, transaction) }
    }
  }
}
