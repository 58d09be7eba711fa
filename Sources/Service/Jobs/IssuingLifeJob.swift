// SPDX-License-Identifier: Apache-2.0

import Authority
import Keys
import Profiles
import Threads

/// What a node does by itself about the lives of its issuing authorities.
extension Node {
  /// C3-118-4, C3-119: takes off line what is at a limit, destroys the keys of what is spent, and
  /// warns when the stock runs low.
  var issuingLifeJob: Job {
    let lastStock = Guarded<Int?>(nil)
    return Job("issuing-life") { [self] _ in
      for authority in try authority.endLives() {
        log(.info, "authority-life-ended", ["authority": authority.subject])
      }
      for spent in try authority.keysToDestroy() {
        try authority.destroyKey(of: spent) {
          try keyring.destroyForGood(label: $0.keyLabel, at: $0.place)
        }
        log(.info, "authority-key-destroyed", ["authority": spent.subject])
      }
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
}
