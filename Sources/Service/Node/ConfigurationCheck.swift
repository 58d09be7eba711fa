// SPDX-License-Identifier: Apache-2.0

import SEC

extension Configuration {
  /// What it may not say of an estate of this name and kind.
  func check(for estate: Estate) throws(NodeError) {
    guard estate.name == self.estate else {
      throw .otherEstate(records: estate.name, configuration: self.estate)
    }
    guard servicesStart == nil || servicesBegin != nil else { throw .unknownWord("servicesStart") }
    guard hasUsableShards(isLive: estate.kind == .live) else { throw .unknownWord("shards") }
    guard hasKnownInterfaces else { throw .unknownWord("interfaceVersions") }
    guard estate.kind == .live else { return }
    guard clockAheadSeconds == nil else { throw .clockOfLiveEstate }
    let users = officers.map(\.user)
    guard Set(users).count == users.count else { throw .officersShareUser }
  }
}
