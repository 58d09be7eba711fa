// SPDX-License-Identifier: Apache-2.0

package import DER
import JSON
import Keys
package import Profiles
package import SEC
package import X509

/// One thing that a ceremony does, as its reviewed file says.
package enum Act: Hashable, Sendable {
  /// Makes a secret for a vault and hands it to custodians in shares; a vault that is there gets
  /// another secret, and its old shares open nothing any more.
  case shareOut(Vault, threshold: Int, custodians: [String])
  /// Makes the key that signs transcripts and packages; from the next package on where there is
  /// one already.
  case makeCeremonyKey
  /// Makes a root: its key in the root vault and its certificate. A Root OCA brings a new
  /// contingency key pair and symmetric key with it (L10.6(c)(ii)).
  case makeRoot(AuthorityKind, name: String)
  /// Certifies an issuing authority by a root.
  case certify(AuthorityKind, name: String, by: String, key: IssuingKey)
  /// Signs a list of revoked authorities by a root.
  case signList(by: String, number: Int, revoked: [RevokedAuthority])
  /// Makes the Recovery key pair and the request for its certificate (L10.1(b)(i)).
  case makeRecoveryKey(identifier: EntityID)

  /// Where the key of an issuing authority comes from.
  package enum IssuingKey: Hashable, Sendable {
    /// It is made in the ceremony, in the on-line place.
    case madeHere
    /// It was made on line; this is the SHA-256 of its request, 32 octets.
    case requested([UInt8])
  }

  /// An entry of a list of revoked authorities.
  package struct RevokedAuthority: Hashable, Sendable {
    /// 16 octets.
    package let serial: [UInt8]
    package let revoked: Time
    package let reason: RevocationReason

    /// An entry, whole.
    package init(serial: [UInt8], revoked: Time, reason: RevocationReason) {
      self.serial = serial
      self.revoked = revoked
      self.reason = reason
    }
  }

  /// Its name in files.
  package var name: String {
    switch self {
    case .shareOut: "share-out"
    case .makeCeremonyKey: "make-ceremony-key"
    case .makeRoot: "make-root"
    case .certify: "certify"
    case .signList: "sign-list"
    case .makeRecoveryKey: "make-recovery-key"
    }
  }

  /// The vaults that it needs open.
  var vaults: Set<Vault> {
    switch self {
    case .shareOut(let vault, _, _): [vault]
    case .makeCeremonyKey, .certify, .signList: [.root]
    case .makeRoot(let kind, _): kind == .rootOCA ? [.root, .contingency] : [.root]
    case .makeRecoveryKey: [.recovery]
    }
  }

  /// One line for people.
  package var text: String {
    switch self {
    case .shareOut(let vault, let threshold, let custodians):
      "hand out the \(vault.rawValue) vault: \(threshold) of \(custodians.count) open it"
    case .makeCeremonyKey: "make the ceremony key"
    case .makeRoot(let kind, let name): "make the \(kind.rawValue) \(name)"
    case .certify(let kind, let name, let root, .madeHere):
      "make a key for the \(kind.rawValue) \(name) and certify it by \(root)"
    case .certify(let kind, let name, let root, .requested):
      "certify the \(kind.rawValue) \(name), whose key was made on line, by \(root)"
    case .signList(let root, let number, let revoked):
      "sign list \(number) of \(root) with \(revoked.count) entries"
    case .makeRecoveryKey(let identifier): "make the Recovery key pair of \(identifier)"
    }
  }
}

extension Act {
  private static let names = [
    "share-out", "make-ceremony-key", "make-root", "certify", "sign-list", "make-recovery-key",
  ]

