// SPDX-License-Identifier: Apache-2.0

package import DER
package import Enrolment
package import Parties
package import SEC

/// Every way in which the Registration Authority says no.
extension Refusal {
  /// L3.2: only a registration officer authorises.
  package static func notARegistrationOfficer(_ actor: Actor) -> Refusal {
    Refusal(
      "not-a-registration-officer", clause: "L3.2", field: "actor",
      expected: "a registration officer", found: "\(actor.name), \(actor.role.rawValue)",
      remedy: "Have a registration officer do it.")
  }

  /// M8-2.3-no-credential: no certificate was shown, or one that was not issued here.
  package static func credentialUnknown(_ fingerprint: [UInt8]) -> Refusal {
    Refusal(
      "credential-unknown", clause: "M8-2.3-no-credential", field: "client certificate",
      expected: "an IKI certificate of this estate",
      found: fingerprint.isEmpty
        ? "no certificate" : "a certificate with SHA-256 \(Hex.encode(fingerprint))",
      remedy: "Present the certificate that was issued for this interface of this estate.")
  }

  /// ICP-revocation: a revoked credential is refused at its next request.
  package static func credentialRevoked(_ credential: SystemCredential, _ at: Time) -> Refusal {
    Refusal(
      "credential-revoked", clause: "ICP-revocation", field: "client certificate",
      expected: "a credential that is in force",
      found: "\(credential.name), revoked \(at.rfc3339)",
      remedy: "Ask the Registration Authority for a new credential.")
  }

  /// ICP-validity: a credential after its end.
  package static func credentialExpired(_ credential: SystemCredential) -> Refusal {
    Refusal(
      "credential-expired", clause: "ICP-validity", field: "client certificate",
      expected: "a credential that is in force",
      found: "\(credential.name), valid until \(credential.notAfter.rfc3339)",
      remedy: "Ask the Registration Authority for a new credential.")
  }

  /// M8-AppG-one-per-interface: a credential shown at another interface than its own.
  package static func credentialForOtherInterface(
    _ credential: SystemCredential, _ interface: Interface
  ) -> Refusal {
    Refusal(
      "credential-for-other-interface", clause: "M8-AppG-one-per-interface",
      field: "client certificate", expected: "a credential for \(interface.rawValue)",
      found: "\(credential.name), for \(credential.interface.rawValue)",
      remedy: "Use the credential that was issued for this interface.")
  }

  /// M8-AppG-iki-csr: the system name is unique among the party's for the interface.
  package static func credentialNameTaken(_ credential: SystemCredential) -> Refusal {
    Refusal(
      "credential-name-taken", clause: "M8-AppG-iki-csr", field: "CN",
      expected: "a system name not in use for \(credential.interface.rawValue)",
      found: "\(credential.name), serial \(credential.serial)",
      remedy: "Choose another CN, or revoke the old credential first.")
  }

  /// ICP-revocation: there is no such credential.
  package static func credentialNotFound(_ serial: String) -> Refusal {
    Refusal(
      "credential-not-found", clause: "ICP-revocation", field: "serial",
      expected: "the serial number of a credential", found: serial,
      remedy: "List them: smki credential list.")
  }

  /// M8-AppG-iki-csr: the O of the request is the party's trading name.
  package static func credentialOrganisation(_ found: String, _ expected: String) -> Refusal {
    Refusal(
      "credential-organisation", clause: "M8-AppG-iki-csr", field: "O", expected: expected,
      found: found, remedy: "Make the request with the trading name as registered.")
  }

  /// ENG-dccki-tls: there is no such request for a connection.
  package static func connectionUnknown(_ id: Int) -> Refusal {
    Refusal(
      "connection-unknown", clause: "ENG-dccki-tls", field: "number",
      expected: "the number of a request", found: "\(id)",
      remedy: "List them: smki dccki list.")
  }

  /// ENG-dccki-tls: a request is decided once.
  package static func connectionDecided(
    _ id: Int, _ state: ConnectionRequest.State
  ) -> Refusal {
    Refusal(
      "connection-decided", clause: "ENG-dccki-tls", field: "state",
      expected: ConnectionRequest.State.entered.rawValue, found: "\(id), \(state.rawValue)",
      remedy: "Enter a new request.")
  }

  /// RAPP-two-people: nobody approves what he or she entered.
  package static func connectionSameOfficer(_ name: String) -> Refusal {
    Refusal(
      "connection-same-officer", clause: "RAPP-two-people", field: "officer",
      expected: "another officer than the one who entered it", found: name,
      remedy: "Have another registration officer decide it.")
  }

