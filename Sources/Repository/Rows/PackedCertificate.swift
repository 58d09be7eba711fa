// SPDX-License-Identifier: Apache-2.0

import DER
import SEC

/// ENG-compact-rows: a Device Certificate in a quarter of its octets: the point of its key and the
/// two numbers of its signature; the rest stands in its form and in the columns of its row.
struct PackedCertificate: Hashable, Sendable {
  /// Octets of a packed certificate.
  static let octets = Anatomy.pointOctets + 2 * SignedParts.numberOctets

  /// The key identifier of the issuer.
  let issuer: [UInt8]
  let template: [UInt8]
  /// The point, then the signature.
  let body: [UInt8]

  /// Packs a certificate, or nil when its row and a form would not give back every octet of it.
  ///
  /// That they do is not reasoned but tried: it is rebuilt and compared before anything is left
  /// away.
  init?(_ certificate: LodgedCertificate) {
    guard certificate.kind == .device, let entity = certificate.entity,
      let parts = try? SignedParts(certificate.der), let signature = parts.signature,
      let anatomy = try? Anatomy(toBeSigned: parts.signed),
      let point = anatomy.point, let subject = anatomy.entity, let key = anatomy.keyIdentifier
    else { return nil }
    let offset = parts.signed.startIndex
    var template = Array(parts.signed)
    for range in [anatomy.serial, anatomy.notBefore, subject, point, key] {
      for index in range { template[index - offset] = 0 }
    }
    self.template = template
    issuer = anatomy.issuer.map { Array(certificate.der[$0]) } ?? []
    body = certificate.der[point] + signature
    let rebuilt = Self.certificate(
      template: template, body: body, serial: certificate.serial, issued: certificate.issued,
      entity: entity.octets, keyIdentifier: certificate.keyIdentifier)
    guard rebuilt == certificate.der else { return nil }
  }

  /// Rebuilds a certificate, or nil when the parts do not fit each other.
  static func certificate(
    template: [UInt8], body: [UInt8], serial: [UInt8], issued: Time, entity: [UInt8],
    keyIdentifier: [UInt8]
  ) -> [UInt8]? {
    guard body.count == octets, (1950...9999).contains(issued.fields.year),
      let anatomy = try? Anatomy(toBeSigned: template[...]), let point = anatomy.point,
      let subject = anatomy.entity, let key = anatomy.keyIdentifier
    else { return nil }
    let time = Writer.write { $0.time(issued) }
    var signed = template
    // A header of two octets: no time is longer than 15.
    guard signed[anatomy.notBefore.lowerBound - 2] == time[0],
      fill(&signed, anatomy.notBefore, time.dropFirst(2)),
      fill(&signed, anatomy.serial, serial[...]),
      fill(&signed, subject, entity[...]), fill(&signed, key, keyIdentifier[...]),
      fill(&signed, point, body.prefix(Anatomy.pointOctets))
    else { return nil }
    return SignedParts.certificate(
      signed, algorithm: template[anatomy.algorithm],
      signature: body.dropFirst(Anatomy.pointOctets))
  }

  private static func fill(
    _ bytes: inout [UInt8], _ range: Range<Int>, _ content: ArraySlice<UInt8>
  ) -> Bool {
    guard content.count == range.count else { return false }
    bytes.replaceSubrange(range, with: content)
    return true
  }
}
