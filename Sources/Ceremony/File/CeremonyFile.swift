// SPDX-License-Identifier: Apache-2.0

package import Authority
import DER
import JSON
package import Keys
import Profiles
package import SEC

/// The one file that says what a ceremony will do: written from a template, reviewed by people,
/// rehearsed, and then run without a change (OCP-ceremony).
package struct CeremonyFile: Sendable {
  /// The form of the file.
  package static let format = "smki-ceremony-1"
  /// The most acts of one ceremony: an estate with 99 Issuing DCAs, and the rest.
  package static let actsMax = 160
  /// How many witnesses there are at least, unless the file says otherwise [assumed].
  package static let witnessesDefault = 2

  /// The file, octet by octet.
  package let octets: [UInt8]
  /// What the ceremony is called: lower-case letters, digits and hyphens; each once.
  package let ceremony: String
  /// What it is for, in words.
  package let title: String
  /// The estate that it is held for.
  package let estate: DeclaredEstate
  /// How many witnesses must be there.
  package let witnessesLeast: Int
  /// The token in which the keys of roots are made; without one it is the vault's folder.
  package let rootsToken: TokenSetting?
  /// The token in which the keys of issuing authorities are made; without one it is the folder.
  package let issuingToken: TokenSetting?
  /// What is done, in this order.
  package let acts: [Act]

  /// Where the keys of roots are made.
  package var rootsPlace: KeyPlace { rootsToken?.place ?? .folder }
  /// Where the keys of issuing authorities are made.
  package var issuingPlace: KeyPlace { issuingToken?.place ?? .folder }

  /// SHA-256 of the file: what a rehearsal is bound to.
  package var digest: [UInt8] { Digest.sha256(octets) }

  /// Reads a file; each member is checked, and none may be unknown.
  ///
  /// - Throws: `ceremony-file`, `authority-name-form`, `authority-name-estate`.
  package init(parsing octets: [UInt8]) throws(Refusal) {
    self.octets = octets
    do throws(JSONError) {
      var members = try Members(try JSONValue(parsing: octets), at: "")
      _ = try members.word("format", { $0 == Self.format ? $0 : nil }, expected: Self.format)
      ceremony = try members.word(
        "ceremony", { Self.isCeremonyName($0) ? $0 : nil },
        expected: "1 to 40 lower-case letters, digits and hyphens")
      title = try members.word(
        "title", { Self.isPersonName($0) ? $0 : nil }, expected: "1 to 80 characters on a line")
      estate = try DeclaredEstate(try members.members("estate"))
      witnessesLeast = try members.integer("witnesses", in: 0...20)
      (rootsToken, issuingToken) = try Self.tokens(&members)
      var acts: [Act] = []
      for (value, place) in try members.array("acts") {
        acts.append(try Act(value, at: place))
      }
      guard (1...Self.actsMax).contains(acts.count) else {
        throw JSONError(
          .wrongValue, at: "acts", expected: "1 to \(Self.actsMax) acts", found: "\(acts.count)")
      }
      self.acts = acts
      try members.end()
    } catch {
      throw .ceremonyFile(error)
    }
    for act in acts {
      switch act {
      case .makeRoot(let kind, let name), .certify(let kind, let name, _, _):
        _ = try AuthorityName(name, for: kind, in: estate.estate)
      case .shareOut, .makeCeremonyKey, .signList, .makeRecoveryKey: break
      }
    }
  }

  /// The member `tokens`, which need not be there: `roots` and `issuing`, each with the name of a
  /// module, its path on this machine, and the label of a token.
  private static func tokens(
    _ members: inout Members
  ) throws(JSONError) -> (TokenSetting?, TokenSetting?) {
    guard members.names.contains("tokens") else { return (nil, nil) }
    var tokens = try members.members("tokens")
    func token(_ name: String) throws(JSONError) -> TokenSetting? {
      guard tokens.names.contains(name) else { return nil }
      var token = try tokens.members(name)
      let setting = TokenSetting(
        module: try token.string("module"), path: try token.string("path"),
        token: try token.string("token"))
      try token.end()
      return setting
    }
    let both = (try token("roots"), try token("issuing"))
    try tokens.end()
    return both
  }

  private static func json(_ token: TokenSetting) -> JSONValue {
    .object([
      "module": .string(token.module), "path": .string(token.path),
      "token": .string(token.token),
    ])
  }

  /// A file as the program writes it for review.
  ///
  /// - Throws: what reading it throws.
  package init(
    ceremony: String, title: String, estate: DeclaredEstate,
    witnessesLeast: Int = CeremonyFile.witnessesDefault, rootsToken: TokenSetting? = nil,
    issuingToken: TokenSetting? = nil, acts: [Act]
  ) throws(Refusal) {
    var members: [String: JSONValue] = [
      "format": .string(Self.format), "ceremony": .string(ceremony), "title": .string(title),
      "estate": estate.json, "witnesses": .integer(Int64(witnessesLeast)),
      "acts": .array(acts.map(\.json)),
    ]
    var tokens: [String: JSONValue] = [:]
    tokens["roots"] = rootsToken.map(Self.json)
    tokens["issuing"] = issuingToken.map(Self.json)
    if !tokens.isEmpty { members["tokens"] = .object(tokens) }
    try self.init(parsing: Array(JSONValue.object(members).text.utf8))
  }

  /// The file of a founding, with the custodians of every vault.
  ///
  /// - Throws: what reading it throws.
  package init(
    founding: FoundingCeremony, ceremony: String, threshold: Int = Vault.thresholdDefault,
    custodians: [String], witnessesLeast: Int = CeremonyFile.witnessesDefault,
    rootsToken: TokenSetting? = nil, issuingToken: TokenSetting? = nil
  ) throws(Refusal) {
    let name = founding.estate.estate.name
    let sharing = Vault.allCases.map {
      Act.shareOut($0, threshold: threshold, custodians: custodians)
    }
    try self.init(
      ceremony: ceremony, title: "Founding of the estate \(name)", estate: founding.estate,
      witnessesLeast: witnessesLeast, rootsToken: rootsToken, issuingToken: issuingToken,
      acts: sharing + [.makeCeremonyKey] + founding.acts)
  }

  /// The vaults that must be open for it.
  var vaults: Set<Vault> { acts.reduce([.root]) { $0.union($1.vaults) } }

  /// Whether a text can be what a ceremony is called.
  static func isCeremonyName(_ text: String) -> Bool {
    (1...40).contains(text.utf8.count)
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0) || $0 == 45 }
  }

  /// Whether a text can name a person or say something on one line.
  package static func isPersonName(_ text: String) -> Bool {
    (1...80).contains(text.unicodeScalars.count) && text.first != " "
      && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != ";" }
      && !text.contains(where: \.isNewline)
  }
}
