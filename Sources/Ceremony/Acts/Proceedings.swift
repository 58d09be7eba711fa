// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import Keys
import Profiles
import SEC
import X509

/// The acts of a ceremony, one after the other: the same for a rehearsal and for the ceremony, for
/// an estate that is founded in a second and for one that is founded by people in a vault.
struct Proceedings {
  let file: CeremonyFile
  /// What was known before.
  let before: OfflineState
  var place: Workplace
  let serials: SerialNumbers
  /// Where the keys of roots are made.
  let rootsPlace: KeyPlace
  /// Where the keys of issuing authorities are made.
  let issuingPlace: KeyPlace
  var made = Made()
  private var act: Int?

  init(
    _ file: CeremonyFile, after before: OfflineState, in place: Workplace,
    roots: KeyPlace? = nil, issuing: KeyPlace? = nil
  ) {
    rootsPlace = roots ?? file.rootsPlace
    issuingPlace = issuing ?? file.issuingPlace
    self.file = file
    self.before = before
    self.place = place
    serials = SerialNumbers(shard: 0, random: place.random)
  }

  /// Does everything that the file says.
  mutating func run() throws {
    for (index, act) in file.acts.enumerated() {
      self.act = index
      switch act {
      case .shareOut(let vault, let threshold, let custodians):
        try shareOut(vault, threshold: threshold, custodians)
      case .makeCeremonyKey: try makeCeremonyKey()
      case .makeRoot(let kind, let name): try makeRoot(kind, name)
      case .certify(let kind, let name, let root, let key):
        try certify(kind, name, by: root, key)
      case .signList(let root, let number, let revoked):
        try signList(by: root, number, revoked)
      case .makeRecoveryKey(let identifier): try makeRecoveryKey(identifier)
      }
    }
    act = nil
  }

  /// Tells what was done.
  mutating func tell(_ text: String) {
    made.steps.append(Made.Step(time: place.clock(), act: act, text: text))
  }

  private func vault(_ vault: Vault) throws -> Keyring {
    guard let store = place.vaults[vault] else { throw Refusal.vaultNotShared(vault) }
    return store
  }

  /// A label that no key of the place has had.
  private func label(_ base: String, in place: String) -> String {
    let taken = Set((before.keys + made.keys).filter { $0.place == place }.map(\.label))
    guard taken.contains(base) else { return base }
    return (2...).lazy.map { "\(base)-\($0)" }.first { !taken.contains($0) } ?? base
  }

  private mutating func keep(
    _ key: PublicKey, _ label: String, in place: String, for use: String
  )
    throws
  {
    let encoded = try SubjectPublicKeyInfo.encoding(key).encoded
    made.keys.append(
      MadeKey(place: place, label: label, use: use, publicKey: Array(encoded)))
    tell("made the key \(label) in \(place), SHA-256 \(Hex.encode(Digest.sha256(encoded)))")
  }

  // MARK: the acts

  private mutating func shareOut(
    _ vault: Vault, threshold: Int, _ custodians: [String]
  ) throws {
    let secret = try Secret.random(Vault.secretOctets)
    let shares = try SecretShare.split(secret, threshold: threshold, count: custodians.count)
    // Any so many of them: the first and the last are tried.
    for some in [Array(shares.prefix(threshold)), Array(shares.suffix(threshold))] {
      let again = try SecretShare.combine(some)
      let isSame = unsafe again.withBytes { mine in
        unsafe secret.withBytes { unsafe mine.elementsEqual($0) }
      }
      guard isSame else { throw CeremonyError.sharesDoNotCombine }
    }
    let generation = (before.standing(vault).first?.generation ?? 0) + 1
    for (custodian, share) in zip(custodians, shares) {
      let file = try ShareFile(
        share,
        facts: ShareRecord.facts(
          self.file.estate, vault, generation: generation, threshold: threshold,
          count: custodians.count, custodian: custodian, ceremony: self.file.ceremony))
      let record = ShareRecord(
        vault, generation: generation, index: Int(share.index), threshold: threshold,
        count: custodians.count, custodian: custodian, ceremony: self.file.ceremony,
        digest: file.digest)
      try place.deliver(file, record)
      made.shares.append(record)
      tell(
        "handed share \(share.index) of the \(vault.rawValue) vault to \(custodian), SHA-256 "
          + Hex.encode(file.digest))
    }
    place.vaults[vault] = try place.seal(vault, place.vaults[vault], secret)
    tell("sealed the \(vault.rawValue) vault: \(threshold) of \(custodians.count) open it")
  }

