// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Records
import SEC

/// The tables of proposals, their reading and writing.
extension GovernanceRecords {
  static let proposal = kept(
    "pma_proposal", ["id"],
    [
      "title", "proposer", "person", "documents", "edition", "path", "vote", "source", "raised",
      "is_approved", "release_day",
    ])
  static let stage = kept(
    "pma_stage", ["proposal", "stage"], ["planned", "actual", "body", "evidence"])
  static let screening = kept("pma_screening", ["proposal"], ["day", "affects", "reason"])
  static let remark = kept("pma_remark", ["proposal", "topic", "name"], ["value", "content"])
  static let consultation = kept(
    "pma_consultation", ["proposal", "kind"], ["opened", "closes"])
  static let response = kept(
    "pma_response", ["proposal", "kind", "organisation"],
    ["day", "content", "is_public", "objection", "disposition"])
  static let release = kept("pma_release", ["day"], ["cut_off"])

  static let proposalTables = [
    proposal, stage, screening, remark, consultation, response, release,
  ]

  static let proposalStatements: [SQL] = [
    """
    CREATE TABLE pma_proposal (
      id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, proposer TEXT NOT NULL,
      person TEXT NOT NULL, documents TEXT NOT NULL, edition TEXT NOT NULL, path TEXT NOT NULL,
      vote TEXT NOT NULL, source TEXT NOT NULL, raised BIGINT NOT NULL, is_approved BIGINT,
      release_day BIGINT)
    """,
    """
    CREATE TABLE pma_stage (
      proposal TEXT NOT NULL, stage TEXT NOT NULL, planned BIGINT, actual BIGINT,
      body TEXT NOT NULL, evidence TEXT NOT NULL, PRIMARY KEY (proposal, stage))
    """,
    """
    CREATE TABLE pma_screening (
      proposal TEXT NOT NULL PRIMARY KEY, day BIGINT NOT NULL, affects BIGINT NOT NULL,
      reason TEXT NOT NULL)
    """,
    """
    CREATE TABLE pma_remark (
      proposal TEXT NOT NULL, topic TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
      content TEXT NOT NULL, PRIMARY KEY (proposal, topic, name))
    """,
    """
    CREATE TABLE pma_consultation (
      proposal TEXT NOT NULL, kind TEXT NOT NULL, opened BIGINT NOT NULL, closes BIGINT NOT NULL,
      PRIMARY KEY (proposal, kind))
    """,
    """
    CREATE TABLE pma_response (
      proposal TEXT NOT NULL, kind TEXT NOT NULL, organisation TEXT NOT NULL,
      day BIGINT NOT NULL, content TEXT NOT NULL, is_public BIGINT NOT NULL,
      objection TEXT NOT NULL, disposition TEXT NOT NULL,
      PRIMARY KEY (proposal, kind, organisation))
    """,
    "CREATE TABLE pma_release (day BIGINT NOT NULL PRIMARY KEY, cut_off BIGINT NOT NULL)",
  ]

  private static let proposalColumns: SQL =
    """
    SELECT id, title, proposer, person, documents, edition, path, vote, source, raised, is_approved,
    release_day FROM pma_proposal
    """

  static func proposals(in reading: some Querying) throws -> [Proposal] {
    try reading.query("\(proposalColumns) ORDER BY raised, id").map(proposal(from:))
  }

  static func findProposal(_ id: String, in reading: some Querying) throws -> Proposal? {
    try reading.first("\(proposalColumns) WHERE id = \(id)").map(proposal(from:))
  }

  static func proposal(_ id: String, in reading: some Querying) throws -> Proposal {
    guard let proposal = try findProposal(id, in: reading) else {
      throw Refusal.proposalUnknown(id)
    }
    return proposal
  }

