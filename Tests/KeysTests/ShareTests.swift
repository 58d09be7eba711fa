// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Keys
import Testing

@Suite("Shares of a secret")
struct ShareTests {
  private let folder: TemporaryFolder
  private static let octets = [UInt8](0..<32)

  init() throws {
    folder = try TemporaryFolder()
  }

  private static func subsets(of count: Int, taking size: Int) -> [[Int]] {
    (0..<(1 << count)).filter { $0.nonzeroBitCount == size }.map { mask in
      (0..<count).filter { mask & (1 << $0) != 0 }
    }
  }

  @Test(
    "any three of five give the secret back, and no two do", .clause("OCP-two-person"),
    arguments: [(3, 5), (2, 2), (2, 3), (4, 7)])
  func threshold(threshold: Int, count: Int) throws {
    let shares = try SecretShare.split(.of(Self.octets), threshold: threshold, count: count)
    #expect(shares.map { Int($0.index) } == Array(1...count))
    for subset in Self.subsets(of: count, taking: threshold) {
      let whole = try SecretShare.combine(subset.map { shares[$0] }).octets
      #expect(whole == Self.octets)
    }
    for subset in Self.subsets(of: count, taking: threshold - 1) {
      let less = try SecretShare.combine(subset.map { shares[$0] }).octets
      #expect(less != Self.octets)
    }
  }

  @Test("two splittings of one secret have nothing in common")
  func random() throws {
    let first = try SecretShare.split(.of(Self.octets), threshold: 2, count: 2)
    let second = try SecretShare.split(.of(Self.octets), threshold: 2, count: 2)
    let mixed = try SecretShare.combine([first[0], second[1]]).octets
    #expect(mixed != Self.octets)
  }

  @Test("a share that stands twice is not combined, nor none at all")
  func twice() throws {
    let shares = try SecretShare.split(.of(Self.octets), threshold: 2, count: 3)
    for wrong in [[], [shares[0], shares[0]]] {
      let error = #expect(throws: KeyError.self) { _ = try SecretShare.combine(wrong) }
      #expect(error?.code == .wrongLength)
    }
  }

  private func written() throws -> (file: ShareFile, text: String) {
    let share = try SecretShare.split(.of(Self.octets), threshold: 2, count: 3)[1]
    let file = try ShareFile(share, facts: [("estate", "TEST"), ("custodian", "Ada: Byron")])
    try file.write(toNewFile: folder.file("share"))
    return (file, String(decoding: try folder.read("share"), as: UTF8.self))
  }

  @Test("a share's file is private, printable, and read again as it was written")
  func file() throws {
    let (file, text) = try written()
    #expect(try folder.mode("share") == 0o600)
    #expect(text.hasPrefix("smki key share 1\nestate: TEST\ncustodian: Ada: Byron\nindex: 2\n"))
    let last = try #require(text.split(separator: "\n").last)
    #expect(last.hasPrefix("octets: ") && last.split(separator: " ").count == 17)
    let again = try ShareFile(path: folder.file("share"))
    #expect(again.digest == file.digest)
    #expect(again.digest == Digest.sha256(Array(text.utf8)))
    #expect(again.share.index == 2)
    #expect(again.value("custodian") == "Ada: Byron")
    #expect(again.value("nothing") == nil)
    #expect(throws: KeyError.self) { try file.write(toNewFile: folder.file("share")) }
  }

  @Test(
    "what is no share is not read",
    arguments: [
      ("smki key share 1", "smki key share 2"), ("index: 2", "index: 0"), ("index: 2", "index: x"),
      ("index: 2\n", ""), ("octets: ", "octet: "), ("estate: TEST", "estate TEST"),
      ("custodian:", "estate:"), ("octets: ", "octets: G"), ("octets: ", "octets: A"),
    ])
  func damage(from: String, to: String) throws {
    let text = try written().text.replacing(from, with: to)
    try folder.write("spoilt", Array(text.utf8))
    let spoilt = try? ShareFile(path: folder.file("spoilt"))
    #expect(spoilt == nil)
  }

  @Test("a share that others can read is not taken")
  func mode() throws {
    _ = try written()
    try folder.write("open", folder.read("share"), mode: 0o640)
    let error = #expect(throws: KeyError.self) { _ = try ShareFile(path: folder.file("open")) }
    #expect(error?.code == .tooOpen)
  }
}
