// SPDX-License-Identifier: Apache-2.0

import Parties
import Records
import Registration
import Repository
import SEC

/// C3-124-1c, M4-ra-revoke-who: who may ask for what, and on which ground.
enum AskerRules {
  static func check(
    _ asker: Asker, _ ground: RevocationGround, for certificate: LodgedCertificate,
    in reading: some Querying
  ) throws {
    switch asker.capacity {
    case .seniorResponsibleOfficer, .authorisedResponsibleOfficer:
      // C3-124-1c: a subscriber for its own certificates only.
      guard let owner = certificate.party, asker.party == owner else {
        throw Refusal.mayNotAsk(asker, of: certificate.party)
      }
    case .registrationAuthorityManager, .pmaMember:
      // RAPP-8.3.3: credentials of the Registration Authority's personnel, on form A7.
      guard try isOfPersonnel(certificate, in: reading), asker.form == Asker.formOfPersonnel
      else { throw Refusal.personnelOnly(asker) }
    case .dcc, .pma: break
    }
    guard grounds(of: asker.capacity).contains(ground) else {
      throw Refusal.groundNotOfAsker(ground, asker)
    }
  }

  /// RAPP-8.3.3 [assumed]: the personnel of the Registration Authority hold credentials of a party
  /// in the role of the DCC.
  private static func isOfPersonnel(
    _ certificate: LodgedCertificate, in reading: some Querying
  ) throws -> Bool {
    guard certificate.kind == .iki, let id = certificate.party else { return false }
    return try Register.party(id, in: reading)?.roles.contains(.dcc) == true
  }

  private static func grounds(of capacity: Asker.Capacity) -> Set<RevocationGround> {
    switch capacity {
    case .seniorResponsibleOfficer, .authorisedResponsibleOfficer:
      [.keyUnreliable, .moduleUnreliable, .subscriberRequest, .noLongerNeeded]
    case .dcc: [.keyUnreliable, .moduleUnreliable, .noLongerNeeded]
    case .pma: [.keyUnreliable, .moduleUnreliable, .pmaRequest, .performance]
    case .registrationAuthorityManager:
      [.keyUnreliable, .moduleUnreliable, .noLongerNeeded, .performance]
    case .pmaMember: [.keyUnreliable, .moduleUnreliable, .performance]
    }
  }
}
