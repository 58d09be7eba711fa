// SPDX-License-Identifier: Apache-2.0

import CPostgres

/// Reads the rows of a result in libpq's binary format (PostgreSQL manual, 34.3 and 55).
enum PostgresResult {
  /// What libpq calls the binary format.
  static let binary: Int32 = 1
  /// PG_DIAG_SQLSTATE: the letter C, a macro of postgres_ext.h.
  static let stateField = Int32(UInt8(ascii: "C"))
  /// PG_DIAG_MESSAGE_PRIMARY.
  static let messageField = Int32(UInt8(ascii: "M"))

  /// All rows.
  ///
  /// - Throws: `columnType` for a type that no column of a store has.
  @unsafe
  static func rows(of result: OpaquePointer) throws(DatabaseError) -> [Row] {
    let width = unsafe PQnfields(result)
    let count = unsafe PQntuples(result)
    guard width > 0, count > 0 else { return [] }
    var columns: [String] = []
    var types: [Oid] = []
    for field in 0..<width {
      columns.append(unsafe PQfname(result, field).map { unsafe String(cString: $0) } ?? "")
      types.append(unsafe PQftype(result, field))
    }
    var rows: [Row] = []
    rows.reserveCapacity(Int(count))
    for index in 0..<count {
      var values: [SQL.Value] = []
      values.reserveCapacity(Int(width))
      for field in 0..<width {
        guard unsafe PQgetisnull(result, index, field) == 0,
          let start = unsafe PQgetvalue(result, index, field)
        else {
          values.append(.null)
          continue
        }
        let octets = unsafe UnsafeRawBufferPointer(
          start: start, count: Int(PQgetlength(result, index, field)))
        values.append(try unsafe value(octets, types[Int(field)]))
      }
      rows.append(Row(columns: columns, values: values))
    }
    return rows
  }

  @unsafe
  private static func value(
    _ octets: UnsafeRawBufferPointer, _ type: Oid
  ) throws(DatabaseError) -> SQL.Value {
    typealias Number = PostgresParameters.TypeNumber
    switch type {
    case Number.int8, Number.int4, Number.int2, Number.bool:
      return .int(unsafe integer(octets))
    case Number.bytea: return .blob(unsafe Array(octets))
    case Number.text, Number.varchar, Number.name:
      return .text(unsafe String(decoding: octets, as: UTF8.self))
    case Number.numeric: return .int(try unsafe numeric(octets))
    default: throw DatabaseError(.columnType, "a column of the server's type \(type)")
    }
  }

  /// Two's complement, most significant octet first; 1 or 0 for a truth value.
  @unsafe
  private static func integer(_ octets: UnsafeRawBufferPointer) -> Int64 {
    var bits = UInt64(0)
    for octet in unsafe Array(octets) { bits = bits << 8 | UInt64(octet) }
    let unused = 64 - 8 * octets.count
    guard octets.count > 1, unused > 0 else { return Int64(bitPattern: bits) }
    return Int64(bitPattern: bits << UInt64(unused)) >> Int64(unused)
  }

  /// A sum: digits of base 10,000 without a fraction (numeric_send: count, weight, sign, scale).
  @unsafe
  private static func numeric(_ octets: UnsafeRawBufferPointer) throws(DatabaseError) -> Int64 {
    func word(_ index: Int) -> Int64 {
      unsafe Int64(octets[index * 2]) << 8 | Int64(octets[index * 2 + 1])
    }
    let isWhole = octets.count >= 8 && octets.count == 8 + Int(word(0)) * 2
    guard isWhole, word(2) == 0 || word(2) == 0x4000 else {
      throw DatabaseError(.columnType, "a number that is none")
    }
    let weight = Int64(Int16(truncatingIfNeeded: word(1)))
    var value: Int64 = 0
    for place in 0..<max(0, weight + 1) {
      let digit = place < word(0) ? word(4 + Int(place)) : 0
      let (product, isOver) = value.multipliedReportingOverflow(by: 10_000)
      let (sum, isOverToo) = product.addingReportingOverflow(digit)
      guard !isOver, !isOverToo else {
        throw DatabaseError(.columnType, "a number of more than 64 bits")
      }
      value = sum
    }
    return word(2) == 0 ? value : -value
  }
}
