// SPDX-License-Identifier: Apache-2.0

import Client
import DER
import FoundationEssentials
import SEC
import Service
import X509

extension Command {
  static let issueOrganisation = Command(
    name: "issue organisation", summary: "issue an Organisation Certificate for a party",
    options: [
      .required("--party", "PARTY", "identifier of the party"),
      .required("--csr", "FILE", "the request: PKCS#10 with a key on P-256"),
      .value("--out", "FILE", "write the certificate there, in PEM, and not to standard output"),
    ], example: "smki issue organisation --party north-gas --csr organisation.csr"
  ) { invocation in
    try invocation.issue(
      IssueOrganisation(
        party: invocation.required("--party"),
        request: Data(try Files.read(invocation.required("--csr")))))
  }

  static let issueDevice = Command(
    name: "issue device", summary: "ask the service interface for a Device Certificate",
    notes: """
      It asks as a party's system does, over mutual TLS, and needs no more rights than that: the \
      IKI certificate of the system and its key.
      """,
    options: [
      .required("--csr", "FILE", "the request: PKCS#10 in PEM, Base64 or DER"),
      .required("--cert", "FILE", "the system's IKI certificate, PEM"),
      .required("--key", "FILE", "the system's private key, PEM"),
      .value("--url", "URL", "the service interface; by default that of the estate's node"),
      .value("--authority", "FILE", "whom the server must go back to; by default the estate's"),
      .value("--out", "FILE", "write the certificate there, in PEM, and not to standard output"),
    ],
    example: "smki issue device --csr device.csr --cert portal-device.pem --key portal-device.key"
  ) { invocation in
    try invocation.checkOut()
    let request = try Files.read(invocation.required("--csr"))
    var options = HTTPClient.Options()
    options.certificatePath = try invocation.required("--cert")
    options.keyPath = try invocation.required("--key")
    options.authoritiesPath =
      invocation.value("--authority")
      ?? (invocation.value("--url") == nil ? invocation.folder.serverAuthority : nil)
    let response = try HTTPClient(options).post(
      "\(serviceURL(invocation))/1.0/DeviceCSR", type: "application/pkcs10", body: request,
      headers: [("Accept", "application/pkix-cert")])
    guard response.status == 200 else { throw Channel.error(in: response) }
    return try invocation.deliver(response.body)
  }

  private static func serviceURL(_ invocation: Invocation) throws -> String {
    if let url = invocation.value("--url") {
      return url.hasSuffix("/") ? String(url.dropLast()) : url
    }
    let configured = try Opening.configuration(of: invocation.folder).doors
    return Channel.doors(of: invocation.folder, configured).doors.serviceURL
  }
}

extension Invocation {
  /// Has a certificate issued and hands it over.
  func issue<Request: ControlRequest>(
    _ request: Request
  ) throws -> ExitCode where Request.Answer == IssuedCertificate {
    try checkOut()
    return try deliver(Array(try Channel(invocation: self).perform(request).certificate))
  }

  /// What is issued is issued for good: whether there is a place for it is asked before.
  fileprivate func checkOut() throws {
    if let file = value("--out") { try Files.checkNew(file) }
  }

  /// Writes a certificate to `--out`, or shows it.
  fileprivate func deliver(_ der: [UInt8]) throws -> ExitCode {
    let certificate = try Certificate(parsing: der)
    let serial = Hex.encode(certificate.serialNumber.magnitude)
    if let file = value("--out") { try Files.writeNew(file, certificate.pem) }
    let shown = ["serial": serial, "certificate": certificate.pem, "file": value("--out") ?? ""]
    try show(shown) { value("--out").map { "\(serial) in \($0)" } ?? certificate.pem }
    return .done
  }
}
