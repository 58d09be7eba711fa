// SPDX-License-Identifier: Apache-2.0

import Authority
package import DER
import JSON
import Keys
import SEC
import X509

/// Everything that was done in a ceremony, for everybody: no secret stands in it, and somebody else
/// can check it without the store.
package struct Transcript: Sendable {
  static let format = "smki-transcript-1"

  let isRehearsal: Bool
  /// The file that was run.
  package let file: CeremonyFile
  /// The version of the program.
  package let tool: String
  /// SHA-256 of the record of the rehearsal.
  let rehearsal: [UInt8]
  /// When the ceremony began.
  package let began: Time
  /// When it ended.
  package let ended: Time
  /// Who was there.
  package let people: CeremonyRun.People
  /// Whose shares opened a vault.
  package let opened: [ShareRecord]
  let made: Made
  /// The roots that were there before.
  let issuers: [Certificate]
  /// The key that signs, and the key that signs from the next package on, as notes write keys.
  let signedBy: String
  let nextKey: String
  /// The number of the package.
  let packageNumber: Int
  /// The audit of the offline store, as it stood when the transcript was written.
  let auditSize: Int
  let auditRoot: [UInt8]

  /// The body of the document.
  var json: JSONValue {
    .object([
      "format": .string(Self.format), "rehearsal": .bool(isRehearsal),
      "file": .string(String(decoding: file.octets, as: UTF8.self)),
      "file-sha256": .string(Hex.encode(file.digest)), "tool": .string(tool),
      "rehearsal-sha256": .string(Hex.encode(rehearsal)), "began": .string(began.rfc3339),
      "ended": .string(ended.rfc3339), "held-by": .string(people.holder),
      "witnesses": .array(people.witnesses.map { .string($0) }),
      "opened": .array(opened.map(\.json)), "shares": .array(made.shares.map(\.json)),
      "steps": .array(made.steps.map(\.json)), "keys": .array(made.keys.map(\.json)),
      "authorities": .array(made.authorities.map(\.json)),
      "issuers": .array(issuers.map { .string(Base64.encode($0.encoded)) }),
      "lists": .array(made.lists.map(\.json)), "requests": .array(made.requests.map(\.json)),
      "signed-by": .string(signedBy), "next-key": .string(nextKey),
      "package": .integer(Int64(packageNumber)), "audit-size": .integer(Int64(auditSize)),
      "audit-root": .string(Hex.encode(auditRoot)),
    ])
  }

  /// Reads the body of a document.
  ///
  /// - Throws: `transcript-fault` with the member that is wrong.
  init(_ body: JSONValue) throws(Refusal) {
    do throws(JSONError) {
      var members = try Members(body, at: "")
      _ = try members.word("format", { $0 == Self.format ? $0 : nil }, expected: Self.format)
      isRehearsal = try members.take("rehearsal") == .bool(true)
      let text = try members.string("file")
      tool = try members.string("tool")
      rehearsal = try members.digest("rehearsal-sha256")
      began = try members.time("began")
      ended = try members.time("ended")
      people = CeremonyRun.People(
        holder: try members.string("held-by"), witnesses: try members.strings("witnesses"))
      opened = try members.list("opened") { value, place throws(JSONError) in
        try ShareRecord(try Members(value, at: place))
      }
      made = try Made(&members)
      issuers = try members.list("issuers") { value, place throws(JSONError) in
        try value.certificate(at: place)
      }
      signedBy = try members.string("signed-by")
      nextKey = try members.string("next-key")
      packageNumber = try members.integer("package", in: 1...1_000_000)
      auditSize = try members.integer("audit-size", in: 0...Int(Int32.max))
      auditRoot = try members.digest("audit-root")
      let digest = try members.digest("file-sha256")
      try members.end()
      let found = Digest.sha256(Array(text.utf8))
      guard digest == found else {
        throw JSONError(
          .wrongValue, at: "file-sha256", expected: Hex.encode(found),
          found: Hex.encode(digest))
      }
      file = try Self.file(text)
    } catch {
      throw .transcriptFault(error.place, expected: error.expected, found: error.found)
    }
  }

  private static func file(_ text: String) throws(JSONError) -> CeremonyFile {
    do {
      return try CeremonyFile(parsing: Array(text.utf8))
    } catch {
      throw JSONError(
        .wrongValue, at: "file: \(error.field)", expected: error.expected, found: error.found)
    }
  }
}

extension Transcript {
  /// A transcript, whole.
  init(
    of run: CeremonyRun, rehearsal: [UInt8], from began: Time, to ended: Time,
    opened: [ShareRecord], made: Made, issuers: [Certificate], signedBy: String, nextKey: String,
    package number: Int, auditSize: Int, auditRoot: [UInt8]
  ) {
    isRehearsal = run.isRehearsal
    file = run.file
    tool = run.tool
    self.rehearsal = rehearsal
    self.began = began
    self.ended = ended
    people = run.people
    self.opened = opened
    self.made = made
    self.issuers = issuers
    self.signedBy = signedBy
    self.nextKey = nextKey
    packageNumber = number
    self.auditSize = auditSize
    self.auditRoot = auditRoot
  }
}
