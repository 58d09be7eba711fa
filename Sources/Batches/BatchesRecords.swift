// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The tables of this room; nobody else reads or writes them.
package enum BatchesRecords {
  /// Every batch, by number.
  package static let batch = KeptTable(
    "batch", key: ["id"],
    columns: [
      "party", "identifier", "format", "submitter", "digest", "octets", "requests_digest", "count",
      "received", "state", "held", "decided_by", "started", "finished", "note", "put_away",
    ], changesStanding: false)
  /// The outcomes of each chunk, empty once they were put away.
  package static let chunk = KeptTable(
    "batch_chunk", key: ["batch", "number"],
    columns: ["done", "success", "error", "anomaly", "ineligible", "outcomes"],
    changesStanding: false)
  /// N4-3: how often a party went over a usage limit in a day.
  package static let usage = KeptTable(
    "usage_excess", key: ["party", "day", "rule"], columns: ["count"], changesStanding: false)

  /// Every kept table of this room.
  package static let tables = [batch, chunk, usage]

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(
      name: "batches-1",
      statements: [
        """
        CREATE TABLE batch (
          id INTEGER PRIMARY KEY, party TEXT NOT NULL, identifier TEXT NOT NULL,
          format TEXT NOT NULL, submitter TEXT NOT NULL, digest BLOB NOT NULL,
          octets BIGINT NOT NULL, requests_digest BLOB NOT NULL, count BIGINT NOT NULL,
          received BIGINT NOT NULL, state TEXT NOT NULL, held BIGINT NOT NULL, decided_by TEXT,
          started BIGINT, finished BIGINT, note TEXT NOT NULL, put_away BIGINT NOT NULL)
        """,
        "CREATE UNIQUE INDEX batch_identifier ON batch (party, identifier)",
        "CREATE INDEX batch_state ON batch (state)",
        """
        CREATE TABLE batch_chunk (
          batch BIGINT NOT NULL, number BIGINT NOT NULL, done BIGINT NOT NULL,
          success BIGINT NOT NULL, error BIGINT NOT NULL, anomaly BIGINT NOT NULL,
          ineligible BIGINT NOT NULL, outcomes BLOB NOT NULL, PRIMARY KEY (batch, number))
        """,
        "CREATE INDEX batch_chunk_done ON batch_chunk (done)",
        """
        CREATE TABLE usage_excess (
          party TEXT NOT NULL, day BIGINT NOT NULL, rule TEXT NOT NULL, count BIGINT NOT NULL,
          PRIMARY KEY (party, day, rule))
        """,
      ])
  ]

  private static let columns: SQL =
    """
    id, party, identifier, format, submitter, digest, octets, requests_digest, count, received,
    state, held, decided_by, started, finished, note, put_away
    """

  static func keep(_ batch: Batch, in transaction: Transaction) throws {
    try transaction.keep(
      self.batch,
      [
        .int(Int64(batch.id)), .text(batch.party), .text(batch.identifier),
        .text(batch.format.rawValue), .text(batch.submitter), .blob(batch.digest),
        .int(Int64(batch.octets)), .blob(batch.requestsDigest), .int(Int64(batch.count)),
        .int(batch.received.milliseconds), .text(batch.state.rawValue),
        .int(batch.isHeld ? 1 : 0), batch.decidedBy.map { .text($0) } ?? .null,
        batch.started.map { .int($0.milliseconds) } ?? .null,
        batch.finished.map { .int($0.milliseconds) } ?? .null, .text(batch.note),
        .int(batch.isPutAway ? 1 : 0),
      ])
  }

  private static func batch(from row: Row) throws -> Batch {
    guard let format = Batch.Format(rawValue: try row.text("format")),
      let state = BatchState(rawValue: try row.text("state"))
    else { throw DatabaseError.damaged("batch") }
    return Batch(
      id: try row.int("id"), party: try row.text("party"), identifier: try row.text("identifier"),
      format: format, submitter: try row.text("submitter"), digest: try row.blob("digest"),
      octets: try row.int("octets"), requestsDigest: try row.blob("requests_digest"),
      count: try row.int("count"), received: try row.time("received"), state: state,
      isHeld: try row.bool("held"), decidedBy: try row.optionalText("decided_by"),
      started: try row.optionalTime("started"), finished: try row.optionalTime("finished"),
      note: try row.text("note"), isPutAway: try row.bool("put_away"))
  }

  static func find(_ id: Int, in reading: some Querying) throws -> Batch? {
    try reading.first("SELECT \(columns) FROM batch WHERE id = \(id)").map(batch(from:))
  }

  static func find(
    party: String, identifier: String, in reading: some Querying
  ) throws -> Batch? {
    try reading.first(
      "SELECT \(columns) FROM batch WHERE party = \(party) AND identifier = \(identifier)"
    ).map(batch(from:))
  }

  static func nextID(in reading: some Querying) throws -> Int {
    1 + (try reading.first("SELECT max(id) AS last FROM batch")?.optionalInt("last") ?? 0)
  }

  /// Every batch that is not final, oldest first.
  static func unfinished(in reading: some Querying) throws -> [Batch] {
    try reading.query(
      """
      SELECT \(columns) FROM batch
      WHERE state IN ('PENDING', 'PARSING', 'QUEUED', 'PROCESSING', 'PAUSED') ORDER BY id
      """
    ).map(batch(from:))
  }

  /// The newest batches, of a party or of all.
  static func newest(
    _ most: Int, of party: String?, in reading: some Querying
  ) throws -> [Batch] {
    guard let party else {
      return try reading.query("SELECT \(columns) FROM batch ORDER BY id DESC LIMIT \(most)")
        .map(batch(from:))
    }
    return try reading.query(
      "SELECT \(columns) FROM batch WHERE party = \(party) ORDER BY id DESC LIMIT \(most)"
    ).map(batch(from:))
  }

  /// Whether a batch that was not put away has an upload of this digest.
  static func isShared(_ digest: [UInt8], in reading: some Querying) throws -> Bool {
    try reading.first(
      "SELECT 1 AS one FROM batch WHERE digest = \(digest) AND put_away = 0 LIMIT 1") != nil
  }

  /// Every batch whose files are still kept, oldest first.
  static func withFiles(in reading: some Querying) throws -> [Batch] {
    try reading.query("SELECT \(columns) FROM batch WHERE put_away = 0 ORDER BY id")
      .map(batch(from:))
  }

  /// Whether a batch that was not put away has an upload or requests of this digest.
  static func isWanted(_ digest: [UInt8], in reading: some Querying) throws -> Bool {
    try reading.first(
      """
      SELECT 1 AS one FROM batch
      WHERE (digest = \(digest) OR requests_digest = \(digest)) AND put_away = 0 LIMIT 1
      """) != nil
  }

  /// Batches whose outcomes are still kept, finished before a moment.
  static func toPutAway(before moment: Time, in reading: some Querying) throws -> [Batch] {
    try reading.query(
      """
      SELECT \(columns) FROM batch
      WHERE put_away = 0 AND (finished < \(moment)
        OR finished IS NULL AND state = \(BatchState.rejected.rawValue) AND received < \(moment))
      ORDER BY id LIMIT 100
      """
    ).map(batch(from:))
  }

  static func keep(
    _ outcomes: [BatchOutcome], ofChunk number: Int, batch: Int, at moment: Time,
    in transaction: Transaction
  ) throws {
    var counts = OutcomeCounts()
    counts.add(outcomes)
    try keep(counts, BatchOutcome.encode(outcomes), number, batch, moment, in: transaction)
  }

  private static func keep(
    _ counts: OutcomeCounts, _ octets: [UInt8], _ number: Int, _ batch: Int, _ moment: Time,
    in transaction: Transaction
  ) throws {
    try transaction.keep(
      chunk,
      [
        .int(Int64(batch)), .int(Int64(number)), .int(moment.milliseconds),
        .int(Int64(counts.success)), .int(Int64(counts.error)), .int(Int64(counts.anomaly)),
        .int(Int64(counts.ineligible)), .blob(octets),
      ])
  }

  /// The numbers of the chunks that have their outcomes.
  static func doneChunks(of batch: Int, in reading: some Querying) throws -> Set<Int> {
    Set(
      try reading.query("SELECT number FROM batch_chunk WHERE batch = \(batch)").map {
        try $0.int("number")
      })
  }

  /// Whether a chunk has its outcomes.
  static func isDone(_ number: Int, batch: Int, in reading: some Querying) throws -> Bool {
    try reading.first(
      "SELECT 1 AS one FROM batch_chunk WHERE batch = \(batch) AND number = \(number)") != nil
  }

  /// How the requests of a batch came out so far, and when the last chunk did.
  static func counts(
    of batch: Int, in reading: some Querying
  ) throws -> (counts: OutcomeCounts, last: Time?) {
    let row = try reading.first(
      """
      SELECT CAST(sum(success) AS BIGINT) AS success, CAST(sum(error) AS BIGINT) AS error,
        CAST(sum(anomaly) AS BIGINT) AS anomaly, CAST(sum(ineligible) AS BIGINT) AS ineligible,
        max(done) AS last
      FROM batch_chunk WHERE batch = \(batch)
      """)
    let counts = OutcomeCounts(
      success: try row?.optionalInt("success") ?? 0, error: try row?.optionalInt("error") ?? 0,
      anomaly: try row?.optionalInt("anomaly") ?? 0,
      ineligible: try row?.optionalInt("ineligible") ?? 0)
    return (counts, try row?.optionalTime("last"))
  }

  /// The outcomes of a chunk, or nil when it has none yet or they were put away.
  static func outcomes(
    ofChunk number: Int, batch: Int, in reading: some Querying
  ) throws -> [BatchOutcome]? {
    guard
      let octets = try reading.first(
        "SELECT outcomes FROM batch_chunk WHERE batch = \(batch) AND number = \(number)"
      )?.blob("outcomes"), !octets.isEmpty
    else { return nil }
    guard let outcomes = BatchOutcome.decode(octets) else {
      throw DatabaseError.damaged("batch_chunk.outcomes")
    }
    return outcomes
  }

  /// Empties the outcomes of a batch; their counts stay.
  static func putAway(_ batch: Batch, in transaction: Transaction) throws {
    let rows = try transaction.query(
      """
      SELECT number, done, success, error, anomaly, ineligible FROM batch_chunk
      WHERE batch = \(batch.id) ORDER BY number
      """)
    for row in rows {
      try keep(
        OutcomeCounts(
          success: row.int("success"), error: row.int("error"), anomaly: row.int("anomaly"),
          ineligible: row.int("ineligible")), [], row.int("number"), batch.id, row.time("done"),
        in: transaction)
    }
  }

  /// N4-3-capacity: how many requests had their outcome since a moment.
  static func decided(since moment: Time, in reading: some Querying) throws -> Int {
    try reading.first(
      """
      SELECT CAST(sum(success + error + anomaly + ineligible) AS BIGINT) AS decided FROM batch_chunk
      WHERE done >= \(moment)
      """
    )?.optionalInt("decided") ?? 0
  }

  /// N4-3-portal-batch: how many requests a party submitted since a moment, up to a batch.
  static func submitted(
    by party: String, since moment: Time, upTo last: Int, in reading: some Querying
  ) throws -> Int {
    try reading.first(
      """
      SELECT CAST(sum(count) AS BIGINT) AS submitted FROM batch
      WHERE party = \(party) AND received >= \(moment) AND id <= \(last) AND state <> 'REJECTED'
      """
    )?.optionalInt("submitted") ?? 0
  }
}
