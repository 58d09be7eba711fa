// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Keys
import Profiles
import SEC
import X509

/// Whether the file of a ceremony fits what the offline store holds: before anything is made.
struct FileCheck {
  let file: CeremonyFile
  let state: OfflineState

  private var roots: [String: AuthorityKind]
  private var names: Set<String>
  private var vaults: Set<Vault>
  private var done: Set<String> = []

  init(_ file: CeremonyFile, against state: OfflineState) {
    self.file = file
    self.state = state
    roots = Dictionary(
      state.authorities.filter(\.kind.isRoot).map { ($0.name, $0.kind) },
      uniquingKeysWith: { first, _ in first })
    names = Set(state.authorities.map(\.name))
    vaults = state.vaults
  }

  /// Looks at each act in its order.
  ///
  /// - Throws: `ceremony-held`, `ceremony-other-estate`, `ceremony-does-not-fit`,
  ///   `ceremony-name-taken`, `vault-not-shared`, `root-unknown`, `root-other-hierarchy`,
  ///   `dccki-policy-missing`.
  mutating func run() throws(Refusal) {
    guard !state.ceremonies.contains(file.ceremony) else { throw .ceremonyHeld(file.ceremony) }
    if let estate = state.estate {
      guard estate == file.estate else {
        throw .ceremonyOtherEstate(estate.estate, file.estate.estate)
      }
    } else if !file.acts.contains(.makeCeremonyKey) {
      throw .ceremonyDoesNotFit(
        "acts", expected: "make-ceremony-key in the first ceremony of a store", found: "none")
    }
    for (index, act) in file.acts.enumerated() { try check(act, "acts[\(index)]") }
  }

  private mutating func check(_ act: Act, _ place: String) throws(Refusal) {
    if case .shareOut = act {
    } else {
      for vault in act.vaults where !vaults.contains(vault) { throw .vaultNotShared(vault) }
    }
    switch act {
    case .shareOut(let vault, _, _):
      try once("share-out of the \(vault.rawValue) vault", place)
      vaults.insert(vault)
    case .makeCeremonyKey: try once("make-ceremony-key", place)
    case .makeRoot(let kind, let name):
      try take(name)
      try checkPolicy(kind)
      roots[name] = kind
    case .certify(let kind, let name, let root, _):
      guard let rootKind = roots[root] else { throw .rootUnknown(root) }
      guard rootKind.hierarchy == kind.hierarchy else { throw .rootOtherHierarchy(rootKind, kind) }
      try take(name)
      try checkPolicy(kind)
    case .signList(let root, let number, let revoked):
      guard let kind = roots[root] else { throw .rootUnknown(root) }
      guard kind.hierarchy != .device else {
        throw .ceremonyDoesNotFit(
          place, expected: "a root that has lists; the device hierarchy has none",
          found: kind.rawValue)
      }
      try once("sign-list of \(root)", place)
      try checkList(root, number, revoked, place)
    case .makeRecoveryKey: try once("make-recovery-key", place)
    }
  }

  private mutating func once(_ what: String, _ place: String) throws(Refusal) {
    guard done.insert(what).inserted else {
      throw .ceremonyDoesNotFit(place, expected: "\(what) once in a ceremony", found: "it twice")
    }
  }

  private mutating func take(_ name: String) throws(Refusal) {
    guard names.insert(name).inserted else { throw .ceremonyNameTaken(name) }
  }

  private func checkPolicy(_ kind: AuthorityKind) throws(Refusal) {
    guard kind.hierarchy != .dccki || file.estate.dcckiPolicy != nil else {
      throw .dcckiPolicyMissing()
    }
  }

  /// OCP-annex-B-arl: the number goes up, no entry vanishes, and each is one of this root's.
  private func checkList(
    _ root: String, _ number: Int, _ revoked: [Act.RevokedAuthority], _ place: String
  ) throws(Refusal) {
    let serials = Set(revoked.map(\.serial))
    guard serials.count == revoked.count else {
      throw .ceremonyDoesNotFit(
        "\(place).revoked", expected: "each serial number once", found: "one twice")
    }
    let subject = state.authority(root)?.certificate.subject
    let own = Set(
      state.authorities.filter { !$0.kind.isRoot && $0.certificate.issuer == subject }
        .map { Array($0.certificate.serialNumber.magnitude) })
    if let stranger = serials.first(where: { !own.contains($0) }) {
      throw .ceremonyDoesNotFit(
        "\(place).revoked", expected: "authorities that \(root) certified",
        found: Hex.encode(stranger))
    }
    guard let der = state.lists[root], let last = try? RevocationList(parsing: der) else { return }
    guard number > last.number?.value ?? 0 else {
      throw .ceremonyDoesNotFit(
        "\(place).number", expected: "a number after \(last.number?.value ?? 0)",
        found: "\(number)")
    }
    var entries = last.tbs.entries.makeIterator()
    while let entry = entries.next() {
      guard serials.contains(Array(entry.serialNumber.magnitude)) else {
        throw .ceremonyDoesNotFit(
          "\(place).revoked", expected: "every entry of list \(last.number?.value ?? 0)",
          found: "none for \(Hex.encode(entry.serialNumber.magnitude))")
      }
    }
  }
}
