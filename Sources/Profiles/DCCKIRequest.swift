// SPDX-License-Identifier: Apache-2.0

import DER
package import Keys
package import SEC
package import X509

/// A request for a TLS certificate of the DCCKI whose form was checked (ENG-dccki-tls).
///
/// No source gives the form. It is that of the IKI with the names of the connection's end beside
/// it: O, OU and CN, digitalSignature, RSA of 2048 bits, and a subjectAltName.
package struct DCCKIRequest: Hashable, Sendable {
  /// RFC 1035, 2.3.4: the most characters of a host name and of a label of it.
  package static let hostCharactersMax = 253
  private static let labelCharactersMax = 63

  /// The organisation, its role, and the system at the end of the connection.
  package let subject: IKISubject
  /// The host names and addresses of that end, at least one.
  package let names: [GeneralName]
  /// The public key, RSA of 2048 bits.
  package let publicKey: RSAPublicKey
  /// The request as it was received.
  package let request: CertificationRequest

  /// The public key as a certificate has it.
  package var key: SubjectPublicKeyInfo { request.subjectPublicKeyInfo }
  /// SHA-256 over the whole request: what makes two requests the same.
  package var requestHash: [UInt8] { Digest.sha256(request.encoded) }

  /// Reads and checks PKCS#10 in DER.
  ///
  /// - Throws: `malformed-request`, `connection-names`, and as an IKI request does.
  package init(parsing der: [UInt8]) throws(Refusal) {
    let request = try RequestForm.parse(der)
    subject = try IKISubject(request.subject)
    for attribute in request.attributes where attribute.type != .extensionRequest {
      throw .attributeNotInProfile(.iki, found: "\(attribute.type)")
    }
    for entry in request.extensions
    where ![.keyUsage, .subjectAltName].contains(entry.identifier) {
      throw .extensionNotInProfile(.iki, found: "\(entry.identifier)")
    }
    _ = try RequestForm.usage(of: request, .iki)
    names = try Self.names(of: request)
    publicKey = try IKIRequest.publicKey(of: request)
    try RequestForm.checkSignatureAlgorithm(of: request, .iki)
    self.request = request
  }

  /// C3-116-2: the request is signed by the private key of its public key.
  ///
  /// - Throws: `possession-not-proven`.
  package func checkPossession() throws(Refusal) {
    try RequestForm.checkPossession(of: request, publicKey)
  }

  /// The names as people write them.
  package var hosts: [String] { names.map(Self.text) }

  /// ENG-dccki-tls: host names without a wildcard, and addresses; nothing else, and at least one.
  private static func names(of request: CertificationRequest) throws(Refusal) -> [GeneralName] {
    guard let found = request.extensions[.subjectAltName] else {
      throw .connectionNames(found: "no subjectAltName")
    }
    guard let names = try? found.value(as: SubjectAltName.self).names else {
      throw .connectionNames(found: Hex.encode(found.value))
    }
    for name in names where !isEnd(name) { throw .connectionNames(found: text(name)) }
    return names
  }

  private static func isEnd(_ name: GeneralName) -> Bool {
    switch name {
    case .iPAddress: return true
    case .hardwareModule, .other: return false
    case .dNSName(let host):
      let labels = host.octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      return host.octets.count <= hostCharactersMax
        && labels.allSatisfy { label in
          (1...labelCharactersMax).contains(label.count) && label.first != UInt8(ascii: "-")
            && label.last != UInt8(ascii: "-")
            && label.allSatisfy {
              (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
                || $0 == UInt8(ascii: "-")
            }
        }
    }
  }

  private static func text(_ name: GeneralName) -> String {
    switch name {
    case .dNSName(let host): String(decoding: host.octets, as: UTF8.self)
    case .iPAddress(let octets) where octets.count == 4:
      octets.map { "\($0)" }.joined(separator: ".")
    case .iPAddress(let octets): Hex.encode(octets)
    case .hardwareModule: "a hardware module"
    case .other(let whole): "a name with tag \(whole.first.map { "\($0 & 0x1F)" } ?? "none")"
    }
  }
}