  /// P3-App-B-api-key: the key is missing, unknown or revoked.
  package static func apiKeyUnknown(_ isMissing: Bool) -> Refusal {
    Refusal(
      "api-key-unknown", clause: "P3-App-B-api-key", field: "apikey",
      expected: "an API key of this estate", found: isMissing ? "none" : "another",
      remedy: isMissing
        ? "Add ?apikey= with the key that the Registration Authority gave."
        : "Check the key: it may be mistyped, withdrawn or past its end. smki apikey list shows "
          + "the officers which are in force.")
  }

  /// K-test-api-key: the key of DCC's public client, at a port where it is none.
  package static func testKeyElsewhere() -> Refusal {
    Refusal(
      "api-key-unknown", clause: "P3-App-B-api-key", field: "apikey",
      expected: "an API key that the Registration Authority gave",
      found: "the key of DCC's public client, which is for certificatesearch and "
        + "retrievecertificate at the plain loopback port of a test estate only",
      remedy: "Ask those at the plain port on the node's own machine, or have a key of your own: "
        + "smki apikey add.")
  }

  /// L3.2: who is no Authorised Subscriber under the policy may not ask.
  package static func notAuthorisedSubscriber(
    _ party: String, _ policy: CertificatePolicyKind
  ) -> Refusal {
    Refusal(
      "not-an-authorised-subscriber", clause: "L3.2", field: "party",
      expected: "an Authorised Subscriber for \(policy.rawValue) certificates", found: party,
      remedy: "Complete the entry tests and ask the Registration Authority for authorisation.")
  }

  /// M8-2.4-ad-hoc-roles: the Ad Hoc service is for DCC, Import Supplier and Gas Supplier only.
  package static func interfaceNotForRole(
    _ interface: Interface, _ roles: Set<UserRole>
  ) -> Refusal {
    Refusal(
      "interface-not-for-role", clause: "M8-2.4-ad-hoc-roles", field: "role",
      expected: (interface.roles ?? []).map(\.rawValue).sorted().joined(separator: ", "),
      found: roles.map(\.rawValue).sorted().joined(separator: ", "),
      remedy: "Send the request over the portal's device function or in a batch.")
  }

  /// M8-2.4-known-device: replacement only, for a device that has a certificate.
  package static func unknownDevice(_ device: EntityID) -> Refusal {
    Refusal(
      "unknown-device", clause: "M8-2.4-known-device", field: "subjectAltName",
      expected: "a device for which a Device Certificate was issued before", found: "\(device)",
      remedy: "Ask for its first certificate over the portal's device function or in a batch.")
  }

  /// L3.16: the party may not ask for a certificate of this device.
  package static func notEligible(
    _ device: EntityID, _ standing: DeviceStanding, _ roles: Set<UserRole>
  ) -> Refusal {
    Refusal(
      "not-eligible", clause: "L3.16", field: "subjectAltName",
      expected: "a device for which a party that is "
        + roles.map(\.rawValue).sorted().joined(separator: ", ") + " is an Eligible Subscriber",
      found: "\(device): \(standing)",
      remedy: "See who may ask: smki eligibility. Correct the inventory if it is wrong.")
  }

  /// ENG-identifier-once: an EUI-64 that a party has registered for its organisation names no
  /// device.
  package static func deviceIdentifierOfOrganisation(
    _ device: EntityID, _ range: EntityRange
  ) -> Refusal {
    Refusal(
      "device-identifier-of-organisation", clause: "ENG-identifier-once", field: "subjectAltName",
      expected: "an EUI-64 outside the ranges that parties use for organisations",
      found: "\(device), in \(range.identifiers.lowerBound) to \(range.identifiers.upperBound) "
        + "of \(range.party) as \(range.role.name)",
      remedy: "Check the identifier of the device; if it is right, the range is registered wrongly."
    )
  }

  /// P3-App-B-api-key: a key is one reader's.
  package static func apiKeyTaken() -> Refusal {
    Refusal(
      "api-key-taken", clause: "P3-App-B-api-key", field: "key",
      expected: "a key that was never given", found: "a key that somebody has or had",
      remedy: "Leave the key out: one is made.")
  }

  /// P3-App-B-api-key: there is no such key in force.
  package static func apiKeyNotFound(_ label: String, _ party: String) -> Refusal {
    Refusal(
      "api-key-not-found", clause: "P3-App-B-api-key", field: "label",
      expected: "the label of a key of \(party) that is in force", found: label,
      remedy: "List them: smki apikey list.")
  }

