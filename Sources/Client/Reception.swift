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
    unsafe reception.take(line: String(decoding: line, as: UTF8.self))
    return line.count
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> Reception? {
    unsafe context.map { unsafe Unmanaged<Reception>.fromOpaque($0).takeUnretainedValue() }
  }

  private func take(line: String) {
    // Each answer begins with a status line; what an interim answer (100) said is forgotten.
    guard !line.hasPrefix("HTTP/") else {
      headers = []
      return
    }
    guard let colon = line.firstIndex(of: ":") else { return }
    headers.append(
      (
        name: line[..<colon].lowercased(),
        value: Self.trimmed(line[line.index(after: colon)...])
      ))
  }

  private static func trimmed(_ text: Substring) -> String {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
    guard let first = text.firstIndex(where: { !isBlank($0) }),
      let last = text.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(text[first...last])
  }
}
