// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
import Registration
import SEC

/// What the Registration Authority does when its time has come.
extension Node {
  /// Seconds between looks: what it does is a matter of hours and days.
  private static let registrationLookSeconds: Int64 = 60

  /// RAPP-5.4, L11.7, ENG-personal-data: notices, deemed acceptance, and erasure.
  package var registrationJobs: [Job] {
    let actor = Actor(name: "smki", role: .node)
    let settings = configuration.enrolment
    func job(_ name: String, _ act: @escaping @Sendable (Time) throws -> Void) -> Job {
      Job(name) { moment in
        try act(moment)
        return moment.adding(seconds: Self.registrationLookSeconds)
      }
    }
    return [
      job("expiry-notices") { [registration, log] moment in
        for notice in try registration.giveNotices(
          days: settings.noticeDays, at: moment, by: actor)
        {
          log(
            .warning, "expires-soon",
            [
              "kind": notice.kind.rawValue, "subject": notice.subject, "party": notice.party,
              "ends": notice.ends.rfc3339,
            ])
        }
      },
      job("deemed-acceptance") { [registration] moment in
        let hours = Int64(settings.acceptanceHours)
        _ = try registration.deemAccepted(
          issuedBefore: moment.adding(seconds: -hours * 3600), at: moment, by: actor)
      },
      job("personal-data") { [registration] moment in
        _ = try registration.enrolment.eraseOverdue(at: moment, by: actor)
      },
    ]
  }
}
