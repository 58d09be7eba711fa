// SPDX-License-Identifier: Apache-2.0

package import Authority
import DER
package import Keys
package import Profiles
package import Registration
import Repository
package import SEC
package import X509

/// Requests as subscribers make them, signed by their own keys.
package enum Asking {
  /// RSA keys of systems, made once in a run: each takes a tenth of a second.
  private static let systemKeys = Result {
    try SampleParty.allCases.map { _ in try SoftwareKey.generate(.rsa2048) }
  }

  /// PKCS#10 in DER for a Device Certificate.
  package static func device(
    _ device: EntityID, _ usage: CertificateUsage = .digitalSignature,
    key: SoftwareKey? = nil, signedBy signer: SoftwareKey? = nil
  ) throws -> [UInt8] {
    let key = try key ?? SoftwareKey.generate(.p256)
    let name = HardwareModuleName(
      hardwareType: "1.2.826.0.1.8641679.1.2.2.1", serialNumber: device.octets)
    return try request(
      .empty, key: key, signedBy: signer ?? key,
      [
        Extension(KeyUsage([usage.use]), isCritical: true),
        Extension(SubjectAltName([.hardwareModule(name)]), isCritical: true),
      ])
  }

  /// PKCS#10 in DER for an Organisation Certificate.
  package static func organisation(
    _ identifier: EntityID, role: RoleCode = .supplier,
    _ usage: CertificateUsage = .digitalSignature, key: SoftwareKey? = nil
  ) throws -> [UInt8] {
    let key = try key ?? SoftwareKey.generate(.p256)
    let subject = try OrganisationSubject(
      commonName: role == .supplier && usage == .digitalSignature ? "EXAMPLE" : nil, role: role,
      identifier: identifier)
    return try request(
      subject.name, key: key, signedBy: key,
      [Extension(KeyUsage([usage.use]), isCritical: true)])
  }

  /// PKCS#10 in DER for the TLS certificate of a party's end of a connection.
  package static func connection(
    of party: SampleParty, organisation: String? = nil, names: [GeneralName]? = nil,
    signedBy signer: SoftwareKey? = nil
  ) throws -> [UInt8] {
    let place = SampleParty.allCases.firstIndex(of: party) ?? 0
    let key = try systemKeys.get()[place]
    let attributes = [
      Name.Attribute.organisation(organisation ?? party.name),
      Name.Attribute.organisationalUnit("02"), Name.Attribute.commonName("gateway"),
    ]
    let hosts = names ?? [GeneralName.host("gateway.example")].compactMap(\.self)
    return try request(
      Name(attributes.compactMap(\.self)), key: key, signedBy: signer ?? key,
      [Extension(KeyUsage([.digitalSignature]), isCritical: true)]
        + (hosts.isEmpty ? [] : [Extension(SubjectAltName(hosts), isCritical: false)]))
  }

  /// PKCS#10 in DER for the credential of a party's system.
  package static func credential(
    of party: SampleParty, name: String, organisation: String? = nil, key: SoftwareKey? = nil
  ) throws -> [UInt8] {
    let place = SampleParty.allCases.firstIndex(of: party) ?? 0
    let key = try key ?? systemKeys.get()[place]
    let attributes = [
      Name.Attribute.organisation(organisation ?? party.name),
      Name.Attribute.organisationalUnit("02"), Name.Attribute.commonName(name),
    ]
    return try request(
      Name(attributes.compactMap(\.self)), key: key, signedBy: key,
      [Extension(KeyUsage([.digitalSignature]), isCritical: true)])
  }

  private static func request(
    _ subject: Name, key: SoftwareKey, signedBy signer: SoftwareKey, _ extensions: [Extension]
  ) throws -> [UInt8] {
    guard let information = SubjectPublicKeyInfo(key.publicKey) else { throw Founded.Missing() }
    let info = CertificationRequest.info(
      subject: subject, subjectPublicKeyInfo: information,
      attributes: [.extensionRequest(extensions)])
    return CertificationRequest.assemble(
      info: info, algorithm: AlgorithmIdentifier(signingWith: signer.publicKey),
      signature: try signer.sign(info))
  }
}

extension CertificateUsage {
  fileprivate var use: KeyUsage.Use {
    switch self {
    case .digitalSignature: .digitalSignature
    case .keyAgreement: .keyAgreement
    }
  }
}

extension TestEstate {
  /// Issues a credential to a party's system and admits the system.
  @discardableResult
  package func credential(
    for party: SampleParty = .meterMaker, _ interface: Interface = .portalDevice,
    name: String = "head end", key: SoftwareKey? = nil
  ) throws -> AdmittedSystem {
    let request = try IKIRequest(
      parsing: Asking.credential(of: party, name: name, key: key))
    return try credential(request, for: party.id, interface)
  }

  /// Issues a credential for a request that was read, and admits the system.
  package func credential(
    _ request: IKIRequest, for party: String, _ interface: Interface = .portalDevice
  ) throws -> AdmittedSystem {
    let moment = now
    let person =
      interface.isForPersons ? try onboarding.responsibleOfficer(of: party) : nil
    let outcomes = try authority.issue { [registration] in
      Authority.prepare(
        try registration.authorise(
          request, for: party, interface: interface,
          holder: person.map { CredentialHolder(person: $0) }, at: moment, by: Self.officer))
    }
    return try registration.admit(certificate: try outcomes[0].get(), at: now)
  }

  /// Admits a system again, as the facts are now.
  package func readmit(_ system: AdmittedSystem) throws -> AdmittedSystem {
    guard let serial = Hex.decode(system.credential.serial),
      let certificate = try repository.certificate(serial: serial)
    else { throw Founded.Missing() }
    return try registration.readmit(system, certificate: certificate.der, at: now)
  }

  /// Asks for Device Certificates, all in one request of a system.
  package func issue(
    _ requests: [[UInt8]], by system: AdmittedSystem, over interface: Interface = .portalDevice
  ) throws -> [Authority.Outcome] {
    try authority.issue { [registration] in
      let parsed = requests.map { der in
        Result { () throws(Refusal) in try DeviceRequest(parsing: der) }
      }
      return Authority.prepare(
        try registration.authorise(parsed, by: system, over: interface))
    }
  }

  /// Asks for one Device Certificate.
  package func issue(_ request: [UInt8], by system: AdmittedSystem) throws -> [UInt8] {
    try issue([request], by: system)[0].get()
  }

  /// Asks for an Organisation Certificate, entered by an officer.
  package func issueOrganisation(
    _ request: [UInt8], for party: SampleParty = .electricity
  ) throws -> [UInt8] {
    let moment = now
    return try authority.issue { [registration] in
      let parsed = Result { () throws(Refusal) in try OrganisationRequest(parsing: request) }
      return Authority.prepare(
        try registration.authorise([parsed], for: party.id, at: moment, by: Self.officer))
    }[0].get()
  }
}
