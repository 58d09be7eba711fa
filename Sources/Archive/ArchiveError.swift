// SPDX-License-Identifier: Apache-2.0

/// Why a file cannot be read or written, or is no archive that is taken.
package struct ArchiveError: Error, Equatable, CustomStringConvertible {
  /// The kinds of failure, stable for callers to switch over.
  package enum Code: Sendable {
    /// The system refused: no such file, no space, no right.
    case fileSystem
    /// It is no ZIP file, or it ends too early, or its parts contradict each other.
    case damaged
    /// An entry is encrypted.
    case encrypted
    /// It holds more entries than allowed.
    case tooManyEntries
    /// An entry is larger than allowed.
    case entryTooLarge
    /// All entries together are larger than allowed, or far larger than the file.
    case tooLarge
    /// The name of an entry is longer than allowed, or no UTF-8.
    case nameNotLegal
    /// Another writer made a file of that name first.
    case exists
  }

  /// What kind of failure it is.
  package let code: Code
  /// What was found, in one line.
  package let detail: String

  /// A failure of the stated kind.
  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Kind and detail in one line.
  package var description: String { "\(code): \(detail)" }
}
