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
      modelJob,
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

  static let modelJobName = "model-certification"
  /// Devices that are suspended at one look.
  private static let suspensionsMax = 100

  /// C3-292-2, C3-292-4: suspends what is certified no more, and says who was told.
  private var modelJob: Job {
    Job(Self.modelJobName, dueByOthers: true) { [registration, log] moment in
      let done = try registration.suspendUncertified(
        most: Self.suspensionsMax, at: moment, by: Actor(name: "smki", role: .node))
      for suspension in done {
        log(
          .warning, "device-suspended",
          [
            "device": suspension.device.description, "model": suspension.model,
            "with": suspension.with.map(\.description).joined(separator: ", "),
            "told": suspension.told.joined(separator: ", "),
          ])
      }
      return done.count < Self.suspensionsMax
        ? moment.adding(seconds: Self.registrationLookSeconds) : nil
    }
  }
}
