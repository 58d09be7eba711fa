// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import Profiles
import Records
import Repository
import Revocation
import SEC
import X509

/// What there is to say of an estate at a moment, for the start page, health and metrics.
struct EstateFacts: Sendable {
  /// A root and the authorities under it.
  struct Branch: Sendable {
    let hierarchy: Hierarchy
    /// The root's certificate; nil when it is not lodged.
    let root: Certificate?
    let authorities: [IssuingAuthority]
    /// Why the key of the authority that signs next cannot be used, or nil.
    let fault: String?
    /// How many authorities were certified ahead of need.
    var stock: Int { authorities.count { $0.state == .stock } }
  }

  /// What the audit says of itself.
  struct AuditState: Sendable {
    let size: Int
    let root: [UInt8]
    /// The size that the last signed checkpoint covers; nil before the first.
    let checkpointSize: Int?
    /// Seconds for which no checkpoint covers the last entry.
    let checkpointAge: Int64?
    /// Whether the checkpoints keep up.
    let isCovered: Bool
  }

  let estate: Estate
  let moment: Time
  let branches: [Branch]
  let counts: [CertificateClass: Int]
  let audit: AuditState
  /// How the lists of revoked certificates stand.
  let lists: [ListStanding]
  /// M4-solr: what the PMA delays.
  let delays: [RevocationDelay]
  /// Why nothing can be written, or nil.
  let fault: String?
  /// Requests that wait for an issuing lane.
  let waiting: Int
  /// Signatures that did not verify, since the start.
  let signaturesCaught: Int
  /// How many authorities in stock are few enough to be warned of.
  let stockWarning: Int
  /// How the keys are kept, in words for each page.
  let keys: String

  /// L5.2: whether everything that a request needs is there.
  var isHealthy: Bool { fault == nil && audit.isCovered && state(of: .device) == .ready }

  /// How the signers of a hierarchy are.
  enum SignerState: String {
    case ready
    /// The key cannot be used now.
    case down
    /// No authority may sign any more, and none is in stock.
    case outOfStock = "out-of-stock"
  }

  /// How the signers of a hierarchy are.
  func state(of hierarchy: Hierarchy) -> SignerState {
    guard canIssue(hierarchy) else { return .outOfStock }
    return branches.contains { $0.hierarchy == hierarchy && $0.fault != nil } ? .down : .ready
  }

  /// C3-118-4: whether the stock of Issuing DCAs is low; a new one is made by a ceremony.
  var isStockLow: Bool {
    branches.contains { $0.hierarchy == .device && $0.stock <= stockWarning }
  }

  /// C3-118-4: whether some authority of a hierarchy may still sign.
  func canIssue(_ hierarchy: Hierarchy) -> Bool {
    branches.contains { branch in
      branch.hierarchy == hierarchy
        && branch.authorities.contains { $0.volumeLeft(at: moment) != 0 }
    }
  }
}

/// Where the facts of an estate come from.
struct EstateFactsSource: Sendable {
  let estate: Estate
  let records: Records
  let repository: Repository
  let authority: Authority
  let checkpoints: Checkpoints
  let publisher: ListPublisher
  let revocation: Revocation
  let stockWarning: Int
  let keys: String
  let clock: @Sendable () -> Time

  /// The facts of this moment.
  func facts() throws -> EstateFacts {
    let moment = clock()
    let authorities = try authority.authorities()
    // An estate need not have a DCCKI.
    let hierarchies = Hierarchy.allCases.filter { hierarchy in
      hierarchy != .dccki || authorities.contains { $0.hierarchy == hierarchy }
    }
    let branches = try hierarchies.map { hierarchy in
      let own = authorities.filter { $0.hierarchy == hierarchy }
      return EstateFacts.Branch(
        hierarchy: hierarchy, root: try own.first.flatMap { try root(above: $0.certificate) },
        authorities: own, fault: try authority.fault(of: hierarchy))
    }
    let age = checkpoints.age(at: moment)
    return EstateFacts(
      estate: estate, moment: moment, branches: branches, counts: try repository.counts(),
      audit: EstateFacts.AuditState(
        size: try records.audit.size, root: try records.audit.root,
        checkpointSize: try records.audit.checkpoint.map { try Checkpoint(text: $0.text).size },
        checkpointAge: age, isCovered: age.map { $0 <= checkpoints.ageMax } ?? false),
      lists: try publisher.standings(),
      delays: try revocation.delays().filter { $0.stands(at: moment) },
      fault: records.fault.map { "\($0.code)" }, waiting: authority.waiting,
      signaturesCaught: authority.signaturesCaught, stockWarning: stockWarning, keys: keys)
  }

  /// The lodged certificate of the authority that certified this one, by its key identifier.
  private func root(above certificate: Certificate) throws -> Certificate? {
    guard let identifier = certificate.authorityKeyIdentifier else { return nil }
    return try records.read { reading in
      try Repository.certificates(keyIdentifier: identifier.octets, in: reading).first.map {
        try Certificate(parsing: $0.der)
      }
    }
  }
}

extension Node {
  /// Where the facts of this node's estate come from.
  var factsSource: EstateFactsSource {
    EstateFactsSource(
      estate: estate, records: records, repository: repository, authority: authority,
      checkpoints: checkpoints, publisher: publisher, revocation: revocation,
      stockWarning: configuration.stockWarning, keys: keysNote, clock: clock)
  }
}
