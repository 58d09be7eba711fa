// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import Keys
import Profiles
import SEC
import Testing
import X509

@Suite("OpenSSL beside us")
struct InteroperabilityTests {
  @Test("OpenSSL verifies what each profile makes, under its root", .clause("RFC5280-6.1"))
  func chains() throws {
    let openssl = try OpenSSLCommand()
    let elliptic = try Making.elliptic.get()
    let rsa = try Making.rsa.get()
    let chains = [
      (AuthorityKind.rootDCA, AuthorityKind.issuingDCA, try Making.deviceTBS(), elliptic),
      (.rootOCA, .issuingOCA, try Making.organisationTBS(), elliptic),
      (.rootIKI, .issuingIKI, try Making.ikiTBS(), rsa),
    ]
    for (root, issuing, tbs, key) in chains {
      let anchor = try openssl.file("root.pem", Array(Making.root(root).pem.utf8))
      let between = try openssl.file("issuing.pem", Array(Making.issuing(issuing).pem.utf8))
      let end = try openssl.file("end.pem", Array(Making.certificate(tbs, by: key).pem.utf8))
      let at = "\(Making.now.seconds + 86_400)"
      let policy = try Some.value(tbs.extensions.value(of: CertificatePolicies.self))
        .identifiers[0].description
      let good = try openssl.run(
        "verify", "-x509_strict", "-check_ss_sig", "-explicit_policy", "-policy", policy, "-attime",
        at,
        "-trusted", anchor, "-untrusted", between, end
      ).isGood
      #expect(good, "\(issuing)")
      let alone = try openssl.run("verify", "-attime", at, "-trusted", anchor, end).isGood
      #expect(!alone, "\(issuing) is needed")
    }
  }

  @Test(
    "a TLS server's certificate is good for localhost and no other", .clause("M8-AppG-tls-keys"))
  func server() throws {
    let openssl = try OpenSSLCommand()
    let rsa = try Making.rsa.get()
    let anchor = try openssl.file("root.pem", Array(Making.root(.rootIKI).pem.utf8))
    let end = try openssl.file(
      "end.pem", Array(Making.certificate(Making.serverTBS(), by: rsa).pem.utf8))
    let at = "\(Making.now.seconds + 86_400)"
    for (option, name, isGood) in [
      ("-verify_hostname", "localhost", true), ("-verify_ip", "127.0.0.1", true),
      ("-verify_ip", "::1", true), ("-verify_hostname", "example.org", false),
      ("-verify_ip", "127.0.0.2", false),
    ] {
      let result = try openssl.run(
        "verify", "-purpose", "sslserver", option, name, "-attime", at, "-trusted", anchor, end)
      #expect(result.isGood == isGood, "\(name)")
    }
  }

  @Test(
    "OpenSSL's requests for organisations and systems are read", .clause("M8-AppF-organisation-csr")
  )
  func requests() throws {
    let openssl = try OpenSSLCommand()
    let key = ["ec.pem", "rsa.pem"]
    #expect(
      try openssl.run(
        "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", key[0]
      ).isGood)
    #expect(
      try openssl.run(
        "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key[1]
      ).isGood)
    let iki = try openssl.run(
      "req", "-new", "-outform", "DER", "-key", key[1], "-subj",
      "/O=Supplier Ltd/OU=02/CN=head end 1", "-addext", "keyUsage=critical,digitalSignature")
    let request = try IKIRequest(parsing: iki.output)
    try request.checkPossession()
    #expect(request.subject.organisation == "Supplier Ltd")
    let curve = try openssl.run(
      "req", "-new", "-outform", "DER", "-key", key[0], "-subj", "/CN=SUPPLIER/OU=02",
      "-addext", "keyUsage=critical,keyAgreement")
    #expect(throws: Refusal.subjectForm(.organisation, expected: "", found: "")) {
      try OrganisationRequest(parsing: curve.output)
    }
    #expect(throws: Refusal.subjectNotEmpty(found: "")) {
      try DeviceRequest(parsing: curve.output)
    }
  }
}

@Suite("Damaged requests")
struct DamagedRequestTests {
  @Test("no flipped bit of a device's request is taken", .clause("M8-2.2", "C3-116-2"))
  func flips() throws {
    let der = try RequestDraft.device().encoded()
    var refused: Set<String> = []
    for index in der.indices {
      for bit in 0..<8 {
        var damaged = der
        damaged[index] ^= 1 << UInt8(bit)
        do {
          try DeviceRequest(parsing: damaged).checkPossession()
          Issue.record("octet \(index), bit \(bit) was taken")
        } catch {
          refused.insert(error.code)
        }
      }
    }
    #expect(refused.isSuperset(of: ["malformed-request", "possession-not-proven"]))
  }

  @Test("no shortened request is taken")
  func cuts() throws {
    let der = try RequestDraft.device().encoded()
    for count in 0..<der.count {
      #expect(throws: Refusal.malformedRequest("", at: 0)) {
        try DeviceRequest(parsing: Array(der.prefix(count)))
      }
    }
  }
}
