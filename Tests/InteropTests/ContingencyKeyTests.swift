// SPDX-License-Identifier: Apache-2.0

import Authority
import Ceremony
import ClauseTrait
import DER
import Foundation
import Keys
import Profiles
import Testing
import X509

@Suite("The Contingency Public Key lies in the Root OCA, wrapped")
struct ContingencyKeyTests {
  let estate: InteropEstate
  let certificate: Certificate

  init() throws {
    estate = try InteropEstate()
    certificate = try #require(
      estate.founding.roots.first { $0.hierarchy == .organisation }?.certificate)
  }

  /// What is wrapped: the public half of the key pair in the offline store.
  private func publicKeyInfo() throws -> [UInt8] {
    let key = try estate.offline.key(label: FoundingCeremony.Label.contingency)
    let info = try #require(SubjectPublicKeyInfo(key.publicKey))
    return Writer.write { info.write(into: &$0) }
  }

  @Test(
    "only the Root OCA has the extension, not critical, under AES-256 key wrap with padding",
    .clause("L10.6(c)(ii)", "OCP-annex-B-root-wrapped-apex-contingency-key"))
  func isThere() throws {
    let entry = try #require(certificate.tbs.extensions[.wrappedApexContingencyKey])
    #expect(!entry.isCritical)
    let found = try certificate.tbs.extensions.value(of: WrappedApexContingencyKey.self)
    let wrapped = try #require(found?.wrapped)
    #expect(wrapped.algorithm == AlgorithmIdentifier(.aes256WrapPad))
    for other in estate.founding.roots where other.hierarchy != .organisation {
      #expect(other.certificate.tbs.extensions[.wrappedApexContingencyKey] == nil)
    }
    for issuing in estate.founding.issuing {
      #expect(issuing.certificate.tbs.extensions[.wrappedApexContingencyKey] == nil)
    }
  }

  @Test(
    "the symmetric key of the offline store unwraps it to the key pair's public half",
    .clause("L10.6(c)(ii)", "OCP-annex-B-root-wrapped-apex-contingency-key"))
  func unwraps() throws {
    let found = try certificate.tbs.extensions.value(of: WrappedApexContingencyKey.self)
    let wrapped = try #require(found?.wrapped)
    let symmetric = try estate.offline.secret(label: FoundingCeremony.Label.contingencySymmetric)
    let unwrapped = try KeyWrap.unwrap(Array(wrapped.key), under: symmetric)
    let octets = unsafe unwrapped.withBytes { unsafe Array($0) }
    #expect(try octets == publicKeyInfo())
    #expect(throws: KeyError.self) {
      _ = try KeyWrap.unwrap(Array(wrapped.key), under: try Secret.random(32))
    }
  }

  @Test(
    "OpenSSL finds it and unwraps it the same way",
    .clause("OCP-annex-B-root-wrapped-apex-contingency-key"))
  func opensslUnwraps() throws {
    let place = estate.workplace
    let file = try place.write("root-oca.der", certificate.encoded)
    // The extension's value, cut out by OpenSSL's own parser: its offset, then what lies in it.
    let parsed = try place.openssl("asn1parse", "-inform", "DER", "-in", file)
    let lines = parsed.said.split(separator: "\n")
    let name = try #require(lines.firstIndex { $0.contains(":1.3.6.1.5.5.7.1.20") })
    let offset = try #require(lines[name + 1].firstMatch(of: #/^ *(\d+):/#)).1
    let inside = try place.openssl(
      "asn1parse", "-inform", "DER", "-in", file, "-strparse", "\(offset)")
    #expect(inside.said.contains(":id-aes256-wrap-pad"), "\(inside.said)")
    let dump = try #require(inside.said.firstMatch(of: #/\[HEX DUMP\]:([0-9A-F]+)/#)).1
    let wrapped = try place.write("wrapped", try #require(Hex.decode(String(dump))))
    let symmetric = try estate.offline.secret(label: FoundingCeremony.Label.contingencySymmetric)
    let key = unsafe symmetric.withBytes { unsafe Hex.encode(Array($0)) }
    let opened = try place.openssl(
      "enc", "-d", "-id-aes256-wrap-pad", "-K", key, "-iv", "A65959A6", "-in", wrapped)
    #expect(opened.isGood, "\(opened.said)")
    #expect(try opened.output == publicKeyInfo())
  }
}
