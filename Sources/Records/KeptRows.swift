// SPDX-License-Identifier: Apache-2.0

import DER

/// The rows that the audit knows, and how they differ from those that the tables hold.
///
/// A row that is known by a number costs 32 octets, so that the million chunks of a large store
/// fit.
package struct KeptRows: Sendable {
  /// A hash without the allocation of an array.
  private struct Hash: Hashable, Sendable {
    let words: SIMD4<UInt64>

    init?(_ octets: [UInt8]?) {
      guard let octets, octets.count == 32 else { return nil }
      var words = SIMD4<UInt64>()
      for (index, octet) in octets.enumerated() {
        words[index / 8] = words[index / 8] << 8 | UInt64(octet)
      }
      self.words = words
    }
  }

  /// Numbers are kept in a row while they come about in order; so far ahead of the last one.
  private static let aheadMax = 10_000

  /// The hashes by fact, for keys that are no number.
  private var hashes: [String: Hash] = [:]
  /// The hashes by table and number.
  private var numbered: [Substring: [Hash?]] = [:]

  /// No rows yet.
  package init() {}

  /// Takes the facts of one audit entry, in the order of the log.
  ///
  /// - Returns: the tables of which it tells rows.
  @discardableResult
  package mutating func replay(_ facts: [String: String]) -> Set<String> {
    var tables: Set<String> = []
    for (name, value) in facts where name.hasPrefix("row:") {
      let hash = Hash(Hex.decode(value))
      let parts = name.split(separator: ":", maxSplits: 2)
      if parts.count > 1 { tables.insert(String(parts[1])) }
      if parts.count == 3, let number = Int(parts[2]), String(number) == parts[2], number >= 0,
        case let count = numbered[parts[1]]?.count ?? 0, number <= count + Self.aheadMax
      {
        if number >= count {
          numbered[parts[1], default: []] += Array(repeating: nil, count: number - count + 1)
        }
        numbered[parts[1]]?[number] = hash
      } else {
        hashes[name] = hash
      }
    }
    return tables
  }

  /// Takes out what is known of a row.
  private mutating func take(_ table: KeptTable, _ key: ArraySlice<SQL.Value>) -> Hash? {
    if key.count == 1, case .int(let value)? = key.first, let number = Int(exactly: value),
      let count = numbered[table.name[...]]?.count, (0..<count).contains(number)
    {
      defer { numbered[table.name[...]]?[number] = nil }
      return numbered[table.name[...]]?[number]
    }
    return hashes.removeValue(forKey: table.fact(key))
  }

  /// Compares the tables with what was replayed.
  ///
  /// - Returns: how many rows agree, and a fault for each that was changed, added or removed
  ///   without an entry.
  package mutating func differences(
    _ tables: [KeptTable], in reading: some Querying
  ) throws -> (sound: Int, faults: [AuditReport.Fault]) {
    var sound = 0
    var faults: [AuditReport.Fault] = []
    for table in tables {
      let prefix = "row:\(table.name):"
      func add(_ fact: some StringProtocol, _ detail: String) {
        let row = String(fact.dropFirst(prefix.count))
        faults.append(
          AuditReport.Fault(table: table.name, row: row, column: nil, detail: detail))
      }
      var known = self
      try reading.each(table.select) { row in
        let key = row.values.prefix(table.key.count)
        switch known.take(table, key) {
        case nil: add(table.fact(key), "the audit has no entry for it")
        case Hash(KeptTable.hash(row.values)): sound += 1
        default: add(table.fact(key), "differs from its audit entry")
        }
      }
      self = known
      for fact in hashes.keys.filter({ $0.hasPrefix(prefix) }).sorted() {
        add(fact, "is missing from the table")
        hashes[fact] = nil
      }
      for (number, hash) in (numbered[table.name[...]] ?? []).enumerated() where hash != nil {
        add("\(prefix)\(number)", "is missing from the table")
      }
      numbered[table.name[...]] = nil
    }
    return (sound, faults)
  }
}
