// SPDX-License-Identifier: Apache-2.0

import Client
import DER
import Foundation
import Testing
import XML

/// What DCC's public client does, request by request and byte by byte: it searches, takes what has
/// the wanted usage, status and role, and retrieves each by its serial number.
struct PublicClient {
  /// What it keeps of a certificate.
  struct Found {
    let serial: String
    let der: [UInt8]
    /// Whether the answer named an organisation.
    let isOrganisation: Bool
  }

  enum Failure: Error, Equatable {
    case invalidParameters
    case unknown(Int)
  }

  let base: String
  let client: HTTPClient

  static let key = "u3bg9gt38htd0j2"

  /// The certificates of a device, or of an organisation in a role, for one usage and status.
  func search(
    _ element: String, _ identifier: String, usage: String, status: String = "I",
    role: String? = nil
  ) throws -> [Found] {
    let answer = try post(
      "services/certificatesearch",
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><CertificateSearchRequest><\(element)>"
        + "\(identifier)</\(element)></CertificateSearchRequest>")
    guard let answer else { return [] }
    try #require(answer.name == "CertificateSearchResponse")
    let serials = answer.children.filter { $0.name == "Result" }.compactMap { result -> String? in
      guard result.child("CertificateUsage")?.text == usage,
        result.child("CertificateStatus")?.text == status,
        role == nil || result.child("CertificateRole")?.text == role
      else { return nil }
      return result.child("CertificateSerial")?.text
    }
    return try serials.compactMap(retrieve)
  }

  /// The certificate with a serial number.
  func retrieve(_ serial: String) throws -> Found? {
    let answer = try post(
      "services/retrievecertificate",
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><CertificateDataRequest><CertificateSerial>"
        + "\(serial)</CertificateSerial></CertificateDataRequest>")
    guard let certificate = answer?.child("CertificateResponse"),
      let body = certificate.child("CertificateBody")?.text
    else { return nil }
    let isOrganisation = certificate.child("CertificateSubjectName") != nil
    guard isOrganisation || certificate.child("CertificateSubjectAltName") != nil else {
      return nil
    }
    return Found(
      serial: serial, der: try #require(Base64.decode(body.utf8)), isOrganisation: isOrganisation)
  }

  private func post(_ path: String, _ body: String) throws -> XML.Element? {
    let response = try client.post(
      "\(base)\(path)?apikey=\(Self.key)", type: "application/xml", body: Array(body.utf8))
    switch response.status {
    case 402: return nil
    case 401: throw Failure.invalidParameters
    case 200:
      let type = response.header("content-type")?.split(separator: ";").first
      guard type == "application/xml" else { throw Failure.unknown(200) }
      return try XML.Element.read(response.body)
    default: throw Failure.unknown(response.status)
    }
  }
}
