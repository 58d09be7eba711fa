// SPDX-License-Identifier: Apache-2.0

/// OCP-annex-B: the Remote Party Role Code in the OU of an Organisation Certificate.
///
/// A number and not a closed list: codes between 128 and 137 exist that the sources do not name.
package struct RoleCode: Hashable, Sendable {
  /// 0 to 255; in a certificate two upper-case hexadecimal digits, on the interface decimal.
  package let value: UInt8

  /// The role with this number.
  package init(_ value: UInt8) {
    self.value = value
  }

  /// Reads two hexadecimal digits of either case.
  package init?(hex: String) {
    guard hex.utf8.count == 2, !hex.contains("+"), !hex.contains("-"),
      let value = UInt8(hex, radix: 16)
    else { return nil }
    self.init(value)
  }

  /// Two upper-case hexadecimal digits, the OU of a certificate.
  package var hex: String {
    (value < 16 ? "0" : "") + String(value, radix: 16, uppercase: true)
  }

  /// The name that GBCS gives the role, or `role NNN` where none is known.
  package var name: String { Self.names[value] ?? "role \(value)" }

  /// OCP-annex-B-role-codes: the roles that the sources name.
  package static let root = RoleCode(0)
  package static let recovery = RoleCode(1)
  package static let supplier = RoleCode(2)
  package static let networkOperator = RoleCode(3)
  package static let accessControlBroker = RoleCode(4)
  package static let transitionalCoS = RoleCode(5)
  package static let wanProvider = RoleCode(6)
  package static let issuingAuthority = RoleCode(7)
  package static let loadController = RoleCode(8)
  package static let other = RoleCode(127)
  package static let xmlSign = RoleCode(135)
  package static let dSPXmlSign = RoleCode(137)

  /// Names as the published test messages and DCC's client use them.
  private static let names: [UInt8: String] = [
    0: "root", 1: "recovery", 2: "supplier", 3: "networkOperator", 4: "accessControlBroker",
    5: "transitionalCoS", 6: "wanProvider", 7: "issuingAuthority", 8: "loadController",
    127: "other", 135: "xmlSign", 137: "dSPXmlSign",
  ]

  /// Every role that has a name, by number.
  package static var named: [RoleCode] { names.keys.sorted().map(RoleCode.init) }
}
