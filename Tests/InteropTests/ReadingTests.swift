// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import Testing
import X509

@Suite("OpenSSL reads what we make, and reads the same")
struct ReadingTests {
  let specimens: Specimens
  let place: Workplace

  init() throws {
    specimens = try Specimens.shared.get()
    place = try Workplace()
  }

  @Test(
    "each certificate is printed whole and written back octet by octet",
    arguments: Specimens.kinds)
  func reads(kind: String) throws {
    let certificate = try specimens[kind]
    let file = try place.write("certificate.pem", [certificate])
    let text = try place.openssl("x509", "-noout", "-text", "-certopt", "ext_error", "-in", file)
    #expect(text.isGood)
    #expect(!text.said.contains("Error"), "\(text.said)")
    let der = try place.openssl("x509", "-outform", "DER", "-in", file)
    #expect(der.output == certificate.encoded)
  }

  @Test("serial number, end and key are what OpenSSL says", arguments: Specimens.kinds)
  func agrees(kind: String) throws {
    let certificate = try specimens[kind]
    let file = try place.write("certificate.pem", [certificate])
    let serial = try place.openssl("x509", "-noout", "-serial", "-in", file)
    #expect(
      serial.said == "serial=\(Hex.encode(Array(certificate.serialNumber.magnitude)))\n")
    let end = try place.openssl("x509", "-noout", "-enddate", "-dateopt", "iso_8601", "-in", file)
    let shown = certificate.tbs.notAfter.rfc3339.replacing("T", with: " ")
    #expect(end.said.hasPrefix("notAfter=\(shown.prefix(19))"), "\(end.said)")
    let key = try place.openssl("x509", "-noout", "-pubkey", "-in", file)
    let pem = PEM(
      label: "PUBLIC KEY",
      bytes: Writer.write { certificate.tbs.subjectPublicKeyInfo.write(into: &$0) })
    #expect(key.said == pem.text)
  }
}
