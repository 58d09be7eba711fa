// SPDX-License-Identifier: Apache-2.0

/// Why a key, a secret or a store of keys cannot be used.
///
/// Equality compares the code and the detail. No detail holds key material or a passphrase.
package struct KeyError: Error, Hashable, Sendable {
  /// What went wrong, for a program.
  package enum Code: String, Hashable, Sendable, CaseIterable {
    /// A key, nonce, signature or secret has another length than its kind demands.
    case wrongLength
    /// A point is compressed or hybrid: only uncompressed points (0x04) are taken.
    case compressedPoint
    /// A point does not lie on P-256.
    case notOnCurve
    /// A key of a kind, size or curve that is not used here.
    case unsupportedKey
    /// The store does not open with this passphrase.
    case wrongPassphrase
    /// The store or key file belongs to another estate.
    case wrongEstate
    /// The key file carries another label than its name: it was renamed or copied.
    case wrongLabel
    /// Bytes on disk are not what was written, or ciphertext does not authenticate.
    case damaged
    /// There is no key with this label.
    case noSuchKey
    /// A key, or a file, of this name is already there.
    case labelTaken
    /// The label has a character or a length that is not allowed.
    case badLabel
    /// There is no store in this folder.
    case noSuchStore
    /// There is already a store in this folder.
    case storeExists
    /// A file with secrets may be read or written by others than its owner.
    case tooOpen
    /// The operating system refused; the detail has its reason.
    case fileSystem
    /// The cryptographic library failed; the detail has its error queue.
    case library
  }

  /// What went wrong, for a program.
  package let code: Code
  /// What went wrong, for an operator: one line.
  package let detail: String

  /// An error with its code and one line of detail.
  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }
}

extension KeyError: CustomStringConvertible {
  /// The code and the detail in one line.
  package var description: String { "\(code.rawValue): \(detail)" }
}
