// SPDX-License-Identifier: Apache-2.0

import Audit
import ClauseTrait
import DER
import Foundation
import Keys
import Records
import Repository
import SEC
import Service
import TestEstate
import TestProcess
import Testing

@Suite("A certificate is proven to somebody who has nothing but the proof")
struct CertificateProofTests {
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(
      path: "Scripts/check-proof.py")

  /// Runs the script, which knows no Swift, on a proof.
  private static func check(_ proof: [UInt8], key: NoteKey? = nil) throws -> (Int32, String) {
    let file = URL(filePath: NSTemporaryDirectory() + UUID().uuidString + ".json")
    try Data(proof).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", script.path, file.path] + (key.map { [$0.description] } ?? [])
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitForEnd()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  /// An estate with a chunk of one, a chunk of seven and a signed audit.
  private static func estate() throws -> (TestEstate, NoteKey) {
    let estate = try TestEstate()
    let system = try estate.credential()
    for count in [1, 7] {
      _ = try estate.issue(
        try (0..<count).map { try Asking.device(EntityID(UInt64(0x00DB_0000 + $0))) }, by: system)
    }
    let key = try Founded.once.get().checkpointKey
    _ = try estate.records.audit.signCheckpoint(key: key, origin: FullStore.origin)
    return (estate, try NoteKey(FullStore.origin, key.publicKey))
  }

  @Test("every certificate of an estate is proven, those of the ceremony too")
  func everyCertificate() throws {
    let (estate, key) = try Self.estate()
    var proven = 0
    var serials: [[UInt8]] = []
    try estate.repository.walk { _, certificate in serials.append(certificate.serial) }
    for serial in serials {
      let proof = try CertificateProof.make(serial: serial, records: estate.records, key: key)
      let (status, output) = try Self.check(proof.encoded(), key: key)
      #expect(status == 0, "\(output)")
      try proof.check(key)
      proven += 1
    }
    #expect(proven == 16)
  }

  @Test(
    "a proof with one changed value is refused",
    arguments: [
      "certificate", "leaf.kind", "leaf.party", "leaf.issued", "leaf.chunk", "leaf.requestHash",
      "chunk.index", "chunk.size", "chunk.path", "entry", "audit.index", "audit.size", "audit.path",
      "checkpoint", "key", "format",
    ])
  func spoilt(_ member: String) throws {
    let (estate, key) = try Self.estate()
    let certificate = try #require(
      try estate.repository.certificates(of: EntityID(0x00DB_0000)).last)
    let good = try CertificateProof.make(
      serial: certificate.serial, records: estate.records, key: key
    ).encoded()
    #expect(try Self.check(good).0 == 0)
    var proof = try #require(try JSONSerialization.jsonObject(with: Data(good)) as? [String: Any])
    let path = member.split(separator: ".").map(String.init)
    if path.count == 2 {
      var inner = try #require(proof[path[0]] as? [String: Any])
      inner[path[1]] = try Self.other(try #require(inner[path[1]]))
      proof[path[0]] = inner
    } else {
      proof[member] = try Self.other(try #require(proof[member]))
    }
    let spoilt = try JSONSerialization.data(withJSONObject: proof)
    // The program itself comes to the same verdict.
    #expect(throws: (any Error).self) {
      try JSONDecoder().decode(CertificateProof.self, from: spoilt).check(key)
    }
    let (status, output) = try Self.check(Array(spoilt))
    #expect(status == 1)
    #expect(output.hasPrefix("not proven: "))
  }

  /// Another value that looks the same: a digit or letter in the midst of a text is changed.
  private static func other(_ value: Any) throws -> Any {
    switch value {
    case let number as Int: return number + 1
    case let texts as [String]: return try texts.map { try other($0) }
    case let text as String:
      var characters = Array(text)
      let middle = try #require(
        characters.indices.dropFirst(characters.count / 2).first {
          characters[$0].isLetter || characters[$0].isNumber
        })
      characters[middle] = characters[middle] == "A" ? "B" : "A"
      return String(characters)
    default: return value
    }
  }

  @Test("a proof by another key than the known one is refused")
  func otherKey() throws {
    let (estate, key) = try Self.estate()
    let serial = try #require(
      try estate.repository.certificates(of: EntityID(0x00DB_0000)).first?.serial)
    let proof = try CertificateProof.make(serial: serial, records: estate.records, key: key)
    let other = try NoteKey("another", Founded.once.get().checkpointKey.publicKey)
    #expect(try Self.check(proof.encoded(), key: other).0 == 1)
  }

  @Test("no proof before the audit is signed, and none for an unknown serial number")
  func none() throws {
    let (estate, key) = try Self.estate()
    #expect(throws: ProofError.unknownSerial("00")) {
      try CertificateProof.make(serial: [0], records: estate.records, key: key)
    }
    let system = try estate.credential(name: "another system", key: .generate(.rsa2048))
    _ = try estate.issue(Asking.device(EntityID(0x00DB_0100)), by: system)
    let serial = try #require(
      try estate.repository.certificates(of: EntityID(0x00DB_0100)).first?.serial)
    #expect(throws: ProofError.notYetSigned) {
      try CertificateProof.make(serial: serial, records: estate.records, key: key)
    }
  }
}
