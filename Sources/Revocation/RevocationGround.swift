// SPDX-License-Identifier: Apache-2.0

package import SEC
package import X509

/// Why a certificate is to be revoked (C3-124-1).
package enum RevocationGround: String, Hashable, Sendable, CaseIterable {
  /// C3-124-1a: the subscriber's private key is lost, stolen, corrupted or otherwise unreliable.
  case keyUnreliable = "key-unreliable"
  /// C3-124-1b: the cryptographic module that holds the key can no longer be relied on.
  case moduleUnreliable = "module-unreliable"
  /// C3-124-1c: the subscriber asks for it.
  case subscriberRequest = "subscriber-request"
  /// C3-124-1c, C3-71: the SMKI PMA asks for it.
  case pmaRequest = "pma-request"
  /// M8-2.3.1.5: the subscriber rejected the certificate when it was issued.
  case rejected
  /// M4-ra-perf: the holder persistently fails the duties of the Registration Authority.
  case performance
  /// The holder no longer does what the credential is for.
  case noLongerNeeded = "no-longer-needed"

  /// The rule that makes it a ground.
  package var clause: Clause {
    switch self {
    case .keyUnreliable: "C3-124-1a"
    case .moduleUnreliable: "C3-124-1b"
    case .subscriberRequest, .pmaRequest: "C3-124-1c"
    case .rejected: "M8-2.3.1.5"
    case .performance: "M4-ra-perf"
    case .noLongerNeeded: "ICP-revocation"
    }
  }

  /// RFC5280-5.3.1: what the list says of it [assumed]: no source gives the codes.
  package func reason(isAuthority: Bool) -> RevocationReason {
    switch self {
    case .keyUnreliable, .moduleUnreliable:
      isAuthority ? .authorityCompromise : .keyCompromise
    case .subscriberRequest, .pmaRequest: .unspecified
    case .rejected: .superseded
    case .performance: .privilegeWithdrawn
    case .noLongerNeeded: .cessationOfOperation
    }
  }

  /// Whether the key itself can no longer be trusted, so that it is never certified again.
  package var isCompromise: Bool { self == .keyUnreliable || self == .moduleUnreliable }
}
