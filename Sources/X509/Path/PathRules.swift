// SPDX-License-Identifier: Apache-2.0

package import DER

/// What a path must satisfy.
package struct PathRules: Hashable, Sendable {
  /// The moment at which all certificates must be valid.
  package var time: Time
  /// The policy that each certificate below the anchor must assert, or anyPolicy instead where it
  /// is an authority's; nil asks for none.
  package var policy: ObjectIdentifier?
  /// A use that the first certificate's key usage must have; nil asks for none.
  package var use: KeyUsage.Use?
  /// A purpose that the first certificate's extended key usage, if there is one, must allow.
  package var purpose: ObjectIdentifier?

  /// Rules for a moment.
  package init(
    at time: Time, policy: ObjectIdentifier? = nil, use: KeyUsage.Use? = nil,
    purpose: ObjectIdentifier? = nil
  ) {
    self.time = time
    self.policy = policy
    self.use = use
    self.purpose = purpose
  }

  /// The extensions that are processed here, or that change nothing in a path.
  private static let known: Set<ObjectIdentifier> = [
    .keyUsage, .basicConstraints, .certificatePolicies, .subjectAltName, .extendedKeyUsage,
    .subjectKeyIdentifier, .authorityKeyIdentifier,
  ]

  /// RFC 5280, 6.1.3(a)(2).
  func checkValidity(of certificate: Certificate) throws(PathError) {
    let tbs = certificate.tbs
    guard tbs.notBefore <= time else {
      throw PathError(
        .notYetValid, certificate, "valid from \(tbs.notBefore.rfc3339), checked \(time.rfc3339)")
    }
    guard time.wholeSecond <= tbs.notAfter else {
      throw PathError(
        .expired, certificate, "valid until \(tbs.notAfter.rfc3339), checked \(time.rfc3339)")
    }
  }

  /// RFC 5280, 6.1.4(o) and 6.1.5(f): what is critical must be known.
  func checkCriticalExtensions(of certificate: Certificate) throws(PathError) {
    for entry in certificate.tbs.extensions
    where entry.isCritical && !Self.known.contains(entry.identifier) {
      throw PathError(.unknownCriticalExtension, certificate, "\(entry.identifier)")
    }
  }

  /// RFC 5280, 6.1.3(d)–(f), for a hierarchy without mappings.
  func checkPolicy(of certificate: Certificate, isAuthority: Bool) throws(PathError) {
    guard let policy else { return }
    let asserted =
      try value(of: CertificatePolicies.self, in: certificate)?.identifiers ?? []
    guard asserted.contains(policy) || isAuthority && asserted.contains(.anyPolicy) else {
      throw PathError(.policyNotAsserted, certificate, "\(policy) expected, \(asserted) found")
    }
  }

  /// What the first certificate of a path may be used for (RFC 5280, 4.2.1.3 and 4.2.1.12).
  func checkUse(of certificate: Certificate) throws(PathError) {
    if let use {
      let uses = try value(of: KeyUsage.self, in: certificate)?.uses ?? []
      guard uses.contains(use) else {
        throw PathError(.useNotAllowed, certificate, "\(use) expected, \(uses) found")
      }
    }
    if let purpose, let purposes = try value(of: ExtendedKeyUsage.self, in: certificate)?.purposes {
      guard purposes.contains(purpose) else {
        throw PathError(.useNotAllowed, certificate, "\(purpose) expected, \(purposes) found")
      }
    }
  }

  /// Whether a certificate may issue others, with so many authorities between it and the first one
  /// (RFC 5280, 6.1.4(k)–(n)).
  func checkAuthority(_ issuer: Certificate, authoritiesBelow: Int) throws(PathError) {
    guard let constraints = try value(of: BasicConstraints.self, in: issuer),
      constraints.isAuthority
    else { throw PathError(.notAuthority, issuer, "no basic constraints of an authority") }
    if let most = constraints.pathLength, authoritiesBelow > most {
      throw PathError(
        .pathLengthExceeded, issuer, "\(authoritiesBelow) authorities below, at most \(most)")
    }
    guard let usage = try value(of: KeyUsage.self, in: issuer), usage.uses.contains(.keyCertSign)
    else { throw PathError(.mayNotSignCertificates, issuer, "no key usage keyCertSign") }
  }

  private func value<Value: ExtensionValue>(
    of type: Value.Type, in certificate: Certificate
  ) throws(PathError) -> Value? {
    do {
      return try certificate.tbs.extensions.value(of: type)
    } catch {
      throw PathError(.malformedExtension, certificate, "\(type.identifier): \(error)")
    }
  }
}
