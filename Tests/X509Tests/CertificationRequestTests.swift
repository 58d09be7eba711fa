// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import FuzzProperties
import Testing
import X509

@Suite("Certification requests")
struct CertificationRequestTests {
  @Test("each is written byte for byte from its values", arguments: Fixtures.requests.keys.sorted())
  func roundTrip(name: String) throws {
    let der = try #require(Fixtures.requests[name])
    #expect(try Rebuilding.request(try CertificationRequest(parsing: der)) == der)
  }

  @Test(
    "the device's request says what it says by hand (spec: certificate profiles, 8.2)",
    .enabled(if: Samples.arePresent, Samples.absence))
  func device() throws {
    let der = try Samples.request()
    let request = try CertificationRequest(parsing: der)
    #expect(der.count == 279)
    #expect(request.subject.isEmpty)
    #expect(request.attributes.map(\.type) == [.extensionRequest])
    #expect(try request.extensions.value(of: KeyUsage.self)?.uses == [.digitalSignature])
    let names = try request.extensions.value(of: SubjectAltName.self)?.names
    let serial = try #require(Hex.decode("00DB1234567890A0"))
    let module = HardwareModuleName(
      hardwareType: "1.2.826.0.1.8641679.1.2.2.1", serialNumber: serial)
    #expect(names == [.hardwareModule(module)])
    #expect(request.extensions.map(\.isCritical) == [true, true])
    #expect(request.signatureAlgorithm == .ecdsaWithSHA256)
    #expect(request.provesPossession() == .valid)
    #expect(try Rebuilding.request(request) == der)
  }

  @Test("a system's request has its names, its key and its use (spec: certificate profiles, 8.3)")
  func system() throws {
    let request = try CertificationRequest(parsing: Fixtures.rsaRequest)
    #expect(request.subject.organisation == "Example Energy")
    #expect(request.subject.organisationalUnit == "02")
    #expect(request.subject.commonName == "System One")
    #expect(try request.extensions.value(of: KeyUsage.self)?.uses == [.digitalSignature])
    guard case .rsa(let modulus, let exponent) = request.subjectPublicKeyInfo.key else {
      Issue.record("not an RSA key")
      return
    }
    #expect(modulus.count == 256)
    #expect(exponent == [1, 0, 1])
    #expect(request.provesPossession() == .valid)
  }

  @Test(
    "possession is proved by the key inside and no other",
    arguments: [
      ("P-256", SignatureVerdict.valid), ("bare", .valid), ("RSA", .valid), ("Ed25519", .valid),
      ("P-384", .unusableKey),
    ])
  func possession(name: String, verdict: SignatureVerdict) throws {
    var der = try #require(Fixtures.requests[name])
    #expect(try CertificationRequest(parsing: der).provesPossession() == verdict)
    der[der.count - 1] ^= 1
    let spoilt = try CertificationRequest(parsing: der).provesPossession()
    #expect(spoilt == (verdict == .valid ? .invalid : verdict))
  }

