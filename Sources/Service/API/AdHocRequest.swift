// SPDX-License-Identifier: Apache-2.0

import DER
package import SEC
import XML

/// What is asked of the Ad Hoc Device CSR Web Service (M8-AppA-elements).
package struct AdHocRequest: Hashable, Sendable {
  /// The most octets of a request: the largest CSR in Base64 and the elements around it.
  package static let octetsMax = 16_384
  /// M8-AppA-limits: the most characters of the client's reference.
  package static let idCharactersMax = 32
  /// M8-AppA-limits: the one version.
  package static let version = "1.0"

  /// The client's reference, which the answer echoes.
  package let id: String
  /// The request for a certificate: DER, of which nothing is known yet.
  package let request: [UInt8]

  /// Reads a body.
  ///
  /// - Throws: `media-type`, `xml-not-well-formed`, `xml-forbidden`, `xml-too-large`,
  ///   `xml-element`, `xml-attribute`, `request-id`, `interface-version`, `request-base64`.
  package init(_ body: [UInt8], mediaType: String?) throws(Refusal) {
    let clause: Clause = "M8-AppA-elements"
    let root = try XMLBody.read(body, mediaType: mediaType, octetsMax: Self.octetsMax)
    guard root.name == "DeviceCertificateSigningRequest" else {
      throw .xmlElement(
        clause, expected: "DeviceCertificateSigningRequest", found: root.name, line: root.line)
    }
    try XMLBody.check(root, attributes: ["ID"], isLeaf: false, clause: clause)
    let texts = try XMLBody.texts(
      of: root, ["Version", "CertificateSigningRequest"], clause: clause)
    guard let id = root.attribute("ID"),
      (1...Self.idCharactersMax).contains(id.unicodeScalars.count)
    else { throw .requestID(root.attribute("ID")) }
    guard texts[0] == Self.version else { throw .interfaceVersion(texts[0]) }
    guard !texts[1].isEmpty, let request = Base64.decode(Array(texts[1].utf8)) else {
      throw .requestBase64(Self.problem(texts[1]))
    }
    self.id = id
    self.request = request
  }

  /// What is wrong with a text that is no Base64.
  private static func problem(_ text: String) -> String {
    if text.isEmpty { return "nothing" }
    if text.contains("-----") { return "PEM lines" }
    if let space = text.utf8.firstIndex(where: { $0 <= 0x20 }) {
      return "white space at character \(text.utf8.distance(from: text.startIndex, to: space) + 1)"
    }
    return "\(text.utf8.count) characters that are no whole Base64"
  }
}
