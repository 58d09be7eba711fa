// SPDX-License-Identifier: Apache-2.0

/// What the server itself refuses, before any handler has the request.
package struct ServerRefusal: Sendable, Equatable {
  /// The status of the answer.
  package let status: Int
  /// A fixed sentence: what is wrong.
  package let reason: String
  /// What would have been taken, with its figure or its names; nil where the status says all.
  package let expected: String?
  /// What came, with its figure or its name; nil where the reason says all.
  package let found: String?

  /// The most characters of what a client sent that are told again.
  static let shownMax = 200

  /// A part of the request, no longer than a person reads.
  static func shown(_ text: String) -> String {
    text.unicodeScalars.count <= shownMax
      ? text : String(text.unicodeScalars.prefix(shownMax)) + "…"
  }
}
