// SPDX-License-Identifier: Apache-2.0

package import Audit
import Authority
import Profiles
package import Records
package import SEC
import Threads

/// Proves a store: the audit by its own hashes and signatures, and everything else by the audit.
///
/// It believes no counter and no earlier run. Everything is read in one snapshot, so that a serving
/// node can be verified; a page of certificates and some octets for each chunk are held at a time.
package struct Verification: Sendable {
  /// Chunks that are recorded and not lodged.
  package enum OpenChunks: Hashable, Sendable {
    /// Right only while a living process holds the store (decision 1): else its start voids them.
    case ofLiveProcess
    /// Right in any case, as in the image of a store that was stopped by force.
    case allowed
  }

  /// Certificates that are read and verified at once.
  static let pageRows = 2_000

  let records: Records
  let estate: Estate?
  let keys: [NoteKey]
  let origin: String?
  let openChunks: OpenChunks
  let accessLog: AccessFolder?
  let pace: Int?

  /// A verification of a store.
  ///
  /// - Parameters:
  ///   - records: the store, open in any way; `Records.examine` opens also a damaged one.
  ///   - estate: which estate it must be, or nil to take what it says.
  ///   - keys: the keys whose signatures on checkpoints are believed.
  ///   - origin: the name of the audit, or nil to take that of the first checkpoint.
  ///   - openChunks: whether chunks may be open.
  ///   - accessLog: the files of the access log; nil leaves them out.
  ///   - pace: certificates a second at most, so that a serving node keeps its breath.
  package init(
    records: Records, estate: Estate? = nil, keys: [NoteKey], origin: String? = nil,
    openChunks: OpenChunks = .ofLiveProcess, accessLog: AccessFolder? = nil, pace: Int? = nil
  ) {
    self.records = records
    self.estate = estate
    self.keys = keys
    self.origin = origin
    self.openChunks = openChunks
    self.accessLog = accessLog
    self.pace = pace
  }

  /// Looks at everything.
  ///
  /// - Parameter progress: is told how many certificates of how many were looked at.
  /// - Returns: what was found; damage is reported, not thrown.
  /// - Throws: `DatabaseError` when the store cannot be read at all.
  package func run(
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> VerificationReport {
    let start = ContinuousClock.now
    let mayBeOpen = openChunks == .allowed || records.isHeld
    var report = try records.read { reading in
      var walk = StoreWalk(reading: reading, verification: self, mayBeOpen: mayBeOpen)
      walk.step("sqlite_schema") { try $0.file() }
      walk.step("audit_entry") { try $0.audit() }
      walk.step("estate") { try $0.estate() }
      walk.step("issuing_authority") { try $0.authorities() }
      walk.step("issuance_chunk") { try $0.chunks() }
      walk.step("certificate") { try $0.certificates(progress) }
      walk.step("certificate_count") { try $0.counters() }
      walk.step("certificate") { try $0.limits() }
      walk.step("revocation_entry") { try $0.revocations() }
      walk.step("revocation_list") { try $0.lists() }
      walk.step("personal_datum") { try $0.personalData() }
      walk.step("pma_ballot_box") { try $0.ballots() }
      walk.step("pma_decided") { try $0.decisions() }
      walk.step("document_content") { try $0.documents() }
      return walk.report
    }
    report.elapsedMilliseconds = Int64((ContinuousClock.now - start) / .milliseconds(1))
    return report
  }
}

/// One pass through a store.
struct StoreWalk {
  let reading: Reading
  let verification: Verification
  let mayBeOpen: Bool
  var report = VerificationReport()

  /// What the audit says, gathered while its entries are read.
  var told = ToldByAudit()
  /// The estate of the store, once it was read.
  var found: Estate?
  /// The issuing authorities by number.
  var signers: [Int: SigningAuthority] = [:]
  /// Knows the roots, for certificates that a ceremony made.
  var ceremonyLint = Lint()
  /// What the chunks and certificates add up to.
  var totals = Totals()

  init(reading: Reading, verification: Verification, mayBeOpen: Bool) {
    self.reading = reading
    self.verification = verification
    self.mayBeOpen = mayBeOpen
  }

  /// Takes one step; what it cannot read is a fault of the table that it is about.
  mutating func step(_ table: String, _ body: (inout StoreWalk) throws -> Void) {
    do {
      try body(&self)
    } catch {
      report.add(table, "", nil, "cannot be read: \(error)")
    }
  }

  /// The file by itself: pages, indexes, uniqueness; and its tables, no more and no fewer.
  mutating func file() throws {
    for complaint in try verification.records.verifyFile() {
      report.add("sqlite_schema", "", nil, complaint)
    }
    let tables = Set(try reading.tables().map(\.name))
    for table in tables.subtracting(Store.tables).sorted() {
      report.add(table, "", nil, "a table that the program does not know")
    }
    for table in Store.tables.subtracting(tables).sorted() {
      report.add(table, "", nil, "the table is missing")
    }
  }
}

/// What can be added up in one pass, to be held against what the store has added up.
struct Totals {
  /// Certificates in chunks, voided ones too, by authority: the volume that was reserved.
  var reserved: [Int: Int64] = [:]
  /// Rows of certificates by class, as their bytes say.
  var certificates: [String: Int] = [:]
  /// Chunks that say they were lodged.
  var lodgedChunks = 0
  /// Runs of certificates that belong to a chunk.
  var runs = 0
  /// Certificates of systems, that is, with a row of their own among the credentials.
  var credentials = 0
}
