// SPDX-License-Identifier: Apache-2.0

package import DER
import Parties
package import Profiles
import Records
import Repository
package import SEC

/// A request whose form was checked, of one of the three kinds.
package enum SubscriberRequest: Sendable {
  case device(DeviceRequest)
  case organisation(OrganisationRequest)
  /// A credential for a system, and the interface that it is for.
  case iki(IKIRequest, Interface)
}

/// Requests that somebody is entitled to make; only this room makes one, and it is spent once.
package struct Authorised: ~Copyable {
  /// For each request, in order: the request, or why it may not be made.
  package let requests: [Result<SubscriberRequest, Refusal>]
  /// The party that asks.
  package let party: String
  /// Who asks for it.
  package let actor: Actor

  fileprivate init(
    _ requests: [Result<SubscriberRequest, Refusal>], party: String, actor: Actor
  ) {
    self.requests = requests
    self.party = party
    self.actor = actor
  }
}

extension Registration {
  /// L3.16: authorises requests for Device Certificates by a system over an interface.
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
    guard system.policies.contains(.device) else {
      throw Refusal.notAuthorisedSubscriber(system.credential.party, .device)
    }
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
    let ranges = try register.ranges().filter { $0.party == party.id }
    let authorised = requests.map { request in
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
    return Authorised(authorised, party: party.id, actor: officer)
  }

  /// M8-AppG-iki-csr: authorises a credential that an officer enters for a party's system.
  package func authorise(
    _ request: IKIRequest, for party: String, interface: Interface, at moment: Time,
    by officer: Actor
  ) throws -> Authorised {
    let party = try checkParty(party, at: moment, by: officer)
    guard request.subject.organisation == party.name else {
      throw Refusal.credentialOrganisation(request.subject.organisation, party.name)
    }
    if let roles = interface.roles, roles.isDisjoint(with: party.roles) {
      throw Refusal.interfaceNotForRole(interface, party.roles)
    }
    return Authorised([.success(.iki(request, interface))], party: party.id, actor: officer)
  }

  private func checkParty(_ id: String, at moment: Time, by officer: Actor) throws -> Party {
    guard officer.role == .registrationOfficer else {
      throw Refusal.notARegistrationOfficer(officer)
    }
    guard let party = try register.party(id) else { throw Refusal.partyUnknown(id) }
    if let suspension = try register.suspension(of: id, at: moment) {
      throw Refusal.partySuspended(suspension)
    }
    return party
  }
}
