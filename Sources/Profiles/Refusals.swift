// SPDX-License-Identifier: Apache-2.0

package import SEC

/// Every way in which a request or the values of a certificate are refused here.
///
/// A factory that takes a kind is shared by the request profiles, and the kind gives the clause.
extension Refusal {
  /// M8-2.2: a request is one PKCS#10 structure in DER.
  package static func malformedRequest(_ detail: String, at offset: Int) -> Refusal {
    Refusal(
      "malformed-request", clause: "M8-2.2", field: "request",
      expected: "one PKCS#10 certification request in DER", found: "\(detail) at octet \(offset)",
      remedy: "Make the request anew and send it unaltered.")
  }

  /// M8-AppF-device-csr: the subject of a device's request is empty.
  package static func subjectNotEmpty(found: String) -> Refusal {
    Refusal(
      "subject-not-empty", clause: RequestKind.device.clause, field: "subject",
      expected: "an empty sequence", found: found,
      remedy: "Leave the subject empty; the device is named in subjectAltName.")
  }

  /// M8-AppF-organisation-csr, M8-AppG-iki-csr: which attributes make up the subject.
  package static func subjectForm(
    _ kind: RequestKind, expected: String, found: String
  ) -> Refusal {
    Refusal(
      "subject-form", clause: kind.clause, field: "subject", expected: expected, found: found,
      remedy: "Give each attribute of the profile once, each in its own RDN, and no other.")
  }

  /// OCP-annex-B-subject-cn: the common name of an organisation has 1 to 16 characters.
  package static func commonNameLength(_ count: Int) -> Refusal {
    Refusal(
      "common-name-length", clause: "OCP-annex-B-subject-cn", field: "subject.commonName",
      expected: "1 to \(OrganisationSubject.commonNameCharactersMax) characters, none of them NUL",
      found: "\(count) characters", remedy: "Shorten the common name or leave it out.")
  }

  /// OCP-annex-B-subject-cn: only the signing certificate of a supplier has a common name.
  package static func commonNameNotInProfile(
    _ role: RoleCode, _ usage: CertificateUsage
  ) -> Refusal {
    Refusal(
      "common-name-not-in-profile", clause: "OCP-annex-B-subject-cn", field: "subject.commonName",
      expected: "a common name for digitalSignature of a supplier (02) only",
      found: "one for \(usage.rawValue) of \(role.hex)", remedy: "Leave the common name out.")
  }

  /// OCP-annex-B-subject-ou: the role is two hexadecimal digits.
  package static func roleCodeForm(_ kind: RequestKind, found: String) -> Refusal {
    Refusal(
      "role-code-form", clause: kind == .organisation ? "OCP-annex-B-subject-ou" : kind.clause,
      field: "subject.organizationalUnitName",
      expected: "a Remote Party Role Code as two hexadecimal digits", found: found,
      remedy: "Write the role in the OU as two digits, such as 02 for a supplier.")
  }

  /// OCP-annex-B-subject-unique-id: the unique identifier is an EUI-64.
  package static func uniqueIdentifierForm(found: String) -> Refusal {
    Refusal(
      "unique-identifier-form", clause: "OCP-annex-B-subject-unique-id",
      field: "subject.x500UniqueIdentifier", expected: "a bit string of exactly 64 bits",
      found: found, remedy: "Put the eight octets of the EUI-64 into the unique identifier.")
  }

  /// M8-AppG-iki-csr: organisation and common name of a system are there and not too long.
  package static func systemName(field: String, found: String) -> Refusal {
    Refusal(
      "system-name", clause: RequestKind.iki.clause, field: "subject.\(field)",
      expected: "1 to \(IKISubject.nameCharactersMax) characters, none of them NUL", found: found,
      remedy: "Give the trading name in O and the unique name of the system in CN.")
  }

  /// M8-AppF-device-csr, M8-AppF-organisation-csr, M8-AppG-iki-csr: key usage is asked for.
  package static func keyUsageMissing(_ kind: RequestKind) -> Refusal {
    Refusal(
      "key-usage-missing", clause: kind.clause, field: "keyUsage",
      expected: "a keyUsage extension in the request", found: "none",
      remedy: "Add an extensionRequest attribute with keyUsage.")
  }

  /// GBCS-12.1-12: exactly one usage, and one that the profile knows.
  package static func keyUsageNotOne(_ kind: RequestKind, found: String) -> Refusal {
    Refusal(
      "key-usage-not-one", clause: kind == .iki ? kind.clause : "GBCS-12.1-12", field: "keyUsage",
      expected: kind == .iki
        ? "digitalSignature alone" : "exactly one of digitalSignature and keyAgreement",
      found: found, remedy: "Ask for one certificate for each usage, each with its own key pair.")
  }

