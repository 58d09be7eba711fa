// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
package import Keys
package import Profiles
package import SEC
package import X509

/// Writes the files of ceremonies for review, from what an offline store holds: the next names, the
/// next numbers, the custodians in office.
package struct Template: Sendable {
  /// What an offline store holds.
  package let state: OfflineState
  private let declared: DeclaredEstate
  private let rootsToken: TokenSetting?
  private let issuingToken: TokenSetting?
  private var estate: Estate { declared.estate }

  /// Templates for a store that was founded, with the tokens in which keys are made.
  ///
  /// - Throws: `ceremony-does-not-fit` for one that was not.
  package init(
    _ state: OfflineState, rootsToken: TokenSetting? = nil, issuingToken: TokenSetting? = nil
  ) throws(Refusal) {
    guard let declared = state.estate else {
      throw .ceremonyDoesNotFit(
        "kind", expected: "founding, for a store without a ceremony", found: "another kind")
    }
    self.state = state
    self.declared = declared
    self.rootsToken = rootsToken
    self.issuingToken = issuingToken
  }

  /// A file with these acts, called after its kind and the next free number.
  package func file(
    _ kind: String, _ title: String, witnessesLeast: Int = CeremonyFile.witnessesDefault,
    _ acts: [Act]
  ) throws(Refusal) -> CeremonyFile {
    let number = (1...).first { !state.ceremonies.contains("\(kind)-\($0)") } ?? 1
    return try CeremonyFile(
      ceremony: "\(kind)-\(number)", title: title, estate: declared,
      witnessesLeast: witnessesLeast, rootsToken: rootsToken, issuingToken: issuingToken,
      acts: acts)
  }

  /// Issuing authorities certified ahead of need by the newest root of their hierarchy; each with
  /// a key made in the ceremony, or with that of a request.
  package func certify(
    _ kind: AuthorityKind, count: Int, requests: [CertificationRequest]
  ) throws(Refusal) -> [Act] {
    let root = try newestRoot(of: kind)
    var taken = Set(state.authorities.map(\.name))
    var acts: [Act] = []
    for request in requests {
      let name = request.subject.commonName ?? ""
      taken.insert(name)
      acts.append(
        .certify(kind, name: name, by: root, key: .requested(request.digest)))
    }
    for _ in acts.count..<max(acts.count, count) {
      let name = next(kind, taken)
      taken.insert(name)
      acts.append(.certify(kind, name: name, by: root, key: .madeHere))
    }
    return acts
  }

  /// A new root and its first issuing authority: the re-key of a hierarchy.
  ///
  /// For organisations the root brings a new contingency key pair and symmetric key.
  package func rekey(_ hierarchy: AuthorityKind.Hierarchy) -> [Act] {
    let kinds = AuthorityKind.allCases.filter { $0.hierarchy == hierarchy }
    var taken = Set(state.authorities.map(\.name))
    var acts: [Act] = []
    var root = ""
    for kind in kinds.filter(\.isRoot) {
      root = next(kind, taken)
      taken.insert(root)
      acts.append(.makeRoot(kind, name: root))
    }
    for kind in kinds where !kind.isRoot {
      acts.append(.certify(kind, name: next(kind, taken), by: root, key: .madeHere))
    }
    // C3-124-3: a root has a list from its first day.
    if hierarchy != .device { acts.append(.signList(by: root, number: 1, revoked: [])) }
    return acts
  }

  /// The next list of a root, with the entries of the last one and these.
  package func list(
    by root: String, revoking more: [Act.RevokedAuthority]
  ) throws(Refusal) -> [Act] {
    var revoked: [Act.RevokedAuthority] = []
    var number = 0
    if let der = state.lists[root], let last = try? RevocationList(parsing: der) {
      number = last.number?.value ?? 0
      var entries = last.tbs.entries.makeIterator()
      while let entry = entries.next() {
        revoked.append(
          Act.RevokedAuthority(
            serial: Array(entry.serialNumber.magnitude), revoked: entry.revoked,
            reason: entry.reason ?? .unspecified))
      }
    }
    return [.signList(by: root, number: number + 1, revoked: revoked + more)]
  }

  /// The newest root of an authority's hierarchy.
  private func newestRoot(of kind: AuthorityKind) throws(Refusal) -> String {
    let root = state.authorities.last {
      $0.kind.isRoot && $0.kind.hierarchy == kind.hierarchy
    }
    guard let root else { throw .rootUnknown("none of the \(kind.hierarchy.rawValue) hierarchy") }
    return root.name
  }

  /// The next name in the row of a kind: a number counted on, in a form that the profile takes.
  private func next(_ kind: AuthorityKind, _ taken: Set<String>) -> String {
    let prefix = estate.kind == .test ? "T" : ""
    func name(_ number: Int) -> String {
      let two = number < 10 ? "0\(number)" : "\(number)"
      return switch kind {
      case .rootDCA: "\(prefix)DR\(number > 1 ? "\(number)" : "")"
      case .rootOCA: "\(prefix)OR\(number > 1 ? "\(number)" : "")"
      case .issuingDCA: "\(prefix)D\(two)"
      case .issuingOCA: "\(prefix)O\(two)"
      case .rootIKI: "\(prefix)IKI root\(number > 1 ? " \(number)" : "")"
      case .issuingIKI: "\(prefix)IKI issuing \(two)"
      case .rootDCCKI: "\(prefix)DCCKI root\(number > 1 ? " \(number)" : "")"
      case .issuingDCCKI: "\(prefix)DCCKI issuing \(two)"
      }
    }
    return (1...).lazy.map(name).first { !taken.contains($0) } ?? name(1)
  }
}

extension CertificationRequest {
  /// SHA-256 of the request, by which a file names it.
  fileprivate var digest: [UInt8] { Digest.sha256(encoded) }
}
