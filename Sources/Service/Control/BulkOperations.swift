// SPDX-License-Identifier: Apache-2.0

package import SEC
import Repository

/// MP147-bulk: makes bulk files now, due or not.
package struct MakeBulk: ControlRequest {
  /// `full` or `delta`; nil makes what is due.
  package let kind: String?

  package static let name = "bulk-make"
  package static let role = Actor.Role.operatorOfSystem

  /// What was published.
  package struct Answer: Codable, Sendable {
    /// The names of manifests.
    package let published: [String]
  }

  /// A request to make files of a kind.
  package init(kind: String?) {
    self.kind = kind
  }

  package func run(in node: Node, by officer: Actor) throws -> Answer {
    var published: [String] = []
    let wanted = try kind.map { name in
      guard let kind = BulkManifest.Kind(rawValue: name) else { throw Refusal.bulkKind(name) }
      return kind
    }
    while true {
      let asked = published.contains { $0.hasPrefix(kind ?? "-") } ? nil : wanted
      let (name, hasMore) = try node.bulk.work(at: node.clock(), making: asked, by: officer)
      if let name { published.append(name) }
      if !hasMore { return Answer(published: published) }
    }
  }
}
