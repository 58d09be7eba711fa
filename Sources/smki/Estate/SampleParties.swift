// SPDX-License-Identifier: Apache-2.0

import DER
import Enrolment
import FoundationEssentials
import Glibc
import Keys
import Profiles
import Registration
import SEC
import Service
import X509

/// Three parties with everything that a first request needs, for a test estate.
///
/// They act as a registration officer would, by the same operations; no gate is left open.
struct SampleParties {
  let folder: Folder

  /// One of the parties.
  struct Sample {
    let id: String
    let title: String
    let role: String
    /// The role code of its organisation certificates, and the first of its 256 identifiers.
    let code: RoleCode
    let firstIdentifier: String
    /// Whether it is a supplier, with organisation certificates and the Ad Hoc service.
    let isSupplier: Bool

    /// The persons who act for it, by identifier.
    var seniorOfficer: String { "\(id)-sro-1" }
    var responsibleOfficer: String { "\(id)-aro-1" }
  }

  /// Identifiers with the bit for locally administered ones set: no maker was given them.
  static let all = [
    Sample(
      id: "example-electricity", title: "Example Electricity Ltd", role: "import-supplier",
      code: .supplier, firstIdentifier: "5A-4D-4B-49-00-00-01-00", isSupplier: true),
    Sample(
      id: "example-gas", title: "Example Gas Ltd", role: "gas-supplier", code: .supplier,
      firstIdentifier: "5A-4D-4B-49-00-00-02-00", isSupplier: true),
    Sample(
      id: "example-meters", title: "Example Meters Ltd", role: "other-party", code: .other,
      firstIdentifier: "5A-4D-4B-49-00-00-03-00", isSupplier: false),
  ]
  /// How many identifiers each has.
  static let identifiers: UInt64 = 256
  /// The version of forms and agreements in a new test estate.
  static let version = "1"
  /// What stands for decisions that nobody took and for reports of tests that nobody ran.
  static let evidence = "sample"

  /// Makes the parties in an estate that nobody serves.
  func make(passphrase: borrowing Secret) throws {
    let node = try Node(folder, passphrase: passphrase, log: .silent)
    defer { node.stop() }
    _ = try perform(
      ApproveForms(forms: [], version: Self.version, evidence: Self.evidence), in: node)
    for agreement in AgreementKind.allCases {
      _ = try perform(
        PublishAgreement(
          agreement: agreement.rawValue, version: Self.version, from: nil,
          evidence: Self.evidence), in: node)
    }
    for sample in Self.all {
      try register(sample, in: node)
      try issueCredentials(sample, in: node)
      if sample.isSupplier { try issueOrganisationCertificates(sample, in: node) }
      let key = try perform(
        AddAPIKey(
          party: sample.id, label: "\(sample.id)-reader", purpose: "trying the sample estate"),
        in: node)
      try Files.writeNew("\(place(sample))/api-key", key.key + "\n", secret: true)
    }
    _ = try perform(SignCheckpoint(), in: node)
  }

  private func perform<Request: ControlRequest>(
    _ request: Request, in node: Node, as officer: String? = nil
  ) throws -> Request.Answer {
    try Control.perform(request, in: node, as: getuid(), named: officer)
  }

  private func place(_ sample: Sample) -> String { "\(folder.parties)/\(sample.id)" }

