// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation

/// The log of a node: one line of JSON each on standard error, never with a secret in it.
package struct Log: Sendable {
  /// How much it matters.
  package enum Level: String, Sendable {
    /// What helps to find out why one client cannot connect; counted in any case.
    case debug
    case info, warning, error
  }

  private let write: @Sendable (String) -> Void
  private let hasDebug: Bool

  /// A log that writes lines somewhere; standard error unless told otherwise.
  ///
  /// Lines of the level debug are only written when that is asked for.
  package init(
    hasDebug: Bool = false,
    write: @escaping @Sendable (String) -> Void = {
      try? FileHandle.standardError.write(contentsOf: Data(($0 + "\n").utf8))
    }
  ) {
    self.hasDebug = hasDebug
    self.write = write
  }

  /// Writes one line: time, level, event and facts.
  package func callAsFunction(
    _ level: Level, _ event: String, _ facts: [String: String] = [:]
  ) {
    guard level != .debug || hasDebug else { return }
    let line = facts.merging(
      ["time": SystemClock.now().rfc3339, "level": level.rawValue, "event": event]
    ) { fact, _ in fact }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(line) else { return }
    write(String(decoding: data, as: UTF8.self))
  }
}
