// SPDX-License-Identifier: Apache-2.0

/// An object identifier (X.660), kept as the content octets of its DER encoding (X.690, 8.19).
package struct ObjectIdentifier: Hashable, Sendable {
  /// The most content octets that are accepted: the longest identifier in use here has 13, and
  /// RFC 5280 appendix B asks for 100 octets in all at most.
  package static let contentOctetsMax = 63

  /// The content octets, without tag and length.
  package let content: [UInt8]

  /// Reads content octets: minimal base-128 groups, each ended, each below 2^63.
  package init?(content: ArraySlice<UInt8>) {
    guard content.count <= Self.contentOctetsMax,
      Self.isWellFormed(content, arcOctetsMax: Self.arcOctetsMax)
    else { return nil }
    self.content = Array(content)
  }

  /// The most octets of an arc below 2^63.
  private static let arcOctetsMax = 9

  /// Whether there is an arc, each is ended, none has a padding octet (X.690, 8.19.2) and none has
  /// more octets than may be.
  static func isWellFormed(_ content: ArraySlice<UInt8>, arcOctetsMax: Int) -> Bool {
    guard let last = content.last, last & 0x80 == 0 else { return false }
    var startsArc = true
    var octetsInArc = 0
    for octet in content {
      if startsArc && octet == 0x80 { return false }
      octetsInArc = startsArc ? 1 : octetsInArc + 1
      guard octetsInArc <= arcOctetsMax else { return false }
      startsArc = octet & 0x80 == 0
    }
    return true
  }

  /// Reads dotted decimal text such as `2.5.29.15`, or nil when it names no identifier.
  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count >= 2, text.utf8.count <= 255 else { return nil }
    var arcs: [UInt64] = []
    for part in parts {
      let isCanonical = part == "0" || part.first != "0"
      guard isCanonical, part.utf8.allSatisfy({ (48...57).contains($0) }), let arc = UInt64(part),
        arc < 1 << 63
      else { return nil }
      arcs.append(arc)
    }
    guard arcs[0] <= 2, arcs[0] == 2 || arcs[1] < 40, arcs[1] < (1 << 63) - 80 else { return nil }
    var content: [UInt8] = []
    for arc in [arcs[0] * 40 + arcs[1]] + arcs.dropFirst(2) {
      let groups = max(1, (64 - arc.leadingZeroBitCount + 6) / 7)
      for group in (0..<groups).reversed() {
        let bits = UInt8(truncatingIfNeeded: arc >> UInt64(group * 7)) & 0x7F
        content.append(group == 0 ? bits : bits | 0x80)
      }
    }
    guard content.count <= Self.contentOctetsMax else { return nil }
    self.content = content
  }
}

extension ObjectIdentifier: CustomStringConvertible {
  /// Dotted decimal text.
  package var description: String {
    var arcs: [UInt64] = []
    var arc: UInt64 = 0
    for octet in content {
      arc = arc << 7 | UInt64(octet & 0x7F)
      if octet & 0x80 == 0 {
        arcs.append(arc)
        arc = 0
      }
    }
    let first = min(arcs[0] / 40, 2)
    return ([first, arcs[0] - first * 40] + arcs.dropFirst()).map(String.init)
      .joined(separator: ".")
  }
}

extension ObjectIdentifier: ExpressibleByStringLiteral {
  /// A constant of the program in dotted decimal; a wrong one is a programmer's error.
  package init(stringLiteral text: String) {
    guard let identifier = ObjectIdentifier(text) else {
      preconditionFailure("not an object identifier: \(text)")
    }
    self = identifier
  }
}
