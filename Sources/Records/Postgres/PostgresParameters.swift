// SPDX-License-Identifier: Apache-2.0

import CPostgres

/// The values of a statement as libpq takes them: binary, with the type of each.
struct PostgresParameters {
  /// Type numbers of the server (pg_type.dat); 0 lets it infer the type, as for NULL.
  enum TypeNumber {
    static let bool: Oid = 16
    static let bytea: Oid = 17
    static let int8: Oid = 20
    static let int2: Oid = 21
    static let int4: Oid = 23
    static let text: Oid = 25
    static let varchar: Oid = 1043
    static let name: Oid = 19
    static let numeric: Oid = 1700
    static let inferred: Oid = 0
  }

  private let values: [SQL.Value]

  init(_ values: [SQL.Value]) {
    self.values = values
  }

  /// How many there are.
  var count: Int { values.count }

  /// The type of each.
  var types: [Oid] {
    values.map { value in
      switch value {
      case .null: TypeNumber.inferred
      case .int: TypeNumber.int8
      case .text: TypeNumber.text
      case .blob: TypeNumber.bytea
      }
    }
  }

  /// One letter a type: the same text with other types is another statement on the server.
  var signature: String {
    String(
      values.map { value -> Character in
        switch value {
        case .null: "n"
        case .int: "i"
        case .text: "t"
        case .blob: "b"
        }
      }) + "|"
  }

  /// Lends pointers to the values, their lengths in octets and their formats.
  func with<Result>(
    _ body: (
      UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
    ) -> Result
  ) -> Result {
    var octets: [UInt8] = []
    var places: [(start: Int, count: Int)?] = []
    for value in values {
      let start = octets.count
      switch value {
      case .null:
        places.append(nil)
        continue
      case .int(let number):
        let bits = UInt64(bitPattern: number)
        for shift in stride(from: 56, through: 0, by: -8) {
          octets.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
      case .text(let text): octets += text.utf8
      case .blob(let bytes): octets += bytes
      }
      places.append((start, octets.count - start))
    }
    // So that the address of the last value is within the array, even when it is empty.
    octets.append(0)
    let lengths = places.map { Int32($0?.count ?? 0) }
    let formats = [Int32](repeating: PostgresResult.binary, count: values.count)
    return unsafe octets.withUnsafeBytes { octets in
      let base = unsafe octets.baseAddress?.assumingMemoryBound(to: CChar.self)
      let pointers = unsafe places.map { place -> UnsafePointer<CChar>? in
        guard let place, let base = unsafe base else { return nil }
        return unsafe base + place.start
      }
      return unsafe pointers.withUnsafeBufferPointer { pointers in
        unsafe lengths.withUnsafeBufferPointer { lengths in
          unsafe formats.withUnsafeBufferPointer { formats in
            unsafe body(pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
          }
        }
      }
    }
  }
}
