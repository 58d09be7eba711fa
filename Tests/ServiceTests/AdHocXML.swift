// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import HTTP
import Testing
import XML

/// A request to the Ad Hoc service, as text that a test may spoil.
struct AdHocXML {
  var id = "ref-1"
  var version = "1.0"
  var request: String

  init(_ request: [UInt8]) {
    self.request = Base64.encode(request)
  }

  var text: String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <DeviceCertificateSigningRequest ID="\(id)">
      <Version>\(version)</Version>
      <CertificateSigningRequest>\(request)</CertificateSigningRequest>
    </DeviceCertificateSigningRequest>
    """
  }

  static let mediaType = "application/xml;charset=UTF-8"
}

/// An answer of the Ad Hoc service, read by another reader than the service's own.
struct AdHocReply {
  let id: String?
  /// The names of the elements in their order.
  let names: [String]
  let body: [UInt8]
  private let values: [String: String]

  var status: String? { values["Status"] }
  var code: String? { values["ErrorCode"] }
  var text: String? { values["ErrorText"] }
  var certificate: [UInt8]? { values["Certificate"].flatMap { Base64.decode($0.utf8) } }
  var transaction: Int? { values["TransactionId"].flatMap { Int($0) } }
  subscript(name: String) -> String? { values[name] }

  init(_ response: Response) throws {
    try #require(
      response.status == 200, "\(response.status) \(String(decoding: response.body, as: UTF8.self))"
    )
    try #require(response.headers.first?.value == "application/xml;charset=UTF-8")
    try self.init(response.body)
  }

  init(_ body: [UInt8]) throws {
    self.body = body
    let root = try Element.read(body)
    try #require(root.name == "DeviceCertificateSigningResponse")
    id = root.attribute("ID")
    names = root.children.map(\.name)
    var values: [String: String] = [:]
    for child in root.children + (root.child("Error")?.children ?? []) {
      values[child.name] = child.text
    }
    self.values = values
  }
}
