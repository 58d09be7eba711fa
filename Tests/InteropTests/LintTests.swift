// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What pkilint holds against a kind of certificate that the profile demands all the same.
struct PkilintException: Sendable {
  let kind: String
  let code: String
  /// The part of the certificate, as pkilint names it.
  let place: String
  /// The clause that demands it, and what it says.
  let reason: String

  static let all = Result {
    let file = Workplace.project.appending(path: "Tests/InteropTests/PkilintExceptions.tsv")
    return try read(String(contentsOf: file, encoding: .utf8))
  }

  static func read(_ text: String) throws -> [PkilintException] {
    let lines = text.split(separator: "\n")
    try #require(lines.first == "kind\tcode\tplace\treason")
    return try lines.dropFirst().map { line in
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      try #require(cells.count == 4 && !cells.contains(""), "\(line)")
      return PkilintException(kind: cells[0], code: cells[1], place: cells[2], reason: cells[3])
    }
  }
}

@Suite(
  "pkilint finds no error that the profile does not demand",
  .enabled(if: Pkilint.isPresent, Pkilint.absence))
struct LintTests {
  let place: Workplace

  init() throws {
    place = try Workplace()
  }

  @Test(
    "each kind of certificate has exactly the errors of the table",
    arguments: Specimens.kinds)
  func kinds(kind: String) throws {
    let certificate = try Specimens.shared.get()[kind]
    let found = try Pkilint.errors(in: place.write("linted.pem", [certificate]), at: place)
    let demanded = Set(
      try PkilintException.all.get().filter { $0.kind == kind }.map { "\($0.code) \($0.place)" })
    #expect(found.subtracting(demanded) == [], "an error that nothing demands")
    #expect(demanded.subtracting(found) == [], "an exception that no longer occurs")
  }

  @Test("each exception is for a kind that there is, and for one clause of the register")
  func exceptions() throws {
    let clauses = try String(
      contentsOf: Workplace.project.appending(path: "Rules/clauses.tsv"), encoding: .utf8)
    let known = Set(clauses.split(separator: "\n").compactMap { $0.split(separator: "\t").first })
    for exception in try PkilintException.all.get() {
      #expect(Specimens.kinds.contains(exception.kind), "\(exception)")
      let clause = exception.reason.prefix { $0 != ":" }
      #expect(known.contains(clause), "\(exception)")
    }
  }

  @Test("pkilint does find what is wrong")
  func finds() throws {
    let made = try place.openssl(
      "req", "-x509", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", place.path("key.pem"),
      "-subj", "/CN=no key usage", "-out", place.path("bad.pem"))
    try #require(made.isGood, "\(made.said)")
    let found = try Pkilint.errors(in: place.path("bad.pem"), at: place)
    #expect(found == ["pkix.ca_certificate_no_ku_extension certificate.tbsCertificate.extensions"])
  }
}
