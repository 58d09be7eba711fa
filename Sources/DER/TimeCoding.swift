// SPDX-License-Identifier: Apache-2.0

/// Times as RFC 5280, 4.1.2.5 writes them: UTCTime up to 2049, GeneralizedTime from 2050, always
/// with seconds, without fractions, in UTC with a `Z`.
extension Reader {
  /// UTCTime or GeneralizedTime, whichever the year asks for.
  package mutating func time() throws(DERError) -> Time {
    let start = offset
    if next == .utcTime {
      let content = try content(of: .utcTime)
      guard content.count == 13, let short = Time.number(content.prefix(2)),
        let time = Time.coded(year: short < 50 ? 2000 + short : 1900 + short, content.dropFirst(2))
      else { throw badTime(start, content) }
      return time
    }
    guard next == .generalizedTime else {
      let found = next.map { "\($0)" } ?? "nothing"
      throw DERError(.wrongTag, at: start, "a time expected, \(found) found")
    }
    let content = try content(of: .generalizedTime)
    guard content.count == 15, let year = Time.number(content.prefix(4)), year >= 2050,
      let time = Time.coded(year: year, content.dropFirst(4))
    else { throw badTime(start, content) }
    return time
  }

  private func badTime(_ start: Int, _ content: ArraySlice<UInt8>) -> DERError {
    DERError(
      .badTime, at: start,
      "YYMMDDHHMMSSZ to 2049, YYYYMMDDHHMMSSZ from 2050 expected; \(Hex.encode(content)) found")
  }
}

extension Writer {
  /// UTCTime from 1950 to 2049, GeneralizedTime from 2050 to 9999; milliseconds are dropped.
  package mutating func time(_ time: Time) {
    self.time(time, isShort: time.fields.year <= 2049)
  }

  /// GeneralizedTime in any year, as answers about certificates have it (RFC 6960, 4.2.2.1).
  package mutating func generalizedTime(_ time: Time) {
    self.time(time, isShort: false)
  }

  private mutating func time(_ time: Time, isShort: Bool) {
    let fields = time.fields
    precondition((1950...9999).contains(fields.year), "a certificate knows 1950 to 9999")
    var digits: [UInt8] = []
    digits.reserveCapacity(15)
    let century = fields.year / 100
    let pairs = [fields.year % 100, fields.month, fields.day, fields.hour, fields.minute]
    for pair in (isShort ? [] : [century]) + pairs + [fields.second] {
      digits.append(UInt8(ascii: "0") + UInt8(pair / 10))
      digits.append(UInt8(ascii: "0") + UInt8(pair % 10))
    }
    digits.append(UInt8(ascii: "Z"))
    element(isShort ? .utcTime : .generalizedTime, digits)
  }
}

extension Time {
  /// Reads `MMDDHHMMSSZ`.
  fileprivate static func coded(year: Int, _ text: ArraySlice<UInt8>) -> Time? {
    let start = text.startIndex
    func pair(_ index: Int) -> Int? {
      number(text[(start + index * 2)..<(start + index * 2 + 2)])
    }
    guard text.count == 11, text.last == UInt8(ascii: "Z"), let month = pair(0),
      let day = pair(1), let hour = pair(2), let minute = pair(3), let second = pair(4)
    else { return nil }
    return Time(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }
}
