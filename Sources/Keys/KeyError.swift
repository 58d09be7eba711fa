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

  /// What went wrong, for a program; `description` says it to people.
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
  /// What went wrong and the detail, in one line for people.
  package var description: String { "\(code.sentence): \(detail)" }
}

extension KeyError.Code {
  /// What went wrong, in words.
  package var sentence: String {
    switch self {
    case .wrongLength: "a key, nonce, signature or secret of another length than its kind has"
    case .compressedPoint: "a compressed point"
    case .notOnCurve: "a point that is not on the curve"
    case .unsupportedKey: "a kind of key that is not used here"
    case .wrongPassphrase: "the key store does not open with this passphrase"
    case .wrongEstate: "a key store or key of another estate"
    case .wrongLabel: "a key file that was renamed or copied"
    case .damaged: "a key file that is not as it was written"
    case .noSuchKey: "a key is missing"
    case .labelTaken: "a key of this name is there already"
    case .badLabel: "a name that no key can have"
    case .noSuchStore: "a key store is missing"
    case .storeExists: "a key store is there already"
    case .tooOpen: "a file with secrets that others than its owner may read or write"
    case .fileSystem: "a key file cannot be read or written"
    case .library: "the cryptographic library failed"
    }
  }
}
