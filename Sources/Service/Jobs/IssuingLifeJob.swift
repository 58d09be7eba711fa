// SPDX-License-Identifier: Apache-2.0

import Authority
import Keys
import Profiles
import Records
import Threads

/// What a node does by itself about the lives of its issuing authorities.
extension Node {
  /// C3-118-4, C3-119: takes off line what is at a limit, destroys the keys of what is spent, and
  /// warns when the stock runs low.
  var issuingLifeJob: Job {
    let lastStock = Guarded<Int?>(nil)
    return Job("issuing-life", ofEachNode: true) { [self] _ in
      for authority in try authority.endLives() {
        log(.info, "authority-life-ended", ["authority": authority.subject])
      }
      for spent in try authority.keysToDestroy() where try destroysKey(of: spent) {
        try authority.destroyKey(of: spent) {
          try keyring.destroyForGood(label: $0.keyLabel, at: $0.place)
        }
        log(.info, "authority-key-destroyed", ["authority": spent.subject])
      }
      try destroyKeysLeft()
      let stock = try authority.stock(of: .device)
      let isNews = lastStock.change { last in
        defer { last = stock }
        return last != stock
      }
      if isNews, stock <= configuration.stockWarning {
        log(
          .warning, "authority-stock-low",
          ["stock": String(stock), "remedy": "certify Issuing DCAs by a ceremony"])
      }
      return nil
    }
  }

  /// C3-119: each node destroys the key in its own folder, one node the key in a token.
  private func destroysKey(of spent: IssuingAuthority) throws -> Bool {
    guard records.isShared, spent.place != .folder else { return true }
    return try records.claim(Self.scheduleClaim)
  }

  /// C3-119: destroys the copies of keys in this node's folder that another node has said are
  /// destroyed.
  private func destroyKeysLeft() throws {
    guard records.isShared else { return }
    let here = try keyring.labels(at: .folder)
    for spent in try authority.authorities()
    where spent.destroyed != nil && spent.place == .folder && here.contains(spent.keyLabel) {
      try authority.destroyKey(of: spent) {
        try keyring.destroyForGood(label: $0.keyLabel, at: $0.place)
      }
      log(.info, "authority-key-destroyed", ["authority": spent.subject])
    }
  }
}
