// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Keys
import Profiles
import Records
import Registration
import Repository
import SEC
import Threads
import X509

/// What recording found out about one prepared certificate.
enum RecordingOutcome: Sendable {
  /// It will be signed: the place of its chunk, and its place there.
  case recorded(chunk: Int, position: Int)
  /// The same party asked with the same request before: the certificate that it got (DER).
  case answered([UInt8])
  /// The same key is being issued to at this moment: ask again when that has ended.
  case again
  /// It may not be issued.
  case refused(Refusal)
  /// No authority can sign it; those of other hierarchies are not held up by that.
  case failed(AuthorityError)
}

/// Certificates whose intent is durable: serial numbers drawn, volume reserved, octets fixed.
///
/// Only `Recording` makes one; signing spends it.
struct Recorded: ~Copyable, Sendable {
  /// One certificate to sign.
  struct Item: Sendable {
    let prepared: PreparedCertificate
    let serial: SerialNumber
    let toBeSigned: [UInt8]
    let notAfter: Time
  }

  let chunk: IssuanceChunk
  let signer: Signer
  let items: [Item]
}

/// ENG-two-commits: the first commit of issuing, inside one transaction.
struct Recording {
  /// M8-2.3.1.8: certificates of one device from which on an officer must look.
  static let certificatesOfDeviceMax = 100

  let transaction: Transaction
  let signers: Signers
  let serials: SerialNumbers
  let moment: Time
  /// By what the lives of the authorities are measured.
  let life: LifeClock
  /// Keys and entities whose certificates are recorded but not lodged, in this process.
  let inFlight: Guarded<InFlight>
  /// The same of the other nodes of the store, as this transaction sees it.
  private let elsewhere: WorkElsewhere.View
  /// What this recording has put in flight, to be taken back should it fail.
  private(set) var claimed: [PreparedCertificate] = []

  init(
    transaction: Transaction, signers: Signers, serials: SerialNumbers, life: LifeClock,
    inFlight: Guarded<InFlight>, elsewhere: WorkElsewhere.View
  ) {
    self.transaction = transaction
    self.elsewhere = elsewhere
    self.signers = signers
    self.serials = serials
    self.life = life
    moment = life.now
    self.inFlight = inFlight
  }