  /// DCP-annex-B-subject-alt-name: the device is named in subjectAltName.
  package static func subjectAltNameMissing() -> Refusal {
    Refusal(
      "subject-alt-name-missing", clause: "DCP-annex-B-subject-alt-name", field: "subjectAltName",
      expected: "one hardwareModuleName", found: "none",
      remedy: "Add subjectAltName with the hardware type and the EUI-64 of the device.")
  }

  /// DCP-annex-B-subject-alt-name: one general name, and that a hardware module name.
  package static func subjectAltNameForm(found: String) -> Refusal {
    Refusal(
      "subject-alt-name-form", clause: "DCP-annex-B-subject-alt-name", field: "subjectAltName",
      expected: "one otherName of type 1.3.6.1.5.5.7.8.4 (hardwareModuleName)", found: found,
      remedy: "Name the device once, as a hardwareModuleName, and nothing beside it.")
  }

  /// DCP-annex-B-subject-alt-name: the serial number of the hardware is an EUI-64.
  package static func hardwareSerialLength(_ count: Int) -> Refusal {
    Refusal(
      "hardware-serial-length", clause: "DCP-annex-B-subject-alt-name",
      field: "subjectAltName.hwSerialNum", expected: "the 8 octets of an EUI-64",
      found: "\(count) octets", remedy: "Put the Device ID into hwSerialNum as eight octets.")
  }

  /// DCP-annex-B-subject-alt-name: all zeros is nobody, and all ones is everybody.
  package static func deviceIdentifierReserved(_ device: EntityID) -> Refusal {
    Refusal(
      "device-identifier-reserved", clause: "DCP-annex-B-subject-alt-name",
      field: "subjectAltName.hwSerialNum", expected: "the EUI-64 of one device",
      found: "\(device)", remedy: "Put the Device ID that the maker gave into hwSerialNum.")
  }

  /// GBCS-12.1-2: keys of devices and organisations are elliptic.
  package static func publicKeyAlgorithm(_ kind: RequestKind, found: String) -> Refusal {
    Refusal(
      "public-key-algorithm", clause: kind == .iki ? kind.clause : "GBCS-12.1-2",
      field: "subjectPublicKeyInfo.algorithm",
      expected: kind == .iki
        ? "rsaEncryption (1.2.840.113549.1.1.1)" : "id-ecPublicKey (1.2.840.10045.2.1)",
      found: found, remedy: "Generate a key pair of the expected algorithm.")
  }

  /// GBCS-12.1-2: the curve is NIST P-256, by name.
  package static func publicKeyCurve(found: String) -> Refusal {
    Refusal(
      "public-key-curve", clause: "GBCS-12.1-2", field: "subjectPublicKeyInfo.parameters",
      expected: "the named curve P-256 (1.2.840.10045.3.1.7)", found: found,
      remedy: "Generate the key pair on P-256 and name the curve by its identifier.")
  }

  /// GBCS-12.1-2: the point is not compressed.
  package static func publicKeyCompressed() -> Refusal {
    Refusal(
      "public-key-compressed", clause: "GBCS-12.1-2", field: "subjectPublicKey",
      expected: "an uncompressed point, 65 octets from 04", found: "a compressed point",
      remedy: "Encode the same key as an uncompressed point and sign the request anew.")
  }

  /// GBCS-12.1-2: a point has 65 octets, the first of them 04.
  package static func publicKeyForm(_ kind: RequestKind, found: String) -> Refusal {
    Refusal(
      "public-key-form", clause: kind == .iki ? kind.clause : "GBCS-12.1-2",
      field: "subjectPublicKey",
      expected: kind == .iki
        ? "an RSAPublicKey of 2048 bits with an odd exponent" : "65 octets, the first of them 04",
      found: found, remedy: "Encode the public key as the profile says and sign the request anew.")
  }

  /// GBCS-12.1-2: the point lies on the curve.
  package static func publicKeyNotOnCurve() -> Refusal {
    Refusal(
      "public-key-not-on-curve", clause: "GBCS-12.1-2", field: "subjectPublicKey",
      expected: "a point of P-256", found: "coordinates that do not satisfy its equation",
      remedy: "Generate a new key pair: this one cannot have come from a sound generator.")
  }

