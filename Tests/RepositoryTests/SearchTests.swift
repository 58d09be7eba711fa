// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Records
import Repository
import SEC
import TestEstate
import TestStore
import Testing

@Suite("Certificates are found by all that describes them, page by page", .clause("ENG-search"))
struct SearchTests {
  static let key = [UInt8](repeating: 7, count: 32)
  static let estate = Result { try SearchTests.filled() }

  let estate: TestEstate

  init() throws { estate = try Self.estate.get() }

  /// Devices 1 to 6 with a certificate for each use, made a day apart, and two organisations.
  private static func filled() throws -> TestEstate {
    let estate = try TestEstate()
    let system = try estate.credential()
    for number in 1...6 as ClosedRange<UInt64> {
      estate.now = estate.now.adding(seconds: 86_400)
      let requests = [
        try Asking.device(EntityID(number), .keyAgreement),
        try Asking.device(EntityID(number), .digitalSignature),
      ]
      for outcome in try estate.issue(requests, by: system) { _ = try outcome.get() }
    }
    _ = try estate.issueOrganisation(
      Asking.organisation(EntityID(0x90B3_D51F_3002_0001)), for: .gas)
    return estate
  }

  private func search(
    _ words: [String: String], after cursor: String? = nil, most: Int = Repository.pageMax,
    reader: String = "reader", revoked: Set<[UInt8]> = []
  ) throws -> SearchPage {
    try estate.repository.search(
      CertificateQuery { words[$0] }, after: cursor, most: most, for: reader, sealedBy: Self.key,
      at: estate.now,
      revocations: Revocations(
        isRevoked: { revoked.contains($0) },
        next: { after, _ in
          revoked.sorted { Hex.encode($0) < Hex.encode($1) }.enumerated()
            .map { (Int64($0.offset + 1), $0.element) }.filter { $0.0 > after }
        }))
  }

  private var all: [LodgedCertificate] {
    get throws {
      var all: [LodgedCertificate] = []
      try estate.repository.walk { _, certificate in all.append(certificate) }
      return all
    }
  }