  /// Reads one act; what it does not have is refused.
  init(_ value: JSONValue, at place: String) throws(JSONError) {
    var members = try Members(value, at: place)
    let name = try members.string("act")
    switch name {
    case "share-out":
      let vault = try members.word(
        "vault", Vault.init(rawValue:), expected: "root, recovery or contingency")
      let custodians = try members.strings("custodians")
      let threshold = try members.integer("threshold", in: SecretShare.countRange)
      guard Set(custodians).count == custodians.count,
        (threshold...SecretShare.countRange.upperBound).contains(custodians.count),
        custodians.allSatisfy(CeremonyFile.isPersonName)
      else {
        throw JSONError(
          .wrongValue, at: members.place(of: "custodians"),
          expected: "at least \(threshold) names, each once and on one line",
          found: custodians.joined(separator: "; "))
      }
      self = .shareOut(vault, threshold: threshold, custodians: custodians)
    case "make-ceremony-key": self = .makeCeremonyKey
    case "make-root":
      self = .makeRoot(try Self.kind(&members, isRoot: true), name: try members.string("name"))
    case "certify":
      self = .certify(
        try Self.kind(&members, isRoot: false), name: try members.string("name"),
        by: try members.string("by"), key: try Self.key(&members))
    case "sign-list":
      let root = try members.string("by")
      let number = try members.integer("number", in: 1...1_000_000)
      var revoked: [RevokedAuthority] = []
      for (value, place) in try members.array("revoked") {
        revoked.append(try RevokedAuthority(value, at: place))
      }
      self = .signList(by: root, number: number, revoked: revoked)
    case "make-recovery-key":
      self = .makeRecoveryKey(
        identifier: try members.word(
          "identifier", { EntityID($0) }, expected: "an EUI-64"))
    default:
      throw JSONError(
        .wrongValue, at: members.place(of: "act"),
        expected: Self.names.joined(separator: ", "), found: name)
    }
    try members.end()
  }

  private static func kind(
    _ members: inout Members, isRoot: Bool
  ) throws(JSONError) -> AuthorityKind {
    let kinds = AuthorityKind.allCases.filter { $0.isRoot == isRoot }
    return try members.word(
      "authority", { text in kinds.first { $0.rawValue == text } },
      expected: kinds.map(\.rawValue).joined(separator: ", "))
  }

  private static func key(_ members: inout Members) throws(JSONError) -> IssuingKey {
    try members.word(
      "key",
      { text in
        if text == "made-here" { return .madeHere }
        return Hex.decode(text).flatMap { $0.count == 32 ? .requested($0) : nil }
      }, expected: "made-here, or the SHA-256 of a request in 64 hexadecimal digits")
  }

  /// The act as files have it.
  var json: JSONValue {
    var members: [String: JSONValue] = ["act": .string(name)]
    switch self {
    case .shareOut(let vault, let threshold, let custodians):
      members["vault"] = .string(vault.rawValue)
      members["threshold"] = .integer(Int64(threshold))
      members["custodians"] = .array(custodians.map { .string($0) })
    case .makeCeremonyKey: break
    case .makeRoot(let kind, let name):
      members["authority"] = .string(kind.rawValue)
      members["name"] = .string(name)
    case .certify(let kind, let name, let root, let key):
      members["authority"] = .string(kind.rawValue)
      members["name"] = .string(name)
      members["by"] = .string(root)
      switch key {
      case .madeHere: members["key"] = .string("made-here")
      case .requested(let digest): members["key"] = .string(Hex.encode(digest))
      }
    case .signList(let root, let number, let revoked):
      members["by"] = .string(root)
      members["number"] = .integer(Int64(number))
      members["revoked"] = .array(revoked.map(\.json))
    case .makeRecoveryKey(let identifier):
      members["identifier"] = .string("\(identifier)")
    }
    return .object(members)
  }
}

extension Act.RevokedAuthority {
  init(_ value: JSONValue, at place: String) throws(JSONError) {
    var members = try Members(value, at: place)
    serial = try members.word(
      "serial", { Hex.decode($0).flatMap { $0.count == SerialNumber.octetCount ? $0 : nil } },
      expected: "a serial number of 32 hexadecimal digits")
    revoked = try members.word(
      "revoked", { Time(rfc3339: $0) }, expected: "a time of RFC 3339")
    reason = try members.word(
      "reason", { text in RevocationReason.allCases.first { $0.name == text } },
      expected: RevocationReason.allCases.map(\.name).joined(separator: ", "))
    try members.end()
  }

  var json: JSONValue {
    .object([
      "serial": .string(Hex.encode(serial)), "revoked": .string(revoked.rfc3339),
      "reason": .string(reason.name),
    ])
  }
}
