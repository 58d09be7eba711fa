// SPDX-License-Identifier: Apache-2.0

import DER
import Service

extension Command {
  static let organisationReject = Command(
    name: "organisation reject",
    summary: "enter that a party rejects an Organisation Certificate, which revokes it",
    notes: """
      A certificate is rejected as soon as it was seen not to match its request. Once it is deemed \
      accepted it is revoked by request: smki revoke request. Over the network a party does the \
      same with POST /1.0/OrganisationRejection.
      """, options: rejectionOptions,
    example: "smki organisation reject --serial 4100001A1FC6B4528A3221BD54F20CEE "
      + "--person north-gas-aro-1 --reason 'other role' --verified 'called back'"
  ) { try $0.reject(isOfOrganisation: true) }

  static let deviceReject = Command(
    name: "device reject",
    summary: "enter that a party rejects a Device Certificate, which stays as it is",
    notes: "It is kept for the investigation; Device Certificates are not revoked (C3-118-2).",
    options: rejectionOptions,
    example: "smki device reject --serial 4100001A1FC6B4528A3221BD54F20CEE "
      + "--person north-gas-aro-1 --reason 'other usage' --verified 'called back'"
  ) { try $0.reject(isOfOrganisation: false) }

  private static let rejectionOptions: [Option] = [
    .required("--serial", "SERIAL", "the serial number of the certificate"),
    .required("--person", "PERSON", "the Authorised Responsible Officer who rejects it"),
    .required("--reason", "TEXT", "how it departs from its request"),
    .required("--verified", "TEXT", "how the person was verified against the nomination data"),
  ]
}

extension Invocation {
  fileprivate func reject(isOfOrganisation: Bool) throws -> ExitCode {
    let answer = try Channel(invocation: self).perform(
      RejectCertificate(
        serial: Hex.encode(serial(required("--serial"))), isOfOrganisation: isOfOrganisation,
        person: required("--person"), reason: required("--reason"),
        verification: required("--verified")))
    try show(answer) { "\(answer.serial): \(answer.state)" }
    return .done
  }
}
