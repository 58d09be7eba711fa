// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import JSON
import Keys
import Profiles
import SEC
import X509

/// What a ceremony has made so far.
struct Made {
  /// One step, as the transcript tells it.
  struct Step {
    let time: Time
    /// The act that it belongs to, from 0; nil before and after the acts.
    let act: Int?
    let text: String
  }

  /// A list that a root signed.
  struct List {
    let root: String
    let hierarchy: AuthorityKind.Hierarchy
    let number: Int
    let der: [UInt8]
  }

  /// A request whose key stays in custody.
  struct Request {
    let name: String
    let der: [UInt8]
  }

  var steps: [Step] = []
  var keys: [MadeKey] = []
  var authorities: [OfflineAuthority] = []
  var lists: [List] = []
  var requests: [Request] = []
  var shares: [ShareRecord] = []
  /// The ceremony key that signs from the next package on.
  var ceremonyKeyLabel: String?

  /// The parts of the package.
  var parts: [CeremonyPackage.Part] {
    authorities.map { authority in
      CeremonyPackage.Part(
        authority.kind.isRoot ? .root : .issuing, authority.kind.hierarchy, name: authority.name,
        keyLabel: authority.kind.isRoot ? nil : authority.keyLabel,
        data: authority.certificate.encoded)
    }
      + lists.map { CeremonyPackage.Part(.list, $0.hierarchy, name: $0.root, data: $0.der) }
      + requests.map {
        CeremonyPackage.Part(.request, .organisation, name: $0.name, data: $0.der)
      }
  }
}
