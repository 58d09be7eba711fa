// SPDX-License-Identifier: Apache-2.0

import DER
import X509

/// What holds for each certificate that is taken in, and for each refusal.
enum CertificateProperty {
  static func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    let certificate: Certificate
    do throws(DERError) {
      certificate = try Certificate(parsing: input)
    } catch {
      return try Peer.judge(error, of: input, isTaken: { Peer.certificate($0) != nil })
    }
    try Violation.unless(certificate.encoded == input, "the octets are not kept")
    try Violation.unless(
      certificate.signedBytes.elementsEqual(certificate.tbs.encoded()),
      "the signed part changes when written")
    try people(certificate)
    guard let peer = Peer.certificate(input) else {
      throw Violation("OpenSSL refuses a certificate that is taken in here")
    }
    try Violation.unless(peer == Peer.Certificate(certificate), "OpenSSL reads other values")
    let again: [UInt8]
    do throws(DERError) {
      again = try Rebuilding.certificate(certificate)
    } catch {
      try error.require(within: input)
      return Outcome(refusal: "extension/\(error.code.rawValue)", isPastFirstLength: true)
    }
    try Violation.unless(again == input, "what was read is written in other octets")
    return Outcome(isPastFirstLength: true)
  }

  /// The forms for people must not trap, and the text is read again.
  private static func people(_ certificate: Certificate) throws(Violation) {
    let facts = certificate.issuer.facts + certificate.subject.facts
    try Violation.unless(facts.count >= 2, "no words")
    try Violation.unless(!"\(certificate.serialNumber)".isEmpty, "no number")
    for identifier in [certificate.subjectKeyIdentifier, certificate.authorityKeyIdentifier] {
      let digits = identifier.map { "\($0)" } ?? ""
      try Violation.unless(digits.utf8.count == 2 * (identifier?.octets.count ?? 0), digits)
    }
    try Violation.unless(
      certificate == certificate && certificate.hashValue == certificate.hashValue, "not itself")
    let again = try? Certificate(pem: Array(certificate.pem.utf8))
    try Violation.unless(again == certificate, "the text is another certificate")
  }
}
