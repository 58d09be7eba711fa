// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import Keys
import Parties
import Profiles
import Records
import Registration
import SEC
import Service
import X509

/// RAPP-5.4: a credential whose key is made here for a person, and handed over as PKCS #12.
struct CredentialBundle {
  /// Octets of the passphrase, which nobody has to remember: it is used once.
  private static let passphraseOctets = 12

  private let invocation: Invocation

  init(_ invocation: Invocation) throws {
    self.invocation = invocation
  }

  /// Makes the key, has its certificate issued, and writes both; the key is kept nowhere else.
  func write(toNewFile path: String) throws -> ExitCode {
    let opening = try Opening(invocation)
    let id = try invocation.required("--party")
    guard let party = try opening.registration.register.party(id) else {
      throw Refusal.partyUnknown(id)
    }
    let role = try opening.registration.register.ranges().first { $0.party == id }?.role ?? .other
    let chain = try opening.folder.ikiChain()
    opening.records.close()
    guard let person = invocation.value("--person") else {
      throw UsageError("--p12 is for a person: --person is missing", invocation.command)
    }
    let subject = try IKISubject(organisation: party.name, role: role, commonName: person)
    let request = try SampleRequest(.rsa2048, subject: subject.name, use: .digitalSignature)
    let issued = try Channel(invocation: invocation).perform(
      IssueCredential(
        party: id, interface: invocation.required("--interface"), request: Data(request.der),
        person: person))
    let passphrase = Hex.encode(Random.bytes(Self.passphraseOctets)).lowercased()
    try request.key.writeBundle(
      toNewFile: path, certificate: Array(issued.certificate), chain: chain, name: person,
      passphrase: passphrase)
    let serial = Hex.encode(
      try Certificate(parsing: Array(issued.certificate)).serialNumber.magnitude)
    try invocation.show(["serial": serial, "file": path, "passphrase": passphrase]) {
      "\(serial) in \(path)\npassphrase \(passphrase)\n"
        + "Hand the two over by different ways; the passphrase is not shown again."
    }
    return .done
  }
}

extension Folder {
  /// The certificates of the IKI authorities, the issuing ones first, DER.
  fileprivate func ikiChain() throws -> [[UInt8]] {
    try ["issuing-iki", "root-iki"].flatMap { name in
      try PEM.read(Files.read("\(authorities)/\(name).pem")).map(\.bytes)
    }
  }
}
