// SPDX-License-Identifier: Apache-2.0

/// The target of a request line in origin form (RFC 9112 section 3.2.1), decoded strictly.
package struct Target: Sendable {
  /// The path, percent-encoding undone.
  package let path: String
  /// The query items in their order, percent-encoding and plus signs undone.
  package let query: [(name: String, value: String)]

  /// Reads the octets between method and version.
  ///
  /// - Returns: nil when it does not begin with a slash, holds a wrong percent-encoding, a control
  ///   character or a fragment, is not UTF-8 when decoded, has a dot segment or an encoded slash
  ///   in its path, or holds more than `Form.fieldsMax` items.
  package init?(_ octets: some Collection<UInt8>) {
    guard octets.first == UInt8(ascii: "/") else { return nil }
    let end = octets.firstIndex(of: UInt8(ascii: "?")) ?? octets.endIndex
    guard let path = Form.decode(octets[..<end], as: .path), Self.hasNoDotSegment(path) else {
      return nil
    }
    self.path = path
    guard end != octets.endIndex else {
      query = []
      return
    }
    let text = octets[octets.index(after: end)...]
    guard let query = Form.fields(text, allowingLineEnds: false) else { return nil }
    self.query = query
  }

  private static func hasNoDotSegment(_ path: String) -> Bool {
    guard path.utf8.contains(UInt8(ascii: ".")) else { return true }
    return path.utf8.split(separator: UInt8(ascii: "/")).allSatisfy {
      !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
    }
  }
}
