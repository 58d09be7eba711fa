// SPDX-License-Identifier: Apache-2.0

import DER
import X509

/// What holds for each certification request that is taken in, and for each refusal.
enum RequestProperty {
  static func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    let request: CertificationRequest
    do throws(DERError) {
      request = try CertificationRequest(parsing: input)
    } catch {
      return try Peer.judge(error, of: input, isTaken: { Peer.request($0) != nil })
    }
    try Violation.unless(request.encoded == input, "the octets are not kept")
    try Violation.unless(!request.subject.facts.isEmpty, "no words")
    try Violation.unless(
      request.extensions.allSatisfy { request.extensions[$0.identifier] == $0 },
      "an extension that is not found by its name")
    try Violation.unless(
      request == request && request.hashValue == request.hashValue, "not itself")
    guard let peer = Peer.request(input) else {
      throw Violation("OpenSSL refuses a request that is taken in here")
    }
    try Violation.unless(peer == Peer.Request(request), "OpenSSL reads other values")
    let again: [UInt8]
    do throws(DERError) {
      again = try Rebuilding.request(request)
    } catch {
      try error.require(within: input)
      return Outcome(refusal: "extension/\(error.code.rawValue)", isPastFirstLength: true)
    }
    try Violation.unless(again == input, "what was read is written in other octets")
    return Outcome(isPastFirstLength: true)
  }
}
