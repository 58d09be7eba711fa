// SPDX-License-Identifier: Apache-2.0

import DER

/// The fields of a certificate that the store has columns for, read from the bytes alone.
struct Fields {
  let serial: [UInt8]
  let issuer: [UInt8]
  let subject: [UInt8]
  let notBefore: Time
  let notAfter: Time
  /// subjectKeyIdentifier and authorityKeyIdentifier; empty when they are absent.
  private(set) var keyIdentifier: [UInt8] = []
  private(set) var issuerKeyIdentifier: [UInt8] = []
  /// The EUI-64 in the hardware module name, or in the subject's unique identifier.
  private(set) var entity: [UInt8]?
  /// The bits of keyUsage, the first in the highest place.
  private(set) var usage: UInt8 = 0
  /// The role in the organisational unit of a subject that has a unique identifier.
  private(set) var role: Int?
  /// Whether it says that it may sign certificates.
  private(set) var isAuthority = false

  init(_ der: [UInt8]) throws(DERError) {
    var outer = try Reader(der[...])
    var certificate = try outer.enter(.sequence)
    try outer.finish()
    var tbs = try certificate.enter(.sequence)
    _ = try tbs.content(of: Identifier(octet: 0xA0))
    serial = Array(try tbs.content(of: .integer).drop { $0 == 0 })
    _ = try tbs.element()
    issuer = Array(try tbs.element().whole)
    var validity = try tbs.enter(.sequence)
    notBefore = try validity.time()
    notAfter = try validity.time()
    let name = try tbs.element().whole
    subject = Array(name)
    entity = try Self.attribute("2.5.4.45", of: name).map { Array($0.dropFirst()) }
    if entity != nil, let digits = try Self.attribute("2.5.4.11", of: name) {
      role = Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }
    _ = try tbs.element()
    var tagged = try tbs.enter(Identifier(octet: 0xA3))
    var extensions = try tagged.enter(.sequence)
    while !extensions.isAtEnd { try read(&extensions) }
  }

  private mutating func read(_ extensions: inout Reader) throws(DERError) {
    var one = try extensions.enter(.sequence)
    let identifier = try one.objectIdentifier().description
    if one.next == .boolean { _ = try one.boolean() }
    var value = try Reader(try one.octetString())
    switch identifier {
    case "2.5.29.15": usage = try value.content(of: .bitString).dropFirst().first ?? 0
    case "2.5.29.14": keyIdentifier = Array(try value.octetString())
    case "2.5.29.35":
      var inside = try value.enter(.sequence)
      issuerKeyIdentifier = Array(try inside.content(of: Identifier(octet: 0x80)))
    case "2.5.29.19":
      var inside = try value.enter(.sequence)
      isAuthority = !inside.isAtEnd && inside.next == .boolean ? try inside.boolean() : false
    case "2.5.29.17":
      // otherName { id-on-hardwareModuleName, [0] { hwType, hwSerialNum } }
      var names = try value.enter(.sequence)
      guard names.next == Identifier(octet: 0xA0) else { return }
      var other = try names.enter(Identifier(octet: 0xA0))
      _ = try other.objectIdentifier()
      var explicit = try other.enter(Identifier(octet: 0xA0))
      var module = try explicit.enter(.sequence)
      _ = try module.objectIdentifier()
      entity = Array(try module.octetString())
    default: break
    }
  }

  /// The content of the value of an attribute, whatever its type.
  private static func attribute(
    _ type: String, of name: ArraySlice<UInt8>
  ) throws(DERError) -> ArraySlice<UInt8>? {
    var outer = try Reader(name)
    var names = try outer.enter(.sequence)
    while !names.isAtEnd {
      var set = try names.enter(Identifier(octet: 0x31))
      var attribute = try set.enter(.sequence)
      if try attribute.objectIdentifier().description == type {
        return try attribute.element().content
      }
    }
    return nil
  }
}