  /// The way of every applicant: forms, steps, and decisions by the second officer.
  private func register(_ sample: Sample, in node: Node) throws {
    try Files.makeFolder(place(sample))
    guard let first = EntityID(sample.firstIdentifier) else { return }
    let last = EntityID(first.value + Self.identifiers - 1)
    let forms = SampleForms(party: sample.id)
    try open(
      forms.information(
        name: sample.title, isSupplier: sample.isSupplier, role: sample.role,
        identifiers: "\(sample.role) \(sample.code.hex) \(first) \(last)"),
      [forms.organisationIdentity], in: node)
    try open(
      forms.seniorOfficer(sample.seniorOfficer), [forms.identity, forms.meeting], in: node)
    try open(
      forms.responsibleOfficer(sample.responsibleOfficer, by: sample.seniorOfficer),
      [forms.identity, forms.screening, forms.meeting], in: node)
    for agreement in AgreementKind.allCases {
      _ = try perform(
        SubmitForm(filled: forms.acceptance(of: agreement, by: sample.seniorOfficer)), in: node)
    }
    for purpose in ["device", "repository"] + (sample.isSupplier ? ["organisation"] : []) {
      _ = try perform(
        ConfirmEntryTests(party: sample.id, purpose: purpose, evidence: Self.evidence), in: node)
    }
    for policy in ["device"] + (sample.isSupplier ? ["organisation"] : []) {
      try open(forms.application(policy, by: sample.seniorOfficer), [], in: node)
    }
  }

  /// Hands in the form of a case and those of its steps, and has the second officer approve it.
  private func open(
    _ form: FilledForm, _ steps: [(Int) -> FilledForm], in node: Node
  ) throws {
    let number = try perform(SubmitForm(filled: form), in: node).number
    for step in steps { _ = try perform(SubmitForm(filled: step(number)), in: node) }
    _ = try perform(
      DecideCase(number: number, decision: .approve), in: node, as: EstateMaking.secondOfficer)
  }

  private func issueCredentials(_ sample: Sample, in node: Node) throws {
    let interfaces =
      ["portal-device", "batched"]
      + (sample.isSupplier ? ["portal-organisation", "ad-hoc"] : [])
    for interface in interfaces {
      let isPortal = Interface(rawValue: interface)?.isForPersons ?? false
      let subject = try IKISubject(
        organisation: sample.title, role: sample.code,
        commonName: isPortal ? sample.responsibleOfficer : "\(sample.id) \(interface)")
      let request = try SampleRequest(.rsa2048, subject: subject.name, use: .digitalSignature)
      let issued = try perform(
        IssueCredential(
          party: sample.id, interface: interface, request: Data(request.der),
          person: isPortal ? sample.responsibleOfficer : nil), in: node)
      try write(request, issued, as: "\(place(sample))/\(interface)")
    }
  }

  private func issueOrganisationCertificates(_ sample: Sample, in node: Node) throws {
    guard let identifier = EntityID(sample.firstIdentifier) else { return }
    let subject = try OrganisationSubject(
      commonName: nil, role: sample.code, identifier: identifier)
    let uses: [(KeyUsage.Use, String)] = [
      (.digitalSignature, "organisation-signing"), (.keyAgreement, "organisation-key-agreement"),
    ]
    for (use, name) in uses {
      let request = try SampleRequest(.p256, subject: subject.name, use: use)
      let issued = try perform(
        IssueOrganisation(party: sample.id, request: Data(request.der)), in: node)
      try write(request, issued, as: "\(place(sample))/\(name)")
    }
  }

  private func write(
    _ request: SampleRequest, _ issued: IssuedCertificate, as path: String
  ) throws {
    try request.key.write(toNewFile: "\(path).key")
    try Files.writeNew(
      "\(path).pem", PEM(label: "CERTIFICATE", bytes: Array(issued.certificate)).text)
  }
}

/// A key pair and a request for a certificate of it.
struct SampleRequest {
  let key: ClientKey
  let der: [UInt8]

  init(_ kind: SoftwareKey.Kind, subject: Name, use: KeyUsage.Use) throws {
    key = try ClientKey.generate(kind)
    guard let information = SubjectPublicKeyInfo(key.key.publicKey) else {
      throw KeyError(.unsupportedKey, "a key that no certificate holds")
    }
    let info = CertificationRequest.info(
      subject: subject, subjectPublicKeyInfo: information,
      attributes: [.extensionRequest([Extension(KeyUsage([use]), isCritical: true)])])
    der = CertificationRequest.assemble(
      info: info, algorithm: AlgorithmIdentifier(signingWith: key.key.publicKey),
      signature: try key.key.sign(info))
  }
}
