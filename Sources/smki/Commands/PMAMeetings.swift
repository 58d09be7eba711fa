// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Governance
import Service

/// Meetings and votes of the PMA.
extension Command {
  private static let meeting = Option.required("--meeting", "NUMBER", "number of the meeting")
  private static let item = Option.required("--item", "NUMBER", "number of the item")
  private static let vote = Option.required("--vote", "NUMBER", "number of the vote")

  static let pmaConvene = Command(
    name: "pma convene", summary: "give notice of a meeting with its agenda",
    notes: "An item may name what it is about behind a bar: 'Suspension | north-gas'. A third part "
      + "'confidential' keeps all of it out of the public minutes.",
    options: [
      meeting,
      .required("--held", "TIME", "when, RFC 3339 in UTC"),
      .required("--place", "TEXT", "where"),
      .required("--item", "TEXT", "an item of the agenda; may be repeated", isRepeated: true),
      .value("--short-notice", "TEXT", "why the notice is shorter than the rules ask for"),
    ],
    example: "smki pma convene --meeting 2031-04 --held 2031-04-22T10:00:00Z --place London --item "
      + "'Device CPS 3.1'"
  ) { invocation in
    let items = invocation.values("--item").map { text in
      let parts = text.split(separator: "|", omittingEmptySubsequences: false).map {
        $0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
      }.map { String($0) }
      return PMAAct.Item(
        title: parts[0], subject: parts.count > 1 ? parts[1] : "",
        isConfidential: parts.count > 2 && parts[2] == "confidential")
    }
    return try invocation.pma(
      .convene(
        meeting: invocation.required("--meeting"), held: invocation.required("--held"),
        place: invocation.required("--place"), items: items,
        shortNotice: invocation.value("--short-notice") ?? ""))
  }

  static let pmaInvite = Command(
    name: "pma invite", summary: "invite somebody who is no Member, at the Chair's wish",
    options: [
      meeting,
      .required("--name", "NAME", "who"),
      .required(
        "--capacity", "WHAT", "as what", words: Invitee.Capacity.allCases.map(\.rawValue)),
      .required("--chair", "PERSON", "the Chair, or who acts for the Chair"),
    ],
    example:
      "smki pma invite --meeting 2031-04 --name 'Lee Legal' --capacity legal-adviser --chair "
      + "ada"
  ) { invocation in
    try invocation.pma(
      .invite(
        meeting: invocation.required("--meeting"), name: invocation.required("--name"),
        capacity: invocation.required("--capacity"), chair: invocation.required("--chair")))
  }

  static let pmaOpen = Command(
    name: "pma open", summary: "open a meeting", options: [meeting],
    example: "smki pma open --meeting 2031-04"
  ) { invocation in
    try invocation.pma(.open(meeting: invocation.required("--meeting")))
  }

  static let pmaArrive = Command(
    name: "pma arrive", summary: "enter that somebody comes to a meeting, now",
    options: [meeting, personOption], example: "smki pma arrive --meeting 2031-04 --person ada"
  ) { invocation in
    try invocation.pma(
      .arrive(
        meeting: invocation.required("--meeting"), person: invocation.required("--person")))
  }

  static let pmaGo = Command(
    name: "pma go", summary: "enter that somebody leaves a meeting, now",
    options: [meeting, personOption], example: "smki pma go --meeting 2031-04 --person ada"
  ) { invocation in
    try invocation.pma(
      .go(meeting: invocation.required("--meeting"), person: invocation.required("--person")))
  }

  static let pmaConflict = Command(
    name: "pma conflict", summary: "enter that a Member stands aside from an item",
    notes:
      "Whoever works for what the item is about, or for an Affiliate, stands aside without it.",
    options: [
      meeting, item, personOption, .required("--reason", "TEXT", "why"),
    ],
    example: "smki pma conflict --meeting 2031-04 --item 2 --person ada --reason 'holds shares'"
  ) { invocation in
    try invocation.pma(
      .conflict(
        meeting: invocation.required("--meeting"), item: invocation.number("--item") ?? 0,
        person: invocation.required("--person"), reason: invocation.required("--reason")))
  }

  static let pmaMinute = Command(
    name: "pma minute", summary: "write the minute of an item",
    options: [
      meeting, item,
      .value("--public", "TEXT", "what everybody may read"),
      .value("--confidential", "TEXT", "what only the PMA may read"),
    ], example: "smki pma minute --meeting 2031-04 --item 1 --public 'The draft was approved.'"
  ) { invocation in
    try invocation.pma(
      .minute(
        meeting: invocation.required("--meeting"), item: invocation.number("--item") ?? 0,
        text: invocation.value("--public") ?? "",
        confidential: invocation.value("--confidential") ?? ""))
  }