  /// C3-80-org: an organisation asks for itself, with an identifier and role that are its own.
  package static func identifierNotOfParty(
    _ entity: EntityID, _ role: RoleCode, _ party: String
  ) -> Refusal {
    Refusal(
      "identifier-not-of-party", clause: "C3-80-org", field: "subject",
      expected: "an EUI-64 in a range of \(party) for the role", found: "\(entity), \(role.name)",
      remedy: "Use an identifier of the party's own, or hand in the form organisation-information "
        + "with the range.")
  }

  /// L3.3: what an applicant has not done yet.
  package static func stepsMissing(
    _ party: String, _ policy: CertificatePolicyKind, _ missing: [String]
  ) -> Refusal {
    Refusal(
      "steps-missing", clause: "L3.3", field: "party",
      expected: "every step that makes \(party) an Authorised Subscriber for \(policy.rawValue) "
        + "certificates", found: "missing: " + missing.joined(separator: "; "),
      remedy: "Complete them: smki form submit.")
  }

  /// L3.2: who has not applied is not authorised.
  package static func notApplied(_ party: String, _ policy: CertificatePolicyKind) -> Refusal {
    Refusal(
      "not-applied", clause: "L3.2", field: "party",
      expected: "an open application of \(party) for \(policy.rawValue) certificates",
      found: "none",
      remedy: "Hand in the form subscriber-application.")
  }

  /// C3-126: the agreement in force is accepted before anything is issued or read.
  package static func agreementOpen(_ party: String, _ agreement: Agreement) -> Refusal {
    Refusal(
      "agreement-open", clause: "C3-126", field: "party",
      expected: "acceptance of version \(agreement.version) of the \(agreement.kind.rawValue) "
        + "agreement, in force since \(agreement.inForce.rfc3339)", found: "none by \(party)",
      remedy: "Hand in the form agreement-acceptance.")
  }

  /// N4-1-aro: a credential for the portal has a person.
  package static func credentialNeedsPerson(_ interface: Interface) -> Refusal {
    Refusal(
      "credential-needs-person", clause: "N4-1-aro", field: "person",
      expected: "the Authorised Responsible Officer who will use \(interface.rawValue)",
      found: "nobody", remedy: "Name the person with --person.")
  }

  /// RAPP-5.4: a credential for a web service is a system's.
  package static func credentialOfPerson(_ person: String, _ interface: Interface) -> Refusal {
    Refusal(
      "credential-of-person", clause: "RAPP-5.4", field: "person",
      expected: "nobody: \(interface.rawValue) is used by systems", found: person,
      remedy: "Leave --person out, or choose an interface of the portal.")
  }

  /// N4-1-aro: who asks is an enrolled officer of the party, who has not left.
  package static func personNotActive(_ person: String, _ party: String) -> Refusal {
    Refusal(
      "person-not-active", clause: "N4-1-aro", field: "person",
      expected: "an active Authorised Responsible Officer of \(party)", found: person,
      remedy: "See who is enrolled: smki person list --party \(party).")
  }

  /// M8-2.3.1.3: there is no such request of the party.
  package static func organisationCaseUnknown(_ found: String) -> Refusal {
    Refusal(
      "organisation-case-unknown", clause: "M8-2.3.1.3", field: "serial",
      expected: "an Organisation Certificate of the party", found: "\(found.prefix(64))",
      remedy: "List them: smki organisation list.")
  }

  /// L11.7: a certificate is rejected at once or not at all.
  package static func organisationCaseState(
    _ it: OrganisationCase, _ state: OrganisationCase.State
  ) -> Refusal {
    Refusal(
      "organisation-case-state", clause: "L11.7", field: "state",
      expected: "a request that can become \(state.rawValue)",
      found: "request \(it.id), \(it.state.rawValue) since \(it.changed.rfc3339)",
      remedy: "A certificate that is deemed accepted is revoked by request.")
  }

  /// L11.7: a rejection keeps who, when and why.
  package static func rejectionWithoutReason() -> Refusal {
    Refusal(
      "rejection-without-reason", clause: "L11.7", field: "reason",
      expected: "why the certificate is rejected", found: "nothing",
      remedy: "Say how the certificate departs from its request.")
  }

  /// M8-2.3.1.10: there is no such Device Certificate of the party.
  package static func deviceCertificateUnknown(_ found: String) -> Refusal {
    Refusal(
      "device-certificate-unknown", clause: "M8-2.3.1.10", field: "serial",
      expected: "a Device Certificate that was issued to the party", found: "\(found.prefix(64))",
      remedy: "Look for it with `smki find`.")
  }
}
