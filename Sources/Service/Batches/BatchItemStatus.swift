// SPDX-License-Identifier: Apache-2.0

import Authority
package import Batches
import SEC

/// What a request of a batch is answered that was not granted (M8-2.5-batch-item-status).
package enum BatchItemStatus {
  /// Refusals because of who asks: INELIGIBLE and their code (M8-AppD-ineligible).
  package static let ineligible: [String: String] = [
    "not-eligible": "IN:L316", "party-suspended": "IN:SUSPEND", "party-unknown": "IN:PARTY",
    "not-an-authorised-subscriber": "IN:L32",
  ]

  /// M8-2.5-batch-item-status: codes that the sources give for batches alone.
  package static let ownCodes: [String: String] = ["subject-alt-name-form": "CR:CC1"]

  /// Status, error code and reason; the codes of a wrong request are those of the Ad Hoc service.
  package static func outcome(of error: any Error) -> BatchOutcome {
    guard let refusal = error as? Refusal else {
      return BatchOutcome(
        .caError, code: "CA:FAILURE", text: "A failure of ours. Submit the request again.")
    }
    if let code = ineligible[refusal.code] {
      return BatchOutcome(.ineligible, code: code, text: refusal.description)
    }
    guard let (status, code) = AdHocStatus.table[refusal.code] else {
      return BatchOutcome(.workflowError, code: "WF:OTHER", text: refusal.description)
    }
    switch status {
    case .csrError:
      return BatchOutcome(
        .csrError, code: ownCodes[refusal.code] ?? code, text: refusal.description)
    case .issuanceAnomaly:
      return BatchOutcome(.issuanceAnomaly, code: code, text: refusal.description)
    case .caError, .success: return BatchOutcome(.caError, code: code, text: refusal.description)
    case .unknownDevice, .formatError, .workflowError:
      return BatchOutcome(.workflowError, code: "WF:OTHER", text: refusal.description)
    }
  }
}
