// SPDX-License-Identifier: Apache-2.0

/// Bytes that are not the Distinguished Encoding Rules of what was expected (X.690).
package struct DERError: Error, Hashable, Sendable {
  /// What is wrong, by a stable name.
  package enum Code: String, CaseIterable, Sendable {
    /// An element says that it is longer than what holds it.
    case truncated
    /// Bytes are left over after the last element expected.
    case trailingBytes = "trailing-bytes"
    /// A length has more octets than it needs (X.690, 10.1).
    case nonMinimalLength = "non-minimal-length"
    /// A length is left open (X.690, 10.1 asks for the definite form).
    case indefiniteLength = "indefinite-length"
    /// Elements are nested deeper than `Reader.depthMax`.
    case tooDeep = "too-deep"
    /// The input, or one of its parts, is longer than its limit.
    case tooLong = "too-long"
    /// There are more elements than their limit.
    case tooMany = "too-many"
    /// A tag number above 30, which nothing here uses.
    case longTag = "long-tag"
    /// Another element stands where one was expected.
    case wrongTag = "wrong-tag"
    /// BOOLEAN is neither 00 nor FF (X.690, 11.1), or not one octet.
    case badBoolean = "bad-boolean"
    /// INTEGER has a leading octet that it does not need, or no octet (X.690, 8.3.2).
    case nonMinimalInteger = "non-minimal-integer"
    /// INTEGER is below zero where none may be.
    case negativeInteger = "negative-integer"
    /// INTEGER is greater than its limit.
    case integerTooLarge = "integer-too-large"
    /// BIT STRING with more than 7 unused bits, or unused bits that are set (X.690, 11.2).
    case badBitString = "bad-bit-string"
    /// OBJECT IDENTIFIER that is empty, open, padded or too long.
    case badObjectIdentifier = "bad-object-identifier"
    /// NULL with content.
    case badNull = "bad-null"
    /// A character string outside its alphabet, or not UTF-8.
    case badString = "bad-string"
    /// A time outside the form of RFC 5280, 4.1.2.5.
    case badTime = "bad-time"
    /// SET OF whose members are not in ascending order (X.690, 11.6).
    case unsortedSet = "unsorted-set"
    /// A value that equals its default is written out (X.690, 11.5).
    case defaultEncoded = "default-encoded"
    /// A collection that needs a member has none.
    case empty
    /// The same thing is said twice where it may be said once.
    case duplicate
    /// Well encoded, but not a value that may stand here.
    case badValue = "bad-value"
    /// Text that is not the textual encoding of RFC 7468, or not Base64.
    case badText = "bad-text"
  }

  /// What is wrong.
  package let code: Code
  /// Where, in octets from the beginning of the array that was read.
  package let offset: Int
  /// What was expected or found, for people.
  package let detail: String

  /// An error at an offset.
  package init(_ code: Code, at offset: Int, _ detail: String) {
    self.code = code
    self.offset = offset
    self.detail = detail
  }
}

extension DERError: CustomStringConvertible {
  /// One line for people.
  package var description: String { "\(code.rawValue) at octet \(offset): \(detail)" }
}
