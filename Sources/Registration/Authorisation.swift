// SPDX-License-Identifier: Apache-2.0

package import DER
import Enrolment
import Parties
package import Profiles
import Records
import Repository
package import SEC

/// A request whose form was checked, of one of the four kinds.
package enum SubscriberRequest: Sendable {
  case device(DeviceRequest)
  case organisation(OrganisationRequest)
  /// A credential, the interface that it is for, and who holds it.
  case iki(IKIRequest, Interface, CredentialHolder?)
  /// The TLS certificate of one end of a DCC Gateway Connection.
  case dccki(DCCKIRequest)
}

/// RAPP-5.4: the person who holds a credential, and on what.
package struct CredentialHolder: Hashable, Sendable {
  /// The person's identifier.
  package let person: String
  /// N4-2.3: the serial number of the token with the key, or nil for another medium.
  package let token: String?

  /// A holder.
  package init(person: String, token: String? = nil) {
    self.person = person
    self.token = token
  }
}

/// Requests that somebody is entitled to make; only this room makes one, and it is spent once.
package struct Authorised: ~Copyable {
  /// For each request, in order: the request, or why it may not be made.
  package let requests: [Result<SubscriberRequest, Refusal>]
  /// The party that asks.
  package let party: String
  /// Who asks for it.
  package let actor: Actor

  init(
    _ requests: [Result<SubscriberRequest, Refusal>], party: String, actor: Actor
  ) {
    self.requests = requests
    self.party = party
    self.actor = actor
  }
}

extension Registration {
  /// L3.15, L3.16, C3-G-eligible-subscriber: authorises requests for Device Certificates by a
  /// system over an interface.
  ///
  /// - Parameters:
  ///   - requests: what was asked, in order, each checked in its form or refused.
  ///   - system: who asks, admitted for this request.
  ///   - interface: over which interface.
  /// - Returns: the outcome for each request, to be spent once.
  /// - Throws: a refusal that holds for all: wrong interface or no Authorised Subscriber.
  package func authorise(
    _ requests: [Result<DeviceRequest, Refusal>], by system: AdmittedSystem,
    over interface: Interface
  ) throws -> Authorised {
    try checkInterface(interface, of: system)
    try checkSubscriber(system, .device)
    let authorised = try records.read { reading in
      try requests.map { request -> Result<SubscriberRequest, Refusal> in
        switch request {
        case .failure(let refusal):
          return .failure(refusal)
        case .success(let request):
          let device = request.subject.device
          if interface == .adHoc,
            try Repository.count(of: device, most: 1, in: reading) == 0
          {
            return .failure(.unknownDevice(device))
          }
          let standing =
            try RegistrationRecords.device(device, in: reading) ?? unrecorded
          guard EligibleSubscriber.grant(to: system.roles, for: standing) != nil else {
            return .failure(.notEligible(device, standing, system.roles))
          }
          if let range = try PartyRecords.range(holding: device, in: reading) {
            return .failure(.deviceIdentifierOfOrganisation(device, range))
          }
          return .success(.device(request))
        }
      }
    }
    return Authorised(authorised, party: system.credential.party, actor: system.actor)
  }

  /// M8-AppG-one-per-interface, M8-2.4-ad-hoc-roles: the system may use this interface.
  package func checkInterface(
    _ interface: Interface, of system: AdmittedSystem
  ) throws(Refusal) {
    guard system.credential.interface == interface else {
      throw .credentialForOtherInterface(system.credential, interface)
    }
    if let roles = interface.roles, roles.isDisjoint(with: system.roles) {
      throw .interfaceNotForRole(interface, system.roles)
    }
  }

  /// C3-47-1, L3.2, L4.1(a), C3-75-3, C3-116-1, C3-126-1: the system's party is an Authorised
  /// Subscriber under the policy, and has accepted the agreement in force.
  func checkSubscriber(
    _ system: AdmittedSystem, _ policy: CertificatePolicyKind
  ) throws(Refusal) {
    guard system.policies.contains(policy) else {
      throw .notAuthorisedSubscriber(system.credential.party, policy)
    }
    if let agreement = system.openAgreement {
      throw .agreementOpen(system.credential.party, agreement)
    }
  }

