// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a part of an audit tree, or do not prove what they should.
package struct AuditError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The kinds of fault.
  package enum Code: String, Hashable, Sendable {
    /// Bytes that are no canonical entry.
    case malformedEntry
    /// An entry over one of its limits.
    case entryTooLarge
    /// Text that is no signed note, or a note that is no checkpoint.
    case malformedNote
    /// A tile, bundle or path of one that is not in the published form.
    case malformedTile
    /// A position or size that the tree does not have.
    case outOfRange
    /// A node that the tree needs is not at hand.
    case missingNode
    /// A proof that does not lead to the root.
    case proofInvalid
    /// No signature of a trusted key, or a wrong one.
    case signatureInvalid
  }

  package let code: Code
  /// What was found, for people.
  package let detail: String

  /// An error, whole.
  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  package var description: String { "\(code.rawValue): \(detail)" }
}
