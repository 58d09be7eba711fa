// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Records
import TestProcess
import Threads
import Registration
import HTTP
import Authority
import DER
import Foundation
import Keys
import Profiles
import Revocation
import SEC
import Service
import Testing
import X509

/// The lists of an estate as an outsider fetches and uses them.
private struct Outsider: ~Copyable {
  let estate: ServingEstate
  let folder: URL

  init(_ estate: ServingEstate) throws {
    self.estate = estate
    folder = FileManager.default.temporaryDirectory.appending(path: "lists-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func issuer(_ kind: AuthorityKind) throws -> ListIssuer {
    try #require(try estate.node.publisher.standings().first { $0.issuer.kind == kind }).issuer
  }

  func fetch(_ kind: AuthorityKind, number: Int? = nil) throws -> [UInt8] {
    let path = ListInterface.path(of: try issuer(kind).id, number: number)
    let response = try estate.send("GET", path, at: .repository)
    try #require(response.status == 200)
    return response.body
  }

  /// Signs the list of a root as a ceremony does, and takes it in.
  func signARL(_ kind: AuthorityKind) throws {
    let draft = try DraftList(issuer: issuer(kind).id).run(
      in: estate.node, by: ServingEstate.operatorOfSystem)
    let tbs = try Reader.read(Array(draft.toBeSigned)) { (reader) throws(DERError) in
      try TBSRevocationList(from: &reader)
    }
    let list = try RevocationList.sign(tbs, with: try #require(estate.rootKeys[kind]))
    _ = try ImportList(list: Data(list.encoded)).run(
      in: estate.node, by: ServingEstate.operatorOfSystem)
  }

  /// `openssl verify -crl_check_all` with the lists of a hierarchy, at the estate's time.
  func verify(
    _ certificate: Certificate, _ root: AuthorityKind, _ issuing: AuthorityKind
  ) throws -> (isGood: Bool, output: String) {
    func write(_ name: String, _ text: String) throws -> String {
      let url = folder.appending(path: name)
      try Data(text.utf8).write(to: url)
      return url.path
    }
    let lists = try [root, issuing].map { try RevocationList(parsing: fetch($0)).pem }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "openssl", "verify", "-crl_check_all", "-attime", "\(estate.now.seconds + 1)",
      "-CAfile", try write("root.pem", issuer(root).certificate.pem),
      "-untrusted", try write("issuing.pem", issuer(issuing).certificate.pem),
      "-CRLfile", try write("lists.pem", lists.joined()),
      try write("certificate.pem", certificate.pem),
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitForEnd()
    return (process.terminationStatus == 0, String(decoding: text, as: UTF8.self))
  }
}

@Suite("Lists through the doors")
struct ListTests {
  private func revoke(_ serial: [UInt8], in estate: ServingEstate) throws {
    _ = try estate.node.revocation.order(
      Direction(by: "SMKI PMA", decision: "PMA 1", evidence: "minutes", clause: "C3-71"),
      serials: [serial], at: estate.now, by: ServingEstate.officer)
    _ = try estate.node.publisher.publishDue(at: estate.now)
  }

  @Test(
    "openssl verifies both chains with every list, and refuses what was revoked",
    .clause("C3-124-2", "C3-124-3", "OCP-annex-B-arl", "C3-159-row-7"))
  func openSSL() throws {
    let estate = try ServingEstate()
    try estate.add("north", [.importSupplier])
    let outsider = try Outsider(estate)
    let good = try estate.organisation(
      "north", EntityID(0x90B3_D51F_3001_0001), role: RoleCode(2), usage: .digitalSignature)
    let bad = try estate.organisation(
      "north", EntityID(0x90B3_D51F_3001_0001), role: RoleCode(2), usage: .keyAgreement)
    let credential = try Certificate(
      parsing: estate.credential(of: "north", for: .adHoc).certificate)
    _ = try estate.node.publisher.publishDue(at: estate.now)
    try outsider.signARL(.rootOCA)
    try outsider.signARL(.rootIKI)
    func organisation(_ certificate: Certificate) throws -> (isGood: Bool, output: String) {
      try outsider.verify(certificate, .rootOCA, .issuingOCA)
    }
    #expect(try organisation(good).isGood)
    #expect(try organisation(bad).isGood)
    #expect(try outsider.verify(credential, .rootIKI, .issuingIKI).isGood)
    try revoke(Array(bad.serialNumber.magnitude), in: estate)
    try revoke(Array(credential.serialNumber.magnitude), in: estate)
    #expect(try organisation(good).isGood)
    let refused = try organisation(bad)
    #expect(!refused.isGood && refused.output.contains("revoked"), "\(refused.output)")
    #expect(try !outsider.verify(credential, .rootIKI, .issuingIKI).isGood)
    // The authority itself: out of use at once, on the list of its root after the ceremony.
    let authority = try #require(
      try estate.node.authority.authorities().first { $0.hierarchy == .organisation })
    try revoke(Array(authority.certificate.serialNumber.magnitude), in: estate)
    #expect(
      try estate.node.authority.authorities().first { $0.id == authority.id }?.state == .spent)
    let due = try #require(
      try estate.node.publisher.standings().first { $0.issuer.kind == .rootOCA })
    #expect(due.isDue(at: estate.now))
    #expect(due.deadline(at: estate.now) == estate.now.adding(seconds: 3600))
    try outsider.signARL(.rootOCA)
    #expect(try !organisation(good).isGood)
    #expect(
      try RevocationList(parsing: outsider.fetch(.rootOCA)).tbs.entries.map(\.serialNumber)
        == [authority.certificate.serialNumber])
    let report = try Verification(
      records: estate.node.records, keys: [estate.node.checkpointNoteKey], openChunks: .allowed
    ).run()
    #expect(report.isSound, "\(report.faults)")
    #expect(report.counts.unlisted == 0)
  }

  @Test(
    "each version stays at its path, unchanged, and the newest says how long it may be kept",
    .clause("L5.1", "RFC5280-5.2.3"))
  func versions() throws {
    let estate = try ServingEstate()
    try estate.add("north", [.importSupplier])
    let outsider = try Outsider(estate)
    var seen: [[UInt8]] = []
    for number in 1...4 {
      let certificate = try estate.organisation(
        "north", EntityID(0x90B3_D51F_3001_0001), role: RoleCode(2), usage: .digitalSignature)
      try revoke(Array(certificate.serialNumber.magnitude), in: estate)
      seen.append(try outsider.fetch(.issuingOCA))
      let list = try RevocationList(parsing: seen[number - 1])
      #expect(list.number == Integer(number))
      #expect(list.tbs.entries.count == number)
    }
    for number in 1...4 {
      #expect(try outsider.fetch(.issuingOCA, number: number) == seen[number - 1])
    }
    let issuer = try #require(
      try estate.node.publisher.standings().first { $0.issuer.kind == .issuingOCA })
    let newest = try estate.send("GET", ListInterface.path(of: issuer.issuer.id), at: .repository)
    #expect(newest.headers.contains { $0.name == "Cache-Control" && $0.value.contains("60") })
    #expect(newest.headers.contains { $0.name == "ETag" })
    let index = try estate.send("GET", ListInterface.index, at: .repositoryPlain)
    let rows = try JSONDecoder().decode([ListRow].self, from: Data(index.body))
    #expect(rows.count == 4)
    #expect(rows.first { $0.keyIdentifier == issuer.issuer.id }?.number == 4)
    for path in ["/crl/", "/crl/xyz.crl", "/crl/\(issuer.issuer.id)/5.crl", "/crl/../crl"] {
      #expect(try estate.send("GET", path, at: .repository).status == 404, "\(path)")
    }
    let page = try estate.send("GET", "/", at: .repository)
    let text = String(decoding: page.body, as: UTF8.self)
    #expect(text.contains("CRL of TO01"))
    #expect(text.contains("ARL of TOR"))
  }

  @Test(
    "a list comes every 12 hours though nothing changed, and at once after a revocation",
    .clause("C3-124-2", "C3-159-row-6"))
  func periods() throws {
    let estate = try ServingEstate()
    let schedule = Schedule(estate.node.jobs, clock: { estate.now }, log: estate.node.log)
    func number() throws -> Int {
      try #require(
        try estate.node.publisher.standings().first { $0.issuer.kind == .issuingOCA }
      ).newest?.number ?? 0
    }
    schedule.look()
    #expect(try number() == 1)
    estate.pass(seconds: 12 * 3600 - 1)
    schedule.look()
    #expect(try number() == 1)
    estate.pass(seconds: 1)
    schedule.look()
    #expect(try number() == 2)
    // The clock jumps over many updates: one list, now.
    estate.pass(seconds: 400 * 3600)
    schedule.look()
    #expect(try number() == 3)
    // The clock is put back: nothing goes back with it, and a revocation is listed at once.
    estate.pass(seconds: -3 * 3600)
    schedule.look()
    #expect(try number() == 3)
    try estate.add("north", [.importSupplier])
    let certificate = try estate.organisation(
      "north", EntityID(0x90B3_D51F_3001_0001), role: RoleCode(2), usage: .digitalSignature)
    try revoke(Array(certificate.serialNumber.magnitude), in: estate)
    #expect(try number() == 4)
    let outsider = try Outsider(estate)
    let lists = try [3, 4].map {
      try RevocationList(parsing: outsider.fetch(.issuingOCA, number: $0))
    }
    #expect(lists[1].tbs.thisUpdate == lists[0].tbs.thisUpdate)
    #expect(lists[1].tbs.entries.count == 1)
    #expect(estate.lines.value.contains { $0.contains("list-of-authorities-due") })
  }

  @Test(
    "a list of authorities comes again within twelve months, or is late and relied on by nobody",
    .clause("C3-124-3", "OCP-annex-B-arl"))
  func year() throws {
    let estate = try ServingEstate()
    try estate.add("north", [.importSupplier])
    let outsider = try Outsider(estate)
    let certificate = try estate.organisation(
      "north", EntityID(0x90B3_D51F_3001_0001), role: RoleCode(2), usage: .digitalSignature)
    let schedule = Schedule(estate.node.jobs, clock: { estate.now }, log: estate.node.log)
    let day: Int64 = 86_400
    func standing() throws -> ListStanding {
      try #require(try estate.node.publisher.standings().first { $0.issuer.kind == .rootOCA })
    }
    /// What is logged of the root's list when time has passed, and what the pages say then.
    func said(after seconds: Int64) throws -> (events: Set<String>, isLate: Bool) {
      estate.pass(seconds: seconds)
      estate.lines.change { $0 = [] }
      schedule.look()
      let events = estate.lines.value.filter { $0.contains("\"issuer\":\"TOR\"") }.compactMap {
        line in
        ["list-of-authorities-due", "list-of-authorities-late"].first { line.contains($0) }
      }
      let metrics = try estate.send("GET", "/metrics", at: .monitoring)
      let page = try estate.send("GET", "/", at: .repositoryPlain)
      let isLate = [
        String(decoding: metrics.body, as: UTF8.self)
          .contains("smki_list_late{issuer=\"TOR\",kind=\"arl\"} 1"),
        String(decoding: page.body, as: UTF8.self).contains("overdue"),
        try standing().isLate(at: estate.now),
      ]
      #expect(Set(isLate).count == 1, "\(isLate)")
      return (Set(events), isLate[0])
    }
    func isGood() throws -> Bool {
      try outsider.verify(certificate, .rootOCA, .issuingOCA).isGood
    }
    try outsider.signARL(.rootOCA)
    let first = try #require(try standing().newest)
    #expect(first.nextUpdate == first.thisUpdate.adding(months: 12))
    let year = first.nextUpdate.seconds - estate.now.seconds
    #expect(try said(after: year - 31 * day) == ([], false))
    // Thirty days before its end there is a warning, back before them none.
    #expect(try said(after: day) == (["list-of-authorities-due"], false))
    #expect(try said(after: -day) == ([], false))
    #expect(try said(after: 20 * day) == (["list-of-authorities-due"], false))
    #expect(try isGood())
    // Published again before it lapses: the end of the first one passes without a word.
    try outsider.signARL(.rootOCA)
    #expect(try said(after: 12 * day) == ([], false))
    #expect(try standing().newest?.number == first.number + 1)
    #expect(try isGood())
    // Nobody holds the ceremony: to the last second it is due, then late, and relied on no more.
    let left = try #require(try standing().newest).nextUpdate.seconds - estate.now.seconds
    #expect(try said(after: left) == (["list-of-authorities-due"], false))
    #expect(try said(after: 1) == (["list-of-authorities-late"], true))
    #expect(try !isGood())
    try outsider.signARL(.rootOCA)
    #expect(try said(after: 1) == ([], false))
    #expect(try isGood())
  }

  @Test(
    "a list of a root that forgets, goes back, or is another's is not taken in",
    .clause("OCP-annex-B-arl", "RFC5280-5.1", "RFC5280-5.2.3", "RFC5280-5.3.1", "C3-124-3"))
  func imports() throws {
    let estate = try ServingEstate()
    let publisher = estate.node.publisher
    let root = try #require(try publisher.standings().first { $0.issuer.kind == .rootOCA }).issuer
    let key = try #require(estate.rootKeys[.rootOCA])
    func sign(_ tbs: TBSRevocationList, with key: SoftwareKey) throws -> [UInt8] {
      try RevocationList.sign(tbs, with: key).encoded
    }
    func take(_ octets: [UInt8]) throws {
      _ = try ImportList(list: Data(octets)).run(
        in: estate.node, by: ServingEstate.operatorOfSystem)
    }
    let draft = try publisher.draft(ofRoot: root, by: ServingEstate.operatorOfSystem)
    try take(try sign(draft, with: key))
    #expect(throws: Refusal.listNumber("01", after: "01")) { try take(try sign(draft, with: key)) }
    #expect(throws: Refusal.malformedList(DERError(.empty, at: 0, ""))) { try take([0x30, 0]) }
    let other = try publisher.draft(ofRoot: root, by: ServingEstate.operatorOfSystem)
    let foreign = try SoftwareKey.generate(.p256)
    #expect {
      try take(try sign(other, with: foreign))
    } throws: { ($0 as? Refusal)?.code == "departs-from-profile" }
    var elsewhere = other
    elsewhere.issuer = Name([try #require(.commonName("T99", .printable))])
    #expect(throws: Refusal.listIssuerUnknown("")) { try take(try sign(elsewhere, with: key)) }
    var unordered = other
    unordered.nextUpdate = other.thisUpdate
    #expect {
      try take(try sign(unordered, with: key))
    } throws: { ($0 as? Refusal)?.clause == "RFC5280-5.1" }
    var reasoned = other
    reasoned.entries = RevokedCertificates([
      RevokedCertificate(
        serialNumber: Integer(7), revoked: estate.now,
        extensions: [Extension(.reasonCode, isCritical: false, value: [0x0A, 1, 7])])
    ])
    #expect {
      try take(try sign(reasoned, with: key))
    } throws: {
      ($0 as? Refusal)?.code == "malformed-list" || ($0 as? Refusal)?.code == "departs-from-profile"
    }
    var early = other
    early.thisUpdate = draft.thisUpdate.adding(seconds: -1)
    early.nextUpdate = draft.nextUpdate?.adding(seconds: -86_400)
    #expect(throws: Refusal.listTime(early.thisUpdate, after: draft.thisUpdate)) {
      try take(try sign(early, with: key))
    }
    var more = other
    more.entries = RevokedCertificates([
      RevokedCertificate(
        serialNumber: Integer(7), revoked: estate.now, reason: .authorityCompromise)
    ])
    #expect(throws: Refusal.listCount(1, expected: 0)) { try take(try sign(more, with: key)) }
    let authority = try #require(
      try estate.node.authority.authorities().first { $0.hierarchy == .organisation })
    let serial = Array(authority.certificate.serialNumber.magnitude)
    _ = try estate.node.revocation.order(
      Direction(by: "SMKI PMA", decision: "PMA 1", evidence: "minutes", clause: "C3-71"),
      serials: [serial], ground: .keyUnreliable, at: estate.now, by: ServingEstate.officer)
    #expect(throws: Refusal.listDropsEntry([Hex.encode(serial)])) {
      try take(try sign(other, with: key))
    }
    #expect(throws: Refusal.listSignedOffline(root.name)) {
      try PublishLists(issuer: root.name).run(
        in: estate.node, by: ServingEstate.operatorOfSystem)
    }
    let right = try publisher.draft(ofRoot: root, by: ServingEstate.operatorOfSystem)
    #expect(right.entries.map(\.reason) == [.authorityCompromise])
    try take(try sign(right, with: key))
  }
}
