// SPDX-License-Identifier: Apache-2.0

package import DER

/// C3-118: how long, and for how many certificates, an issuing authority may use its key.
package struct IssuingKeyLife: Hashable, Sendable {
  /// C3-118-4b: the Maximum Issue Volume of an Issuing DCA, in certificates.
  package static let deviceVolumeMax: Int64 = 100_000
  /// C3-118-4a: the Maximum Operational Time Period of an Issuing DCA, in calendar months.
  package static let deviceMonthsMax = 3

  /// The most certificates it may sign, or nil for no limit (Issuing OCA, IKI).
  package let volumeMax: Int64?
  /// Calendar months after it first came on line, or nil for no limit.
  package let monthsMax: Int?

  /// C3-118-4, DCP-annex-B-issuing-key-life: the life of an Issuing DCA.
  package static let issuingDCA = IssuingKeyLife(
    volumeMax: deviceVolumeMax, monthsMax: deviceMonthsMax)
  /// An authority that lives as long as its certificate.
  package static let asCertificate = IssuingKeyLife(volumeMax: nil, monthsMax: nil)

  /// A life with these limits.
  package init(volumeMax: Int64?, monthsMax: Int?) {
    self.volumeMax = volumeMax
    self.monthsMax = monthsMax
  }

  /// C3-118-4a: the first moment at which the key may no longer sign.
  package func ends(onLineSince start: Time) -> Time? {
    guard let monthsMax else { return nil }
    let fields = start.fields
    let months = fields.month - 1 + monthsMax
    for day in (1...fields.day).reversed() {
      if let end = Time(
        year: fields.year + months / 12, month: months % 12 + 1, day: day, hour: fields.hour,
        minute: fields.minute, second: fields.second)
      {
        return end
      }
    }
    return nil
  }

  /// C3-118-4: how many certificates may still be signed, nil for no limit.
  ///
  /// None once the time is over; `reserved` counts what was reserved before signing.
  package func volumeLeft(reserved: Int64, onLineSince start: Time, at moment: Time) -> Int64? {
    if let end = ends(onLineSince: start), moment >= end { return 0 }
    return volumeMax.map { max(0, $0 - reserved) }
  }
}