  @Test("one that is built here is read and proves possession")
  func built() throws {
    let key = try SoftwareKey.generate(.p256)
    let asked = [Extension(KeyUsage([.keyAgreement]), isCritical: true)]
    let info = CertificationRequest.info(
      subject: Name([try #require(.organisationalUnit("02"))]),
      subjectPublicKeyInfo: try #require(SubjectPublicKeyInfo(key.publicKey)),
      attributes: [.extensionRequest(asked)])
    let der = CertificationRequest.assemble(info: info, signature: try key.sign(info))
    let request = try CertificationRequest(parsing: der)
    #expect(request.extensions == asked)
    #expect(request.provesPossession() == .valid)
    #expect(try request.subjectPublicKeyInfo.publicKey() == key.publicKey)
  }

  @Test("the algorithm of the signature must be the one of the key")
  func algorithmOfAnotherKey() throws {
    let key = try SoftwareKey.generate(.p256)
    let info = Self.info(key: try #require(SubjectPublicKeyInfo(key.publicKey)))
    let signature = try key.sign(info)
    let others = [
      AlgorithmIdentifier.sha256WithRSA,
      AlgorithmIdentifier(.ecdsaWithSHA256, parameters: [0x05, 0x00]),
    ]
    for algorithm in others {
      let der = CertificationRequest.assemble(
        info: info, algorithm: algorithm, signature: signature)
      #expect(try CertificationRequest(parsing: der).provesPossession() == .wrongAlgorithm)
    }
  }

  private static func info(
    key: SubjectPublicKeyInfo, version: Int = 0,
    attributes: [CertificationRequest.Attribute] = []
  ) -> [UInt8] {
    let proper = CertificationRequest.info(
      subject: .empty, subjectPublicKeyInfo: key, attributes: attributes)
    guard version != 0 else { return proper }
    // The version's one octet of content stands behind the outer header and its own.
    var changed = proper
    if let start = proper.firstRange(of: [0x02, 0x01, 0x00])?.lowerBound {
      changed[start + 2] = UInt8(version)
    }
    return changed
  }

  @Test("version 1, attributes that stand twice or that no one can read are refused")
  func refused() throws {
    let key = try CertificationRequest(parsing: Fixtures.bareRequest).subjectPublicKeyInfo
    let usage = Extension(KeyUsage([.digitalSignature]), isCritical: true)
    let asked = CertificationRequest.Attribute.extensionRequest([usage])
    let others = (1...17).compactMap { number in
      ObjectIdentifier("1.2.3.\(number)").map {
        CertificationRequest.Attribute($0, values: [[0x05, 0x00]])
      }
    }
    let value = Array(asked.values[0])
    let cases: [(String, [UInt8], DERError.Code?)] = [
      ("proper", Self.info(key: key, attributes: [asked]), nil),
      ("version 1", Self.info(key: key, version: 1), .badValue),
      ("twice", Self.info(key: key, attributes: [asked, asked]), .duplicate),
      (
        "two values",
        Self.info(key: key, attributes: [.init(.extensionRequest, values: [value, value])]),
        .tooMany
      ),
      (
        "no value", Self.info(key: key, attributes: [.init(.extensionRequest, values: [])]), .empty
      ),
      (
        "no list",
        Self.info(key: key, attributes: [.init(.extensionRequest, values: [[0x05, 0x00]])]),
        .wrongTag
      ),
      ("16 attributes", Self.info(key: key, attributes: Array(others.prefix(16))), nil),
      ("17 attributes", Self.info(key: key, attributes: others), .tooMany),
    ]
    for (what, info, code) in cases {
      let der = CertificationRequest.assemble(info: info, signature: [1])
      var found: DERError.Code?
      do throws(DERError) { _ = try CertificationRequest(parsing: der) } catch {
        found = error.code
      }
      #expect(found == code, "\(what)")
    }
  }

  @Test("a request of more than 8 KiB is refused")
  func tooLong() {
    let bytes = [UInt8](repeating: 0x30, count: CertificationRequest.octetsMax + 1)
    let error = #expect(throws: DERError.self) { try CertificationRequest(parsing: bytes) }
    #expect(error?.code == .tooLong)
  }
}

@Suite("Requests as they are handed in")
struct RequestTextTests {
  private static let body = Base64.encode(Fixtures.p256Request)

  private static func lines(_ width: Int, _ ending: String) -> String {
    let characters = Array(body.utf8)
    return stride(from: 0, to: characters.count, by: width).map {
      String(decoding: characters[$0..<min($0 + width, characters.count)], as: UTF8.self) + ending
    }.joined()
  }

  private static func armoured(_ body: String, _ label: String, _ ending: String) -> String {
    "-----BEGIN \(label)-----\(ending)\(body)-----END \(label)-----\(ending)"
  }

  /// Each encoding of the portal: labels, none; one line, 64, 76; LF, CRLF.
  static let forms: [String] = ["\n", "\r\n"].flatMap { ending in
    [64, 76, 10_000].flatMap { width in
      let body = lines(width, ending)
      return [
        body, String(body.dropLast(1)), "\(ending) \(body)\(ending)\(ending)",
        armoured(body, "CERTIFICATE REQUEST", ending),
        armoured(body, "NEW CERTIFICATE REQUEST", ending),
      ]
    }
  }

  @Test("each encoding of the portal is read", arguments: forms)
  func read(text: String) throws {
    #expect(try RequestText.read(Array(text.utf8)) == Fixtures.p256Request)
  }

  @Test("bytes are read as they are")
  func bytes() throws {
    #expect(try RequestText.read(Fixtures.p256Request) == Fixtures.p256Request)
  }

  @Test(
    "another text is refused",
    arguments: [
      ("", DERError.Code.empty), (" \r\n\t", .empty), ("MII*", .badText), ("MIIB\nMIIB", .badText),
      (armoured(body + "\n", "CERTIFICATE", "\n"), .badText),
      (armoured(body + "\n", "CERTIFICATE REQUEST", "\n") + "-----BEGIN X-----\n", .badText),
      (String(repeating: "A", count: RequestText.octetsMax + 4), .tooLong),
      (lines(65, "\n"), .badText),
      ("Subject:\n" + armoured(body + "\n", "CERTIFICATE REQUEST", "\n"), .badText),
      (armoured(body + "\n", "CERTIFICATE REQUEST", "\n") + "as agreed\n", .badText),
    ])
  func refused(text: String, code: DERError.Code) {
    let error = #expect(throws: DERError.self) { try RequestText.read(Array(text.utf8)) }
    #expect(error?.code == code)
  }
}
