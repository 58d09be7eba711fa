// SPDX-License-Identifier: Apache-2.0

package import DER

/// One entry of a revocation list (RFC 5280, 5.3): which certificate, since when, and why.
package struct RevokedCertificate: Hashable, Sendable {
  /// Positive, at most 20 content octets.
  package let serialNumber: Integer
  /// When it was revoked, a whole second.
  package let revoked: Time
  /// The extensions of the entry in order; without any the field is left out.
  package let extensions: [Extension]

  /// An entry with extensions as they are.
  package init(serialNumber: Integer, revoked: Time, extensions: [Extension]) {
    self.serialNumber = serialNumber
    self.revoked = revoked.wholeSecond
    self.extensions = extensions
  }

  /// An entry as this infrastructure writes them.
  ///
  /// RFC5280-5.3.1: `unspecified` is left out.
  package init(serialNumber: Integer, revoked: Time, reason: RevocationReason) {
    self.init(
      serialNumber: serialNumber, revoked: revoked,
      extensions: reason == .unspecified ? [] : [Extension(reason, isCritical: false)])
  }

  /// Why it was revoked; nil when the entry does not say so, or says what cannot be read.
  package var reason: RevocationReason? {
    try? extensions.value(of: RevocationReason.self)
  }

  /// Reads one entry.
  package init(from reader: inout Reader) throws(DERError) {
    var inside = try reader.enter(.sequence)
    let start = inside.offset
    serialNumber = try inside.integer(octetsMax: Integer.serialOctetsMax)
    guard !serialNumber.isZero else {
      throw DERError(.badValue, at: start, "a serial number is positive")
    }
    revoked = try inside.time()
    extensions = inside.isAtEnd ? [] : try [Extension](from: &inside)
    try inside.finish()
  }

  /// Writes one entry.
  package func write(into writer: inout Writer) {
    writer.sequence {
      $0.integer(serialNumber)
      $0.time(revoked)
      if !extensions.isEmpty { extensions.write(into: &$0) }
    }
  }

  /// The entry as DER.
  package var encoded: [UInt8] { Writer.write { write(into: &$0) } }
}
