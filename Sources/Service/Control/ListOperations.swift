// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import Revocation
package import SEC
import X509

/// C3-124-2: publishes new lists now, whether or not they are due.
package struct PublishLists: ControlRequest {
  /// The issuer's common name or key identifier; nil for every issuer whose key is on line.
  package let issuer: String?

  package static let name = "crl-publish"
  package static let role = Actor.Role.operatorOfSystem

  /// Lists to be published.
  package init(issuer: String?) {
    self.issuer = issuer
  }

  package func run(in node: Node, by officer: Actor) throws -> [ListRow] {
    let issuers = try node.listIssuers(issuer).filter { issuer != nil || $0.authority != nil }
    for issuer in issuers { try node.publisher.publish(issuer, by: officer) }
    let ids = Set(issuers.map(\.id))
    return try node.publisher.standings().filter { ids.contains($0.issuer.id) }
      .map { ListRow($0) }
  }
}

/// C3-124-3: puts together the list of a root that a ceremony is to sign.
package struct DraftList: ControlRequest {
  /// The root's common name or key identifier.
  package let issuer: String

  package static let name = "crl-draft"
  package static let role = Actor.Role.operatorOfSystem

  /// What is to be signed.
  package struct Answer: Codable, Sendable {
    /// A TBSCertList in DER.
    package let toBeSigned: Data
  }

  /// A list to be drafted.
  package init(issuer: String) {
    self.issuer = issuer
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    guard let root = try node.listIssuers(issuer).first else {
      throw Refusal.listIssuerUnknown(issuer)
    }
    return Answer(
      toBeSigned: Data(try node.publisher.draft(ofRoot: root, by: officer).encoded()))
  }
}

/// C3-124-3: takes in a list that was signed offline.
package struct ImportList: ControlRequest {
  /// The list in DER.
  package let list: Data

  package static let name = "crl-import"
  package static let role = Actor.Role.operatorOfSystem

  /// A list to be taken in.
  package init(list: Data) {
    self.list = list
  }

  package func run(in node: Node, by officer: Actor) throws -> [ListRow] {
    let list = try node.publisher.importList(Array(self.list), by: officer)
    return try node.publisher.standings().filter { $0.issuer.id == list.issuer }
      .map { ListRow($0) }
  }
}

extension Node {
  /// The issuer of lists that is called so, by common name or key identifier; nil for all.
  func listIssuers(_ name: String?) throws -> [ListIssuer] {
    let all = try publisher.standings().map(\.issuer)
    guard let name else { return all }
    let found = all.filter { $0.name == name || $0.id == name.uppercased() }
    guard !found.isEmpty else { throw Refusal.listIssuerUnknown(name) }
    return found
  }
}
