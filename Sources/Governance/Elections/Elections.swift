// SPDX-License-Identifier: Apache-2.0

import Audit
package import DER
package import Duties
package import Keys
package import Records
package import SEC

/// The elections of the PMA: nomination, ballot where there is one, count.
package struct Elections: Sendable {
  private let records: Records
  private let rules: ProceedingRules
  private let calendar: WorkingDays

  /// The elections that these records hold.
  package init(
    records: Records, rules: ProceedingRules = ProceedingRules(),
    calendar: WorkingDays = WorkingDays()
  ) {
    self.records = records
    self.rules = rules
    self.calendar = calendar
  }

  /// L1.7, L1.9: opens an election for seats of a constituency; anybody may now nominate.
  ///
  /// R2-51: it may be opened before the constitution of its seats begins.
  package func open(
    _ id: String, of constituency: Constituency, seats: Int, from day: Day, key: RSAPublicKey,
    at moment: Time, by actor: Actor
  ) throws {
    try Refusal.check(identifier: id, of: "election")
    let constitution = Constitution.at(day.begins)
    let own = constitution.seats.filter { $0.filling == .election(constituency) }
    guard !own.isEmpty, (1...own.count).contains(seats) else {
      throw Refusal.noSuchElection(constituency, seats, constitution)
    }
    // R2-50-d, R2-51: what is owed for the first election alone; later terms are not staggered.
    let isFirst =
      try constitution.edition != .current
      && !all().contains { $0.constituency == constituency }
    let entry = Entry(
      actor, isFirst ? "pma-first-election-opened" : "pma-election-opened", clause: own[0].clause,
      at: moment,
      facts: [
        "subject": id, "sort": constituency.rawValue, "seats": String(seats),
        "key": Hex.encode(Digest.sha256(key.modulus)),
      ])
    try records.write(entry) { transaction in
      guard try GovernanceRecords.election(id, in: transaction) == nil else {
        throw Refusal.electionExists(id)
      }
      let close = calendar.adding(rules.nominationWorkingDays, to: Day(moment))
      try GovernanceRecords.keep(
        Election(
          id: id, constituency: constituency, seats: seats, opened: moment,
          nominationsClose: close, ballotCloses: nil, publicKey: key.modulus + key.exponent,
          closed: nil, reasons: ""), in: transaction)
    }
  }

  /// L1.7(b): anybody, whether or not a Party, nominates a natural person (R2-42).
  package func nominate(
    _ person: String, in id: String, by nominator: String, at moment: Time, by actor: Actor
  ) throws {
    let entry = Entry(
      actor, "pma-nominated", clause: "L1.7(b)", at: moment,
      facts: ["subject": id, "person": person, "nominator": nominator])
    try records.write(entry) { transaction in
      let election = try known(id, in: transaction)
      guard election.state == .nominating, Day(moment) <= election.nominationsClose else {
        throw Refusal.nominationLate(election)
      }
      guard let candidate = try GovernanceRecords.people(in: transaction)[person] else {
        throw Refusal.personUnknown(person)
      }
      guard candidate.kind == .natural else { throw Refusal.notNatural(candidate) }
      let standing = try GovernanceRecords.candidates(of: id, in: transaction)
      guard !standing.contains(where: { $0.person == person }) else {
        throw Refusal.nominatedTwice(person)
      }
      try GovernanceRecords.keep(
        Candidate(person: person, nominatedBy: nominator, votes: nil, isElected: nil), of: id,
        in: transaction)
    }
  }

  /// L1.7(c), L1.9(b): ends nominations: those who stand are elected unopposed, or a ballot is
  /// opened (R2-42).
  package func endNominations(of id: String, at moment: Time, by actor: Actor) throws {
    let day = Day(moment)
    let known = try election(id)
    guard known.state == .nominating, day > known.nominationsClose else {
      throw Refusal.electionStage(known, "nominations over, on a later day than their last")
    }
    // Nobody is nominated any more, so the name of the entry can say what comes of it.
    let isContested = try candidates(of: id).count > known.seats
    let entry = Entry(
      actor, isContested ? "pma-nominations-ended" : "pma-election-closed",
      clause: known.constituency.process, at: moment,
      facts: ["subject": id, "sort": known.constituency.rawValue])
    try records.write(entry) { transaction in
      let election = try self.known(id, in: transaction)
      guard election.state == .nominating else {
        throw Refusal.electionStage(election, "nominations over, on a later day than their last")
      }
      let candidates = try GovernanceRecords.candidates(of: id, in: transaction)
      if isContested {
        try GovernanceRecords.keep(
          election.balloting(until: calendar.adding(rules.ballotWorkingDays, to: day)),
          in: transaction)
      } else {
        let result = ElectionResult.unopposed(candidates.map(\.person), seats: election.seats)
        try GovernanceRecords.keep(result, of: election, candidates, at: moment, in: transaction)
      }
    }
  }

  /// L1.7(c), L1.9(b): takes the ballot of a Voting Group, sealed; the entry says only that the
  /// group has voted.
  ///
  /// - Returns: the receipt, which is found in the published list.
  package func cast(
    _ sealed: [UInt8], of party: String, in id: String, at moment: Time, by actor: Actor
  ) throws -> String {
    let receipt = Ballot.receipt(of: sealed)
    let entry = Entry(
      actor, "pma-group-voted", clause: try election(id).constituency.process, at: moment,
      facts: ["subject": id, "party": party])
    try records.write(entry) { transaction in
      let election = try known(id, in: transaction)
      guard election.state == .balloting, let last = election.ballotCloses, Day(moment) <= last
      else { throw Refusal.ballotClosed(election) }
      guard let voter = try GovernanceRecords.organisations(in: transaction)[party] else {
        throw Refusal.organisationUnknown(party)
      }
      guard election.constituency.categories.contains(voter.category) else {
        throw Refusal.notOfConstituency(voter, election.constituency)
      }
      guard sealed.count == RSAPublicKey.modulusOctets else {
        throw Refusal.ballotForm("\(sealed.count) octets")
      }
      guard try !GovernanceRecords.hasVoted(voter.votingGroup, in: id, transaction) else {
        throw Refusal.groupHasVoted(voter, in: election.constituency)
      }
      try transaction.keep(
        GovernanceRecords.voted, [.text(id), .text(voter.votingGroup), .text(party)])
      try transaction.execute(
        """
        INSERT INTO pma_ballot_box (receipt, election, sealed)
        VALUES (\(receipt), \(id), \(sealed))
        """)
    }
    return receipt
  }

  /// L1.7(c), L1.9(b): opens the ballots with the officers' key, counts and publishes them.
  package func count(
    _ id: String, with key: SoftwareKey, at moment: Time, by actor: Actor
  ) throws -> ElectionResult {
    let constituency = try election(id).constituency
    let entry = Entry(
      actor, "pma-election-closed", clause: constituency.process, at: moment,
      facts: ["subject": id, "sort": constituency.rawValue])
    return try records.write(entry) { transaction in
      let election = try known(id, in: transaction)
      guard election.state == .balloting, let last = election.ballotCloses, Day(moment) > last
      else { throw Refusal.electionStage(election, "a ballot whose last day is over") }
      try Self.check(key, opens: election)
      let ballots = try GovernanceRecords.box(of: id, in: transaction).map { sealed in
        PublishedBallot(
          receipt: Ballot.receipt(of: sealed), names: Ballot.open(sealed, in: id, with: key))
      }.sorted { $0.receipt < $1.receipt }
      let voted = try GovernanceRecords.votedCount(in: id, transaction)
      guard ballots.count == voted else {
        throw Refusal.boxTampered(constituency, ballots: ballots.count, voted: voted)
      }
      let candidates = try GovernanceRecords.candidates(of: id, in: transaction)
      let names = candidates.map(\.person)
      for ballot in ballots {
        try transaction.keep(
          GovernanceRecords.published,
          [.text(id), .text(ballot.receipt), .text(ballot.names.joined(separator: ","))])
      }
      try transaction.execute("DELETE FROM pma_ballot_box WHERE election = \(id)")
      let result = ElectionResult.count(ballots, for: names, seats: election.seats)
      try GovernanceRecords.keep(result, of: election, candidates, at: moment, in: transaction)
      return result
    }
  }

  /// L1.7(c), L1.9(b): that this is the private key of the election, and not that of another.
  ///
  /// - Throws: `election-key`.
  private static func check(_ key: SoftwareKey, opens election: Election) throws(Refusal) {
    guard case .rsa(let own) = key.publicKey else {
      throw .electionKey(election, found: "a key that is no RSA key")
    }
    guard own.modulus + own.exponent == election.publicKey else {
      throw .electionKey(
        election, found: "the private key of \(Hex.encode(Digest.sha256(own.modulus)))")
    }
  }

  private func known(_ id: String, in reading: some Querying) throws -> Election {
    guard let election = try GovernanceRecords.election(id, in: reading) else {
      throw Refusal.electionUnknown(id)
    }
    return election
  }

  /// The election of a number.
  package func election(_ id: String) throws -> Election {
    try records.read { try known(id, in: $0) }
  }

  /// Every election, oldest first.
  package func all() throws -> [Election] {
    try records.read { try GovernanceRecords.elections(in: $0) }
  }

  /// Who stands, by name.
  package func candidates(of id: String) throws -> [Candidate] {
    try records.read { try GovernanceRecords.candidates(of: id, in: $0) }
  }

  /// The published ballots, by receipt.
  package func ballots(of id: String) throws -> [PublishedBallot] {
    try records.read { try GovernanceRecords.ballots(of: id, in: $0) }
  }
}

extension Election {
  fileprivate func balloting(until day: Day) -> Election {
    Election(
      id: id, constituency: constituency, seats: seats, opened: opened,
      nominationsClose: nominationsClose, ballotCloses: day, publicKey: publicKey, closed: nil,
      reasons: "")
  }
}
