// SPDX-License-Identifier: Apache-2.0

package import DER

/// Why no path leads from a certificate to an anchor.
///
/// When several paths fail, the error of the one that came furthest is reported: codes are ranked,
/// the later the more it tells.
package struct PathError: Error, Hashable, Sendable {
  /// What is wrong, from the least telling to the most.
  package enum Code: Int, CaseIterable, Comparable, Sendable {
    /// No certificate at hand has the name, and the key identifier, of the issuer.
    case unknownIssuer
    /// The path would have more certificates than `Path.Budget.certificates`.
    case tooLong
    /// An issuer is not an authority (RFC 5280, 6.1.4(k)).
    case notAuthority
    /// An issuer's key may not sign certificates (RFC 5280, 6.1.4(n)).
    case mayNotSignCertificates
    /// More authorities stand below an authority than it allows (RFC 5280, 6.1.4(m)).
    case pathLengthExceeded
    /// The issuer's key is not used here, or the signature is of another algorithm.
    case unusableKey
    /// The issuer's key did not make the signature (RFC 5280, 6.1.3(a)(1)).
    case invalidSignature
    /// A known extension cannot be read.
    case malformedExtension
    /// A critical extension is not known here (RFC 5280, 6.1.4(o), 6.1.5(f)).
    case unknownCriticalExtension
    /// The required policy is not asserted (RFC 5280, 6.1.3(f)).
    case policyNotAsserted
    /// The key of the first certificate may not be used as asked.
    case useNotAllowed
    /// Validity begins later than the moment of checking (RFC 5280, 6.1.3(a)(2)).
    case notYetValid
    /// Validity ended before the moment of checking (RFC 5280, 6.1.3(a)(2)).
    case expired
    /// More signatures would be verified than `Path.Budget.signatures`: not all paths were tried.
    case budgetSpent

    /// Whether the left one tells less.
    package static func < (left: Code, right: Code) -> Bool { left.rawValue < right.rawValue }
  }

  /// What is wrong.
  package let code: Code
  /// The certificate that is meant.
  package let serialNumber: Integer
  /// What was expected and found, for people.
  package let detail: String

  init(_ code: Code, _ certificate: Certificate, _ detail: String) {
    self.code = code
    serialNumber = certificate.serialNumber
    self.detail = detail
  }
}

extension PathError: CustomStringConvertible {
  /// One line for people.
  package var description: String { "\(code), certificate \(serialNumber): \(detail)" }
}
