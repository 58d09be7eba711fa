// SPDX-License-Identifier: Apache-2.0

/// Why there is no answer.
package struct ClientError: Error, Equatable, CustomStringConvertible {
  /// The kinds of failure, stable for callers to switch over.
  package enum Code: Sendable {
    /// Nobody listens there, or the name is not known.
    case unreachable
    /// The handshake failed: either side refused the other's certificate or a file is unusable.
    case refusedByTLS
    /// It took longer than allowed.
    case timedOut
    /// The answer is larger than allowed.
    case bodyTooLarge
    /// The connection ended in the middle, or what came was not HTTP.
    case broken
    /// The address or an option is not legal.
    case misused
  }

  /// What kind of failure it is.
  package let code: Code
  /// What the library said of it.
  package let detail: String

  /// A failure of the stated kind.
  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Kind and detail in one line.
  package var description: String { "\(code): \(detail)" }
}
