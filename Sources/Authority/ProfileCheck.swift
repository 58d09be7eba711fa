// SPDX-License-Identifier: Apache-2.0

import DER
import Profiles
import Registration
import SEC
import Threads
import X509

/// GBCS-12.1, C3-115-2: holds against its profile what is about to be signed, by the linter, which
/// is no relation of the builder.
///
/// A batch has tens of thousands of Device Certificates that differ in four values. One of each
/// form is looked at by every rule; another of that form is the same octet for octet, with its own
/// serial number, key, key identifier and device where those stand. What is not the same is looked
/// at by every rule again.
final class ProfileCheck: Sendable {
  /// The most forms that are kept at a time.
  static let formsMax = 64

  /// What Device Certificates of one form have in common.
  private struct Kind: Hashable {
    let usage: CertificateUsage
    let hardwareType: ObjectIdentifier
  }

  /// The octets of a Device Certificate that every rule has let through.
  private struct Form {
    let octets: [UInt8]
    /// Where the values stand that are the certificate's own, in their order.
    let places: [Range<Int>]

    /// Finds each value in the octets, behind the one before it; nil when one is not there.
    init?(_ octets: [UInt8], _ values: [[UInt8]]) {
      var places: [Range<Int>] = []
      for value in values {
        let rest = octets[(places.last?.upperBound ?? 0)...]
        guard let found = rest.firstRange(of: value) else { return nil }
        places.append(found)
      }
      self.octets = octets
      self.places = places
    }

    /// Whether these octets are of this form with these values, and nothing else differs.
    func holds(_ others: [UInt8], _ values: [[UInt8]]) -> Bool {
      guard others.count == octets.count, values.count == places.count else { return false }
      var position = 0
      for (place, value) in zip(places, values) {
        let before = position..<place.lowerBound
        guard others[before] == octets[before], others[place].elementsEqual(value) else {
          return false
        }
        position = place.upperBound
      }
      return others[position...] == octets[position...]
    }
  }

  private let lint: Lint
  private let algorithm: AlgorithmIdentifier
  private let forms = Guarded<[Kind: Form]>([:])

  /// The check of what an authority of an estate signs.
  init(
    estate: Estate, issuer: Certificate, lifetimes: Lifetimes, algorithm: AlgorithmIdentifier
  ) {
    lint = Lint(estate: estate, authorities: [issuer], lifetimes: lifetimes)
    self.algorithm = algorithm
  }

  /// Looks at what was recorded, before any of it is signed.
  ///
  /// - Throws: `departs-from-profile`.
  func check(_ items: [Recorded.Item]) throws(Refusal) {
    var known = forms.value
    var isNew = false
    for item in items {
      guard case .device(let request) = item.prepared.request else {
        try lint.check(toBeSigned: item.toBeSigned, algorithm: algorithm)
        continue
      }
      let kind = Kind(usage: request.usage, hardwareType: request.subject.hardwareType)
      let values = [
        item.serial.octets, request.point, KeyIdentifier(methodTwoOf: request.point).octets,
        request.device.octets,
      ]
      if known[kind]?.holds(item.toBeSigned, values) == true { continue }
      try lint.check(toBeSigned: item.toBeSigned, algorithm: algorithm)
      known[kind] = Form(item.toBeSigned, values)
      isNew = true
    }
    guard isNew else { return }
    let kept = known.count > Self.formsMax ? [:] : known
    forms.change { $0 = kept }
  }
}
