// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import EntryTesting
import Keys
package import Parties
package import Records
import Repository
package import SEC
package import X509

/// The Registration Authority: who may subscribe, by which credential, for what.
package struct Registration: Sendable {
  let records: Records
  /// The parties and their suspensions.
  package let register: Register
  /// The gate of the entry process tests.
  package let entryTests: EntryTests
  let repository: Repository
  /// L3.16-e: what a device counts as that the inventory does not hold.
  let unrecorded: DeviceStanding

  /// The Registration Authority over these records.
  package init(records: Records, unrecorded: DeviceStanding = .unrecorded) {
    self.records = records
    self.unrecorded = unrecorded
    register = Register(records: records)
    entryTests = EntryTests(records: records)
    repository = Repository(records: records)
  }

  /// L3.2: makes a party an Authorised Subscriber under a policy, once its tests are confirmed.
  package func authorise(
    _ party: String, under policy: CertificatePolicyKind, at moment: Time, by actor: Actor
  ) throws {
    guard actor.role == .registrationOfficer else {
      throw Refusal.notARegistrationOfficer(actor)
    }
    guard try register.party(party) != nil else { throw Refusal.partyUnknown(party) }
    let purpose: EntryTestPurpose =
      switch policy {
      case .device: .device
      case .organisation: .organisation
      }
    guard try entryTests.completion(of: purpose, by: party) != nil else {
      throw Refusal.entryTestsOpen(party, purpose)
    }
    let entry = Entry(
      actor, "subscriber-authorised", clause: "L3.2", at: moment,
      facts: ["party": party, "policy": policy.rawValue])
    try records.write(entry) { transaction in
      try transaction.keep(
        RegistrationRecords.subscriber,
        [.text(party), .text(policy.rawValue), .int(moment.milliseconds)])
    }
  }

  /// The policies under which a party is an Authorised Subscriber.
  package func policies(of party: String) throws -> Set<CertificatePolicyKind> {
    try records.read { reading in
      Set(
        try CertificatePolicyKind.allCases.filter {
          try RegistrationRecords.subscription(of: party, policy: $0, in: reading) != nil
        })
    }
  }

  /// Tells the inventory of a device, or of its new status.
  package func record(
    _ device: EntityID, as type: DeviceType, status: SMIStatus, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "device-recorded", clause: "L3.16", at: moment,
      facts: ["device": device.description, "type": type.rawValue, "status": status.rawValue])
    try records.write(entry) { transaction in
      try transaction.keep(
        RegistrationRecords.device,
        [
          .blob(device.octets), .text(type.rawValue), .text(status.rawValue),
          .int(moment.milliseconds),
        ])
    }
  }

  /// What the inventory says of a device, or that it says nothing.
  package func standing(of device: EntityID) throws -> DeviceStanding {
    try records.read { try RegistrationRecords.device(device, in: $0) } ?? unrecorded
  }

  /// ENG-refused-key: why a key is never certified, or nil.
  package static func refusal(
    ofKey key: SubjectPublicKeyInfo, in reading: some Querying
  ) throws -> String? {
    try reading.first(
      "SELECT reason FROM refused_key WHERE hash = \(Digest.sha256(key.bits.octets))"
    )?.text("reason")
  }

  /// ENG-refused-key: refuses a key from now on.
  package static func refuse(
    _ key: SubjectPublicKeyInfo, because reason: String, at moment: Time,
    in transaction: Transaction
  ) throws {
    try transaction.keep(
      RegistrationRecords.refusedKey,
      [.blob(Digest.sha256(key.bits.octets)), .text(reason), .int(moment.milliseconds)])
  }
}
