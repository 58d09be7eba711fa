// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Records
import Repository
import SEC
import TestEstate
import Testing

@Suite("What is lodged is found again, whole", .clause("L5.1"))
struct RepositoryTests {
  /// A certificate that is none, for the Repository does not look inside.
  private static func certificate(
    _ number: UInt8, kind: CertificateClass = .device, entity: EntityID? = EntityID(1),
    chunk: Int = 1, position: Int = 0, party: String? = "example", requestHash: [UInt8]? = [1, 2]
  ) -> LodgedCertificate {
    LodgedCertificate(
      serial: [UInt8](repeating: 0, count: 15) + [number], kind: kind, entity: entity,
      keyIdentifier: [0x40, number], usage: .keyAgreement, role: RoleCode(2), chunk: chunk,
      position: position, party: party, requestHash: requestHash,
      issued: TestEstate.beginning, notAfter: .noWellDefinedExpiry, der: [0x30, number])
  }

  private static func lodge(_ certificates: [LodgedCertificate], in estate: TestEstate) throws {
    try estate.records.write(
      Entry(TestEstate.officer, "test", clause: "L5.3(a)", at: estate.now)
    ) { try Repository.lodge(certificates, in: $0) }
  }

  @Test("by serial number, by subject, by key and by chunk")
  func found() throws {
    let estate = try TestEstate()
    let lodged = [
      Self.certificate(1, position: 0), Self.certificate(2, position: 1),
      Self.certificate(3, entity: EntityID(2), position: 2),
      Self.certificate(4, kind: .organisation, chunk: 2, party: nil, requestHash: nil),
    ]
    try Self.lodge(lodged, in: estate)
    let repository = estate.repository
    for certificate in lodged {
      #expect(try repository.certificate(serial: certificate.serial) == certificate)
    }
    #expect(try repository.certificate(serial: [9]) == nil)
    #expect(try repository.certificates(of: EntityID(1)) == [lodged[0], lodged[1], lodged[3]])
    #expect(try repository.certificates(of: EntityID(3)).isEmpty)
    #expect(
      try repository.certificates(chunk: 1, count: 3, firstSerial: lodged[0].serial)
        == Array(lodged.prefix(3)))
    #expect(
      try repository.certificates(chunk: 1, count: 9, firstSerial: lodged[0].serial).count == 3)
    #expect(try repository.certificates(chunk: 1, count: 3, firstSerial: [9]).isEmpty)
    let (byKey, counts, taken) = try estate.records.read { reading in
      (
        try Repository.certificates(keyIdentifier: [0x40, 2], in: reading),
        try [2, 100].map { try Repository.count(of: EntityID(1), most: $0, in: reading) },
        try [lodged[3].serial, [9]].map { try Repository.isTaken(serial: $0, in: reading) }
      )
    }
    #expect(byKey == [lodged[1]])
    #expect(counts == [2, 3])
    #expect(taken == [true, false])
  }

  @Test("a serial number that is lodged cannot be lodged again", .clause("DCP-annex-B-serial"))
  func twice() throws {
    let estate = try TestEstate()
    try Self.lodge([Self.certificate(1)], in: estate)
    let before = try estate.repository.counts()
    let error = #expect(throws: DatabaseError.self) {
      try Self.lodge([Self.certificate(2), Self.certificate(1, chunk: 7)], in: estate)
    }
    #expect(error?.code == .unique)
    // Neither of the two is there, nor counted.
    #expect(try estate.repository.certificate(serial: Self.certificate(2).serial) == nil)
    #expect(try estate.repository.counts() == before)
  }

  @Test("counts by class grow with what is lodged, and the walk sees each certificate once")
  func counts() throws {
    let estate = try TestEstate()
    let before = try estate.repository.counts()
    #expect(before[.dca] == 3 && before[.oca] == 2 && before[.ikiAuthority] == 2)
    #expect(before[.device] == nil)
    try Self.lodge((1...5).map { Self.certificate($0) }, in: estate)
    try Self.lodge([Self.certificate(6, kind: .organisation)], in: estate)
    #expect(try estate.repository.counts()[.device] == 5)
    #expect(try estate.repository.counts()[.organisation] == 1)
    for rows in [1, 4, 13, 1000] {
      var ids: [Int] = []
      try estate.repository.walk(rowsAtATime: rows) { id, _ in ids.append(id) }
      #expect(ids == Array(1...13), "\(rows) rows at a time")
    }
  }

  @Test("a search ends at its limit")
  func limit() throws {
    let estate = try TestEstate()
    let lodged = (0...Repository.resultsMax).map { number in
      LodgedCertificate(
        serial: [UInt8](repeating: 1, count: 14) + [UInt8(number >> 8), UInt8(number & 0xFF)],
        kind: .device, entity: EntityID(1), keyIdentifier: [1], usage: nil, role: nil, chunk: 1,
        position: number, party: nil, requestHash: nil, issued: TestEstate.beginning,
        notAfter: .noWellDefinedExpiry, der: [])
    }
    try Self.lodge(lodged, in: estate)
    #expect(
      try estate.repository.certificates(of: EntityID(1))
        == Array(lodged.prefix(Repository.resultsMax)))
  }

  @Test("the leaf covers everything that the certificate itself does not say", .clause("ENG-audit"))
  func leaf() {
    let leaf = Self.certificate(1).leaf
    let others = [
      Self.certificate(2), Self.certificate(1, kind: .organisation), Self.certificate(1, chunk: 2),
      Self.certificate(1, position: 1), Self.certificate(1, party: "another"),
      Self.certificate(1, party: nil), Self.certificate(1, requestHash: nil),
      Self.certificate(1, requestHash: [1, 3]),
    ].map(\.leaf)
    #expect(!others.contains(leaf))
    #expect(Set(others).count == others.count)
    #expect(Self.certificate(1, entity: nil).leaf == leaf)
  }
}