  static let pmaClose = Command(
    name: "pma close", summary: "close a meeting", options: [meeting],
    example: "smki pma close --meeting 2031-04"
  ) { invocation in
    try invocation.pma(.close(meeting: invocation.required("--meeting")))
  }

  static let pmaPublish = Command(
    name: "pma publish", summary: "publish the minutes; afterwards they stay as they are",
    options: [meeting], example: "smki pma publish --meeting 2031-04"
  ) { invocation in
    try invocation.pma(.publish(meeting: invocation.required("--meeting")))
  }

  static let pmaVote = Command(
    name: "pma vote", summary: "put a motion to the vote, in a meeting or in writing",
    notes: "What a motion sets in motion stands in its terms: "
      + DecisionKind.allCases.filter { !$0.terms.isEmpty }.map {
        "\($0.rawValue): \($0.terms.joined(separator: ", "))"
      }.joined(separator: "; ") + ".",
    options: [
      vote,
      .value("--meeting", "NUMBER", "the meeting; without it all who hold a seat may sign"),
      .value("--item", "NUMBER", "the item of its agenda; 1 by default"),
      .required(
        "--kind", "KIND", "what is decided", words: DecisionKind.allCases.map(\.rawValue)),
      .required("--motion", "TEXT", "the motion"),
      .value(
        "--subject", "TEXT", "whom or what it is about; to suspend or to delay, the party"),
      Option(
        name: "--term", value: "NAME=VALUE",
        summary: "what is to be done, as the kind asks for it; may be repeated",
        isRepeated: true),
    ],
    example: "smki pma vote --vote 2031-04-1 --meeting 2031-04 --kind approve-cps --motion 'That "
      + "it be approved' --subject 'Device CPS' --term matter=cps-7 --term outcome=approved"
  ) { invocation in
    try invocation.pma(
      .openVote(
        vote: invocation.required("--vote"), meeting: invocation.value("--meeting"),
        item: invocation.number("--item") ?? 1, kind: invocation.required("--kind"),
        motion: invocation.required("--motion"), subject: invocation.value("--subject") ?? "",
        terms: invocation.terms()))
  }

  static let pmaCast = Command(
    name: "pma cast", summary: "enter how somebody votes",
    options: [
      vote, personOption,
      .required("--choice", "CHOICE", "how", words: Choice.allCases.map(\.rawValue)),
    ], example: "smki pma cast --vote 2031-04-1 --person ada --choice for"
  ) { invocation in
    try invocation.pma(
      .cast(
        vote: invocation.required("--vote"), person: invocation.required("--person"),
        choice: invocation.required("--choice")))
  }

  static let pmaDecide = Command(
    name: "pma decide", summary: "close a vote and compute its result",
    notes: "Who has not voted by then is silent. With as many for as against, and the Chair there, "
      + "--casting says what the Chair does: such a vote is not closed without it.",
    options: [
      vote,
      .value(
        "--casting", "CHOICE", "the Chair's casting vote",
        words: CastingVote.allCases.map(\.rawValue)),
    ], example: "smki pma decide --vote 2031-04-1"
  ) { invocation in
    try invocation.pma(
      .closeVote(
        vote: invocation.required("--vote"), casting: invocation.value("--casting")))
  }

  static let pmaWithdraw = Command(
    name: "pma withdraw", summary: "take a motion back before it is decided", options: [vote],
    example: "smki pma withdraw --vote 2031-04-1"
  ) { invocation in
    try invocation.pma(.withdraw(vote: invocation.required("--vote")))
  }

  static let pmaCarryOut = Command(
    name: "pma carry-out", summary: "do what a carried vote decided, once",
    notes: "Decision and deed are one transaction: a party is suspended, certificates are revoked, "
      + "a document is lodged, a matter is decided.",
    options: [
      vote,
      .required(
        "--kind", "KIND", "what is carried out",
        words: DecisionKind.allCases.map(\.rawValue)),
      .value("--file", "FILE", "the document that is lodged"),
    ], example: "smki pma carry-out --vote 2031-04-1 --kind suspend"
  ) { invocation in
    let document = try invocation.value("--file").map {
      Data(try Files.read($0, octetsMax: 8 << 20))
    }
    return try invocation.perform(
      CarryOut(
        vote: invocation.required("--vote"), kind: invocation.required("--kind"),
        document: document))
  }
}

extension Invocation {
  /// The terms of a motion, each named once.
  fileprivate func terms() throws -> [String: String] {
    var terms: [String: String] = [:]
    for text in values("--term") {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, terms.updateValue(String(parts[1]), forKey: String(parts[0])) == nil
      else { throw UsageError("--term is NAME=VALUE, each name once, not \(text)", command) }
    }
    return terms
  }
}
