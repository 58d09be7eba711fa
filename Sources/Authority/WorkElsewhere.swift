// SPDX-License-Identifier: Apache-2.0

import Records
import SEC
import Threads

/// What the other nodes of a store have recorded and not yet lodged.
///
/// Each open chunk is noted in the store with its keys, devices and names; a node reads the note of
/// a chunk once and asks in each transaction only which chunks are still open.
final class WorkElsewhere: Sendable {
  /// What one certificate of an open chunk keeps others from.
  private struct Claim: Hashable, Sendable {
    let keyIdentifier: [UInt8]
    let entity: EntityID?
    let nameOfSystem: [String]?
  }

  /// What is open elsewhere as one transaction sees it.
  struct View: Sendable {
    fileprivate var keys: Set<[UInt8]> = []
    fileprivate var names: Set<[String]> = []
    fileprivate var entities: [EntityID: Int] = [:]

    /// Whether the outcome for this one depends on another that is under way.
    func contains(_ item: PreparedCertificate) -> Bool {
      keys.contains(item.keyIdentifier) || item.nameOfSystem.map(names.contains) ?? false
    }

    /// Certificates of a device that are under way.
    func count(of entity: EntityID) -> Int { entities[entity, default: 0] }
  }

  private let known = Guarded<[String: [Claim]]>([:])

  /// What is open at this moment.
  func view(in transaction: Transaction) throws -> View {
    let open = try transaction.workElsewhere().map(\.name)
    guard !open.isEmpty else {
      known.change { $0 = [:] }
      return View()
    }
    var claims = known.value.filter { open.contains($0.key) }
    for name in open where claims[name] == nil {
      guard let note = try transaction.note(ofWork: name) else { continue }
      guard let read = Self.decode(note) else { throw DatabaseError.damaged("server_claim.note") }
      claims[name] = read
    }
    let seen = claims
    known.change { $0 = seen }
    var view = View()
    for claim in claims.values.joined() {
      view.keys.insert(claim.keyIdentifier)
      if let name = claim.nameOfSystem { view.names.insert(name) }
      if let entity = claim.entity { view.entities[entity, default: 0] += 1 }
    }
    return view
  }

  /// The note of a chunk: for each certificate its key, its device or none, its name or none.
  static func encode(_ items: [PreparedCertificate]) -> [UInt8] {
    var octets: [UInt8] = []
    for item in items {
      octets += [UInt8(item.keyIdentifier.count)] + item.keyIdentifier
      let entity = item.entity?.octets ?? []
      octets += [UInt8(entity.count)] + entity
      let name = item.nameOfSystem ?? []
      octets.append(UInt8(name.count))
      for part in name {
        let part = Array(part.utf8)
        octets += [UInt8(part.count >> 8), UInt8(part.count & 0xFF)] + part
      }
    }
    return octets
  }

  private static func decode(_ octets: [UInt8]) -> [Claim]? {
    var rest = octets[...]
    func take(_ count: UInt8?) -> [UInt8]? {
      guard let count, rest.count >= Int(count) else { return nil }
      defer { rest = rest.dropFirst(Int(count)) }
      return Array(rest.prefix(Int(count)))
    }
    var claims: [Claim] = []
    while !rest.isEmpty {
      guard let key = take(rest.popFirst()), let entity = take(rest.popFirst()),
        let parts = rest.popFirst()
      else { return nil }
      var name: [String] = []
      for _ in 0..<parts {
        guard let high = rest.popFirst(), let low = rest.popFirst(),
          rest.count >= Int(high) << 8 | Int(low)
        else { return nil }
        let length = Int(high) << 8 | Int(low)
        name.append(String(decoding: rest.prefix(length), as: UTF8.self))
        rest = rest.dropFirst(length)
      }
      claims.append(
        Claim(
          keyIdentifier: key, entity: EntityID(octets: entity),
          nameOfSystem: name.isEmpty ? nil : name))
    }
    return claims
  }
}
