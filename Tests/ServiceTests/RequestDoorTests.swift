// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import DER
import FoundationEssentials
import HTTP
import Registration
import SEC
import Service
import TestEstate
import Testing
import X509

/// Two makers of meters at the portal's door for one request.
private struct Asked {
  static let shared = Result { try Asked() }

  let estate: ServingEstate
  let maker: ServingEstate.Credential
  let other: ServingEstate.Credential

  init() throws {
    estate = try ServingEstate()
    for id in ["meters", "others"] { try estate.add(id, [.otherParty]) }
    maker = try estate.credential(of: "meters", for: .portalDevice)
    other = try estate.credential(of: "others", for: .portalDevice)
  }

  static func device() -> EntityID { EntityID(UInt64.random(in: 1 << 40...(1 << 60))) }

  /// The code of the refusal, or nil for a certificate.
  func refusal(
    of body: [UInt8], by credential: ServingEstate.Credential? = nil
  ) throws -> ErrorBody? {
    let response = try estate.send(
      "POST", "/1.0/DeviceCSR", at: .service, body: body,
      certificate: (credential ?? maker).certificate)
    guard response.status != 200 else { return nil }
    #expect(response.status < 500)
    return try JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
  }
}

@Suite("What is handed in at the portal is one certification request in one of its forms")
struct RequestDoorTests {
  private let asked: Asked

  init() throws { asked = try Asked.shared.get() }

  @Test(
    "each encoding gives the same certificate, any other is refused",
    .clause("M8-2.3-encodings", "RFC7468-2", "ENG-same-request"))
  func encodings() throws {
    let der = try DeviceDraft(for: Asked.device()).encoded()
    let line = Base64.encode(der)
    func lines(_ width: Int, _ end: String) -> String {
      var rest = line[...]
      var text = ""
      while !rest.isEmpty {
        text += rest.prefix(width) + end
        rest = rest.dropFirst(width)
      }
      return text
    }
    func pem(_ begin: String, _ finish: String, _ body: String, _ end: String = "\n") -> String {
      "-----BEGIN \(begin)-----\(end)\(body)-----END \(finish)-----\(end)"
    }
    let (label, old) = ("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST")
    let certificate = try asked.estate.issue(der, by: asked.maker)
    for text in [
      pem(label, label, lines(64, "\n")), pem(old, old, lines(64, "\r\n"), "\r\n"), line,
      lines(64, "\n"), lines(76, "\r\n"), pem(label, label, lines(76, "\n")),
    ] {
      #expect(try asked.estate.issue(Array(text.utf8), by: asked.maker) == certificate)
    }
    for text in [
      pem("CERTIFICATE", "CERTIFICATE", lines(64, "\n")), pem(label, old, lines(64, "\n")),
      pem(label, label, lines(63, "\n")), lines(60, "\n"), line + "!",
      pem(label, label, "x" + lines(64, "\n")), pem(label, label, lines(64, "\n") + "stray text\n"),
      pem(label, label, lines(64, "\n")) + pem(label, label, lines(64, "\n")),
      "Certificate Request:\n" + pem(label, label, lines(64, "\n")),
      pem(label, label, lines(64, "\n")) + "the meter in the cellar\n",
    ] {
      #expect(try asked.refusal(of: Array(text.utf8))?.code == "malformed-request", "\(text)")
    }
  }

  @Test(
    "one PKCS #10 of version 0 with nothing behind it, and one extensionRequest with one value",
    .clause("M8-2.2", "RFC2986-4", "RFC2985-5.4.2", "L4.4(c)"))
  func structure() throws {
    let good = try DeviceDraft(for: Asked.device()).encoded()
    var later = good
    let version = try #require(later.firstIndex(of: 0x02))
    later[version + 2] = 1
    let certificate = try asked.estate.issue(
      DeviceDraft(for: Asked.device()).encoded(), by: asked.maker)
    for body in [good + [0], Array(good.dropLast()), later, certificate.encoded, [0x30, 0]] {
      let refusal = try asked.refusal(of: body)
      #expect(refusal?.code == "malformed-request")
      #expect(refusal?.clause == "M8-2.2")
    }
    var draft = try DeviceDraft(for: Asked.device())
    let attribute = CertificationRequest.Attribute.extensionRequest(draft.extensions)
    draft.otherAttributes = [attribute]
    #expect(try asked.refusal(of: draft.encoded())?.code == "malformed-request")
    draft.extensions = []
    draft.otherAttributes = [
      CertificationRequest.Attribute(
        attribute.type, values: (attribute.values + attribute.values).map(Array.init))
    ]
    #expect(try asked.refusal(of: draft.encoded())?.code == "malformed-request")
    draft.otherAttributes = [attribute]
    #expect(try asked.refusal(of: draft.encoded()) == nil)
    #expect(try asked.refusal(of: good) == nil)
  }

  @Test(
    "a signature by another key proves nothing", .clause("OCP-possession", "RFC2986-4"))
  func possession() throws {
    var draft = try DeviceDraft(for: Asked.device())
    draft.signer = try DeviceDraft(for: Asked.device()).signer
    #expect(try asked.refusal(of: draft.encoded())?.code == "possession-not-proven")
    var good = try DeviceDraft(for: Asked.device()).encoded()
    #expect(try asked.refusal(of: good) == nil)
    good[good.count - 1] ^= 1
    #expect(try asked.refusal(of: good) != nil)
  }

  @Test(
    "criticality in a request changes nothing: the certificate has its profile's",
    .clause("M8-2.3-criticality"))
  func criticality() throws {
    var draft = try DeviceDraft(for: Asked.device())
    draft.extensions = draft.extensions.map {
      Extension($0.identifier, isCritical: false, value: Array($0.value))
    }
    let certificate = try asked.estate.issue(draft.encoded(), by: asked.maker)
    for identifier in [ObjectIdentifier.keyUsage, .subjectAltName] {
      #expect(certificate.tbs.extensions[identifier]?.isCritical == true)
    }
  }

  @Test(
    "nobody is certified as an authority over the network",
    .clause("L3.17", "C3-75-2", "C3-80-dca"),
    arguments: [true, false])
  func authority(isByUsage: Bool) throws {
    var draft = try DeviceDraft(for: Asked.device())
    #expect(try asked.refusal(of: draft.encoded()) == nil)
    draft = try DeviceDraft(for: Asked.device())
    if isByUsage {
      draft.put(KeyUsage([.keyCertSign]))
    } else {
      draft.put(BasicConstraints.authority(pathLength: 0))
    }
    let refusal = try asked.refusal(of: draft.encoded())
    #expect(refusal?.code == (isByUsage ? "key-usage-not-one" : "extension-not-in-profile"))
  }

  @Test(
    "a key is one organisation's, and each refusal names the rule that it follows",
    .clause("C3-198", "L3.4", "ENG-refused-key"))
  func keys() throws {
    let draft = try DeviceDraft(for: Asked.device())
    #expect(try asked.refusal(of: draft.encoded()) == nil)
    let again = try DeviceDraft(for: Asked.device(), key: draft.signer).encoded()
    let refusal = try #require(try asked.refusal(of: again, by: asked.other))
    #expect(refusal.code == "key-certified-elsewhere")
    #expect(refusal.clause == "ENG-refused-key")
    #expect(!refusal.expected.isEmpty && !refusal.found.isEmpty && !refusal.remedy.isEmpty)
    // What one party got stays its own: another's request for the same is not answered with it.
    #expect(
      try asked.refusal(of: draft.encoded(), by: asked.other)?.code == "duplicate-certificate")
  }
}