  private mutating func makeCeremonyKey() throws {
    let label = label("ceremony", in: Vault.root.rawValue)
    let key = try vault(.root).folder.generate(label: label, kind: .ed25519)
    try keep(key.publicKey, label, in: Vault.root.rawValue, for: MadeKey.ceremonyUse)
    made.ceremonyKeyLabel = label
  }

  private mutating func makeRoot(_ kind: AuthorityKind, _ text: String) throws {
    let name = try AuthorityName(text, for: kind, in: file.estate.estate)
    let profile: AuthorityProfile =
      switch kind {
      case .rootOCA: .rootOCA(try makeContingencyKey(for: text))
      case .rootIKI: .rootIKI
      case .rootDCCKI: .rootDCCKI
      default: .rootDCA
      }
    let label = label(kind.rawValue, in: Vault.root.rawValue)
    try removeLeft(label, in: vault(.root), at: rootsPlace)
    let key = try vault(.root).generate(
      label: label, kind: kind.hierarchy.isRSA ? .rsa2048 : .p256, at: rootsPlace)
    try keep(key.publicKey, label, in: Vault.root.rawValue, for: "\(kind.rawValue) \(text)")
    let moment = place.clock()
    let root = try RootAuthority(
      profile, named: name, key: key, serial: serials.draw(1, at: moment)[0], at: moment)
    keep(root.certificate, kind, text, label, rootsPlace)
  }

  private mutating func keep(
    _ certificate: Certificate, _ kind: AuthorityKind, _ name: String, _ label: String,
    _ place: KeyPlace
  ) {
    made.authorities.append(
      OfflineAuthority(
        name: name, kind: kind, certificate: certificate, keyLabel: label, place: place,
        ceremony: file.ceremony))
    tell(
      "certified the \(kind.rawValue) \(name), serial number "
        + "\(Hex.encode(certificate.serialNumber.magnitude)), SHA-256 "
        + Hex.encode(Digest.sha256(certificate.encoded)))
  }

  /// L10.6(c)(ii): a contingency key pair; its public half, encrypted, goes into the Root OCA.
  private mutating func makeContingencyKey(for root: String) throws -> WrappedContingencyKey {
    let custody = try vault(.contingency).folder
    let name = Vault.contingency.rawValue
    let label = label(FoundingCeremony.Label.contingency, in: name)
    let symmetricLabel = label.replacing(
      FoundingCeremony.Label.contingency, with: FoundingCeremony.Label.contingencySymmetric)
    let key = try custody.generate(label: label, kind: .p256)
    guard case .p256(let publicKey) = key.publicKey else { throw CeremonyError.unusableKey }
    try keep(key.publicKey, label, in: name, for: "Contingency Private Key of \(root)")
    let symmetric = try Secret.random(32)
    try custody.keep(symmetric, label: symmetricLabel)
    made.keys.append(
      MadeKey(place: name, label: symmetricLabel, use: "Symmetric Key of \(root)", publicKey: []))
    tell("made the key \(symmetricLabel) in \(name), which is symmetric")
    let plaintext = WrappedContingencyKey.plaintext(of: publicKey)
    let wrapped = try KeyWrap.wrap(Secret(copying: plaintext), under: symmetric)
    let again = try KeyWrap.unwrap(wrapped, under: symmetric)
    let isSame = unsafe again.withBytes { unsafe $0.elementsEqual(plaintext) }
    guard isSame else { throw CeremonyError.badSignature }
    return WrappedContingencyKey(octets: wrapped)
  }

  private func root(_ name: String) throws -> RootAuthority {
    let known = made.authorities.first { $0.name == name } ?? before.authority(name)
    guard let known, known.kind.isRoot else { throw Refusal.rootUnknown(name) }
    return try RootAuthority(
      known.kind, known.certificate,
      key: try vault(.root).key(label: known.keyLabel, at: known.place))
  }

