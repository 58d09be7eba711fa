// SPDX-License-Identifier: Apache-2.0

import SEC

/// What is recorded and not yet lodged, in this process.
struct InFlight: Sendable {
  private(set) var keys: Set<[UInt8]> = []
  private(set) var entities: [EntityID: Int] = [:]
  /// Names of systems, each with its party and interface.
  private var names: Set<[String]> = []

  /// Whether the outcome for this one depends on another that is under way.
  func contains(_ item: PreparedCertificate) -> Bool {
    keys.contains(item.keyIdentifier) || item.nameOfSystem.map(names.contains) ?? false
  }

  mutating func add(_ item: PreparedCertificate) {
    keys.insert(item.keyIdentifier)
    if let name = item.nameOfSystem { names.insert(name) }
    if let entity = item.entity { entities[entity, default: 0] += 1 }
  }

  mutating func remove(_ item: PreparedCertificate) {
    keys.remove(item.keyIdentifier)
    if let name = item.nameOfSystem { names.remove(name) }
    guard let entity = item.entity, let count = entities[entity] else { return }
    entities[entity] = count > 1 ? count - 1 : nil
  }
}