  /// GBCS-12.1-3: the algorithm of the signature, ECDSA with SHA-256 or for IKI RSA with SHA-256.
  package static func signatureAlgorithm(_ kind: RequestKind, found: String) -> Refusal {
    Refusal(
      "signature-algorithm", clause: kind == .iki ? kind.clause : "GBCS-12.1-3",
      field: "signatureAlgorithm",
      expected: kind == .iki
        ? "sha256WithRSAEncryption (1.2.840.113549.1.1.11)"
        : "ecdsa-with-SHA256 (1.2.840.10045.4.3.2)",
      found: found, remedy: "Sign the request with the expected algorithm.")
  }

  /// RFC5280-4.1.1.2: the parameters of the algorithm, absent for ECDSA (RFC 5758, 3.2).
  package static func signatureParameters(_ kind: RequestKind) -> Refusal {
    Refusal(
      "signature-parameters", clause: "RFC5280-4.1.1.2", field: "signatureAlgorithm.parameters",
      expected: kind == .iki ? "NULL" : "none",
      found: kind == .iki ? "something other than NULL" : "parameters",
      remedy: "Encode the algorithm identifier as its specification says and sign anew.")
  }

  /// M8-AppF-device-csr, M8-AppF-organisation-csr, M8-AppG-iki-csr: nothing beside the profile.
  ///
  /// What would not reach the certificate is refused rather than dropped in silence.
  package static func attributeNotInProfile(_ kind: RequestKind, found: String) -> Refusal {
    Refusal(
      "attribute-not-in-profile", clause: kind.clause, field: "attributes",
      expected: "one extensionRequest (1.2.840.113549.1.9.14) and nothing else", found: found,
      remedy: "Leave the attribute out of the request.")
  }

  /// M8-AppF-device-csr, M8-AppF-organisation-csr, M8-AppG-iki-csr: only the profile's extensions.
  package static func extensionNotInProfile(_ kind: RequestKind, found: String) -> Refusal {
    Refusal(
      "extension-not-in-profile", clause: kind.clause, field: "extensionRequest",
      expected: kind == .device ? "keyUsage and subjectAltName, each once" : "keyUsage, once",
      found: found, remedy: "Ask for no other extension: the authority adds its own.")
  }

  /// ENG-dccki-tls: the end of a connection is named by host names and addresses.
  package static func connectionNames(found: String) -> Refusal {
    Refusal(
      "connection-names", clause: "ENG-dccki-tls", field: "subjectAltName",
      expected: "host names without a wildcard, or addresses; at least one", found: found,
      remedy: "Ask for a subjectAltName with the names by which the other end calls this one.")
  }

  /// C3-116-2, OCP-possession: the asker holds the private key.
  package static func possessionNotProven() -> Refusal {
    Refusal(
      "possession-not-proven", clause: "C3-116-2", field: "signature",
      expected: "a signature over the request by the private key of its public key",
      found: "a signature that does not verify",
      remedy: "Sign the request with the private key that belongs to the public key in it.")
  }

  /// DCP-annex-B-issuing-subject, OCP-annex-B-issuing-subject: the name of an authority.
  package static func authorityNameForm(
    _ kind: AuthorityKind, countMax: Int, found: String
  ) -> Refusal {
    Refusal(
      "authority-name-form", clause: kind.nameClause, field: "subject.commonName",
      expected: "1 to \(countMax) characters of a PrintableString", found: found,
      remedy: "Choose a shorter name of letters and digits.")
  }

  /// GBCS-12.1: a certificate that was made departs from its profile, by the clause of the finding.
  package static func departsFromProfile(_ finding: Finding) -> Refusal {
    Refusal(
      "departs-from-profile", clause: finding.clause, field: finding.field,
      expected: finding.expected, found: finding.found,
      remedy: "Tell the operator: nothing was issued, and rule \(finding.rule) says why.")
  }

  /// OCP-annex-B-test-names: names tell a test estate from a live one.
  package static func authorityNameEstate(_ kind: Estate.Kind, found: String) -> Refusal {
    Refusal(
      "authority-name-estate", clause: "OCP-annex-B-test-names", field: "subject.commonName",
      expected: kind == .test ? "a name that begins with T" : "a name that does not begin with T",
      found: found, remedy: "Choose another name: T marks the authorities of test estates.")
  }
}

extension AuthorityKind {
  /// The rule that gives the form of the name.
  var nameClause: Clause {
    switch self {
    case .rootDCA: "DCP-annex-B-root-subject"
    case .issuingDCA: "DCP-annex-B-issuing-subject"
    case .rootOCA: "OCP-annex-B-root-subject"
    case .issuingOCA: "OCP-annex-B-issuing-subject"
    case .rootIKI, .issuingIKI, .rootDCCKI, .issuingDCCKI: "ICP-subject"
    }
  }
}