  private mutating func certify(
    _ kind: AuthorityKind, _ text: String, by rootName: String, _ source: Act.IssuingKey
  ) throws {
    let root = try root(rootName)
    let name = try AuthorityName(text, for: kind, in: file.estate.estate)
    let label = AuthorityRequest.keyLabel(text)
    let key: PublicKey
    switch source {
    case .madeHere: key = try makeOnline(label, kind)
    case .requested(let digest):
      guard let request = place.requests[digest] else { throw Refusal.requestMissing(digest) }
      key = try AuthorityRequest(request, for: name).publicKey
      made.keys.append(
        MadeKey(
          place: MadeKey.online, label: label, use: "\(kind.rawValue) \(text)",
          publicKey: Array(request.subjectPublicKeyInfo.encoded)))
      tell("took the key of request \(Hex.encode(digest)), signed by its own key")
    }
    let profile = try self.profile(kind)
    let moment = place.clock()
    let certificate = try root.certify(
      profile, named: name, key: key, serial: serials.draw(1, at: moment)[0], at: moment)
    keep(certificate, kind, text, label, issuingPlace)
  }

  private mutating func makeOnline(_ label: String, _ kind: AuthorityKind) throws -> PublicKey {
    guard let online = self.place.online else { throw Refusal.onlinePlaceMissing(label) }
    let place = issuingPlace
    try removeLeft(label, in: online, at: place)
    let key = try online.generate(
      label: label, kind: kind.hierarchy.isRSA ? .rsa2048 : .p256, at: place)
    try keep(key.publicKey, label, in: MadeKey.online, for: "issuing authority")
    return key.publicKey
  }

  /// Destroys a key that no ceremony that ended has made: it is what a broken one left.
  private mutating func removeLeft(
    _ label: String, in keys: Keyring, at place: KeyPlace
  ) throws {
    guard try keys.labels(at: place).contains(label) else { return }
    guard !(before.keys + made.keys).contains(where: { $0.label == label }) else {
      throw KeyError(.labelTaken, "there is already a key \(label)")
    }
    try keys.destroy(label: label, at: place)
    tell("destroyed the key \(label) that an earlier attempt left")
  }

  private func profile(_ kind: AuthorityKind) throws -> AuthorityProfile {
    let estate = file.estate.estate
    switch kind {
    case .issuingOCA: return .issuingOCA(policy: estate.organisationPolicy)
    case .issuingIKI: return .issuingIKI(policy: estate.ikiPolicy)
    case .issuingDCCKI:
      guard let policy = file.estate.dcckiPolicy else { throw Refusal.dcckiPolicyMissing() }
      return .issuingDCCKI(policy: policy)
    default: return .issuingDCA(policy: estate.devicePolicy)
    }
  }

  private mutating func signList(
    by rootName: String, _ number: Int, _ revoked: [Act.RevokedAuthority]
  ) throws {
    let root = try root(rootName)
    let list = try root.signList(
      number: number, at: place.clock(),
      entries: revoked.map {
        RevokedCertificate(
          serialNumber: Integer(magnitude: $0.serial), revoked: $0.revoked, reason: $0.reason)
      })
    made.lists.append(
      Made.List(
        root: rootName, hierarchy: root.kind.hierarchy, number: number, der: list.encoded))
    tell(
      "signed list \(number) of \(rootName) with \(revoked.count) entries, SHA-256 "
        + Hex.encode(Digest.sha256(list.encoded)))
  }

  /// L10.1(b)(i): the Recovery key pair; its certificate is an Organisation Certificate with the
  /// role 01, which the Issuing OCA issues for this request (L10.6(b)(ii)).
  private mutating func makeRecoveryKey(_ identifier: EntityID) throws {
    let label = label("recovery", in: Vault.recovery.rawValue)
    let key = try vault(.recovery).folder.generate(label: label, kind: .p256)
    try keep(key.publicKey, label, in: Vault.recovery.rawValue, for: "Recovery Private Key")
    let subject = try OrganisationSubject(
      commonName: nil, role: .recovery, identifier: identifier)
    let request = try AuthorityRequest.make(
      subject.name, key,
      extensions: [Extension(KeyUsage([.digitalSignature]), isCritical: true)])
    made.requests.append(Made.Request(name: label, der: request))
    tell("asked for the Recovery Certificate, SHA-256 \(Hex.encode(Digest.sha256(request)))")
  }
}
