// SPDX-License-Identifier: Apache-2.0

/// A row of certificates of which each is signed by the next, up to one that is trusted.
///
/// Holding one is the proof: it is made only by `find`. What it does not do: name constraints and
/// policy mappings (critical ones are refused as unknown), revocation (for the caller, who has the
/// lists), cross-signed loops beyond its budget.
package struct Path: Hashable, Sendable {
  /// From the certificate asked about to the anchor.
  package let certificates: [Certificate]

  /// How much work one search may cost.
  package struct Budget: Hashable, Sendable {
    /// The most certificates of a path, the first and the anchor included.
    ///
    /// The hierarchies here have 3: end entity, issuing authority, root.
    package var certificates: Int
    /// The most signatures that are verified in one search.
    ///
    /// A path here needs 2; each costs about 0.1 ms, so that a hostile bundle holds a thread for
    /// 2 ms at most.
    package var signatures: Int

    /// A budget; the defaults are enough for each hierarchy here.
    package init(certificates: Int = 5, signatures: Int = 20) {
      self.certificates = certificates
      self.signatures = signatures
    }
  }

  /// Finds a path from a certificate to one of the anchors.
  ///
  /// An anchor is trusted as a name and a key; that it is an authority and valid is checked all the
  /// same. A certificate that is itself an anchor is a path of one.
  ///
  /// - Parameters:
  ///   - first: the certificate asked about.
  ///   - others: certificates that may stand between, in any order, trusted in nothing.
  ///   - anchors: the certificates that are trusted.
  ///   - rules: what must hold.
  ///   - budget: how much work it may cost.
  /// - Returns: the first path found.
  /// - Throws: `PathError`, the most telling one of all that were met.
  package static func find(
    from first: Certificate, through others: [Certificate] = [], to anchors: [Certificate],
    rules: PathRules, budget: Budget = Budget()
  ) throws(PathError) -> Path {
    try rules.checkValidity(of: first)
    try rules.checkCriticalExtensions(of: first)
    try rules.checkUse(of: first)
    var search = Search(others: others, anchors: anchors, rules: rules, budget: budget)
    if anchors.contains(first) { return Path(certificates: [first]) }
    try rules.checkPolicy(of: first, isAuthority: false)
    guard let path = search.extend([first]) else { throw search.worst(for: first) }
    return Path(certificates: path)
  }
}

/// One search: what it may use, what it has spent, and the most telling error so far.
private struct Search {
  let others: [Certificate]
  let anchors: [Certificate]
  let rules: PathRules
  let budget: Path.Budget
  var signatures = 0
  var error: PathError?

  init(
    others: [Certificate], anchors: [Certificate], rules: PathRules, budget: Path.Budget
  ) {
    self.others = others
    self.anchors = anchors
    self.rules = rules
    self.budget = budget
  }

  func worst(for first: Certificate) -> PathError {
    error ?? PathError(.unknownIssuer, first, "nobody at hand is \(first.issuer)")
  }

  /// Recursion is bounded by `budget.certificates`.
  mutating func extend(_ path: [Certificate]) -> [Certificate]? {
    guard let last = path.last else { return nil }
    for anchor in anchors where issues(anchor, last) {
      if accepts(anchor, above: path) { return path + [anchor] }
    }
    for other in others where issues(other, last) && !path.contains(other) {
      guard accepts(other, above: path, isAnchor: false) else { continue }
      if let whole = extend(path + [other]) { return whole }
    }
    if error == nil {
      error = PathError(.unknownIssuer, last, "nobody at hand is \(last.issuer)")
    }
    return nil
  }

  /// Names decide; key identifiers too where both are there (RFC 5280, 4.2.1.1).
  private func issues(_ issuer: Certificate, _ certificate: Certificate) -> Bool {
    guard issuer.subject == certificate.issuer else { return false }
    guard let named = certificate.authorityKeyIdentifier, let own = issuer.subjectKeyIdentifier
    else { return true }
    return named == own
  }

  private mutating func accepts(
    _ issuer: Certificate, above path: [Certificate], isAnchor: Bool = true
  ) -> Bool {
    do {
      try check(issuer, above: path, isAnchor: isAnchor)
      return true
    } catch {
      if self.error.map({ $0.code < error.code }) ?? true { self.error = error }
      return false
    }
  }

  private mutating func check(
    _ issuer: Certificate, above path: [Certificate], isAnchor: Bool
  ) throws(PathError) {
    guard let last = path.last, path.count < budget.certificates else {
      throw PathError(.tooLong, issuer, "more than \(budget.certificates) certificates")
    }
    // Issuers that are their own (a new key under the old name) do not count (RFC 5280, 6.1.4(l)).
    let below = path.dropFirst().filter { $0.issuer != $0.subject }.count
    try rules.checkAuthority(issuer, authoritiesBelow: below)
    guard signatures < budget.signatures else {
      throw PathError(.budgetSpent, issuer, "more than \(budget.signatures) signatures")
    }
    signatures += 1
    switch last.isSigned(by: issuer.tbs.subjectPublicKeyInfo) {
    case .valid: break
    case .invalid:
      throw PathError(.invalidSignature, last, "not signed by the key of \(issuer.subject)")
    case .wrongAlgorithm:
      throw PathError(.unusableKey, last, "\(last.signatureAlgorithm.algorithm) by another key")
    case .unusableKey:
      throw PathError(.unusableKey, issuer, "\(issuer.tbs.subjectPublicKeyInfo.key)")
    }
    try rules.checkCriticalExtensions(of: issuer)
    if !isAnchor { try rules.checkPolicy(of: issuer, isAuthority: true) }
    try rules.checkValidity(of: issuer)
  }
}