  private static func proposal(from row: Row) throws -> Proposal {
    Proposal(
      id: try row.text("id"), title: try row.text("title"), proposer: try row.word("proposer"),
      person: try row.text("person"),
      documents: try row.text("documents").split(separator: "\n").map(String.init),
      edition: try row.word("edition"), path: try row.word("path"), vote: try row.text("vote"),
      source: try row.text("source"), raised: try row.day("raised"),
      isApproved: try row.optionalInt("is_approved").map { $0 == 1 },
      release: try row.optionalDay("release_day"))
  }

  static func keep(_ proposal: Proposal, in transaction: Transaction) throws {
    try transaction.keep(
      Self.proposal,
      [
        .text(proposal.id), .text(proposal.title), .text(proposal.proposer.rawValue),
        .text(proposal.person), .text(proposal.documents.joined(separator: "\n")),
        .text(proposal.edition.rawValue), .text(proposal.path.rawValue), .text(proposal.vote),
        .text(proposal.source), .day(proposal.raised),
        proposal.isApproved.map { .bool($0) } ?? .null, .day(proposal.release),
      ])
  }

  static func progress(of id: String, in reading: some Querying) throws -> [Progress] {
    let all = try reading.query(
      "SELECT stage, planned, actual, body, evidence FROM pma_stage WHERE proposal = \(id)"
    ).map { row in
      Progress(
        stage: try row.word("stage"), planned: try row.optionalDay("planned"),
        actual: try row.optionalDay("actual"), body: try row.text("body"),
        evidence: try row.text("evidence"))
    }
    return ProposalStage.allCases.compactMap { stage in all.first { $0.stage == stage } }
  }

  static func keep(_ progress: Progress, of id: String, in transaction: Transaction) throws {
    try transaction.keep(
      Self.stage,
      [
        .text(id), .text(progress.stage.rawValue), .day(progress.planned),
        .day(progress.actual), .text(progress.body), .text(progress.evidence),
      ])
  }

  static func screening(of id: String, in reading: some Querying) throws -> Screening? {
    try reading.first("SELECT day, affects, reason FROM pma_screening WHERE proposal = \(id)")
      .map { row in
        Screening(
          day: try row.day("day"), affects: try row.bool("affects"),
          reason: try row.text("reason"))
      }
  }

  static func remarks(of id: String, in reading: some Querying) throws -> [Remark] {
    try reading.query(
      """
      SELECT topic, name, value, content FROM pma_remark WHERE proposal = \(id)
      ORDER BY topic, name
      """
    ).map { row in
      Remark(
        topic: try row.word("topic"), name: try row.text("name"), value: try row.text("value"),
        text: try row.text("content"))
    }
  }

  static func consultations(of id: String, in reading: some Querying) throws -> [Consultation] {
    try reading.query(
      "SELECT kind, opened, closes FROM pma_consultation WHERE proposal = \(id) ORDER BY kind"
    ).map { row in
      Consultation(
        kind: try row.word("kind"), opened: try row.day("opened"),
        closes: try row.day("closes"))
    }
  }

  static func responses(of id: String, in reading: some Querying) throws -> [ConsultationResponse] {
    try reading.query(
      """
      SELECT kind, organisation, day, content, is_public, objection, disposition
      FROM pma_response WHERE proposal = \(id) ORDER BY kind, organisation
      """
    ).map { row in
      ConsultationResponse(
        kind: try row.word("kind"), organisation: try row.text("organisation"),
        day: try row.day("day"), text: try row.text("content"),
        isPublic: try row.bool("is_public"), objection: try row.text("objection"),
        disposition: try row.text("disposition"))
    }
  }

  static func keep(
    _ response: ConsultationResponse, of id: String, in transaction: Transaction
  ) throws {
    try transaction.keep(
      Self.response,
      [
        .text(id), .text(response.kind.rawValue), .text(response.organisation),
        .day(response.day), .text(response.text), .bool(response.isPublic),
        .text(response.objection), .text(response.disposition),
      ])
  }

  static func releases(in reading: some Querying) throws -> [Release] {
    try reading.query("SELECT day, cut_off FROM pma_release ORDER BY day").map { row in
      Release(day: try row.day("day"), cutOff: try row.day("cut_off"))
    }
  }
}
