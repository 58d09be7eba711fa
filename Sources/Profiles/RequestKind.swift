// SPDX-License-Identifier: Apache-2.0

package import SEC

/// The three shapes of certification request that the interfaces take (M8-AppF, M8-AppG).
package enum RequestKind: String, Hashable, Sendable, CaseIterable {
  /// M8-AppF-device-csr: for a Device Certificate.
  case device
  /// M8-AppF-organisation-csr: for an Organisation Certificate.
  case organisation
  /// M8-AppG-iki-csr: for the IKI Certificate of a party's system.
  case iki

  /// The rule that gives the shape.
  package var clause: Clause {
    switch self {
    case .device: "M8-AppF-device-csr"
    case .organisation: "M8-AppF-organisation-csr"
    case .iki: "M8-AppG-iki-csr"
    }
  }
}
