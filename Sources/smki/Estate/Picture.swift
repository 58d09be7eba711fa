// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
import X509

/// A certificate or request as people read it: names and what they say, no dump of octets.
struct Picture: Encodable {
  /// One line: what it is called and what it says.
  struct Line: Encodable {
    let name: String
    let value: String
  }

  let kind: String
  private(set) var lines: [Line] = []

  /// The lines for a terminal.
  var text: String {
    "\(kind)\n" + Table.pairs(lines.map { ("  \($0.name)", $0.value) })
  }

  init(_ examined: Examined) {
    switch examined {
    case .certificate(let certificate): self.init(certificate)
    case .request(let request): self.init(request)
    }
  }

  init(_ certificate: Certificate) {
    let tbs = certificate.tbs
    kind =
      switch CertificateKind(certificate) {
      case .device: "Device Certificate"
      case .organisation: "Organisation Certificate"
      case .authority(let kind): "certificate of an authority, \(kind.rawValue)"
      case .iki: "IKI Certificate"
      case .server: "certificate of a server"
      case .dccki: "DCCKI Certificate"
      }
    add("serial number", Hex.encode(certificate.serialNumber.magnitude))
    add("issuer", "\(certificate.issuer)")
    add("subject", certificate.subject.isEmpty ? "empty" : "\(certificate.subject)")
    add("valid", "\(tbs.notBefore.rfc3339) to \(tbs.notAfter.rfc3339)")
    add(tbs.subjectPublicKeyInfo)
    for entry in tbs.extensions { add(entry) }
    add("signature", "\(certificate.signatureAlgorithm.algorithm)")
    add("SHA-256", Hex.encode(Digest.sha256(certificate.encoded)))
  }

  init(_ request: CertificationRequest) {
    kind = "certification request"
    add("subject", request.subject.isEmpty ? "empty" : "\(request.subject)")
    add(request.subjectPublicKeyInfo)
    for entry in request.extensions { add(entry) }
    for attribute in request.attributes where attribute.type != .extensionRequest {
      add("attribute", "\(attribute.type)")
    }
    add("signature", "\(request.signatureAlgorithm.algorithm)")
    add(
      "possession",
      request.provesPossession() == .valid ? "proven" : "NOT PROVEN: \(request.provesPossession())")
    add("SHA-256", Hex.encode(Digest.sha256(request.encoded)))
  }

  private mutating func add(_ name: String, _ value: String) {
    lines.append(Line(name: name, value: value))
  }

  private mutating func add(_ key: SubjectPublicKeyInfo) {
    let text =
      switch key.key {
      case .p256(let point): "P-256, \(Hex.encode(point))"
      case .rsa(let modulus, let exponent):
        "RSA of \(modulus.count * 8) bits, exponent \(Hex.encode(exponent))"
      case .ed25519(let octets): "Ed25519, \(Hex.encode(octets))"
      case .unsupported(let problem): "not used here: \(problem)"
      }
    add("public key", text)
  }

  private mutating func add(_ entry: Extension) {
    let critical = entry.isCritical ? " (critical)" : ""
    let (name, value) = Self.shown(entry)
    add(name, value + critical)
  }

  /// An extension by name and meaning; by identifier and octets where it is not known or broken.
  private static func shown(_ entry: Extension) -> (String, String) {
    let shown: (String, String?)
    switch entry.identifier {
    case KeyUsage.identifier:
      let uses = try? entry.value(as: KeyUsage.self).uses.sorted { $0.rawValue < $1.rawValue }
      shown = ("key usage", uses?.map { "\($0)" }.joined(separator: ", "))
    case SubjectAltName.identifier:
      let names = try? entry.value(as: SubjectAltName.self).names
      shown = ("alternative name", names?.map(self.shown).joined(separator: ", "))
    case BasicConstraints.identifier:
      shown = ("constraints", (try? entry.value(as: BasicConstraints.self)).map(self.shown))
    case CertificatePolicies.identifier:
      let policies = try? entry.value(as: CertificatePolicies.self).policies
      shown = ("policies", policies?.map { "\($0.identifier)" }.joined(separator: ", "))
    case ExtendedKeyUsage.identifier:
      let purposes = try? entry.value(as: ExtendedKeyUsage.self).purposes
      shown = ("purposes", purposes?.map { "\($0)" }.joined(separator: ", "))
    case SubjectKeyIdentifier.identifier:
      let value = try? entry.value(as: SubjectKeyIdentifier.self)
      shown = ("key identifier", value.map { "\($0.keyIdentifier)" })
    case AuthorityKeyIdentifier.identifier:
      let value = try? entry.value(as: AuthorityKeyIdentifier.self)
      shown = ("issuer's key", value.map { $0.keyIdentifier.map { "\($0)" } ?? "by name" })
    case WrappedApexContingencyKey.identifier:
      shown = ("contingency key", "wrapped, \(entry.value.count) octets")
    default:
      shown = ("extension", nil)
    }
    return (shown.0, shown.1 ?? "\(entry.identifier): \(Hex.encode(entry.value))")
  }

  private static func shown(_ value: BasicConstraints) -> String {
    (value.isAuthority ? "authority" : "end entity")
      + (value.pathLength.map { ", path length \($0)" } ?? "")
  }

  private static func shown(_ name: GeneralName) -> String {
    switch name {
    case .hardwareModule(let name):
      let serial = name.serialNumber.map { Hex.encode([$0]) }.joined(separator: "-")
      return "device \(serial), hardware type \(name.hardwareType)"
    case .dNSName(let name): return name.text
    case .iPAddress(let octets):
      return octets.count == 4
        ? octets.map { "\($0)" }.joined(separator: ".") : Hex.encode(octets)
    case .other(let whole): return Hex.encode(whole)
    }
  }
}
