// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC

/// A search as it is written: in the query of a request, and as the options of a command.
extension CertificateQuery {
  /// The parts of a search and what is written there, in the order in which people read them.
  package static let words: [(name: String, form: String)] = [
    ("device", "EUI-64 of a device"), ("organisation", "EUI-64 of an organisation"),
    ("serial", "serial number, 32 hexadecimal digits"),
    ("key-identifier", "subject key identifier, hexadecimal"),
    ("issuer", "key identifier of the issuer, hexadecimal"),
    ("subject", "common name of an authority"),
    (
      "class",
      CertificateClass.allCases.filter { $0 != .iki }.map(\.rawValue).joined(separator: ", ")
    ),
    ("usage", "DS or KA"), ("role", "0 to 255"),
    ("status", "I in use, E expired, R revoked"),
    ("manufacturing", "true for what is meant for loading at manufacture, or false"),
    ("issued-from", "RFC 3339 time"), ("issued-before", "RFC 3339 time"),
    ("ends-from", "RFC 3339 time"), ("ends-before", "RFC 3339 time"),
  ]

  /// Reads the parts of a search; names that are none of its parts are the caller's own.
  ///
  /// - Throws: `search-word`.
  package init(_ value: (String) -> String?) throws(Refusal) {
    self.init()
    for (name, form) in Self.words {
      guard let text = value(name) else { continue }
      guard set(name, text) else { throw .searchWord(name, form, text) }
    }
  }

  private mutating func set(_ name: String, _ text: String) -> Bool {
    switch name {
    case "device", "organisation":
      guard entity == nil, let found = EntityID(text) else { return false }
      entity = found
      let wanted: CertificateClass = name == "device" ? .device : .organisation
      guard kind == nil || kind == wanted else { return false }
      kind = wanted
    case "serial": serial = Self.octets(text, 16...16)
    case "key-identifier": keyIdentifier = Self.octets(text, 1...64)
    case "issuer": issuer = Self.octets(text, 1...64)
    case "subject": subject = (1...64).contains(text.utf8.count) ? text : nil
    case "class":
      guard let found = CertificateClass(rawValue: text), found != .iki,
        kind == nil || kind == found
      else { return false }
      kind = found
    case "usage": usage = CertificateUsage(rawValue: text)
    case "role": role = UInt8(text).map { RoleCode($0) }
    case "status": validity = Validity(rawValue: text)
    case "manufacturing": isForManufacture = Bool(text)
    case "issued-from": issuedFrom = Time(rfc3339: text)
    case "issued-before": issuedBefore = Time(rfc3339: text)
    case "ends-from": endsFrom = Time(rfc3339: text)
    case "ends-before": endsBefore = Time(rfc3339: text)
    default: return false
    }
    return has(name)
  }

  private func has(_ name: String) -> Bool {
    switch name {
    case "serial": serial != nil
    case "key-identifier": keyIdentifier != nil
    case "issuer": issuer != nil
    case "subject": subject != nil
    case "usage": usage != nil
    case "role": role != nil
    case "status": validity != nil
    case "manufacturing": isForManufacture != nil
    case "issued-from": issuedFrom != nil
    case "issued-before": issuedBefore != nil
    case "ends-from": endsFrom != nil
    case "ends-before": endsBefore != nil
    default: true
    }
  }

  private static func octets(_ text: String, _ count: ClosedRange<Int>) -> [UInt8]? {
    Hex.decode(text).flatMap { count.contains($0.count) ? $0 : nil }
  }
}
