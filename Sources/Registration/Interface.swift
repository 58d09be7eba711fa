// SPDX-License-Identifier: Apache-2.0

package import EntryTesting
package import SEC

/// The ways in which a subscriber reaches the SMKI Services; each has credentials of its own
/// (M8-AppG-iki-csr).
package enum Interface: String, Hashable, Sendable, CaseIterable {
  /// Device functions of the SMKI Portal: single requests and pick-up (M8-2.3).
  case portalDevice = "portal-device"
  /// Organisation functions of the SMKI Portal (M8-2.3).
  case portalOrganisation = "portal-organisation"
  /// The Ad Hoc Device CSR Web Service (M8-2.4).
  case adHoc = "ad-hoc"
  /// The Batched Device CSR Web Service (M8-2.5).
  case batched
  /// ICP-file-signing: no interface, but files that a party hands in with its signature; a
  /// credential for this opens no door [from memory].
  case fileSigning = "file-signing"

  /// N4-1-aro: whether a person uses it, an Authorised Responsible Officer, and not a system.
  package var isForPersons: Bool {
    switch self {
    case .portalDevice, .portalOrganisation: true
    case .adHoc, .batched, .fileSigning: false
    }
  }

  /// M8-2.4-ad-hoc-roles: the roles that may use the interface, or nil for every subscriber.
  package var roles: Set<UserRole>? {
    switch self {
    case .adHoc: [.dcc, .importSupplier, .gasSupplier]
    case .portalDevice, .portalOrganisation, .batched, .fileSigning: nil
    }
  }
}

/// The certificate policies under which somebody may be an Authorised Subscriber (L3.2).
package enum CertificatePolicyKind: String, Hashable, Sendable, CaseIterable {
  case device
  case organisation

  /// L7.6(a): the tests that open it.
  package var entryTest: EntryTestPurpose {
    switch self {
    case .device: .device
    case .organisation: .organisation
    }
  }
}
