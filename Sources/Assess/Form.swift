// SPDX-License-Identifier: Apache-2.0

import DER

/// How a Device Certificate is made from its row and the template of its form (ENG-compact-rows).
///
/// The template is what is signed, with zeros for serial number, beginning, key, key identifier and
/// device; the row has these, and point and signature in 128 octets.
enum Form {
  /// The certificate of a row.
  ///
  /// - Parameters:
  ///   - row: a row with the columns of `Assessment.certificatesInOrder`.
  ///   - template: what is signed, with its zeros.
  /// - Returns: its octets, or nothing when row and template do not fit each other.
  static func certificate(_ row: [Value], _ template: [UInt8]) -> [UInt8] {
    guard let body = row[11].blob, body.count == 128,
      let signed = try? signed(row, template, point: body.prefix(64))
    else { return [] }
    let numbers = [body[64..<96], body[96..<128]].map { number in
      Writer.write { $0.integer(Integer(magnitude: Array(number))) }
    }
    let signature = Writer.write { $0.element(.sequence, numbers[0] + numbers[1]) }
    return Writer.write { writer in
      writer.sequence { writer in
        writer.raw(signed.octets)
        writer.raw(signed.algorithm)
        writer.element(.bitString, [0] + signature)
      }
    }
  }

  private static func signed(
    _ row: [Value], _ template: [UInt8], point: ArraySlice<UInt8>
  ) throws(DERError) -> (octets: [UInt8], algorithm: [UInt8]) {
    var octets = template
    func put(_ content: [UInt8]?, over place: ArraySlice<UInt8>) {
      if let content, content.count == place.count {
        octets.replaceSubrange(place.startIndex..<place.endIndex, with: content)
      }
    }
    var outer = try Reader(template[...])
    var fields = try outer.enter(.sequence)
    _ = try fields.element()
    put(row[3].blob, over: try fields.element().content)
    let algorithm = Array(try fields.element().whole)
    _ = try fields.element()
    var validity = try fields.enter(.sequence)
    let time = Writer.write { $0.time(Time(milliseconds: Int64(row[9].int ?? 0))) }
    put(time, over: try validity.element().whole)
    _ = try fields.element()
    var key = try fields.enter(.sequence)
    _ = try key.element()
    put(Array(point), over: try key.element().content.dropFirst(2))
    var tagged = try fields.enter(Identifier(octet: 0xA3))
    var extensions = try tagged.enter(.sequence)
    while !extensions.isAtEnd {
      var one = try extensions.enter(.sequence)
      let kind = try one.objectIdentifier().description
      if one.next == .boolean { _ = try one.element() }
      let value = try one.octetString()
      // The identifier of the key and the device end their extensions.
      if kind == "2.5.29.14" { put(row[6].blob, over: value.suffix(8)) }
      if kind == "2.5.29.17" { put(row[5].blob, over: value.suffix(8)) }
    }
    return (octets, algorithm)
  }
}
