// SPDX-License-Identifier: Apache-2.0

import DER
import Profiles
import Revocation

/// What revocation asks of a node that runs.
extension Node {
  /// How long before a list of authorities is due the operators are reminded, in seconds [assumed]:
  /// thirty days, as a ceremony wants its people together.
  package static let ceremonyNoticeSeconds: Int64 = 30 * 86_400
  /// How often they are reminded, in seconds.
  static let reminderSeconds: Int64 = 86_400

  /// M4-solr: carries out what was held back once its delay has lapsed.
  var delayJob: Job {
    Job("revocation-delays", dueByOthers: true) { [self] moment in
      let (revoked, reported, next) = try revocation.endDelays(
        at: moment, by: ListPublisher.node)
      for delay in reported {
        log(
          .warning, "revocation-delay-lapsing",
          ["party": delay.party, "until": delay.until.rfc3339])
      }
      if !revoked.isEmpty { schedule?.hurry(Self.listJobName) }
      return next ?? .noWellDefinedExpiry
    }
  }

  static let listJobName = "revocation-lists"

  /// C3-124-2, C3-124-3: publishes lists when they are due, and says which must be signed offline.
  var listJob: Job {
    Job(Self.listJobName, dueByOthers: true) { [self] moment in
      let (lists, next) = try publisher.publishDue(at: moment)
      for list in lists {
        log(
          .info, "list-published",
          ["issuer": list.issuer, "number": "\(list.number)", "entries": "\(list.entries)"])
      }
      let notice = try remind(at: moment)
      return [next, notice].compactMap(\.self).min()
    }
  }

  /// C3-124-3: reminds of lists of authorities that a ceremony must sign, and complains of those
  /// that are late.
  ///
  /// - Returns: when to look again.
  private func remind(at moment: Time) throws -> Time? {
    let notice = moment.adding(seconds: Self.ceremonyNoticeSeconds)
    var next = moment.adding(seconds: Self.reminderSeconds)
    for standing in try publisher.standings() where standing.issuer.authority == nil {
      guard standing.isDue(at: notice) else { continue }
      let isLate = standing.isLate(at: moment)
      // What is late is said as soon as it is.
      if !isLate { next = min(next, standing.deadline(at: moment).adding(seconds: 1)) }
      log(
        isLate ? .error : .warning,
        isLate ? "list-of-authorities-late" : "list-of-authorities-due",
        [
          "issuer": standing.issuer.name, "by": standing.deadline(at: moment).rfc3339,
          "because": standing.unlisted == nil ? "period" : "revocation",
        ])
    }
    return next
  }

  /// C3-124-2: publishes the lists that a revocation made due; what fails is tried again by the
  /// job, since the revocation stands whether or not its list is out.
  func publishAtOnce() {
    do {
      _ = try publisher.publishDue(at: clock())
    } catch {
      log(.error, "list-not-published", ["error": "\(error)"])
      schedule?.hurry(Self.listJobName)
    }
  }
}