  @Test("each word finds what it says and nothing else")
  func words() throws {
    let all = try all
    let device = try #require(all.first { $0.kind == .device })
    let organisation = try #require(all.first { $0.kind == .organisation })
    let authority = try #require(
      all.first { $0.kind == .dca && Repository.issuer(of: $0) != $0.keyIdentifier })
    let issuer = Hex.encode(Repository.issuer(of: device))
    let entity = try #require(device.entity)
    func check(
      _ words: [String: String], _ isWanted: (LodgedCertificate) -> Bool,
      line: Int = #line
    ) throws {
      let found = try search(words).certificates
      #expect(Set(found) == Set(all.filter(isWanted)), "line \(line)")
      #expect(!found.isEmpty, "line \(line)")
    }
    try check(["device": entity.description]) { $0.entity == entity }
    try check(["device": entity.description, "usage": "DS"]) {
      $0.entity == entity && $0.usage == .digitalSignature
    }
    try check(["organisation": "90-B3-D5-1F-30-02-00-01"]) { $0.kind == .organisation }
    try check(["serial": Hex.encode(device.serial)]) { $0 == device }
    try check(["key-identifier": Hex.encode(device.keyIdentifier)]) { $0 == device }
    try check(["issuer": issuer, "usage": "KA"]) {
      $0.usage == .keyAgreement && Hex.encode(Repository.issuer(of: $0)) == issuer
    }
    try check(["role": "\(organisation.role?.value ?? 0)"]) { $0.role == organisation.role }
    try check(["class": "dca"]) { $0.kind == .dca }
    try check(["issuer": Hex.encode(Repository.issuer(of: authority)), "class": "dca"]) {
      $0.kind == .dca && Repository.issuer(of: $0) == Repository.issuer(of: authority)
    }
    let day = TestEstate.beginning.adding(seconds: 3 * 86_400)
    try check(["issued-from": day.rfc3339, "issued-before": estate.now.rfc3339]) {
      $0.kind != .iki && day <= $0.issued && $0.issued < estate.now
    }
    let end = organisation.notAfter
    try check(["ends-from": end.rfc3339, "ends-before": end.adding(seconds: 1).rfc3339]) {
      $0.kind != .iki && $0.notAfter == end
    }
    // A credential of a system is no part of the Repository.
    let credential = try #require(all.first { $0.kind == .iki })
    #expect(try search(["serial": Hex.encode(credential.serial)]).certificates.isEmpty)
  }

  @Test("the status is that of now, and what was revoked is found by it alone")
  func status() throws {
    let organisation = try #require(try all.first { $0.kind == .organisation })
    let revoked: Set = [organisation.serial]
    #expect(try search(["status": "R"], revoked: revoked).certificates == [organisation])
    let word = ["organisation": "90-B3-D5-1F-30-02-00-01"]
    let inForce = word.merging(["status": "I"]) { $1 }
    #expect(try search(inForce).certificates == [organisation])
    #expect(try search(inForce, revoked: revoked).certificates.isEmpty)
    #expect(try search(word.merging(["status": "E"]) { $1 }).certificates.isEmpty)
  }

  @Test("pages follow each other without a gap, whatever the size", arguments: [1, 2, 5, 100])
  func pages(size: Int) throws {
    let day = TestEstate.beginning.adding(seconds: 30 * 86_400)
    for words in [
      [
        "issued-from": TestEstate.beginning.rfc3339, "issued-before": day.rfc3339,
        "class": "device",
      ],
      [
        "issuer": Hex.encode(
          Repository.issuer(of: try #require(try all.last { $0.kind == .device })))
      ],
    ] {
      let whole = try search(words).certificates
      var found: [LodgedCertificate] = []
      var cursor: String?
      repeat {
        let page = try search(words, after: cursor, most: size)
        #expect(page.certificates.count <= size)
        found += page.certificates
        cursor = page.cursor
      } while cursor != nil
      #expect(found == whole)
      #expect(found.count > 5)
    }
  }

  @Test("a cursor is good for its own search and reader only, and as it was given")
  func cursors() throws {
    let words = ["class": "dca"]
    let cursor = try #require(try search(words, most: 1).cursor)
    #expect(try search(words, after: cursor, most: 1).certificates.count == 1)
    let first = cursor.first == "0" ? "1" : "0"
    for (text, words, reader) in [
      (first + cursor.dropFirst(), words, "reader"), (cursor + "00", words, "reader"),
      ("", words, "reader"), (cursor, ["class": "oca"], "reader"), (cursor, words, "another"),
      (String(cursor.dropLast()) + (cursor.last == "0" ? "1" : "0"), words, "reader"),
    ] {
      #expect(throws: Refusal.cursorInvalid) {
        try search(words, after: text, most: 1, reader: reader)
      }
    }
  }

  @Test("what would be a large part of the Repository is refused, and says what to do")
  func tooBroad() throws {
    let from = TestEstate.beginning
    func stretch(_ name: String, _ days: Int64) -> [String: String] {
      [
        "\(name)-from": from.rfc3339,
        "\(name)-before": from.adding(seconds: days * 86_400).rfc3339,
      ]
    }
    for words in [
      [:], ["usage": "DS"], ["status": "I"], ["class": "device"], ["issued-from": from.rfc3339],
      stretch("issued", CertificateQuery.issuedDaysMax + 1),
      stretch("ends", CertificateQuery.endingDaysMax + 1),
    ] {
      let refusal = #expect(throws: Refusal.self) { try search(words) }
      #expect(refusal?.code == "search-too-broad")
      #expect(refusal?.remedy.contains("bulk files") == true)
    }
    _ = try search(stretch("issued", CertificateQuery.issuedDaysMax))
    _ = try search(stretch("ends", CertificateQuery.endingDaysMax))
    #expect(throws: Refusal.searchTooBroad("nothing that leaves few certificates")) {
      try search([:])
    }
  }

  @Test("a stretch that ends before it begins, a wrong word and a wrong page size are refused")
  func forms() throws {
    let from = estate.now
    let error = #expect(throws: Refusal.self) {
      try search(["issued-from": from.rfc3339, "issued-before": from.rfc3339])
    }
    #expect(error == .searchContradicts("issued", from, from))
    for (name, text) in [
      ("device", "1"), ("serial", "AB"), ("role", "256"), ("usage", "XX"), ("status", "P"),
      ("class", "iki"), ("issued-from", "today"), ("issuer", ""), ("subject", ""),
    ] {
      #expect(throws: Refusal.searchWord(name, "", text)) { try search([name: text]) }
    }
    #expect(throws: Refusal.self) {
      try search(["device": "00-00-00-00-00-00-00-01", "class": "organisation"])
    }
    for most in [0, Repository.pageMax + 1] {
      #expect(throws: Refusal.pageSize(most)) { try search(["class": "dca"], most: most) }
    }
  }

  @Test("every shape of search reads through an index, none the whole table", .onFile)
  func plans() throws {
    let plans = try estate.repository.plans()
    #expect(plans.count == 6)
    for (shape, plan) in plans {
      let text = plan.joined(separator: "\n")
      #expect(!text.contains("SCAN") && !text.contains("Seq Scan"), "\(shape): \(text)")
      #expect(!text.contains("TEMP B-TREE"), "\(shape) sorts: \(text)")
    }
  }

  @Test("the chain of a certificate ends at its root", .clause("L5.1(b)", "L5.1(d)"))
  func chain() throws {
    for kind in [CertificateClass.device, .organisation] {
      let certificate = try #require(try all.first { $0.kind == kind })
      let chain = try estate.repository.chain(above: certificate)
      #expect(chain.count == 2)
      #expect(chain.first.map(\.keyIdentifier) == Repository.issuer(of: certificate))
      #expect(try estate.repository.chain(above: #require(chain.last)).isEmpty)
    }
  }
}
