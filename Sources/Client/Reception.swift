// SPDX-License-Identifier: Apache-2.0

import CCurl

/// What has come of an answer so far.
final class Reception {
  private(set) var headers: [(name: String, value: String)] = []
  private(set) var octets: [UInt8] = []
  private(set) var isTooLarge = false
  private let bodyOctetsMax: Int

  /// The most octets of header lines it takes.
  static let headOctetsMax = 256 * 1_024
  private var headOctets = 0

  init(bodyOctetsMax: Int) {
    self.bodyOctetsMax = bodyOctetsMax
  }

  /// Given to the library for the body.
  static let body: smki_curl_receive = { start, size, count, context in
    guard let reception = unsafe Reception.of(context) else { return 0 }
    let piece = unsafe UnsafeRawBufferPointer(start: start, count: size * count)
    guard reception.octets.count + piece.count <= reception.bodyOctetsMax else {
      reception.isTooLarge = true
      return 0
    }
    unsafe reception.octets.append(contentsOf: piece)
    return piece.count
  }

  /// Given to the library for the header lines, which come one by one.
  static let header: smki_curl_receive = { start, size, count, context in
    guard let reception = unsafe Reception.of(context) else { return 0 }
    let line = unsafe UnsafeRawBufferPointer(start: start, count: size * count)
    reception.headOctets += line.count
    guard reception.headOctets <= Reception.headOctetsMax else {
      reception.isTooLarge = true
      return 0
    }
    unsafe reception.take(line: Array(line))
    return line.count
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Reception? {
    unsafe context.map { unsafe Unmanaged<Reception>.fromOpaque($0).takeUnretainedValue() }
  }

  private func take(line: [UInt8]) {
    // Each answer begins with a status line; what an interim answer (100) said is forgotten.
    guard !line.starts(with: "HTTP/".utf8) else {
      headers = []
      return
    }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
    let name = line[..<colon].map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    let value = Self.trimmed(line[(colon + 1)...])
    headers.append(
      (name: String(decoding: name, as: UTF8.self), value: String(decoding: value, as: UTF8.self)))
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let blanks: ClosedRange<UInt8> = 0...0x20
    guard let first = text.firstIndex(where: { !blanks.contains($0) }),
      let last = text.lastIndex(where: { !blanks.contains($0) })
    else { return [] }
    return text[first...last]
  }
}
