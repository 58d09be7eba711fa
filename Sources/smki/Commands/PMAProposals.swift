// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Governance
import SEC
import Service

/// L1.18, L1.19: proposals to change the Code, as far as they concern the PMA.
extension Command {
  private static let proposal = Option.required("--proposal", "NUMBER", "number of the proposal")
  private static let stages = ProposalStage.allCases.map(\.rawValue)

  static let pmaProposals = Command(
    name: "pma proposals", summary: "list proposals with their step, screening and release",
    options: [
      .flag("--unscreened", "only those that the Code Administrator has not looked at in time"),
      .value("--on", "DAY", "as of a day, YYYY-MM-DD; today by default"),
    ], example: "smki pma proposals --unscreened"
  ) { invocation in
    let opening = try Opening(invocation)
    let room = Proposals(
      records: opening.records, rules: opening.configuration.proceedings,
      calendar: opening.configuration.workingDays)
    let chosen =
      try invocation.has("--unscreened")
      ? room.unscreened(on: invocation.day("--on")) : room.all()
    let rows = try chosen.map { try ProposalRow($0, room) }
    try invocation.show(rows) {
      Table(
        headings: ["proposal", "title", "by", "documents", "step", "affects SMKI", "release"],
        rows: rows.map {
          [
            $0.proposal, $0.title, $0.proposer, $0.documents.joined(separator: ", "), $0.stage,
            $0.affects.map { $0 ? "yes" : "no" } ?? "by \($0.screeningDue)", $0.release ?? "-",
          ]
        }
      ).text()
    }
    return .done
  }

  static let pmaPropose = Command(
    name: "pma propose",
    summary: "enter a proposal: a Party's, or a Member's alone after the PMA voted not to",
    notes: "The PMA's own proposals come of a vote of kind propose-modification, carried out.",
    options: [
      .value("--vote", "NUMBER", "the lost vote, for a Member alone"),
      .value("--person", "PERSON", "the Member"),
      .value("--proposal", "NUMBER", "number of a Party's proposal"),
      .value("--title", "TEXT", "its title"),
      .value("--party", "NAME", "who proposes it"),
      .value("--documents", "TITLES", "what it changes, separated by commas"),
      dayOption,
    ],
    example: "smki pma propose --vote 2031-04-2 --person ada"
  ) { invocation in
    if let vote = invocation.value("--vote") {
      return try invocation.perform(
        PMAModification(.alone(vote: vote, person: invocation.required("--person"))))
    }
    let documents = try invocation.required("--documents").split(separator: ",").map {
      String($0.drop { $0 == " " })
    }
    return try invocation.perform(
      PMAModification(
        .register(
          proposal: invocation.required("--proposal"), title: invocation.required("--title"),
          party: invocation.required("--party"), documents: documents,
          day: invocation.value("--day"))))
  }

  static let pmaScreen = Command(
    name: "pma screen", summary: "enter whether a proposal touches what the PMA answers for",
    options: [
      proposal, .required("--affects", "WORD", "whether it does", words: ["yes", "no"]),
      .required("--reason", "TEXT", "why"),
    ], example: "smki pma screen --proposal MP200 --affects no --reason 'billing only'"
  ) { invocation in
    try invocation.perform(
      PMAModification(
        .screen(
          proposal: invocation.required("--proposal"),
          affects: invocation.required("--affects") == "yes",
          reason: invocation.required("--reason"))))
  }

  static let pmaRelease = Command(
    name: "pma release", summary: "enter a release of the Code, and the last day to decide for it",
    options: [
      .required("--day", "DAY", "when it takes effect, YYYY-MM-DD"),
      .value("--cut-off", "DAY", "by default so many days before as the rules say"),
    ], example: "smki pma release --day 2022-02-24"
  ) { invocation in
    try invocation.perform(
      PMAModification(
        .release(day: invocation.required("--day"), cutOff: invocation.value("--cut-off"))))
  }

  static let pmaPlan = Command(
    name: "pma plan", summary: "plan a step of a proposal, or choose by whom it is decided",
    options: [
      proposal,
      .value("--stage", "STEP", "which step", words: stages),
      .value("--day", "DAY", "when, YYYY-MM-DD"),
      .value(
        "--path", "PATH", "by whom it is decided",
        words: Proposal.Path.allCases.map(\.rawValue)),
    ], example: "smki pma plan --proposal MP173 --stage decided --day 2022-01-20"
  ) { invocation in
    let proposal = try invocation.required("--proposal")
    if let path = invocation.value("--path") {
      return try invocation.perform(PMAModification(.path(proposal: proposal, path: path)))
    }
    return try invocation.perform(
      PMAModification(
        .plan(
          proposal: proposal, stage: invocation.required("--stage"),
          day: invocation.required("--day"))))
  }

