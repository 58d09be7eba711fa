// SPDX-License-Identifier: Apache-2.0

package import DER
package import Keys
package import Profiles
package import Repository
package import X509

/// The hierarchies whose authorities issue here; their roots are in Ceremony.
package typealias Hierarchy = AuthorityKind.Hierarchy

extension AuthorityKind.Hierarchy {
  /// The class of the end-entity certificates of the hierarchy.
  package var certificateClass: CertificateClass {
    switch self {
    case .device: .device
    case .organisation: .organisation
    case .iki: .iki
    case .dccki: .dccki
    }
  }

  /// The class of the certificates of its authorities.
  package var authorityClass: CertificateClass {
    switch self {
    case .device: .dca
    case .organisation: .oca
    case .iki: .ikiAuthority
    case .dccki: .dcckiAuthority
    }
  }
}

/// An authority that signs end-entity certificates: its certificate, and what it may still sign.
package struct IssuingAuthority: Sendable {
  /// Where in its life it stands (C3-118-4).
  package enum State: String, Hashable, Sendable {
    /// Certified ahead of need, never used.
    case stock
    /// Signing since `onLineSince`.
    case onLine = "on-line"
    /// At one of its limits: it never signs again.
    case spent
  }

  /// A number of this estate, from 1.
  package let id: Int
  package let hierarchy: Hierarchy
  package let certificate: Certificate
  /// The label of its key in the key store.
  package let keyLabel: String
  package let life: IssuingKeyLife
  package let state: State
  /// When it first came on line, or nil while in stock.
  package let onLineSince: Time?
  /// Certificates for which volume was reserved, whether or not they were then signed.
  package let reserved: Int64
  /// When its certificate was lodged.
  package let lodged: Time
  /// C3-159-row-2, C3-159-row-5: seconds from its issue, which its validity begins with, to then.
  package var lodgingSeconds: Int64 { lodged.seconds - certificate.tbs.notBefore.seconds }
  /// Where its key lives, or lived.
  package let place: KeyPlace
  /// C3-119: when its key was destroyed, or nil while there is one.
  package let destroyed: Time?

  /// An authority, whole.
  package init(
    id: Int, hierarchy: Hierarchy, certificate: Certificate, keyLabel: String,
    life: IssuingKeyLife, state: State, onLineSince: Time?, reserved: Int64, lodged: Time,
    place: KeyPlace = .folder, destroyed: Time? = nil
  ) {
    self.id = id
    self.hierarchy = hierarchy
    self.certificate = certificate
    self.keyLabel = keyLabel
    self.life = life
    self.state = state
    self.onLineSince = onLineSince
    self.reserved = reserved
    self.lodged = lodged
    self.place = place
    self.destroyed = destroyed
  }

  /// The public key that its certificate holds.
  package func publicKey() throws -> PublicKey {
    try certificate.tbs.subjectPublicKeyInfo.publicKey()
  }

  /// C3-118-4a: whether its time is over by a clock that never goes backwards, or cannot be told
  /// because the clock was put back to before it came on line.
  package func isTimeOver(_ clock: LifeClock) -> Bool {
    guard state == .onLine, let onLineSince, life.monthsMax != nil else { return state == .spent }
    return volumeLeft(at: clock.latest) == 0
      || onLineSince.seconds - clock.now.seconds > LifeClock.backSecondsMax
  }

  /// C3-118-4: how many it may still sign at a moment, nil for no limit.
  package func volumeLeft(at moment: Time) -> Int64? {
    switch state {
    case .stock: life.volumeMax
    case .spent: 0
    case .onLine:
      life.volumeLeft(reserved: reserved, onLineSince: onLineSince ?? moment, at: moment)
    }
  }

  /// The same authority in its next state; on line it remembers since when.
  func becoming(_ state: State, at moment: Time) -> IssuingAuthority {
    IssuingAuthority(
      id: id, hierarchy: hierarchy, certificate: certificate, keyLabel: keyLabel, life: life,
      state: state, onLineSince: onLineSince ?? (state == .onLine ? moment : nil),
      reserved: reserved, lodged: lodged, place: place, destroyed: destroyed)
  }
}
