// SPDX-License-Identifier: Apache-2.0

import DER
import Keys
import Profiles
package import Records
import X509

/// The tables of this room; nobody else reads or writes them.
package enum AuthorityRecords {
  /// The issuing authorities, by number.
  package static let authority = KeptTable(
    "issuing_authority", key: ["id"],
    columns: [
      "hierarchy", "certificate", "key_label", "volume_max", "months_max", "state", "on_line_since",
      "lodged",
    ])
  /// Each chunk of issuing: what was recorded, and what became of it.
  package static let chunk = KeptTable(
    "issuance_chunk", key: ["id"],
    columns: [
      "authority", "policy", "recorded", "count", "first_serial", "intent_root", "state",
      "certificate_root", "audit_index",
    ], changesStanding: false)
  /// The policy versions in force, by hierarchy and beginning (C3-112).
  package static let policy = KeptTable(
    "policy_version", key: ["hierarchy", "since"], columns: ["version"])

  /// Where the key of an issuing authority lives, and since when it does so no more (C3-119); an
  /// authority without a row has its key in the estate's folder.
  package static let key = KeptTable(
    "issuing_key", key: ["authority"], columns: ["module", "token", "destroyed", "evidence"])
  /// M8-2.3.1.8: devices whose limit an officer has raised.
  package static let deviceLimit = KeptTable(
    "device_limit", key: ["entity"], columns: ["certificates", "reason", "since"])

  /// C3-118-4a: the latest time seen, in one row.
  static let lifeClock = KeptTable(
    "life_clock", key: ["id"], columns: ["latest"], changesStanding: false)

  /// Every kept table of this room.
  package static let tables = [
    authority, chunk, policy, key, lifeClock, deviceLimit, anomaly, SignedRequests.table,
  ]

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(
      name: "authority-1",
      statements: [
        """
        CREATE TABLE issuing_authority (
          id INTEGER PRIMARY KEY, hierarchy TEXT NOT NULL, certificate BLOB NOT NULL,
          key_label TEXT NOT NULL, volume_max BIGINT, months_max BIGINT, state TEXT NOT NULL,
          on_line_since BIGINT, lodged BIGINT NOT NULL)
        """,
        """
        CREATE TABLE issuing_volume (
          authority INTEGER PRIMARY KEY, reserved BIGINT NOT NULL)
        """,
        """
        CREATE TABLE issuance_chunk (
          id INTEGER PRIMARY KEY, authority BIGINT NOT NULL, policy TEXT NOT NULL,
          recorded BIGINT NOT NULL, count BIGINT NOT NULL, first_serial BLOB NOT NULL,
          intent_root BLOB NOT NULL, state TEXT NOT NULL, certificate_root BLOB, audit_index BIGINT)
        """,
        "CREATE TABLE issuance_intent (chunk INTEGER PRIMARY KEY, intended BLOB NOT NULL)",
        """
        CREATE TABLE policy_version (
          hierarchy TEXT NOT NULL, since BIGINT NOT NULL, version TEXT NOT NULL,
          PRIMARY KEY (hierarchy, since))
        """,
      ])
  ]

  /// What was added to them; a store takes each step after those that it has.
  package static let keyMigrations = [
    Migration(
      name: "authority-2",
      statements: [
        """
        CREATE TABLE issuing_key (
          authority INTEGER PRIMARY KEY, module TEXT, token TEXT, destroyed BIGINT, evidence TEXT)
        """
      ])
  ]

  /// And later.
  package static let lifeMigrations = [
    Migration(
      name: "authority-3",
      statements: [
        "CREATE TABLE life_clock (id INTEGER PRIMARY KEY, latest BIGINT NOT NULL)"
      ])
  ]

  private static let authorityColumns: SQL =
    """
    id, hierarchy, certificate, key_label, volume_max, months_max, state, on_line_since, lodged,
    reserved, module, token, destroyed
    """

  private static let authorityTables: SQL =
    """
    issuing_authority JOIN issuing_volume ON issuing_volume.authority = id
    LEFT JOIN issuing_key ON issuing_key.authority = id
    """

  static func authorities(in reading: some Querying) throws -> [IssuingAuthority] {
    try reading.query(
      """
      SELECT \(authorityColumns) FROM \(authorityTables)
      ORDER BY id
      """
    ).map(authority(from:))
  }

  /// The authority of a hierarchy that signs, else the one that comes next: they are taken from the
  /// stock in the order of their numbers.
  static func next(
    of hierarchy: Hierarchy, in reading: some Querying
  ) throws -> IssuingAuthority? {
    try reading.first(
      """
      SELECT \(authorityColumns) FROM \(authorityTables)
      WHERE hierarchy = \(hierarchy.rawValue) AND state <> 'spent' ORDER BY id LIMIT 1
      """
    ).map(authority(from:))
  }

  /// The authority with a number.
  static func find(_ id: Int, in reading: some Querying) throws -> IssuingAuthority? {
    try reading.first(
      "SELECT \(authorityColumns) FROM \(authorityTables) WHERE id = \(id)"
    ).map(authority(from:))
  }

  /// C3-118-4a: the latest time that was written down.
  static func latestKept(in reading: some Querying) throws -> Time? {
    try reading.first("SELECT latest FROM life_clock")?.optionalTime("latest")
  }

  /// C3-118-4a: the latest time that anything in the store tells of.
  static func latest(in reading: some Querying) throws -> Time {
    let recorded = try reading.first("SELECT max(recorded) AS last FROM issuance_chunk")
    let onLine = try reading.first("SELECT max(on_line_since) AS last FROM issuing_authority")
    let all = try [
      latestKept(in: reading), recorded?.optionalTime("last"), onLine?.optionalTime("last"),
    ]
    return all.compactMap(\.self).max() ?? Time(milliseconds: 0)
  }

  private static func authority(from row: Row) throws -> IssuingAuthority {
    guard let hierarchy = Hierarchy(rawValue: try row.text("hierarchy")),
      let state = IssuingAuthority.State(rawValue: try row.text("state"))
    else { throw DatabaseError.damaged("issuing_authority") }
    return IssuingAuthority(
      id: try row.int("id"), hierarchy: hierarchy,
      certificate: try Certificate(parsing: row.blob("certificate")),
      keyLabel: try row.text("key_label"),
      life: IssuingKeyLife(
        volumeMax: try row.optionalInt("volume_max").map(Int64.init),
        monthsMax: try row.optionalInt("months_max")),
      state: state, onLineSince: try row.optionalTime("on_line_since"),
      reserved: try row.int64("reserved"), lodged: try row.time("lodged"),
      place: try place(from: row), destroyed: try row.optionalTime("destroyed"))
  }

  private static func place(from row: Row) throws -> KeyPlace {
    guard let module = try row.optionalText("module") else { return .folder }
    return .token(module: module, token: try row.text("token"))
  }

  /// Keeps where an authority's key lives; the folder has no row.
  static func keepPlace(
    _ place: KeyPlace, of authority: Int, in transaction: Transaction
  ) throws {
    guard case .token(let module, let token) = place else { return }
    try transaction.keep(
      key, [.int(Int64(authority)), .text(module), .text(token), .null, .null])
  }

  static func keep(_ authority: IssuingAuthority, in transaction: Transaction) throws {
    try transaction.keep(
      self.authority,
      [
        .int(Int64(authority.id)), .text(authority.hierarchy.rawValue),
        .blob(authority.certificate.encoded), .text(authority.keyLabel),
        authority.life.volumeMax.map { .int($0) } ?? .null,
        authority.life.monthsMax.map { .int(Int64($0)) } ?? .null,
        .text(authority.state.rawValue),
        authority.onLineSince.map { .int($0.milliseconds) } ?? .null,
        .int(authority.lodged.milliseconds),
      ])
  }

  static func keep(_ chunk: IssuanceChunk, in transaction: Transaction) throws {
    try transaction.keep(
      self.chunk,
      [
        .int(Int64(chunk.id)), .int(Int64(chunk.authority)), .text(chunk.policy),
        .int(chunk.recorded.milliseconds), .int(Int64(chunk.count)), .blob(chunk.firstSerial),
        .blob(chunk.intentRoot), .text(chunk.state.rawValue),
        chunk.certificateRoot.map { .blob($0) } ?? .null,
        chunk.auditIndex.map { .int(Int64($0)) } ?? .null,
      ])
  }

  static let chunkColumns: SQL =
    """
    id, authority, policy, recorded, count, first_serial, intent_root, state, certificate_root,
    audit_index
    """

  static func chunk(from row: Row) throws -> IssuanceChunk {
    guard let state = IssuanceChunk.State(rawValue: try row.text("state")) else {
      throw DatabaseError.damaged("issuance_chunk.state")
    }
    return IssuanceChunk(
      id: try row.int("id"), authority: try row.int("authority"), policy: try row.text("policy"),
      recorded: try row.time("recorded"), count: try row.int("count"),
      firstSerial: try row.blob("first_serial"), intentRoot: try row.blob("intent_root"),
      state: state, certificateRoot: try row.optionalBlob("certificate_root"),
      auditIndex: try row.optionalInt("audit_index"))
  }

  static func policyInForce(
    for hierarchy: Hierarchy, at moment: Time, in reading: some Querying
  ) throws -> String? {
    try reading.first(
      """
      SELECT version FROM policy_version
      WHERE hierarchy = \(hierarchy.rawValue) AND since <= \(moment) ORDER BY since DESC LIMIT 1
      """
    )?.text("version")
  }

  static func nextChunk(in reading: some Querying) throws -> Int {
    1 + (try reading.first("SELECT max(id) AS last FROM issuance_chunk")?.optionalInt("last") ?? 0)
  }

  static func openChunks(in reading: some Querying) throws -> [IssuanceChunk] {
    try reading.query(
      """
      SELECT \(chunkColumns) FROM issuance_chunk
      WHERE id IN (SELECT chunk FROM issuance_intent) AND state = 'recorded' ORDER BY id
      """
    ).map(chunk(from:))
  }

  /// A chunk that was recorded and neither lodged nor voided; nil when it is no such one.
  static func openChunk(_ id: Int, in reading: some Querying) throws -> IssuanceChunk? {
    try reading.first(
      "SELECT \(chunkColumns) FROM issuance_chunk WHERE id = \(id) AND state = 'recorded'"
    ).map(chunk(from:))
  }

  /// Keeps what will be signed, each to-be-signed certificate behind its length of four octets.
  static func keepIntent(
    _ toBeSigned: [[UInt8]], of chunk: Int, in transaction: Transaction
  ) throws {
    var intended: [UInt8] = []
    intended.reserveCapacity(toBeSigned.reduce(0) { $0 + $1.count + 4 })
    for bytes in toBeSigned {
      intended += (0..<4).reversed().map { UInt8(truncatingIfNeeded: bytes.count >> ($0 * 8)) }
      intended += bytes
    }
    try transaction.execute(
      "INSERT INTO issuance_intent (chunk, intended) VALUES (\(chunk), \(intended))")
  }

  /// What a chunk would have signed, in order; nothing when it was signed or given up.
  ///
  /// - Throws: `DatabaseError.damaged` when the lengths do not fit.
  package static func intent(of chunk: Int, in reading: some Querying) throws -> [[UInt8]] {
    let row = try reading.first("SELECT intended FROM issuance_intent WHERE chunk = \(chunk)")
    guard let intended = try row?.blob("intended") else { return [] }
    var toBeSigned: [[UInt8]] = []
    var rest = intended[...]
    while rest.count >= 4 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard length <= rest.count else { break }
      toBeSigned.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    guard rest.isEmpty else { throw DatabaseError.damaged("issuance_intent.intended") }
    return toBeSigned
  }

  /// Removes what a chunk would have signed, as it was signed or given up.
  ///
  /// - Returns: false when that had happened already.
  static func removeIntent(of chunk: IssuanceChunk, in transaction: Transaction) throws -> Bool {
    try transaction.endWork(chunk.work)
    return try transaction.execute(
      "DELETE FROM issuance_intent WHERE chunk = \(chunk.id)") > 0
  }
}
