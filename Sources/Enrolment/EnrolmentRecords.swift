// SPDX-License-Identifier: Apache-2.0

import DER
package import Records
import SEC

/// The tables of this room; nobody else reads or writes them.
package enum EnrolmentRecords {
  /// Versions of forms beyond the first questions, and their approvals.
  package static let formVersion = KeptTable(
    "form_version", key: ["form", "version"],
    columns: ["definition", "proposer", "proposed", "approved", "evidence"],
    changesStanding: false)
  /// Forms that were handed in.
  package static let submission = KeptTable(
    "submission", key: ["id"],
    columns: [
      "form", "version", "party", "person", "about", "proposer", "submitted", "due", "state",
      "decider", "decided", "reason",
    ], changesStanding: false)
  /// Their answers, save those about persons.
  package static let answer = KeptTable(
    "submission_answer", key: ["submission", "field", "position"], columns: ["value"],
    changesStanding: false)
  /// Persons who may act for a party.
  package static let person = KeptTable(
    "enrolled_person", key: ["id"],
    columns: ["party", "role", "application", "since", "expires", "departed"])
  /// Agreements by kind and version.
  package static let agreement = KeptTable(
    "agreement", key: ["kind", "version"], columns: ["in_force", "evidence"])
  /// Which party accepted which version.
  package static let acceptance = KeptTable(
    "agreement_acceptance", key: ["party", "kind", "version"],
    columns: ["accepted", "accepted_by", "submission"])
  /// Registration officers whose credentials were revoked.
  package static let revokedOfficer = KeptTable(
    "revoked_officer", key: ["officer"], columns: ["revoked", "submission"])
  /// Which officer of estate.json is which person of the Registration Authority.
  package static let personnel = KeptTable(
    "registration_personnel", key: ["officer"], columns: ["person"])
  /// Calls to the Service Desk.
  package static let call = KeptTable(
    "desk_call", key: ["id"],
    columns: [
      "moment", "channel", "party", "caller", "identified", "request", "action", "officer",
    ],
    changesStanding: false)
  /// What stands in the audit for what persons said: salted digests.
  package static let personalDigest = KeptTable(
    "personal_digest", key: ["source", "field", "position"],
    columns: ["subject", "kind", "collected", "digest", "erased"], changesStanding: false)

  /// Every kept table of this room.
  package static let tables = [
    formVersion, submission, answer, person, agreement, acceptance, revokedOfficer, call,
    personalDigest, personnel,
  ]
  /// ENG-personal-data: the one table whose rows the audit does not know, so that they can go.
  package static let personalTable = "personal_datum"

  /// The tables' definitions, oldest first.
  package static let migrations = [
    Migration(name: "enrolment-1", statements: forms + people)
  ]

  /// What followed: the Registration Authority's own people.
  package static let personnelMigrations = [
    Migration(
      name: "enrolment-2",
      statements: [
        """
        CREATE TABLE registration_personnel (
          officer TEXT NOT NULL PRIMARY KEY, person TEXT NOT NULL)
        """
      ])
  ]

  private static let forms: [SQL] = [
    """
    CREATE TABLE form_version (
      form TEXT NOT NULL, version TEXT NOT NULL, definition TEXT NOT NULL, proposer TEXT NOT NULL,
      proposed BIGINT NOT NULL, approved BIGINT, evidence TEXT, PRIMARY KEY (form, version))
    """,
    """
    CREATE TABLE submission (
      id BIGINT NOT NULL PRIMARY KEY, form TEXT NOT NULL, version TEXT NOT NULL,
      party TEXT NOT NULL, person TEXT NOT NULL, about BIGINT, proposer TEXT NOT NULL,
      submitted BIGINT NOT NULL, due BIGINT, state TEXT NOT NULL, decider TEXT, decided BIGINT,
      reason TEXT)
    """,
    """
    CREATE TABLE submission_answer (
      submission BIGINT NOT NULL, field TEXT NOT NULL, position BIGINT NOT NULL,
      value TEXT NOT NULL, PRIMARY KEY (submission, field, position))
    """,
    """
    CREATE TABLE agreement (
      kind TEXT NOT NULL, version TEXT NOT NULL, in_force BIGINT NOT NULL, evidence TEXT NOT NULL,
      PRIMARY KEY (kind, version))
    """,
    """
    CREATE TABLE agreement_acceptance (
      party TEXT NOT NULL, kind TEXT NOT NULL, version TEXT NOT NULL, accepted BIGINT NOT NULL,
      accepted_by TEXT NOT NULL, submission BIGINT NOT NULL, PRIMARY KEY (party, kind, version))
    """,
  ]

  private static let people: [SQL] = [
    """
    CREATE TABLE enrolled_person (
      id TEXT NOT NULL PRIMARY KEY, party TEXT NOT NULL, role TEXT NOT NULL,
      application BIGINT NOT NULL, since BIGINT NOT NULL, expires BIGINT NOT NULL,
      departed BIGINT)
    """,
    """
    CREATE TABLE revoked_officer (
      officer TEXT NOT NULL PRIMARY KEY, revoked BIGINT NOT NULL, submission BIGINT NOT NULL)
    """,
    """
    CREATE TABLE desk_call (
      id BIGINT NOT NULL PRIMARY KEY, moment BIGINT NOT NULL, channel TEXT NOT NULL,
      party TEXT NOT NULL, caller TEXT NOT NULL, identified TEXT NOT NULL, request TEXT NOT NULL,
      action TEXT NOT NULL, officer TEXT NOT NULL)
    """,
    """
    CREATE TABLE personal_digest (
      source TEXT NOT NULL, field TEXT NOT NULL, position BIGINT NOT NULL, subject TEXT NOT NULL,
      kind TEXT NOT NULL, collected BIGINT NOT NULL, digest BLOB NOT NULL, erased BIGINT,
      PRIMARY KEY (source, field, position))
    """,
    """
    CREATE TABLE personal_datum (
      source TEXT NOT NULL, field TEXT NOT NULL, position BIGINT NOT NULL, value TEXT NOT NULL,
      salt BLOB NOT NULL, PRIMARY KEY (source, field, position))
    """,
    "CREATE INDEX personal_digest_subject ON personal_digest (subject)",
    "CREATE INDEX submission_about ON submission (about)",
  ]
}

