// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Testing

@Suite("PKIs that issue nothing here are registered with their documents", .serialized)
struct PKITests {
  @Test(
    "a practice statement is usable once it was not rejected, and what was rejected never is",
    .clause("L1.17(p)", "L1.17(q)", "L1.17(r)"))
  func register() throws {
    let place = try CeremonyPlace()
    try place.write("document", "a policy")
    func done(_ line: String, _ more: [String] = []) throws {
      let outcome = try place.smki(line, more)
      #expect(outcome.code == 0, "\(line): \(outcome.errors)")
    }
    func documents() throws -> String? {
      let rows = try #require(place.json("authorities") as? [[String: Any]])
      return rows.first { $0["pki"] as? String == "s1spki-north" }?["ceremony"] as? String
    }
    #expect(
      try place.refusal("pki lodge --pki s1spki-north --document cps --version 1 document")
        == "pki-unknown")
    #expect(try place.refusal("pki add --pki North! --provider North") == "pki-name")
    try done("pki add --pki s1spki-north --provider North")
    #expect(try place.refusal("pki add --pki s1spki-north --provider North") == "pki-exists")
    let own = "--pki s1spki-north"
    try done("pki lodge \(own) --document certificate-policy --version 1 document")
    #expect(
      try place.refusal("pki lodge \(own) --document certificate-policy --version 1 document")
        == "pki-document-exists")
    for version in ["1", "2", "3"] {
      try done("pki lodge \(own) --document cps --version \(version) document")
    }
    #expect(try documents() == "certificate-policy 1")
    try done("pki decide \(own) --version 1 --outcome rejected --evidence PMA-1")
    try done("pki decide \(own) --version 2 --outcome not-rejected --evidence PMA-2")
    try done("pki decide \(own) --version 3 --outcome approved --evidence PMA-3")
    #expect(try documents() == "certificate-policy 1, cps 2, cps 3")
    #expect(
      try place.refusal("pki decide \(own) --version 1 --outcome approved --evidence PMA-4")
        == "pki-document-decided")
    #expect(
      try place.refusal("pki decide \(own) --version 9 --outcome approved --evidence PMA-4")
        == "pki-document-unknown")
    #expect(try place.smki("verify").failure == nil)
  }
}
