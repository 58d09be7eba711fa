// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Registration
import Repository
import SEC
import Service

extension Command {
  static let credentialIssue = Command(
    name: "credential issue", summary: "issue the IKI certificate of a party's person or system",
    notes: """
      A credential for the portal belongs to an Authorised Responsible Officer, one for a web \
      service to a system. The request is the party's own, made on a token or in its system; or, \
      for a person, the key is made here, kept nowhere, and handed over as PKCS #12.
      """,
    options: [
      .required("--party", "PARTY", "identifier of the party"),
      .required(
        "--interface", "INTERFACE", "the interface that the system uses",
        words: Interface.allCases.map(\.rawValue)),
      .value("--csr", "FILE", "the request: PKCS#10 with an RSA key of 2048 bits"),
      .value(
        "--p12", "FILE",
        "make the key here and write both there as PKCS #12; its passphrase is shown this once"),
      .value("--person", "PERSON", "who will hold it: an Authorised Responsible Officer"),
      .value("--token", "SERIAL", "serial number of the token on which the key was made"),
      .value("--out", "FILE", "write the certificate there, in PEM, and not to standard output"),
    ],
    example: "smki credential issue --party north-gas --interface ad-hoc --csr system.csr"
  ) { invocation in
    guard let file = invocation.value("--p12") else {
      return try invocation.issue(
        IssueCredential(
          party: invocation.required("--party"), interface: invocation.required("--interface"),
          request: Data(try Files.read(invocation.required("--csr"))),
          person: invocation.value("--person"), token: invocation.value("--token")))
    }
    guard invocation.value("--csr") == nil, invocation.value("--token") == nil else {
      throw UsageError("--p12 makes the key itself: no --csr, no --token", invocation.command)
    }
    return try CredentialBundle(invocation).write(toNewFile: file)
  }

  static let credentialList = Command(
    name: "credential list", summary: "list the credentials of systems",
    options: [.value("--party", "PARTY", "only those of this party")],
    example: "smki credential list --party north-gas"
  ) { invocation in
    let party = invocation.value("--party")
    let rows = try Opening(invocation).registration.credentials()
      .filter { party == nil || $0.party == party }.map(CredentialRow.init)
    try invocation.show(rows) {
      Table(
        headings: ["serial", "party", "interface", "name", "until", "revoked"],
        rows: rows.map {
          [$0.serial, $0.party, $0.interface, $0.name, $0.notAfter, $0.revoked ?? "-"]
        }
      ).text()
    }
    return .done
  }

  static let credentialRevoke = Command(
    name: "credential revoke", summary: "revoke a credential; its next request is refused",
    options: [
      .required("--serial", "SERIAL", "the serial number of the IKI certificate"),
      .required("--reason", "TEXT", "why"),
    ],
    example: "smki credential revoke --serial 4100001A1FC6B4528A3221BD54F20CEE --reason lost"
  ) { invocation in
    try invocation.perform(
      RevokeCredential(
        serial: Hex.encode(invocation.serial(invocation.required("--serial"))),
        reason: invocation.required("--reason")))
  }
}

/// A credential in one line.
private struct CredentialRow: Encodable {
  let serial: String
  let party: String
  let interface: String
  let name: String
  let notAfter: String
  let revoked: String?

  init(_ credential: SystemCredential) {
    serial = credential.serial
    party = credential.party
    interface = credential.interface.rawValue
    name = credential.name
    notAfter = credential.notAfter.rfc3339
    revoked = credential.revoked?.rfc3339
  }
}
