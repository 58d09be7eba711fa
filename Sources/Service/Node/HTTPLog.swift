// SPDX-License-Identifier: Apache-2.0

package import HTTP

extension Log {
  /// What a server tells, as a line with a fact for each part.
  package func callAsFunction(_ event: LogEvent, at door: String) {
    let (level, name, facts): (Level, String, [String: String]) =
      switch event {
      case .refused(let refusal, let method, let path, let address):
        (
          .warning, "http-refused",
          [
            "status": "\(refusal.status)", "reason": refusal.reason, "method": method,
            "path": path, "address": address, "expected": refusal.expected ?? "",
            "found": refusal.found ?? "",
          ].filter { !$0.value.isEmpty }
        )
      case .handlerFailed(let method, let path, let error):
        (.error, "http-failed", ["method": method, "path": path, "error": error])
      case .closed(let reason, let address):
        (.warning, "http-closed", ["reason": reason, "address": address])
      case .library(let text, let isServing):
        (isServing ? .debug : .warning, "http-library", ["text": text])
      }
    self(level, name, facts.merging(["door": door]) { fact, _ in fact })
  }
}