  /// C3-80-org: authorises requests for Organisation Certificates that an officer enters for a
  /// party; the party, the role and the identifier must be its own.
  package func authorise(
    _ requests: [Result<OrganisationRequest, Refusal>], for party: String, at moment: Time,
    by officer: Actor
  ) throws -> Authorised {
    let party = try checkParty(party, at: moment, by: officer)
    guard try policies(of: party.id).contains(.organisation) else {
      throw Refusal.notAuthorisedSubscriber(party.id, .organisation)
    }
    let open = try records.read {
      try Enrolment.openAgreement(.subscriber, of: party.id, at: moment, in: $0)
    }
    if let open { throw Refusal.agreementOpen(party.id, open) }
    return Authorised(
      try own(requests, of: party), party: party.id, actor: officer)
  }

  /// M8-AppG-iki-csr: authorises a credential that an officer enters for a party's system.
  package func authorise(
    _ request: IKIRequest, for party: String, interface: Interface,
    holder: CredentialHolder? = nil, at moment: Time, by officer: Actor
  ) throws -> Authorised {
    let party = try checkParty(party, at: moment, by: officer)
    try check(holder, of: party.id, for: interface, at: moment)
    guard request.subject.organisation == party.name else {
      throw Refusal.credentialOrganisation(request.subject.organisation, party.name)
    }
    if let roles = interface.roles, roles.isDisjoint(with: party.roles) {
      throw Refusal.interfaceNotForRole(interface, party.roles)
    }
    return Authorised(
      [.success(.iki(request, interface, holder))], party: party.id, actor: officer)
  }

  /// ENG-dccki-tls: an officer may ask for this party's end of a connection, under its own name.
  func checkConnection(
    _ request: DCCKIRequest, of party: String, at moment: Time, by officer: Actor
  ) throws {
    let party = try checkParty(party, at: moment, by: officer)
    guard request.subject.organisation == party.name else {
      throw Refusal.credentialOrganisation(request.subject.organisation, party.name)
    }
  }

  /// M8-2.3.1.3: authorises requests for Organisation Certificates by a person at the portal.
  package func authorise(
    _ requests: [Result<OrganisationRequest, Refusal>], by system: AdmittedSystem
  ) throws -> Authorised {
    try checkInterface(.portalOrganisation, of: system)
    try checkSubscriber(system, .organisation)
    guard let party = try register.party(system.credential.party) else {
      throw Refusal.partyUnknown(system.credential.party)
    }
    return Authorised(try own(requests, of: party), party: party.id, actor: system.actor)
  }

  /// C3-124-4, L3.18: everything that a request says of its subject is in the register.
  private func own(
    _ requests: [Result<OrganisationRequest, Refusal>], of party: Party
  ) throws -> [Result<SubscriberRequest, Refusal>] {
    let subjects = try subjects(of: party)
    let ranges = try register.ranges().filter { subjects.contains($0.party) }
    return requests.map { request in
      request.flatMap { request -> Result<SubscriberRequest, Refusal> in
        let isOwn = ranges.contains {
          $0.role == request.subject.role
            && $0.identifiers.contains(request.subject.identifier)
        }
        guard isOwn else {
          return .failure(
            .identifierNotOfParty(
              request.subject.identifier, request.subject.role, party.id))
        }
        return .success(.organisation(request))
      }
    }
  }

  /// N4-1-aro: the portal is used by enrolled persons, the web services by systems.
  private func check(
    _ holder: CredentialHolder?, of party: String, for interface: Interface, at moment: Time
  ) throws {
    guard interface.isForPersons else {
      if let holder { throw Refusal.credentialOfPerson(holder.person, interface) }
      return
    }
    guard let holder else { throw Refusal.credentialNeedsPerson(interface) }
    let person = try enrolment.person(holder.person)
    guard person.party == party, person.role == .authorisedResponsibleOfficer,
      person.isActive(at: moment)
    else { throw Refusal.personNotActive(person.id, party) }
  }

  /// C3-129: the organisations that a party subscribes for: itself, and as the DCC its service
  /// providers.
  private func subjects(of party: Party) throws -> Set<String> {
    guard party.roles.contains(.dcc) else { return [party.id] }
    let others = try register.parties().filter { $0.roles.contains(.serviceProvider) }
    return Set(others.map(\.id)).union([party.id])
  }

  private func checkParty(_ id: String, at moment: Time, by officer: Actor) throws -> Party {
    guard officer.role == .registrationOfficer else {
      throw Refusal.notARegistrationOfficer(officer)
    }
    guard let party = try register.party(id) else { throw Refusal.partyUnknown(id) }
    if let suspension = try register.suspension(of: id, at: moment) {
      throw Refusal.partySuspended(suspension)
    }
    if let left = try register.membership(of: id)?.left { throw Refusal.partyHasLeft(id, left) }
    return party
  }
}
