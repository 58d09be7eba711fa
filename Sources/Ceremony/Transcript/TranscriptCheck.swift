// SPDX-License-Identifier: Apache-2.0

package import Audit
import Authority
import DER
package import Keys
import Profiles
package import SEC
import X509

/// Checks a transcript by itself, as somebody does who was not there and has no store: what the
/// file said was done and nothing else, and every certificate is what it says.
package struct TranscriptCheck: Sendable {
  /// What was found to be so.
  package private(set) var facts: [String] = []
  /// What it says.
  package let transcript: Transcript
  /// The key that signed it.
  package let signedBy: NoteKey
  private let document: SignedDocument
  private var estate: Estate { transcript.file.estate.estate }
  private var made: Made { transcript.made }

  /// Checks everything in it.
  ///
  /// - Parameters:
  ///   - octets: the transcript.
  ///   - keys: the ceremony keys that the estate has had; without any the one that the transcript
  ///     names is taken, which must then be compared with what the witnesses wrote down.
  /// - Throws: `signed-document-form`, `signed-document-signature`, `transcript-fault`.
  package init(_ octets: [UInt8], keys: [NoteKey]) throws {
    document = try SignedDocument(.transcript, parsing: octets)
    transcript = try Transcript(document.body)
    do {
      let named = try NoteKey(transcript.signedBy)
      signedBy = keys.contains(named) ? named : keys.first ?? named
      _ = try NoteKey(transcript.nextKey)
    } catch {
      throw Refusal.transcriptFault("signed-by", expected: "a key of notes", found: "\(error)")
    }
    try document.verify(.transcript, by: signedBy, of: transcript.file.estate.estate)
    guard transcript.signedBy == "\(signedBy)" else {
      throw Refusal.transcriptFault(
        "signed-by", expected: "\(signedBy)", found: transcript.signedBy)
    }
    facts.append("signed by \(signedBy)")
    try checkPeople()
    try checkSteps()
    try checkActs()
    try checkCertificates()
    try checkIssuers()
    try checkLists()
    try checkRequests()
  }

  /// SHA-256 of the transcript: what the package and the audit name.
  package var digest: [UInt8] { document.digest }

  /// Whether it tells of a rehearsal, whose keys are nobody's.
  package var isRehearsal: Bool { transcript.isRehearsal }

  private func fault(_ field: String, _ expected: String, _ found: String) -> Refusal {
    .transcriptFault(field, expected: expected, found: found)
  }

  private mutating func checkPeople() throws(Refusal) {
    let people = transcript.people
    let others = Set(people.witnesses).subtracting([people.holder])
    let least = transcript.file.witnessesLeast
    guard others.count == people.witnesses.count, others.count >= least else {
      throw fault(
        "witnesses", "at least \(least) others", people.witnesses.joined(separator: "; "))
    }
    facts.append(
      "held by \(people.holder), witnessed by \(people.witnesses.joined(separator: "; "))")
    for vault in Vault.allCases {
      let shares = transcript.opened.filter { $0.vault == vault }
      guard Set(shares.map(\.index)).count == shares.count,
        shares.allSatisfy({ $0.threshold <= shares.count })
      else {
        throw fault("opened", "enough shares of the \(vault.rawValue) vault", "\(shares.count)")
      }
      guard !shares.isEmpty else { continue }
      let names = shares.map(\.custodian).joined(separator: "; ")
      facts.append("\(vault.rawValue) vault opened by \(names)")
    }
  }

  private mutating func checkSteps() throws(Refusal) {
    var last = transcript.began
    for step in made.steps {
      guard step.time >= last, step.time <= transcript.ended else {
        throw fault("steps", "times in their order", step.time.rfc3339)
      }
      last = step.time
    }
    let told = Set(made.steps.compactMap(\.act))
    guard told == Set(transcript.file.acts.indices) else {
      throw fault(
        "steps", "a step for each of \(transcript.file.acts.count) acts", "\(told.count)")
    }
    facts.append("\(made.steps.count) steps for \(told.count) acts, in order")
  }

  /// What the file says was done, in its order, and nothing else was.
  private mutating func checkActs() throws(Refusal) {
    var (authorities, shares) = (made.authorities[...], made.shares[...])
    var (lists, requests) = (made.lists[...], made.requests[...])
    for (index, act) in transcript.file.acts.enumerated() {
      let place = "acts[\(index)]"
      switch act {
      case .makeRoot(let kind, let name), .certify(let kind, let name, _, _):
        let authority = authorities.popFirst()
        guard authority?.kind == kind, authority?.name == name else {
          throw fault(place, "the \(kind.rawValue) \(name)", authority?.name ?? "none")
        }
      case .shareOut(let vault, let threshold, let custodians):
        let own = shares.prefix(custodians.count)
        shares = shares.dropFirst(custodians.count)
        guard own.map(\.custodian) == custodians, own.map(\.index) == Array(1...own.count),
          own.allSatisfy({ $0.vault == vault && $0.threshold == threshold })
        else { throw fault(place, "a share for each custodian", "others") }
      case .signList(let root, let number, _):
        let list = lists.popFirst()
        guard list?.root == root, list?.number == number else {
          throw fault(place, "list \(number) of \(root)", list?.root ?? "none")
        }
      case .makeRecoveryKey:
        guard requests.popFirst() != nil else { throw fault(place, "a request", "none") }
      case .makeCeremonyKey: break
      }
    }
    guard authorities.isEmpty, shares.isEmpty, lists.isEmpty, requests.isEmpty else {
      throw fault("acts", "nothing beside the acts of the file", "more")
    }
    let makesKey = transcript.file.acts.contains(.makeCeremonyKey)
    let hasNext = transcript.nextKey != transcript.signedBy
    guard hasNext == (makesKey && !transcript.opened.isEmpty) else {
      throw fault("next-key", "another key exactly where one was made", transcript.nextKey)
    }
    facts.append("every act of the file was done, and nothing else")
  }

  private var anchors: [Certificate] {
    transcript.issuers + made.authorities.filter(\.kind.isRoot).map(\.certificate)
  }

  private mutating func checkCertificates() throws(Refusal) {
    let anchors = anchors
    let lint = Lint(estate: estate, authorities: anchors)
    for authority in made.authorities {
      let certificate = authority.certificate
      guard CertificateKind(certificate) == .authority(authority.kind),
        certificate.subject.commonName == authority.name
      else { throw fault(authority.name, authority.kind.rawValue, "\(certificate.subject)") }
      if let finding = lint.findings(certificate: certificate).first {
        throw fault(authority.name, finding.expected, "\(finding)")
      }
      do {
        _ = try Path.find(
          from: certificate, to: anchors, rules: PathRules(at: transcript.ended))
      } catch {
        throw fault(authority.name, "a path to a root", "\(error)")
      }
      let place = authority.kind.isRoot ? Vault.root.rawValue : MadeKey.online
      let key = made.keys.first { $0.place == place && $0.label == authority.keyLabel }
      guard key?.publicKey == Array(certificate.tbs.subjectPublicKeyInfo.encoded) else {
        throw fault(authority.name, "the key \(authority.keyLabel)", "another key")
      }
    }
    let keys = made.keys.map(\.publicKey).filter { !$0.isEmpty }
    guard Set(keys).count == keys.count else {
      throw fault("keys", "a key of its own for each purpose", "one twice")
    }
    facts.append(
      "\(made.authorities.count) certificates: profile, signature, key and path are right")
  }

  private func checkIssuers() throws(Refusal) {
    let acts = transcript.file.acts.filter(\.makesAuthority)
    for (act, authority) in zip(acts, made.authorities) {
      guard case .certify(_, let name, let root, _) = act else { continue }
      let issuer = authority.certificate.issuer
      guard anchors.contains(where: { $0.subject.commonName == root && $0.subject == issuer })
      else { throw fault(name, "certified by \(root)", "\(issuer)") }
    }
  }

  private mutating func checkLists() throws(Refusal) {
    for made in made.lists {
      let revoked = transcript.file.acts.compactMap { act -> [Act.RevokedAuthority]? in
        if case .signList(made.root, made.number, let revoked) = act { revoked } else { nil }
      }.first
      guard let revoked, let list = try? RevocationList(parsing: made.der),
        let root = anchors.first(where: {
          $0.subject == list.issuer && $0.subject.commonName == made.root
        }), list.isSigned(by: root.tbs.subjectPublicKeyInfo) == .valid,
        list.number?.value == made.number
      else {
        throw fault(
          "list of \(made.root)", "list \(made.number), signed by \(made.root)", "another")
      }
      var serials: [[UInt8]] = []
      var entries = list.tbs.entries.makeIterator()
      while let entry = entries.next() { serials.append(Array(entry.serialNumber.magnitude)) }
      guard serials.count == revoked.count, Set(serials) == Set(revoked.map(\.serial)) else {
        throw fault("list of \(made.root)", "the entries of the file", "others")
      }
      facts.append("list \(made.number) of \(made.root) is signed, \(serials.count) entries")
    }
  }

  private mutating func checkRequests() throws(Refusal) {
    for request in made.requests {
      let read = try OrganisationRequest(parsing: request.der)
      try read.checkPossession()
      let key = Array(read.request.subjectPublicKeyInfo.encoded)
      guard made.keys.contains(where: { $0.label == request.name && $0.publicKey == key }) else {
        throw fault(request.name, "the request of the key that was made", "another")
      }
      facts.append("the request \(request.name) is signed by its key")
    }
  }

  // MARK: what lies beside it

  /// Holds the package of the ceremony against the transcript.
  ///
  /// - Throws: `signed-document-form`, `signed-document-signature`, `transcript-fault`.
  package mutating func check(package octets: [UInt8]) throws {
    let document = try SignedDocument(.package, parsing: octets)
    let manifest = try CeremonyPackage(document.body)
    try document.verify(.package, by: signedBy, of: estate)
    let expected = made.parts.map(\.data)
    guard manifest.transcript == digest, manifest.number == transcript.packageNumber,
      manifest.estate == transcript.file.estate, manifest.nextKey == transcript.nextKey,
      manifest.witnesses == transcript.people.witnesses, manifest.parts.map(\.data) == expected
    else { throw fault("package", "what the transcript says", "something else") }
    facts.append("the package holds what the transcript says: \(expected.count) parts")
  }

  /// Holds the file of a ceremony against the transcript.
  ///
  /// - Throws: `transcript-fault`.
  package mutating func check(file octets: [UInt8]) throws(Refusal) {
    guard octets == transcript.file.octets else {
      throw fault(
        "file", Hex.encode(transcript.file.digest), Hex.encode(Digest.sha256(octets)))
    }
    facts.append("the file is the one that was run")
  }

  /// Holds the record of the rehearsal against the transcript.
  ///
  /// It is the one that the transcript names, it is signed, its own transcript is in order, and it
  /// was over, with as many steps for each act, before the ceremony began.
  ///
  /// - Throws: `transcript-fault`, and what is wrong with the record by itself.
  package mutating func check(rehearsal octets: [UInt8]) throws {
    guard Digest.sha256(octets) == transcript.rehearsal else {
      throw fault(
        "rehearsal", Hex.encode(transcript.rehearsal), Hex.encode(Digest.sha256(octets)))
    }
    let rehearsal = try Rehearsal(parsing: octets)
    try rehearsal.check(transcript.file, tool: transcript.tool)
    guard rehearsal.ended <= transcript.began else {
      throw fault(
        "rehearsal", "over before \(transcript.began.rfc3339)", rehearsal.ended.rfc3339)
    }
    facts.append(
      "the rehearsal is the one that was shown, signed by \(rehearsal.signedBy): "
        + "\(rehearsal.steps) steps")
  }

  /// Holds a custodian's share against the hashes.
  ///
  /// - Throws: `transcript-fault`, which names the share.
  package mutating func check(share: ShareFile) throws(Refusal) {
    let all = made.shares + transcript.opened
    guard let record = all.first(where: { $0.digest == share.digest }) else {
      let name =
        "share \(share.share.index) of the \(share.value("vault") ?? "unknown") vault, of "
        + (share.value("custodian") ?? "nobody")
      throw fault(name, "one of the published hashes", Hex.encode(share.digest))
    }
    facts.append(
      "share \(record.index) of the \(record.vault.rawValue) vault is that of "
        + record.custodian)
  }
}

extension Act {
  /// Whether a certificate of an authority comes of it.
  var makesAuthority: Bool {
    switch self {
    case .makeRoot, .certify: true
    case .shareOut, .makeCeremonyKey, .signList, .makeRecoveryKey: false
    }
  }
}
