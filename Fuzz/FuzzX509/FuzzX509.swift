// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import X509

/// What libFuzzer calls for each input: hostile octets into every reader of the ground floor.
///
/// A reader may refuse; it may not trap, and what it takes in it writes again octet by octet
/// (ENG-der). The first octet picks the reader, so that one corpus serves all.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start = unsafe start, count > 1 else { return 0 }
  let octets = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  let input = Array(octets.dropFirst())
  switch octets[0] % 4 {
  case 0: certificate(input)
  case 1: request(input)
  case 2: name(input)
  default: pem(input)
  }
  return 0
}

private func certificate(_ input: [UInt8]) {
  guard let certificate = try? Certificate(parsing: input) else { return }
  precondition(certificate.encoded == input)
  let again = Certificate.assemble(
    tbs: Array(certificate.signedBytes), algorithm: certificate.signatureAlgorithm,
    signature: Array(certificate.signature))
  precondition(again == input, "a certificate is not what it was read from")
}

private func request(_ input: [UInt8]) {
  guard let request = try? CertificationRequest(parsing: input) else { return }
  precondition(request.encoded == input)
}

private func name(_ input: [UInt8]) {
  guard let name = try? Reader.read(input, { reader throws(DERError) in try Name(from: &reader) })
  else { return }
  precondition(Writer.write { name.write(into: &$0) } == input, "a name changes when written")
}

private func pem(_ input: [UInt8]) {
  guard let parts = try? PEM.read(input) else { return }
  precondition(parts.count <= PEM.partsMax)
}
