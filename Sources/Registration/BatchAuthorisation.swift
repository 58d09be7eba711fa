// SPDX-License-Identifier: Apache-2.0

package import DER
import Parties
package import Profiles
import Records
package import SEC

extension Registration {
  /// L3.16, M8-AppD-ineligible: authorises requests of a batch that its party submitted before.
  ///
  /// The party is looked at as it is now: once it is suspended, or no Authorised Subscriber any
  /// more, each request that is left is refused with that reason.
  ///
  /// - Parameters:
  ///   - requests: what was asked, in order, each checked in its form or refused.
  ///   - party: whose batch it is.
  ///   - submitter: who submitted it.
  ///   - moment: now.
  /// - Returns: the outcome for each request, to be spent once.
  /// - Throws: a failure of the store.
  package func authorise(
    _ requests: [Result<DeviceRequest, Refusal>], inBatchOf party: String, submitter: String,
    at moment: Time
  ) throws -> Authorised {
    let actor = Actor(name: submitter, role: .system, party: party)
    let refusal = try refusal(ofBatchesOf: party, at: moment)
    let roles = try register.party(party)?.roles ?? []
    let authorised = try records.read { reading in
      try requests.map { request -> Result<SubscriberRequest, Refusal> in
        guard case .success(let request) = request else {
          return request.map { .device($0) }
        }
        if let refusal { return .failure(refusal) }
        let device = request.subject.device
        let standing = try RegistrationRecords.device(device, in: reading) ?? unrecorded
        guard EligibleSubscriber.grant(to: roles, for: standing) != nil else {
          return .failure(.notEligible(device, standing, roles))
        }
        return .success(.device(request))
      }
    }
    return Authorised(authorised, party: party, actor: actor)
  }

  /// L2.15, L3.2: why a party may have no batch now, or nil.
  package func refusal(ofBatchesOf party: String, at moment: Time) throws -> Refusal? {
    guard try register.party(party) != nil else { return .partyUnknown(party) }
    if let suspension = try register.suspension(of: party, at: moment) {
      return .partySuspended(suspension)
    }
    guard try policies(of: party).contains(.device) else {
      return .notAuthorisedSubscriber(party, .device)
    }
    return nil
  }
}
