// SPDX-License-Identifier: Apache-2.0

import DER
import X509

/// What holds for each question for the status of certificates, and for each refusal.
enum StatusRequestProperty {
  static func check(_ input: [UInt8]) throws(Violation) -> Outcome {
    let request: OCSPRequest
    do throws(DERError) {
      request = try OCSPRequest(parsing: input)
    } catch {
      return try Peer.judge(error, of: input, isTaken: { Peer.statusRequest($0) != nil })
    }
    try Violation.unless(!request.certificates.isEmpty, "nothing is asked")
    guard let count = Peer.statusRequest(input) else {
      throw Violation("OpenSSL refuses a request that is taken in here")
    }
    try Violation.unless(count == request.certificates.count, "OpenSSL counts other certificates")
    let again = OCSPRequest(request.certificates, extensions: request.extensions)
    guard let read = try? OCSPRequest(parsing: again.encoded) else {
      throw Violation("what was read cannot be read again")
    }
    try Violation.unless(
      read.certificates == request.certificates && read.extensions == request.extensions,
      "what was read is written as something else")
    return Outcome(isPastFirstLength: true)
  }
}
