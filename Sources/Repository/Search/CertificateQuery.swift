// SPDX-License-Identifier: Apache-2.0

package import DER
package import SEC
import X509

/// What certificates are looked for by; all that is said must hold.
package struct CertificateQuery: Hashable, Sendable {
  /// The longest stretch of issue times that a search may cover, in days [assumed].
  package static let issuedDaysMax: Int64 = 31
  /// The longest stretch of ends of validity that a search may cover, in days [assumed].
  package static let endingDaysMax: Int64 = 366

  /// Whether certificates count that are in force, or that have ended.
  package enum Validity: String, Hashable, Sendable, CaseIterable {
    case inForce = "I"
    case expired = "E"
    case revoked = "R"
  }

  /// 16 octets.
  package var serial: [UInt8]?
  /// A device or organisation.
  package var entity: EntityID?
  /// The subject key identifier.
  package var keyIdentifier: [UInt8]?
  /// The key identifier of the issuer.
  package var issuer: [UInt8]?
  /// The common name of an authority.
  package var subject: String?
  package var kind: CertificateClass?
  package var usage: CertificateUsage?
  package var role: RoleCode?
  package var validity: Validity?
  /// L3.11: whether it is meant for loading at manufacture.
  package var isForManufacture: Bool?
  /// Issued at or after one moment and before the other.
  package var issuedFrom, issuedBefore: Time?
  /// Valid until a moment at or after one and before the other.
  package var endsFrom, endsBefore: Time?

  /// A query that says nothing yet.
  package init() {}

  /// Where its answer is read from: the index that leaves the fewest rows.
  enum Source: Hashable, Sendable {
    case serial([UInt8])
    case key([UInt8])
    case entity(EntityID)
    case authorities
    case forms
    case issued(Time, Time)
    case ending(Time, Time)
    case revoked
    case marked
  }

  /// ENG-search: the source of the answer.
  ///
  /// - Throws: `search-too-broad`, `search-contradicts`.
  func source() throws(Refusal) -> Source {
    for (name, from, to) in [
      ("issued", issuedFrom, issuedBefore), ("ends", endsFrom, endsBefore),
    ] {
      if let from, let to, from >= to { throw .searchContradicts(name, from, to) }
    }
    if let serial { return .serial(serial) }
    if let keyIdentifier { return .key(keyIdentifier) }
    if let entity { return .entity(entity) }
    if subject != nil { return .authorities }
    if let kind, kind != .device, kind != .organisation { return .authorities }
    // L3.11: of the few hundred Organisation Certificates these are some.
    if isForManufacture == true { return .marked }
    // Few organisations have certificates of one role, and each issuer has a bounded number.
    if issuer != nil || role != nil { return .forms }
    if let from = issuedFrom, let to = issuedBefore {
      guard Self.days(from, to) <= Self.issuedDaysMax else {
        throw .searchTooBroad("issue times of \(Self.days(from, to)) days")
      }
      return .issued(from, to)
    }
    if let from = endsFrom, let to = endsBefore {
      guard Self.days(from, to) <= Self.endingDaysMax else {
        throw .searchTooBroad("ends of validity of \(Self.days(from, to)) days")
      }
      return .ending(from, to)
    }
    if validity == .revoked { return .revoked }
    throw .searchTooBroad("nothing that leaves few certificates")
  }

  private static func days(_ from: Time, _ to: Time) -> Int64 {
    (to.seconds - from.seconds + 86_399) / 86_400
  }

  /// Whether a form can have what is looked for.
  func admits(_ form: CertificateForm) -> Bool {
    (issuer.map { $0 == form.issuer } ?? true) && (kind.map { $0 == form.kind } ?? true)
      && (usage.map { $0 == form.usage } ?? true) && (role.map { $0 == form.role } ?? true)
  }

  /// Whether a certificate is what is looked for, as far as the Repository itself can tell.
  func admits(_ certificate: LodgedCertificate, at moment: Time) -> Bool {
    let isInForce = moment <= certificate.notAfter
    return (serial.map { $0 == certificate.serial } ?? true)
      && (entity.map { $0 == certificate.entity } ?? true)
      && (keyIdentifier.map { $0 == certificate.keyIdentifier } ?? true)
      && (kind.map { $0 == certificate.kind } ?? true)
      && (usage.map { $0 == certificate.usage } ?? true)
      && (role.map { $0 == certificate.role } ?? true)
      && (issuedFrom.map { $0 <= certificate.issued } ?? true)
      && (issuedBefore.map { certificate.issued < $0 } ?? true)
      && (endsFrom.map { $0 <= certificate.notAfter } ?? true)
      && (endsBefore.map { certificate.notAfter < $0 } ?? true)
      && (validity.map { $0 == .expired ? !isInForce : $0 == .revoked || isInForce } ?? true)
      && (subject.map { $0 == certificate.commonName } ?? true)
      && (issuer.map { $0 == CertificateForm.issuer(of: certificate.der) } ?? true)
  }

  /// The query as text, each part by its name: what a cursor is bound to.
  var canonical: String {
    let parts: [(String, String?)] = [
      ("serial", serial.map { Hex.encode($0) }), ("entity", entity?.description),
      ("key", keyIdentifier.map { Hex.encode($0) }), ("issuer", issuer.map { Hex.encode($0) }),
      ("subject", subject), ("kind", kind?.rawValue), ("usage", usage?.rawValue),
      ("role", role.map { "\($0.value)" }), ("validity", validity?.rawValue),
      ("manufacturing", isForManufacture.map { "\($0)" }),
      ("issued-from", issuedFrom.map { "\($0.milliseconds)" }),
      ("issued-before", issuedBefore.map { "\($0.milliseconds)" }),
      ("ends-from", endsFrom.map { "\($0.milliseconds)" }),
      ("ends-before", endsBefore.map { "\($0.milliseconds)" }),
    ]
    return parts.map { "\($0.0)=\($0.1 ?? "")" }.joined(separator: "\n")
  }
}

extension LodgedCertificate {
  /// The common name of its subject, or nil.
  fileprivate var commonName: String? {
    (try? Certificate(parsing: der))?.tbs.subject.commonName
  }
}