  static let pmaAdvance = Command(
    name: "pma advance", summary: "enter that a proposal has taken its next step",
    notes: "The Change Sub-Committee comments, converts, and approves the report; the Change Board "
      + "or the Authority decides. The day of the decision picks the release.",
    options: [
      proposal, dayOption, evidenceOption,
      .required("--stage", "STEP", "which step", words: stages),
      .value("--body", "NAME", "who took it"),
      .value("--decision", "WORD", "what was decided", words: ["approved", "rejected"]),
    ],
    example: "smki pma advance --proposal MP173 --stage decided --body 'Change Board' --decision "
      + "approved --evidence 'vote of 20 January'"
  ) { invocation in
    try invocation.perform(
      PMAModification(
        .advance(
          proposal: invocation.required("--proposal"), stage: invocation.required("--stage"),
          body: invocation.value("--body") ?? "", evidence: invocation.required("--evidence"),
          isApproved: invocation.value("--decision").map { $0 == "approved" },
          day: invocation.value("--day"))))
  }

  static let pmaRemark = Command(
    name: "pma remark", summary: "enter what the Modification Report says of something",
    notes: """
      section: \(Remark.sections.joined(separator: ", ")), with a text. \
      impact: \((Remark.parties + Remark.systems).joined(separator: ", ")), \
      each none, direct or indirect. cost: of a body, as DAYS/POUNDS. objective: a to g, \
      better, neutral or worse, with a text. \
      consumer: \(Remark.consumerAreas.joined(separator: ", ")), the same. \
      view: of CSC, PMA, SSC or another body, with a text or 'none'. \
      change: of a document, redline or no-change.
      """,
    options: [
      proposal,
      .required("--topic", "TOPIC", "of what kind", words: Remark.Topic.allCases.map(\.rawValue)),
      .required("--name", "NAME", "about what"),
      .value("--value", "VALUE", "the value"),
      .value("--text", "TEXT", "the text"),
    ],
    example: "smki pma remark --proposal MP173 --topic objective --name f --value better --text "
      + "'The procedure is clear.'"
  ) { invocation in
    try invocation.perform(
      PMAModification(
        .remark(
          proposal: invocation.required("--proposal"), topic: invocation.required("--topic"),
          name: invocation.required("--name"), value: invocation.value("--value") ?? "",
          text: invocation.value("--text") ?? "")))
  }

  static let pmaConsult = Command(
    name: "pma consult", summary: "open a consultation on a proposal, or enter an answer to it",
    notes: "An answer has the organisation's name and no person's (R2-front). It is published "
      + "unless --objection says why not (C3-front-2). Entered again with --disposition it says "
      + "what was made of it.",
    options: [
      proposal,
      .required("--on", "WHAT", "on what", words: Consultation.Kind.allCases.map(\.rawValue)),
      .value("--until", "DAY", "last day for answers, YYYY-MM-DD; opens it"),
      .value("--organisation", "NAME", "who answered"),
      .value("--text", "TEXT", "the answer"),
      .value("--objection", "TEXT", "why it is not to be published"),
      .value("--disposition", "TEXT", "what was made of it"),
      dayOption,
    ], example: "smki pma consult --proposal MP173 --on legal-text --until 2021-11-12"
  ) { invocation in
    let proposal = try invocation.required("--proposal")
    let kind = try invocation.required("--on")
    if let until = invocation.value("--until") {
      return try invocation.perform(
        PMAModification(
          .consult(proposal: proposal, kind: kind, from: invocation.value("--day"), until: until)))
    }
    return try invocation.perform(
      PMAModification(
        .respond(
          proposal: proposal, kind: kind, organisation: invocation.required("--organisation"),
          text: invocation.required("--text"), objection: invocation.value("--objection") ?? "",
          disposition: invocation.value("--disposition") ?? "", day: invocation.value("--day"))))
  }
}

private struct ProposalRow: Encodable {
  let proposal: String
  let form: String
  let title: String
  let proposer: String
  let person: String
  let documents: [String]
  let path: String
  let vote: String
  let stage: String
  let affects: Bool?
  let screeningDue: String
  let isApproved: Bool?
  let release: String?

  init(_ proposal: Proposal, _ room: Proposals) throws {
    let file = try room.file(of: proposal.id)
    self.proposal = proposal.id
    form = proposal.form
    title = proposal.title
    proposer = proposal.proposer.rawValue
    person = proposal.person
    documents = proposal.documents
    path = proposal.path.rawValue
    vote = proposal.vote
    stage = file.progress.last { $0.actual != nil }?.stage.rawValue ?? ""
    affects = file.screening?.affects
    screeningDue = room.screeningDue(proposal).description
    isApproved = proposal.isApproved
    release = proposal.release?.description
  }
}
