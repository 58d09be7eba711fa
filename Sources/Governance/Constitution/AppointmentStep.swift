// SPDX-License-Identifier: Apache-2.0

import Duties
import SEC

/// What has to be on file before somebody is seated.
package enum AppointmentStep: String, Hashable, Sendable, CaseIterable {
  /// The Panel's finding that the person is sufficiently independent.
  case independence
  /// The Panel's finding that the person is suitably qualified.
  case qualification
  /// The rate that the Panel approved.
  case rate
  /// The Secretary of State was told.
  case notified = "sos-notified"
  /// The Secretary of State does not object, in writing.
  case nonObjection = "sos-non-objection"
  /// The terms let the Panel end the appointment on a direction.
  case directionTerms = "direction-terms"
  /// The person has Security Check clearance.
  case clearance
  /// The terms on clearance, where the person does not have it yet.
  case clearanceTerms = "clearance-terms"
  /// The day until which the Secretary of State extended the time for clearance.
  case clearanceExtension = "clearance-extension"
  /// C6.9: the signed undertaking, and the employer's consent.
  case confirmation
  /// The undertaking to act independently.
  case undertaking
  /// The person is on the list of the Sub-Committee that nominates.
  case listed = "sub-committee-list"
  /// The notice to the Secretariat; before the Sub-Committee exists, the Panel's.
  case notice
  /// The contract with SECCo.
  case contract
  /// The person is independent of the SMKI Service Provider.
  case providerIndependence = "provider-independence"
  /// The letter of the organisation that is represented.
  case letter

  /// A demand: one of these steps, by a clause.
  struct Demand {
    let steps: [AppointmentStep]
    let clause: Clause

    init(_ clause: Clause, _ steps: AppointmentStep...) {
      self.clause = clause
      self.steps = steps
    }
  }

  /// L1.5(d), L1.5(f), L1.5(f)(ii), L1.5(f)(iii), L1.5(f)(iv), L1.6(a), L1.8(a), L1.10, R2-38,
  /// R2-43: what a seat asks for on a day.
  static func demands(of seat: Seat, on day: Day, under rules: ProceedingRules) -> [Demand] {
    var demands: [Demand] = []
    switch seat.filling {
    case .panel:
      demands += [
        Demand("L1.5(a)", .independence), Demand("R2-33", .qualification),
        Demand("L1.5(c)", .rate),
      ]
      if let safeguards = rules.safeguards, safeguards <= day {
        demands += [
          Demand("L1.5(f)(i)", .notified), Demand("L1.5(f)(ii)", .nonObjection),
          Demand("L1.5(f)(iii)", .directionTerms),
          Demand("L1.5(f)(iv)", .clearance, .clearanceTerms),
        ]
      }
    case .nomination(let body):
      if let since = rules.subCommitteesSince[body].flatMap({ Day($0) }), since <= day {
        demands.append(Demand("L1.10", .listed))
      }
      demands.append(Demand("L1.10", .notice))
    case .contract:
      demands += [Demand("R2-44", .contract), Demand("R2-38", .providerIndependence)]
    case .representative: demands.append(Demand("R2-45", .letter))
    case .election: break
    }
    if seat.isMember {
      demands += rules.confirmation.map {
        Demand($0 == .undertaking ? "R2-34" : seat.confirmationClause, $0)
      }
    }
    return demands
  }
}
