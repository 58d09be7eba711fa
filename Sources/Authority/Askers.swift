// SPDX-License-Identifier: Apache-2.0

/// ENG-audit: who asked for the certificates of a chunk, and for how many of them.
///
/// The party stands in the leaf of each certificate too; the entry says it where people look, and
/// names the system or officer.
struct Askers: CustomStringConvertible {
  /// The most askers that an entry names; of a busy moment the rest is counted.
  static let namedMax = 16

  private struct Asker {
    let party: String
    let name: String
    var count: Int
  }

  private var named: [Asker] = []
  private var others = 0

  /// Those of some certificates, in the order of their first.
  init(of items: [Recorded.Item]) {
    for item in items { add(item.prepared.party, item.prepared.asker) }
  }

  private mutating func add(_ party: String, _ name: String) {
    if let known = named.lastIndex(where: { $0.party == party && $0.name == name }) {
      named[known].count += 1
    } else if named.count < Self.namedMax {
      named.append(Asker(party: party, name: name, count: 1))
    } else {
      others += 1
    }
  }

  /// Such as `example-meters/portal-device: 3`.
  var description: String {
    (named.map { "\($0.party)/\($0.name): \($0.count)" }
      + (others > 0 ? ["others: \(others)"] : []))
      .joined(separator: ", ")
  }
}
