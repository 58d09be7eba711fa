// SPDX-License-Identifier: Apache-2.0

/// Why a server cannot be started or cannot take its certificate.
package struct HTTPError: Error, Equatable, CustomStringConvertible {
  /// The kinds of failure, stable for callers to switch over.
  package enum Code: Sendable {
    /// Another process listens at the address or path.
    case addressInUse
    /// The address or path cannot be listened at for another reason.
    case addressUnusable
    /// A certificate, private key or certification authority cannot be read or do not match.
    case credentialsUnusable
    /// The library refused to start.
    case notStarted
  }

  /// What kind of failure it is.
  package let code: Code
  /// The address, path or file and what the system said of it.
  package let detail: String

  /// A failure of the stated kind.
  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Kind and detail in one line for an operator.
  package var description: String { "\(code): \(detail)" }
}