/// A row as its noun, and the other way round.
extension EnrolmentRecords {
  static let columns: SQL =
    """
    id, form, version, party, person, about, proposer, submitted, due, state, decider, decided,
    reason
    """

  /// Submissions in a part of the table, with their answers.
  static func submissions(_ part: SQL, in reading: some Querying) throws -> [Submission] {
    try reading.query("SELECT \(columns) FROM submission \(part)").map { row in
      guard let form = FormKind(rawValue: try row.text("form")),
        let state = Submission.State(rawValue: try row.text("state"))
      else { throw DatabaseError.damaged("submission") }
      let id = try row.int("id")
      var answers: [String: [String]] = [:]
      for answer in try reading.query(
        """
        SELECT field, value FROM submission_answer WHERE submission = \(id)
        ORDER BY field, position
        """)
      {
        answers[try answer.text("field"), default: []].append(try answer.text("value"))
      }
      return Submission(
        id: id, form: form, version: try row.text("version"), party: try row.text("party"),
        person: try row.text("person"), about: try row.optionalInt("about"),
        proposer: try row.text("proposer"), submitted: try row.time("submitted"),
        due: try row.optionalTime("due"), state: state, decider: try row.optionalText("decider"),
        decided: try row.optionalTime("decided"), reason: try row.optionalText("reason"),
        answers: answers)
    }
  }

  static func keep(_ it: Submission, in transaction: Transaction) throws {
    try transaction.keep(
      submission,
      [
        .int(Int64(it.id)), .text(it.form.rawValue), .text(it.version), .text(it.party),
        .text(it.person), it.about.map { .int(Int64($0)) } ?? .null, .text(it.proposer),
        .int(it.submitted.milliseconds), it.due.map { .int($0.milliseconds) } ?? .null,
        .text(it.state.rawValue), it.decider.map { .text($0) } ?? .null,
        it.decided.map { .int($0.milliseconds) } ?? .null, it.reason.map { .text($0) } ?? .null,
      ])
  }

  static func nextNumber(of table: KeptTable, in reading: some Querying) throws -> Int {
    let sql: SQL =
      table.name == call.name
      ? "SELECT MAX(id) AS last FROM desk_call" : "SELECT MAX(id) AS last FROM submission"
    return (try reading.first(sql)?.optionalInt("last") ?? 0) + 1
  }

  static func versions(of form: FormKind, in reading: some Querying) throws -> [FormVersion] {
    try reading.query(
      """
      SELECT version, definition, proposer, approved, evidence FROM form_version
      WHERE form = \(form.rawValue) ORDER BY proposed, version
      """
    ).map { row in
      guard let further = FormVersion.fields(try row.text("definition")) else {
        throw DatabaseError.damaged("form_version.definition")
      }
      return FormVersion(
        form: form, version: try row.text("version"), further: further,
        proposer: try row.text("proposer"), approved: try row.optionalTime("approved"),
        evidence: try row.optionalText("evidence"))
    }
  }

  static func persons(_ part: SQL, in reading: some Querying) throws -> [EnrolledPerson] {
    try reading.query(
      """
      SELECT id, party, role, application, since, expires, departed FROM enrolled_person \(part)
      """
    ).map { row in
      guard let role = EnrolledPerson.Role(rawValue: try row.text("role")) else {
        throw DatabaseError.damaged("enrolled_person.role")
      }
      return EnrolledPerson(
        id: try row.text("id"), party: try row.text("party"), role: role,
        application: try row.int("application"), since: try row.time("since"),
        expires: try row.time("expires"), left: try row.optionalTime("departed"))
    }
  }

  static func keep(_ it: EnrolledPerson, in transaction: Transaction) throws {
    try transaction.keep(
      person,
      [
        .text(it.id), .text(it.party), .text(it.role.rawValue), .int(Int64(it.application)),
        .int(it.since.milliseconds), .int(it.expires.milliseconds),
        it.left.map { .int($0.milliseconds) } ?? .null,
      ])
  }

  static func agreements(in reading: some Querying) throws -> [Agreement] {
    try reading.query(
      "SELECT kind, version, in_force, evidence FROM agreement ORDER BY kind, in_force"
    ).map { row in
      guard let kind = AgreementKind(rawValue: try row.text("kind")) else {
        throw DatabaseError.damaged("agreement.kind")
      }
      return Agreement(
        kind: kind, version: try row.text("version"), inForce: try row.time("in_force"),
        evidence: try row.text("evidence"))
    }
  }
}