  /// Decides about each request in order and records those that will be signed.
  mutating func record(
    _ items: [PreparedCertificate]
  ) throws -> (outcomes: [RecordingOutcome], chunks: [ChunkPlan]) {
    var outcomes: [RecordingOutcome] = []
    outcomes.reserveCapacity(items.count)
    var accepted: [Hierarchy: [Int]] = [:]
    var anomalies: [EntityID: (times: Int, party: String)] = [:]
    for (index, item) in items.enumerated() {
      let outcome = try decide(item)
      outcomes.append(outcome)
      // Which chunk it belongs to is decided below, when all of its hierarchy are known.
      if case .recorded = outcome {
        accepted[item.hierarchy, default: []].append(index)
        inFlight.change { $0.add(item) }
        claimed.append(item)
      } else if case .refused(let refusal) = outcome, let entity = item.entity,
        refusal == .certificatesOfDevice(entity, 0)
      {
        anomalies[entity] = ((anomalies[entity]?.times ?? 0) + 1, item.party)
      }
    }
    for (entity, found) in anomalies.sorted(by: { $0.key.value < $1.key.value }) {
      try AuthorityRecords.countAnomaly(
        of: entity, found.times, by: found.party, at: moment, in: transaction)
    }
    var chunks: [ChunkPlan] = []
    for (hierarchy, indexes) in accepted.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      var left = indexes[...]
      do {
        while !left.isEmpty {
          let (authority, volume) = try onLine(hierarchy)
          let taken = left.prefix(Int(min(volume ?? .max, Int64(Authority.chunkMax))))
          let plan = try plan(taken.map { items[$0] }, by: authority)
          left = left.dropFirst(taken.count)
          for (position, index) in taken.enumerated() {
            outcomes[index] = .recorded(chunk: chunks.count, position: position)
          }
          chunks.append(plan)
        }
      } catch let error as AuthorityError {
        // Nothing of these was written; who was served before them stays served.
        for index in left {
          outcomes[index] = .failed(error)
          inFlight.change { $0.remove(items[index]) }
        }
        let unserved = Set(left.map { items[$0].keyIdentifier })
        claimed.removeAll { unserved.contains($0.keyIdentifier) }
      }
    }
    return (outcomes, chunks)
  }

  /// ENG-same-request, ENG-refused-key, OCP-no-renewal, C3-198, M8-2.3.1.8: whether this
  /// certificate may be issued.
  private func decide(_ item: PreparedCertificate) throws -> RecordingOutcome {
    let isInFlight = inFlight.change { $0.contains(item) }
    if isInFlight || elsewhere.contains(item) { return .again }
    if let reason = try Registration.refusal(ofKey: item.key, in: transaction) {
      return .refused(.keyRefused(reason))
    }
    for other in try Repository.certificates(
      keyIdentifier: item.keyIdentifier, in: transaction)
    {
      if other.requestHash == item.requestHash, other.party == item.party {
        return .answered(other.der)
      }
      let isSame = other.entity == item.entity && other.usage == item.usage
      let serial = Hex.encode(other.serial)
      guard other.party == item.party else {
        return .refused(isSame ? .duplicateOfAnother() : .keyCertifiedElsewhere(nil))
      }
      return .refused(isSame ? .duplicateCertificate(serial) : .keyCertifiedElsewhere(serial))
    }
    if let refusal = try refusalOfName(item) { return .refused(refusal) }
    guard item.hierarchy == .device, let entity = item.entity else {
      return .recorded(chunk: 0, position: 0)
    }
    let usual = Self.certificatesOfDeviceMax
    let underWay = inFlight.change { $0.entities[entity, default: 0] } + elsewhere.count(of: entity)
    let count = try Repository.count(of: entity, most: usual, in: transaction)
    guard count + underWay >= usual else { return .recorded(chunk: 0, position: 0) }
    let limit = try AuthorityRecords.deviceLimit(entity, in: transaction) ?? usual
    guard
      limit > usual,
      try Repository.count(of: entity, most: limit, in: transaction) + underWay < limit
    else {
      return .refused(.certificatesOfDevice(entity, limit))
    }
    return .recorded(chunk: 0, position: 0)
  }

  /// M8-AppG-iki-csr: a system's name that its party has already, before anybody signs for it.
  private func refusalOfName(_ item: PreparedCertificate) throws -> Refusal? {
    guard case .iki(let request, let interface, _) = item.request else { return nil }
    do {
      try Registration.checkName(
        request.subject.commonName, of: item.party, for: interface, at: moment, in: transaction)
      return nil
    } catch let refusal as Refusal {
      return refusal
    }
  }

  /// C3-118-4: an authority that may sign, and how many, the next of the stock if need be.
  private func onLine(_ hierarchy: Hierarchy) throws -> (IssuingAuthority, Int64?) {
    while let authority = try AuthorityRecords.next(of: hierarchy, in: transaction) {
      let left = authority.isTimeOver(life) ? 0 : authority.volumeLeft(at: life.latest)
      if left.map({ $0 > 0 }) ?? true {
        // Nothing is recorded for a key that cannot sign, and its time does not begin.
        if let fault = try signers.signer(of: authority).key.fault {
          throw AuthorityError.signerDown(fault.reason)
        }
        guard authority.state == .stock else { return (authority, left) }
        let authority = authority.becoming(.onLine, at: moment)
        try AuthorityRecords.keep(authority, in: transaction)
        transaction.note("authority-on-line", authority.subject)
        return (authority, left)
      }
      try AuthorityRecords.keep(authority.becoming(.spent, at: moment), in: transaction)
      transaction.note("authority-spent", authority.subject)
    }
    throw AuthorityError.outOfStock(hierarchy)
  }

  /// Draws serial numbers, reserves volume and keeps what will be signed.
  private func plan(
    _ items: [PreparedCertificate], by authority: IssuingAuthority
  ) throws -> ChunkPlan {
    let signer = try signers.signer(of: authority)
    guard
      let policy = try AuthorityRecords.policyInForce(
        for: authority.hierarchy, at: moment, in: transaction)
    else { throw AuthorityError.noPolicyInForce(authority.hierarchy) }
    let serials = try drawSerials(items.count)
    let recorded = try zip(items, serials).map { item, serial in
      let (bytes, notAfter) = try signer.toBeSigned(item.request, serial: serial, at: moment)
      return Recorded.Item(
        prepared: item, serial: serial, toBeSigned: bytes, notAfter: notAfter)
    }
    try transaction.execute(
      """
      UPDATE issuing_volume SET reserved = reserved + \(items.count)
      WHERE authority = \(authority.id)
      """)
    let chunk = IssuanceChunk(
      id: try AuthorityRecords.nextChunk(in: transaction), authority: authority.id,
      policy: policy, recorded: moment, count: items.count, firstSerial: serials[0].octets,
      intentRoot: MerkleTree.root(of: recorded.map { MerkleTree.leafHash($0.toBeSigned) }),
      state: .recorded, certificateRoot: nil, auditIndex: nil)
    try AuthorityRecords.keep(chunk, in: transaction)
    try AuthorityRecords.keepIntent(recorded.map(\.toBeSigned), of: chunk.id, in: transaction)
    try SignedRequests.keep(recorded, in: transaction)
    try transaction.beginWork(chunk.work, note: WorkElsewhere.encode(items))
    transaction.note("chunk-\(chunk.id)", "\(chunk.count) by authority \(authority.id)")
    return ChunkPlan(chunk: chunk, signer: signer, items: recorded)
  }

  /// DCP-annex-B-serial, OCP-annex-B-serial, ENG-serial: numbers that are not taken.
  private func drawSerials(_ count: Int) throws -> [SerialNumber] {
    while true {
      let drawn = serials.draw(count, at: moment)
      let areFree = try drawn.allSatisfy {
        try !Repository.isTaken(serial: $0.octets, in: transaction)
      }
      if areFree, Set(drawn).count == count { return drawn }
    }
  }
}

/// What a transaction planned; it becomes `Recorded` when the transaction is durable.
struct ChunkPlan: Sendable {
  let chunk: IssuanceChunk
  let signer: Signer
  let items: [Recorded.Item]
}
