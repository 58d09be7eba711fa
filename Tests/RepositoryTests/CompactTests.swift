// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Records
import Repository
import SEC
import TestEstate
import Testing

@Suite(
  "A row keeps what its form does not, and gives every octet back", .clause("ENG-compact-rows"))
struct CompactTests {
  private static func lodged(in estate: TestEstate, devices: UInt64) throws -> [[UInt8]] {
    let system = try estate.credential()
    let requests = try (1...devices).flatMap { number in
      [
        try Asking.device(EntityID(number), .keyAgreement),
        try Asking.device(EntityID(number), .digitalSignature),
      ]
    }
    return try estate.issue(requests, by: system).map { try $0.get() }
  }

  private static func rows(_ estate: TestEstate) throws -> [(octets: Int, isPacked: Bool)] {
    try estate.records.read { reading in
      try reading.query(
        "\(RepositoryRecords.selection) WHERE kind = \("device") ORDER BY id"
      ).map { (try $0.blob("der").count, try $0.optionalBlob("template") != nil) }
    }
  }

  @Test("device certificates are kept in 128 octets and come back as they were issued")
  func packed() throws {
    let estate = try TestEstate()
    let issued = try Self.lodged(in: estate, devices: 40)
    #expect(try Self.rows(estate).allSatisfy { $0.octets == 128 && $0.isPacked })
    var found: [[UInt8]] = []
    try estate.repository.walk { _, certificate in
      if certificate.kind == .device { found.append(certificate.der) }
    }
    #expect(found == issued)
    // One form for each issuer and use.
    let forms = try estate.records.read { reading in
      try reading.query("SELECT number FROM certificate_form WHERE class = \("device")").count
    }
    #expect(forms == 2)
  }

  @Test("a certificate that row and form would not give back is kept whole")
  func whole() throws {
    let estate = try TestEstate()
    _ = try Self.lodged(in: estate, devices: 1)
    var lodged: LodgedCertificate?
    try estate.repository.walk { _, certificate in
      if certificate.kind == .device { lodged = certificate }
    }
    let good = try #require(lodged)
    /// The same under another serial number in its row, or with other octets.
    func variant(_ number: UInt8, der: [UInt8]) -> LodgedCertificate {
      LodgedCertificate(
        serial: [UInt8](repeating: number, count: 16), kind: .device, entity: good.entity,
        keyIdentifier: good.keyIdentifier, usage: good.usage, role: nil, chunk: 9, position: 0,
        party: nil, requestHash: nil, issued: good.issued, notAfter: good.notAfter, der: der)
    }
    let others = [
      variant(1, der: good.der), variant(2, der: Array(good.der.dropLast())),
      variant(3, der: good.der + [0]), variant(4, der: []), variant(5, der: [0x30, 0x80, 0, 0]),
    ]
    try estate.records.write(
      Entry(TestEstate.officer, "test", clause: "L5.3(a)", at: estate.now)
    ) { try Repository.lodge(others, in: $0) }
    for other in others {
      #expect(try estate.repository.certificate(serial: other.serial) == other)
    }
    #expect(try Self.rows(estate).filter { !$0.isPacked }.count == others.count)
  }

  @Test("rows of before get their form, are packed, and stay the same certificates")
  func migrated() throws {
    let estate = try TestEstate()
    let issued = try Self.lodged(in: estate, devices: 5)
    // As the first layout kept them: whole, and of no form.
    try estate.records.write(
      Entry(TestEstate.officer, "test", clause: "L5.3(a)", at: estate.now)
    ) { transaction in
      var all: [(Int, [UInt8])] = []
      for row in try transaction.query("\(RepositoryRecords.selection) WHERE id > 0") {
        all.append((try row.int("id"), try RepositoryRecords.der(from: row)))
      }
      for (id, der) in all {
        try transaction.execute(
          "UPDATE certificate SET form = NULL, der = \(der) WHERE id = \(id)")
      }
    }
    #expect(try Self.rows(estate).allSatisfy { !$0.isPacked })
    var done = 0
    while case let count = try estate.repository.compact(
      rowsAtATime: 4, at: estate.now, by: TestEstate.operatorOfSystem), count > 0
    {
      #expect(count <= 4)
      done += count
    }
    #expect(done > 10)
    #expect(try Self.rows(estate).allSatisfy { $0.octets == 128 && $0.isPacked })
    var found: [[UInt8]] = []
    try estate.repository.walk { _, certificate in
      if certificate.kind == .device { found.append(certificate.der) }
    }
    #expect(found == issued)
  }

  @Test("a row that its form does not fit is said to be damaged, and nothing is made up")
  func damaged() throws {
    let estate = try TestEstate()
    _ = try Self.lodged(in: estate, devices: 1)
    try estate.records.write(
      Entry(TestEstate.officer, "test", clause: "L5.3(a)", at: estate.now)
    ) { transaction in
      try transaction.execute(
        "UPDATE certificate SET der = \([UInt8(1)]) WHERE kind = \("device")")
    }
    #expect(throws: DatabaseError.self) {
      try estate.repository.walk { _, _ in }
    }
  }
}
