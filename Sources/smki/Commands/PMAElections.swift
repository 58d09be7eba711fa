// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import FoundationEssentials
import Governance
import Keys
import SEC
import Service

/// Elections of the PMA.
extension Command {
  private static let election = Option.required("--election", "NUMBER", "number of the election")

  static let pmaElect = Command(
    name: "pma elect", summary: "open an election: anybody may now nominate",
    notes: "It makes the election's key. The private half goes to the file and nowhere else: the "
      + "returning officers keep it, and without it no ballot can be read.",
    options: [
      election,
      .required(
        "--constituency", "WHO", "who elects", words: Constituency.allCases.map(\.rawValue)),
      .value("--seats", "COUNT", "how many are elected; 1 by default"),
      .required("--key-out", "FILE", "a new file for the private key"),
    ],
    example: "smki pma elect --election 2031-LS --constituency large-suppliers --seats 2 --key-out "
      + "2031-LS.key"
  ) { invocation in
    let pair = try ClientKey.generate()
    guard case .rsa(let key) = pair.key.publicKey else {
      throw Failure.Message(.failed, "the key is no RSA key")
    }
    let path = try invocation.required("--key-out")
    try pair.write(toNewFile: path)
    do {
      return try invocation.pma(
        .openElection(
          id: invocation.required("--election"),
          constituency: invocation.required("--constituency"),
          seats: invocation.number("--seats") ?? 1, modulus: Data(key.modulus),
          exponent: Data(key.exponent)))
    } catch let refusal as Refusal {
      // No election was opened, so nobody needs its key.
      try? FileManager.default.removeItem(atPath: path)
      throw refusal
    }
  }

  static let pmaNominate = Command(
    name: "pma nominate", summary: "nominate a person; anybody may",
    options: [
      election, personOption,
      .required("--by", "NAME", "who nominates, Party or not"),
    ], example: "smki pma nominate --election 2031-LS --person ada --by 'Carl Citizen'"
  ) { invocation in
    try invocation.pma(
      .nominate(
        election: invocation.required("--election"), person: invocation.required("--person"),
        nominator: invocation.required("--by")))
  }

  static let pmaNominated = Command(
    name: "pma nominated", summary: "end nominations: elected unopposed, or a ballot is opened",
    options: [election], example: "smki pma nominated --election 2031-LS"
  ) { invocation in
    try invocation.pma(.endNominations(election: invocation.required("--election")))
  }

  static let pmaBallot = Command(
    name: "pma ballot", summary: "vote for a Voting Group, in secret",
    notes: "The ballot is sealed here, before it leaves: the node sees that the group has voted, "
      + "and not how. Keep the receipt: it is found in the published list. Each name is one of a "
      + "candidate, and there are no more of them than seats.",
    options: [
      election,
      .required("--party", "ORGANISATION", "who votes"),
      .value("--name", "PERSON", "a candidate; may be repeated up to the number of seats"),
      .flag("--blank", "vote for nobody"),
    ].map { $0.name == "--name" ? $0.repeated : $0 },
    example: "smki pma ballot --election 2031-LS --party north-gas --name ada"
  ) { invocation in
    let id = try invocation.required("--election")
    let opening = try Opening(invocation)
    let room = Elections(records: opening.records)
    let election = try room.election(id)
    let names = invocation.values("--name")
    if !invocation.has("--blank") || !names.isEmpty {
      try Ballot.check(names, in: election, candidates: room.candidates(of: id).map(\.person))
    }
    let sealed = try Ballot.seal(names, in: id, to: Ballot.key(election.publicKey))
    let answer = try Channel(invocation: invocation).perform(
      CastBallot(election: id, party: invocation.required("--party"), sealed: Data(sealed)))
    try invocation.show(answer) { "receipt \(answer.receipt)" }
    return .done
  }

  static let pmaCount = Command(
    name: "pma count", summary: "open, count and publish the ballots with the officers' key",
    options: [
      election, .required("--key", "FILE", "the private key of the election"),
    ], example: "smki pma count --election 2031-LS --key 2031-LS.key"
  ) { invocation in
    let path = try invocation.required("--key")
    let full = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    let answer = try Channel(invocation: invocation).perform(
      CountBallots(election: invocation.required("--election"), keyPath: full))
    try invocation.show(answer) { answer.reasons.joined(separator: "\n") }
    return .done
  }

  static let pmaElections = Command(
    name: "pma elections", summary: "list elections, their candidates and their ballots",
    example: "smki pma elections"
  ) { invocation in
    let room = Elections(records: try Opening(invocation).records)
    let rows = try room.all().map { election in
      ElectionRow(
        election, try room.candidates(of: election.id), try room.ballots(of: election.id))
    }
    try invocation.show(rows) {
      Table(
        headings: ["election", "who elects", "seats", "state", "until", "candidates", "result"],
        rows: rows.map {
          [
            $0.election, $0.constituency, "\($0.seats)", $0.state, $0.until,
            $0.candidates.map(\.shown).joined(separator: ", "), $0.reasons,
          ]
        }
      ).text()
    }
    return .done
  }
}

extension Command.Option {
  /// The same, as often as one likes.
  fileprivate var repeated: Command.Option {
    var option = self
    option.isRepeated = true
    return option
  }
}

private struct ElectionRow: Encodable {
  struct Standing: Encodable {
    let person: String
    let nominatedBy: String
    let votes: Int?
    let isElected: Bool?

    var shown: String {
      person + (votes.map { " \($0)" } ?? "") + (isElected == true ? " elected" : "")
    }
  }

  struct Published: Encodable {
    let receipt: String
    let names: [String]
  }

  let election: String
  let constituency: String
  let seats: Int
  let state: String
  let until: String
  let candidates: [Standing]
  let ballots: [Published]
  let reasons: String

  init(_ election: Election, _ candidates: [Candidate], _ ballots: [PublishedBallot]) {
    self.election = election.id
    constituency = election.constituency.rawValue
    seats = election.seats
    state = election.state.rawValue
    until = (election.ballotCloses ?? election.nominationsClose).description
    self.candidates = candidates.map {
      Standing(
        person: $0.person, nominatedBy: $0.nominatedBy, votes: $0.votes, isElected: $0.isElected)
    }
    self.ballots = ballots.map { Published(receipt: $0.receipt, names: $0.names) }
    reasons = election.reasons
  }
}
