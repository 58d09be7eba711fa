// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Foundation
import Governance
import SEC
import Service
import Testing

/// The business of the PMA by operations that reach a node as JSON.
extension PMADoor {
  static let voters = ["security", "technical", "small"]

  /// A refusal as `refusal` tells it.
  static func told(_ refusal: Refusal) -> String { "\(refusal.code) \(refusal.clause)" }

  @discardableResult
  func business(_ act: PMABusiness.Act) throws -> Done { try perform(PMABusiness(act)) }

  @discardableResult
  func modify(_ act: PMAModification.Act) throws -> Done { try perform(PMAModification(act)) }

  /// The code and clause of the refusal that an act meets; empty when it is done.
  func refusal(_ act: PMABusiness.Act) -> String { refusal { try business(act) } }

  func refusal(_ act: PMAModification.Act) -> String { refusal { try modify(act) } }

  func begin(_ matter: String, _ kind: String, _ subject: String, version: String = "") throws {
    try business(
      .begin(matter: matter, kind: kind, subject: subject, version: version, cause: "letter 1"))
  }

  func file(_ papers: [String], to matter: String) throws {
    for name in papers {
      try business(.paper(matter: matter, name: name, octets: Data("The \(name).".utf8)))
    }
  }

  func motion(
    _ id: String, _ kind: String, about subject: String = "", _ terms: [String: String]
  ) -> PMAAct.Act {
    .openVote(
      vote: id, meeting: "m", item: 1, kind: kind, motion: "That it be so", subject: subject,
      terms: terms)
  }

  /// Puts a motion to the meeting `m`, whose voters all say the same.
  @discardableResult
  func decide(
    _ id: String, _ kind: String, about subject: String = "", _ terms: [String: String],
    _ choice: String = "for"
  ) throws -> String {
    try act(motion(id, kind, about: subject, terms))
    for voter in Self.voters { try act(.cast(vote: id, person: voter, choice: choice)) }
    return try act(.closeVote(vote: id)).outcome
  }

  /// Decides a matter by a vote, and carries it out.
  func settle(_ matter: String, _ kind: String, _ outcome: String) throws {
    let vote = "v-\(matter)"
    try #require(
      try decide(vote, kind, ["matter": matter, "outcome": outcome]) == "carried")
    try perform(CarryOut(vote: vote, kind: kind))
  }

  /// The four Members in a meeting that is open.
  func inMeeting() throws {
    try four()
    try meet("m", items: [PMAAct.Item(title: "Business")], present: ["chair"] + Self.voters)
  }

  func told(_ matter: String) throws -> [String] {
    try estate.node.matters.file(of: matter).notices.map {
      "\($0.recipient) \($0.form.rawValue)"
    }
  }
}
