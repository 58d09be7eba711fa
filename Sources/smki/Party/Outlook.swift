// SPDX-License-Identifier: Apache-2.0

import DER
import Service

extension BatchBody {
  /// For what the batch waits, or when it is expected to end, in a few words.
  func outlook(at now: Time) -> String {
    switch state {
    case "PENDING": return "waits for the Registration Authority"
    case _ where held: return "stopped: \(note)"
    default: break
    }
    guard let text = expected, let end = Time(rfc3339: text) else { return note }
    let left = max(0, end.seconds - now.seconds)
    let remark = state == "PAUSED" && !note.isEmpty ? "\(note), " : ""
    return remark + "ends \(left < 120 ? "in \(max(1, left)) s" : "at \(text.prefix(16))Z")"
  }
}
