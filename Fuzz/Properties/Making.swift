// SPDX-License-Identifier: Apache-2.0

import DER
import X509

/// Makes values as the program makes them, from what people would say of those that were read.
enum Making {
  /// The same name, put together from text and octets where each relative name has one attribute.
  static func name(_ read: Name) -> Name {
    if read.isEmpty { return .empty }
    guard read.relativeNames.allSatisfy({ $0.count == 1 }) else { return read }
    return Name(read.relativeNames.joined().map(attribute))
  }

  private static func attribute(_ read: Name.Attribute) -> Name.Attribute {
    switch read.value {
    case .string(let string):
      let made: Name.Attribute? =
        switch read.type {
        case .commonName: .commonName(string.text, string.kind)
        case .organisationName: .organisation(string.text, string.kind)
        case .organisationalUnitName: .organisationalUnit(string.text, string.kind)
        default: CharacterString(string.text, string.kind).map { .init(read.type, .string($0)) }
        }
      return made ?? read
    case .bits(let bits):
      guard bits.unusedBits == 0, read.type == .x500UniqueIdentifier else { return read }
      return .uniqueIdentifier(Array(bits.octets))
    case .other: return read
    }
  }

  /// The same value, made from its parts.
  static func value(_ read: any ExtensionValue) -> any ExtensionValue {
    switch read {
    case let read as KeyUsage: KeyUsage(read.uses)
    case let read as BasicConstraints:
      read.isAuthority ? BasicConstraints.authority(pathLength: read.pathLength) : .endEntity
    case let read as SubjectAltName: SubjectAltName(read.names.map(generalName))
    case let read as CertificatePolicies: policies(read)
    case let read as ExtendedKeyUsage:
      read.purposes.count == 1 ? ExtendedKeyUsage(read.purposes[0]) : read
    case let read as CRLNumber: CRLNumber(Integer(magnitude: Array(read.number.magnitude)))
    case let read as RevocationReason: RevocationReason(rawValue: read.rawValue) ?? read
    case let read as SubjectKeyIdentifier: SubjectKeyIdentifier(keyIdentifier(read.keyIdentifier))
    case let read as AuthorityKeyIdentifier:
      if let identifier = read.keyIdentifier, read.issuerAndSerial.isEmpty {
        AuthorityKeyIdentifier(keyIdentifier(identifier))
      } else {
        read
      }
    case let read as WrappedApexContingencyKey:
      read.wrapped.map {
        WrappedApexContingencyKey(algorithm: $0.algorithm, wrappedKey: Array($0.key))
      } ?? read
    default: read
    }
  }

  private static func generalName(_ read: GeneralName) -> GeneralName {
    switch read {
    case .dNSName(let host): .host(host.text) ?? read
    case .hardwareModule(let name):
      .hardwareModule(.init(hardwareType: name.hardwareType, serialNumber: name.serialNumber))
    default: read
    }
  }

  private static func policies(_ read: CertificatePolicies) -> CertificatePolicies {
    let isPlain = read.policies.allSatisfy { $0.qualifiers == nil }
    return isPlain && read.identifiers.count == 1
      ? CertificatePolicies(read.identifiers[0]) : read
  }

  private static func keyIdentifier(_ read: KeyIdentifier) -> KeyIdentifier {
    guard read.hasFormOfMethodTwo else { return KeyIdentifier(read.octets) ?? read }
    // The last octets of a digest are what the method takes from it.
    return KeyIdentifier(methodTwoFromSHA1: [UInt8](repeating: 0, count: 12) + read.octets)
  }
}

extension Name {
  /// What people ask of a name; a text stands where exactly one attribute says it.
  var facts: [String] {
    let texts = [commonName, organisation, organisationalUnit, uniqueIdentifier.map { "\($0)" }]
    return texts.compactMap(\.self) + [description]
  }
}
