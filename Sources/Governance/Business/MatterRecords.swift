// SPDX-License-Identifier: Apache-2.0

import Duties
import Records
import SEC

/// The tables of the PMA's business, their reading and writing.
extension GovernanceRecords {
  static let matter = kept(
    "pma_matter", ["id"],
    [
      "kind", "subject", "version", "edition", "cause", "opened", "due", "state", "outcome",
      "vote", "decided", "issued",
    ])
  static let paper = kept("pma_paper", ["matter", "name"], ["content", "digest", "day"])
  static let observation = kept(
    "pma_observation", ["matter", "number"],
    ["document", "sort", "content", "recommendation", "is_open"])
  static let amendment = kept("pma_amendment", ["matter", "number"], ["content", "made"])
  static let notice = kept("pma_notice", ["matter", "recipient"], ["form", "clause", "day"])

  static let matterTables = [matter, paper, observation, amendment, notice]

  static let matterStatements: [SQL] = [
    """
    CREATE TABLE pma_matter (
      id TEXT NOT NULL PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL,
      version TEXT NOT NULL, edition TEXT NOT NULL, cause TEXT NOT NULL, opened BIGINT NOT NULL,
      due BIGINT NOT NULL, state TEXT NOT NULL, outcome TEXT NOT NULL, vote TEXT NOT NULL,
      decided BIGINT, issued BIGINT)
    """,
    """
    CREATE TABLE pma_paper (
      matter TEXT NOT NULL, name TEXT NOT NULL, content TEXT NOT NULL, digest TEXT NOT NULL,
      day BIGINT NOT NULL, PRIMARY KEY (matter, name))
    """,
    """
    CREATE TABLE pma_observation (
      matter TEXT NOT NULL, number BIGINT NOT NULL, document TEXT NOT NULL, sort TEXT NOT NULL,
      content TEXT NOT NULL, recommendation TEXT NOT NULL, is_open BIGINT NOT NULL,
      PRIMARY KEY (matter, number))
    """,
    """
    CREATE TABLE pma_amendment (
      matter TEXT NOT NULL, number BIGINT NOT NULL, content TEXT NOT NULL, made BIGINT,
      PRIMARY KEY (matter, number))
    """,
    """
    CREATE TABLE pma_notice (
      matter TEXT NOT NULL, recipient TEXT NOT NULL, form TEXT NOT NULL, clause TEXT NOT NULL,
      day BIGINT NOT NULL, PRIMARY KEY (matter, recipient))
    """,
  ]

  private static let matterColumns: SQL =
    """
    SELECT id, kind, subject, version, edition, cause, opened, due, state, outcome, vote, decided,
    issued FROM pma_matter
    """

  static func matters(in reading: some Querying) throws -> [Matter] {
    try reading.query("\(matterColumns) ORDER BY opened, id").map(matter(from:))
  }

  static func findMatter(_ id: String, in reading: some Querying) throws -> Matter? {
    try reading.first("\(matterColumns) WHERE id = \(id)").map(matter(from:))
  }

  static func matter(_ id: String, in reading: some Querying) throws -> Matter {
    guard let matter = try findMatter(id, in: reading) else { throw Refusal.matterUnknown(id) }
    return matter
  }

  private static func matter(from row: Row) throws -> Matter {
    Matter(
      id: try row.text("id"), kind: try row.word("kind"), subject: try row.text("subject"),
      version: try row.text("version"), edition: try row.word("edition"),
      cause: try row.text("cause"), opened: try row.day("opened"), due: try row.day("due"),
      state: try row.word("state"), outcome: try row.text("outcome"),
      vote: try row.text("vote"), decided: try row.optionalDay("decided"),
      issued: try row.optionalDay("issued"))
  }

  static func keep(_ matter: Matter, in transaction: Transaction) throws {
    try transaction.keep(
      Self.matter,
      [
        .text(matter.id), .text(matter.kind.rawValue), .text(matter.subject),
        .text(matter.version), .text(matter.edition.rawValue), .text(matter.cause),
        .day(matter.opened), .day(matter.due), .text(matter.state.rawValue),
        .text(matter.outcome), .text(matter.vote), .day(matter.decided), .day(matter.issued),
      ])
  }

  static func papers(of id: String, in reading: some Querying) throws -> [Paper] {
    try reading.query(
      "SELECT name, content, digest, day FROM pma_paper WHERE matter = \(id) ORDER BY name"
    ).map { row in
      Paper(
        name: try row.text("name"), text: try row.text("content"),
        digest: try row.text("digest"), day: try row.day("day"))
    }
  }

  static func keep(_ paper: Paper, of id: String, in transaction: Transaction) throws {
    try transaction.keep(
      Self.paper,
      [.text(id), .text(paper.name), .text(paper.text), .text(paper.digest), .day(paper.day)])
  }

  static func observations(of id: String, in reading: some Querying) throws -> [Observation] {
    try reading.query(
      """
      SELECT number, document, sort, content, recommendation, is_open FROM pma_observation
      WHERE matter = \(id) ORDER BY number
      """
    ).map { row in
      Observation(
        number: try row.int("number"), document: try row.text("document"),
        sort: try row.word("sort"), text: try row.text("content"),
        recommendation: try row.text("recommendation"), isOpen: try row.bool("is_open"))
    }
  }

  static func keep(
    _ observation: Observation, of id: String, in transaction: Transaction
  ) throws {
    try transaction.keep(
      Self.observation,
      [
        .text(id), .int(Int64(observation.number)), .text(observation.document),
        .text(observation.sort.rawValue), .text(observation.text),
        .text(observation.recommendation), .bool(observation.isOpen),
      ])
  }

  static func amendments(of id: String, in reading: some Querying) throws -> [Amendment] {
    try reading.query(
      "SELECT number, content, made FROM pma_amendment WHERE matter = \(id) ORDER BY number"
    ).map { row in
      Amendment(
        number: try row.int("number"), text: try row.text("content"),
        made: try row.optionalDay("made"))
    }
  }

  static func keep(_ amendment: Amendment, of id: String, in transaction: Transaction) throws {
    try transaction.keep(
      Self.amendment,
      [
        .text(id), .int(Int64(amendment.number)), .text(amendment.text), .day(amendment.made),
      ])
  }

  static func notices(of id: String, in reading: some Querying) throws -> [Notice] {
    try reading.query(
      "SELECT recipient, form, clause, day FROM pma_notice WHERE matter = \(id) ORDER BY recipient"
    ).map { row in
      Notice(
        recipient: try row.text("recipient"), form: try row.word("form"),
        clause: Clause(try row.text("clause")), day: try row.day("day"))
    }
  }
}
