// SPDX-License-Identifier: Apache-2.0

import DER
import Service
import X509

extension Command {
  static let clientMatch = Command(
    name: "client match", summary: "hold a certificate against its request, before it is used",
    notes: """
      Key, subject, device and key usage have to be those of the request (L11.5, L11.6). What does \
      not match is rejected at once: smki organisation reject. Ends with 4 when something differs.
      """,
    operands: [
      Operand(name: "REQUEST", summary: "the PKCS#10 in PEM, Base64 or DER"),
      Operand(name: "CERTIFICATE", summary: "the certificate in PEM or DER"),
    ], example: "smki client match organisation.csr organisation.pem"
  ) { invocation in
    let request = try CertificationRequest(
      parsing: RequestText.read(Files.read(invocation.operands[0])))
    let octets = try Files.read(invocation.operands[1])
    let certificate =
      try octets.first == 0x30 ? Certificate(parsing: octets) : Certificate(pem: octets)
    let differences = Matching.differences(certificate, from: request)
    try invocation.show(differences) {
      differences.isEmpty ? "it matches" : differences.joined(separator: "\n")
    }
    return differences.isEmpty ? .done : .faults
  }
}
