// SPDX-License-Identifier: Apache-2.0

package import DER
package import JSON
import Keys
import Profiles
package import SEC

/// What one ceremony hands over to the on-line estate: certificates, lists and requests, never a
/// root key; in one file that the ceremony key signs.
package struct CeremonyPackage: Sendable {
  /// What one part is.
  package enum Kind: String, Sendable, CaseIterable {
    /// The certificate of a root.
    case root
    /// The certificate of an issuing authority, whose key is in the on-line place.
    case issuing
    /// A list of revoked authorities, by a root.
    case list
    /// A certification request whose key stays in the ceremony's custody (L10.6(b)).
    case request
  }

  /// One part.
  package struct Part: Sendable {
    package let kind: Kind
    /// The hierarchy that it belongs to.
    package let hierarchy: Hierarchy
    /// The common name of the authority, or what the request is for.
    package let name: String
    /// The label of an issuing authority's key in the on-line place, else nil.
    package let keyLabel: String?
    /// DER.
    package let data: [UInt8]

    /// A part, whole.
    package init(
      _ kind: Kind, _ hierarchy: Hierarchy, name: String, keyLabel: String? = nil, data: [UInt8]
    ) {
      self.kind = kind
      self.hierarchy = hierarchy
      self.name = name
      self.keyLabel = keyLabel
      self.data = data
    }
  }

  /// The form of the file.
  package static let format = "smki-package-1"
  /// The most parts of one package: the estate with 99 Issuing DCAs, and the rest.
  package static let partsMax = 200

  /// Whose it is.
  package let estate: DeclaredEstate
  /// The ceremony that made it.
  package let ceremony: String
  /// Counts the packages of an offline store from 1; each is imported once and in this order.
  package let number: Int
  /// When the ceremony ended.
  package let made: Time
  /// SHA-256 of the transcript, which everybody can ask for.
  package let transcript: [UInt8]
  /// Who witnessed it.
  package let witnesses: [String]
  /// The key that signs the packages after this one, as notes write keys.
  package let nextKey: String
  package let parts: [Part]

  /// A package, whole.
  package init(
    estate: DeclaredEstate, ceremony: String, number: Int, made: Time, transcript: [UInt8],
    witnesses: [String], nextKey: String, parts: [Part]
  ) {
    self.estate = estate
    self.ceremony = ceremony
    self.number = number
    self.made = made
    self.transcript = transcript
    self.witnesses = witnesses
    self.nextKey = nextKey
    self.parts = parts
  }

  /// The body of the document.
  package var json: JSONValue {
    .object([
      "format": .string(Self.format), "estate": estate.json, "ceremony": .string(ceremony),
      "number": .integer(Int64(number)), "made": .string(made.rfc3339),
      "transcript-sha256": .string(Hex.encode(transcript)),
      "witnesses": .array(witnesses.map { .string($0) }), "next-key": .string(nextKey),
      "parts": .array(parts.map(\.json)),
    ])
  }

  /// Reads the body of a document.
  ///
  /// - Throws: `package-form` with the member that is wrong, also when a part is another than its
  ///   SHA-256 says.
  package init(_ body: JSONValue) throws(Refusal) {
    do throws(JSONError) {
      var members = try Members(body, at: "")
      _ = try members.word("format", { $0 == Self.format ? $0 : nil }, expected: Self.format)
      estate = try DeclaredEstate(try members.members("estate"))
      ceremony = try members.string("ceremony")
      number = try members.integer("number", in: 1...1_000_000)
      made = try members.word("made", { Time(rfc3339: $0) }, expected: "a time of RFC 3339")
      transcript = try members.word(
        "transcript-sha256", { Hex.decode($0).flatMap { $0.count == 32 ? $0 : nil } },
        expected: "64 hexadecimal digits")
      witnesses = try members.strings("witnesses")
      nextKey = try members.string("next-key")
      var parts: [Part] = []
      for (value, place) in try members.array("parts") {
        parts.append(try Part(try Members(value, at: place)))
      }
      guard parts.count <= Self.partsMax else {
        throw JSONError(
          .wrongValue, at: "parts", expected: "at most \(Self.partsMax)",
          found: "\(parts.count)")
      }
      self.parts = parts
      try members.end()
    } catch {
      throw .packageForm(error)
    }
  }
}

extension CeremonyPackage.Part {
  fileprivate var json: JSONValue {
    var members: [String: JSONValue] = [
      "kind": .string(kind.rawValue), "hierarchy": .string(hierarchy.rawValue),
      "name": .string(name), "sha256": .string(Hex.encode(Digest.sha256(data))),
      "data": .string(Base64.encode(data)),
    ]
    if let keyLabel { members["key-label"] = .string(keyLabel) }
    return .object(members)
  }

  fileprivate init(_ members: Members) throws(JSONError) {
    var members = members
    kind = try members.word(
      "kind", CeremonyPackage.Kind.init(rawValue:), expected: "root, issuing, list or request")
    hierarchy = try members.word(
      "hierarchy", Hierarchy.init(rawValue:), expected: "a hierarchy")
    name = try members.string("name")
    keyLabel = try members.stringIfPresent("key-label")
    data = try members.word(
      "data", { Base64.decode(Array($0.utf8)) }, expected: "Base64")
    let digest = try members.string("sha256")
    guard Hex.decode(digest) == Digest.sha256(data), (keyLabel != nil) == (kind == .issuing) else {
      throw JSONError(
        .wrongValue, at: members.place, expected: "a part as its SHA-256 says",
        found: Hex.encode(Digest.sha256(data)))
    }
    try members.end()
  }
}
