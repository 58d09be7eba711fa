// SPDX-License-Identifier: Apache-2.0

/// One part of a text in the textual encoding of RFC 7468.
package struct PEM: Hashable, Sendable {
  /// The most octets of a text that is read: 64 KiB of DER take 89 KiB of text.
  package static let textOctetsMax = 131_072
  /// The most parts of one text.
  package static let partsMax = 64
  /// The widths of full lines: RFC 7468, section 2, and MIME (RFC 2045, 6.8).
  package static let lineWidths = [64, 76]

  /// What stands between `BEGIN ` and the dashes, such as `CERTIFICATE`.
  package let label: String
  /// The bytes.
  package let bytes: [UInt8]

  /// A part made of a label and bytes.
  package init(label: String, bytes: [UInt8]) {
    self.label = label
    self.bytes = bytes
  }

  /// The part as text: lines of 64 characters, each ended by a line feed.
  package var text: String {
    let body = Array(Base64.encode(bytes).utf8)
    var text = "-----BEGIN \(label)-----\n"
    for start in stride(from: 0, to: body.count, by: 64) {
      text += String(decoding: body[start..<min(start + 64, body.count)], as: UTF8.self) + "\n"
    }
    return text + "-----END \(label)-----\n"
  }

  /// All parts of a text, in order.
  ///
  /// Lines outside the parts are explanations and passed over (RFC 7468, section 2). Inside, only
  /// Base64 may stand, in full lines of one width; lines end with LF or CRLF.
  ///
  /// - Throws: `bad-text`; `too-long`; `too-many`; `empty` when there is no part.
  package static func read(
    _ text: [UInt8], textOctetsMax: Int = PEM.textOctetsMax
  ) throws(DERError) -> [PEM] {
    guard text.count <= textOctetsMax else {
      throw DERError(.tooLong, at: 0, "\(text.count) octets of text, at most \(textOctetsMax)")
    }
    var parts: [PEM] = []
    var open: (label: ArraySlice<UInt8>, lines: [ArraySlice<UInt8>])?
    for line in PEM.lines(of: text[...]) {
      if let label = PEM.label(of: line, after: PEM.begin) {
        guard open == nil else {
          throw DERError(.badText, at: line.startIndex, "a part begins inside another")
        }
        open = (label, [])
      } else if let label = PEM.label(of: line, after: PEM.end) {
        guard let part = open, part.label == label else {
          throw DERError(.badText, at: line.startIndex, "a part ends that did not begin")
        }
        guard parts.count < partsMax else {
          throw DERError(.tooMany, at: line.startIndex, "more than \(partsMax) parts")
        }
        let bytes = try PEM.bytes(of: part.lines, at: line.startIndex)
        parts.append(PEM(label: String(decoding: label, as: UTF8.self), bytes: bytes))
        open = nil
      } else if open != nil {
        open?.lines.append(line)
      }
    }
    guard open == nil else { throw DERError(.badText, at: text.count, "a part does not end") }
    guard !parts.isEmpty else { throw DERError(.empty, at: 0, "no part of PEM") }
    return parts
  }

  /// The only part of a text, which must have one of the labels.
  package static func readOne(
    _ text: [UInt8], labels: [String], textOctetsMax: Int = PEM.textOctetsMax
  ) throws(DERError) -> [UInt8] {
    let parts = try read(text, textOctetsMax: textOctetsMax)
    guard parts.count == 1 else {
      throw DERError(.tooMany, at: 0, "\(parts.count) parts where 1 may be")
    }
    guard labels.contains(parts[0].label) else {
      throw DERError(.badText, at: 0, "\(labels.joined(separator: " or ")) expected as the label")
    }
    return parts[0].bytes
  }

  /// The bytes of Base64 on one line, or on full lines of one width before a last one.
  ///
  /// - Parameters:
  ///   - lines: the lines, without their ends.
  ///   - offset: where to say that an error is when there is no line.
  /// - Returns: the bytes, at least one.
  /// - Throws: `bad-text`.
  package static func bytes(
    of lines: [ArraySlice<UInt8>], at offset: Int = 0
  ) throws(DERError) -> [UInt8] {
    guard let first = lines.first, let last = lines.last else {
      throw DERError(.badText, at: offset, "no Base64")
    }
    if lines.count == 1 {
      guard !first.isEmpty, let bytes = Base64.decode(first) else {
        throw DERError(.badText, at: first.startIndex, "not Base64")
      }
      return bytes
    }
    guard lineWidths.contains(first.count),
      lines.dropLast().allSatisfy({ $0.count == first.count }),
      (1...first.count).contains(last.count)
    else { throw DERError(.badText, at: first.startIndex, "lines of 64 or of 76 expected") }
    var body: [UInt8] = []
    body.reserveCapacity(first.count * lines.count)
    for line in lines { body += line }
    guard let bytes = Base64.decode(body) else {
      throw DERError(.badText, at: first.startIndex, "not Base64")
    }
    return bytes
  }

  /// The lines of a text without their ends, LF or CRLF; none after the last end.
  package static func lines(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
  }

  private static let begin = Array("-----BEGIN ".utf8)
  private static let end = Array("-----END ".utf8)
  private static let dashes = Array("-----".utf8)

  /// What a boundary line names, or nil when the line is none.
  private static func label(
    of line: ArraySlice<UInt8>, after prefix: [UInt8]
  ) -> ArraySlice<UInt8>? {
    guard line.starts(with: prefix), line.suffix(dashes.count).elementsEqual(dashes),
      line.count > prefix.count + dashes.count
    else { return nil }
    return line.dropFirst(prefix.count).dropLast(dashes.count)
  }
}
