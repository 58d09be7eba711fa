// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Enrolment
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
  /// Forms, persons and agreements.
  package let enrolment: Enrolment
  let repository: Repository
  /// L3.16-e: what a device counts as that the inventory does not hold.
  let unrecorded: DeviceStanding

  /// The Registration Authority over these records.
  package init(
    records: Records, unrecorded: DeviceStanding = .unrecorded,
    terms: EnrolmentTerms = EnrolmentTerms(),
    random: @escaping @Sendable (Int) -> [UInt8] = { Random.bytes($0) }
  ) {
    self.records = records
    self.unrecorded = unrecorded
    enrolment = Enrolment(records: records, terms: terms, random: random)
    register = Register(records: records)
    entryTests = EntryTests(records: records)
    repository = Repository(records: records)
  }

  /// L3.2, L3.3: makes a party an Authorised Subscriber under a policy.
  ///
  /// It has applied, its tests are confirmed, and nothing is missing; who approves entered nothing
  /// of the application.
  package func authorise(
    _ party: String, under policy: CertificatePolicyKind, at moment: Time, by actor: Actor
  ) throws {
    guard actor.role == .registrationOfficer else {
      throw Refusal.notARegistrationOfficer(actor)
    }
    let entry = Entry(
      actor, "subscriber-authorised", clause: "L3.3", at: moment,
      facts: ["party": party, "policy": policy.rawValue])
    try records.write(entry) { [self] transaction in
      guard try Register.party(party, in: transaction) != nil else {
        throw Refusal.partyUnknown(party)
      }
      guard try entryTests.completion(of: policy.entryTest, by: party) != nil else {
        throw Refusal.entryTestsOpen(party, policy.entryTest)
      }
      let missing = try enrolment.missing(
        of: party, forDevices: policy == .device, at: moment, in: transaction)
      guard missing.isEmpty else { throw Refusal.stepsMissing(party, policy, missing) }
      guard
        let application = try Enrolment.openApplication(
          of: party, policy: policy.rawValue, in: transaction)
      else { throw Refusal.notApplied(party, policy) }
      _ = try enrolment.markApproved(application.id, at: moment, by: actor, in: transaction)
      try transaction.keep(
        RegistrationRecords.subscriber,
        [.text(party), .text(policy.rawValue), .int(moment.milliseconds)])
    }
  }

  /// Decides a case: the application of a subscriber here, every other one in `Enrolment`.
  package func approve(_ id: Int, at moment: Time, by officer: Actor) throws -> Submission {
    let it = try enrolment.submission(id)
    guard it.form == .subscriberApplication, it.state == .submitted,
      let policy = it.answer("policy").flatMap(CertificatePolicyKind.init(rawValue:))
    else { return try enrolment.approve(id, at: moment, by: officer) }
    try authorise(it.party, under: policy, at: moment, by: officer)
    return try enrolment.submission(id)
  }

  /// L3.3: refuses a case; an application of a subscriber only while something is missing.
  package func refuse(
    _ id: Int, because reason: String, at moment: Time, by officer: Actor
  ) throws -> Submission {
    let it = try enrolment.submission(id)
    var missing: [String] = []
    if let policy = it.answer("policy").flatMap(CertificatePolicyKind.init(rawValue:)) {
      missing = try self.missing(of: it.party, under: policy, at: moment)
    }
    return try enrolment.refuse(
      id, because: reason, missing: missing, at: moment, by: officer)
  }

  /// L3.3: what a party still has to do before it is an Authorised Subscriber under a policy.
  package func missing(
    of party: String, under policy: CertificatePolicyKind, at moment: Time
  ) throws -> [String] {
    try records.read { reading in
      var missing = try enrolment.missing(
        of: party, forDevices: policy == .device, at: moment, in: reading)
      if try entryTests.completion(of: policy.entryTest, by: party) == nil {
        missing.append("entry process tests for \(policy.rawValue)")
      }
      return missing
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
