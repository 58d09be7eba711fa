// SPDX-License-Identifier: Apache-2.0

import DER
import HTTP

/// What becomes a line of the access log, and what does not.
extension AccessLog {
  /// A handler's answer: a line when it showed something, or turned somebody away by who it is.
  ///
  /// - Returns: false when it must not be sent.
  @discardableResult
  func enter(
    _ response: Response, to request: Request, _ served: ServedRoute, at door: Door,
    isWaitedFor: Bool
  ) -> Bool {
    let kind: AccessRecord.Kind
    switch response.status {
    case 403: kind = .refusal
    case 500...: return true
    default:
      guard served.isRead else { return true }
      kind = .read
    }
    let facts = response.told.merging([
      "door": door.rawValue, "act": "\(served.act)", "status": "\(response.status)",
      "address": request.peer.address,
    ]) { _, own in own }
    let record = AccessRecord(kind, at: clock(), facts)
    return enter(record) || kind == .refusal || !isWaitedFor
  }

  /// What the server itself refused.
  func enter(_ event: LogEvent, at door: String, _ moment: Time) {
    guard case .refused(let refusal, let method, let path, let address) = event else { return }
    enter(
      AccessRecord(
        .refusal, at: moment,
        [
          "door": door, "act": method, "subject": path, "status": "\(refusal.status)",
          "reason": refusal.reason, "address": address,
        ]))
  }
}
