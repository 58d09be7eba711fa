// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import DER
import Foundation
import Profiles
import Registration
import SEC
import Testing
import X509

/// One certificate of each kind that we make, from an estate that is gone by the time they are
/// looked at.
struct Specimens: Sendable {
  static let shared = Result { try Specimens() }

  /// Names of the kinds, as `PkilintExceptions.tsv` writes them.
  static let kinds =
    AuthorityKind.allCases.map(\.rawValue) + endEntities + ["server-authority", "server"]
  /// Those that subscribers get.
  static let endEntities = [
    "device-signing", "device-key-agreement", "organisation-signing", "organisation-key-agreement",
    "iki",
  ]

  let estate: Estate
  private let certificates: [String: Certificate]

  init() throws {
    let estate = try InteropEstate()
    let place = estate.workplace
    let credential = try estate.credential("head end", for: .portalDevice)
    var certificates = ["iki": credential]
    for (use, device, organisation) in [
      ("signing", "digitalSignature", "BITLIST,BITSTRING:0"),
      ("key-agreement", "keyAgreement", "BITLIST,BITSTRING:4"),
    ] {
      let first = try place.follow(example: "device.cnf") {
        $0.replacing("critical, digitalSignature", with: "critical, \(device)")
      }
      try #require(first.isGood, "\(first.said)")
      certificates["device-\(use)"] = try estate.issue(
        device: place.request("device.csr"), credential: credential)
      let second = try place.follow(example: "organisation.cnf") {
        let edited = $0.replacing(
          "OCTWRAP,FORMAT:BITLIST,BITSTRING:0", with: "OCTWRAP,FORMAT:\(organisation)")
        return use == "signing" ? edited : edited.replacing("1 = SET:common_name\n", with: "")
      }
      try #require(second.isGood, "\(second.said)")
      certificates["organisation-\(use)"] = try estate.issue(
        organisation: place.request("organisation.csr"))
    }
    for root in estate.founding.roots {
      certificates[AuthorityKind.root(of: root.hierarchy).rawValue] = root.certificate
    }
    for issuing in estate.founding.issuing {
      certificates[AuthorityKind.issuing(of: issuing.hierarchy).rawValue] = issuing.certificate
    }
    certificates["server-authority"] = estate.server.authority
    certificates["server"] = estate.server.certificate
    self.estate = estate.estate
    self.certificates = certificates
  }

  subscript(kind: String) -> Certificate {
    get throws { try #require(certificates[kind], "\(kind)") }
  }

  /// The tree in which a subscriber's certificate of this kind stands.
  func hierarchy(of kind: String) throws -> AuthorityKind.Hierarchy {
    try #require(AuthorityKind.Hierarchy.allCases.first { kind.hasPrefix($0.rawValue) })
  }

  /// The policy under which a tree issues.
  func policy(of hierarchy: AuthorityKind.Hierarchy) -> String {
    switch hierarchy {
    case .device: estate.devicePolicy.description
    case .organisation: estate.organisationPolicy.description
    case .iki: estate.ikiPolicy.description
    case .dccki: "1.2.826.0.1.99.4"
    }
  }
}

extension AuthorityKind {
  /// The top of a tree.
  static func root(of hierarchy: Hierarchy) -> AuthorityKind {
    switch hierarchy {
    case .device: .rootDCA
    case .organisation: .rootOCA
    case .iki: .rootIKI
    case .dccki: .rootDCCKI
    }
  }

  /// What issues in a tree.
  static func issuing(of hierarchy: Hierarchy) -> AuthorityKind {
    switch hierarchy {
    case .device: .issuingDCA
    case .organisation: .issuingOCA
    case .iki: .issuingIKI
    case .dccki: .issuingDCCKI
    }
  }
}
