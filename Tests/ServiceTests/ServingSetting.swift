// SPDX-License-Identifier: Apache-2.0

import Service
import Testing

/// A node with its doors open.
struct ServingSetting: Sendable {
  static let shared = Result { try ServingSetting() }

  let setting: AdHocSetting
  var estate: ServingEstate { setting.estate }

  init() throws {
    setting = try AdHocSetting(ServingEstate())
    try setting.estate.node.serve()
  }
}
