// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Profiles
import X509

/// One hierarchy drawn as a tree: the root, and under it each issuing authority with its name, key,
/// life, volume and state.
struct TrustPicture {
  /// The most authorities that are drawn; the rest are counted.
  static let authoritiesMax = 12

  private static let width = 360
  private static let rootHeight = 72
  private static let boxHeight = 98
  private static let gap = 14
  private static let indent = 28

  let branch: EstateFacts.Branch
  let moment: Time

  /// The name of a hierarchy for people.
  static func title(_ hierarchy: Hierarchy) -> String {
    switch hierarchy {
    case .device: "Device certificates"
    case .organisation: "Organisation certificates"
    case .iki: "Credentials (IKI)"
    case .dccki: "Gateway connections (DCCKI)"
    }
  }

  /// The picture as SVG that a page can hold.
  var svg: HTML {
    // Those that sign first, then the stock, then those that are spent.
    let order: [IssuingAuthority.State] = [.onLine, .stock, .spent]
    let sorted = order.flatMap { state in branch.authorities.filter { $0.state == state } }
    let drawn = Array(sorted.prefix(Self.authoritiesMax))
    let rest = branch.authorities.count - drawn.count
    let step = Self.boxHeight + Self.gap
    let height = Self.rootHeight + drawn.count * step + (rest > 0 ? 28 : 0) + 4
    let last = Self.rootHeight + (drawn.count - 1) * step + Self.gap + Self.boxHeight / 2
    let trunk: HTML =
      drawn.isEmpty
      ? "" : "<path class=\"branch\" d=\"M14 \(Self.rootHeight) V\(last)\"/>"
    let boxes = drawn.enumerated().map { place, authority in
      box(authority, at: Self.rootHeight + place * step + Self.gap)
    }
    let more: HTML =
      rest > 0
      ? "<text class=\"small\" x=\"\(Self.indent)\" y=\"\(height - 8)\">and \(rest) more</text>"
      : ""
    let label =
      "\(Self.title(branch.hierarchy)): \(drawn.count + rest) issuing "
      + (drawn.count + rest == 1 ? "authority" : "authorities")
    return """
      <svg viewBox="0 0 \(Self.width) \(height)" width="\(Self.width)" height="\(height)">
      <title>\(label)</title>
      \(trunk)\(root)\(boxes)\(more)
      </svg>
      """
  }

  private var root: HTML {
    let name = branch.root?.subject.commonName ?? "unknown"
    let key = Self.grouped(branch.root?.subjectKeyIdentifier?.octets ?? [])
    let life = branch.root.map {
      "since \(Self.date($0.tbs.notBefore)), \(Self.end($0)), off line"
    }
    return """
      <rect class="root" x="1" y="1" width="\(Self.width - 2)" height="\(Self.rootHeight - 2)" \
      rx="8"/>
      <text class="name" x="14" y="25">\(name)</text>
      <text class="state" x="\(Self.width - 14)" y="25" text-anchor="end">root</text>
      <text class="key" x="14" y="44">\(key)</text>
      <text class="small" x="14" y="61">\(life ?? "not lodged")</text>
      """
  }

  private func box(_ authority: IssuingAuthority, at top: Int) -> HTML {
    let left = Self.indent
    let width = Self.width - left - 1
    let text = left + 14
    let right = Self.width - 15
    let key = Self.grouped(authority.certificate.subjectKeyIdentifier?.octets ?? [])
    return """
      <path class="branch" d="M14 \(top + Self.boxHeight / 2) H\(left)"/>
      <rect class="box \(authority.state.rawValue)" x="\(left)" y="\(top)" width="\(width)" \
      height="\(Self.boxHeight)" rx="8"/>
      <text class="name" x="\(text)" y="\(top + 24)">\
      \(authority.certificate.subject.commonName ?? "number \(authority.id)")</text>
      <text class="state \(authority.state.rawValue)" x="\(right)" y="\(top + 24)" \
      text-anchor="end">\(Self.title(authority.state))</text>
      <text class="key" x="\(text)" y="\(top + 43)">\(key)</text>
      <text class="small" x="\(text)" y="\(top + 60)">\(life(authority))</text>
      \(volume(authority, left: text, right: right, top: top + 71))
      """
  }

  /// C3-118-4: until when it signs, and until when its certificate is good.
  private func life(_ authority: IssuingAuthority) -> String {
    let end = Self.end(authority.certificate)
    switch authority.state {
    case .stock: return "never used, \(end)"
    case .spent: return "signs no more, \(end)"
    case .onLine:
      let stop = authority.onLineSince.flatMap { authority.life.ends(onLineSince: $0) }
      return stop.map { "signs until \(Self.date($0)), \(end)" }
        ?? "signs, \(end)"
    }
  }

  /// C3-118-4b: how much of its volume is used, as a bar and in numbers.
  private func volume(
    _ authority: IssuingAuthority, left: Int, right: Int, top: Int
  ) -> HTML {
    let used = Number.grouped(authority.reserved)
    guard let most = authority.life.volumeMax, most > 0 else {
      return "<text class=\"small\" x=\"\(left)\" y=\"\(top + 12)\">\(used) signed, no limit</text>"
    }
    let width = 120
    let share =
      authority.reserved == 0 ? 0 : max(2, width * Int(min(authority.reserved, most)) / Int(most))
    return """
      <rect class="track" x="\(left)" y="\(top + 4)" width="\(width)" height="8" rx="4"/>
      <rect class="bar" x="\(left)" y="\(top + 4)" width="\(share)" height="8" rx="4"/>
      <text class="small" x="\(right)" y="\(top + 12)" text-anchor="end">\
      \(used) of \(Number.grouped(most))</text>
      """
  }

  /// The state of an authority for people.
  private static func title(_ state: IssuingAuthority.State) -> String {
    switch state {
    case .stock: "in stock"
    case .onLine: "on line"
    case .spent: "spent"
    }
  }

  /// A key identifier in groups of four digits.
  static func grouped(_ octets: [UInt8]) -> String {
    var text = "key"
    for (place, octet) in octets.enumerated() {
      text += (place.isMultiple(of: 2) ? " " : "") + Hex.encode([octet])
    }
    return text
  }

  /// Until when a certificate is good.
  private static func end(_ certificate: Certificate) -> String {
    certificate.tbs.notAfter == .noWellDefinedExpiry
      ? "good without end" : "good to \(date(certificate.tbs.notAfter))"
  }

  /// A day as 2026-11-21.
  static func date(_ moment: Time) -> String { String(moment.rfc3339.prefix(10)) }
}
