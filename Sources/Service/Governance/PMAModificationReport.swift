// SPDX-License-Identifier: Apache-2.0

import DER
import Duties
import Governance
import SEC

/// Documents about proposals to change the Code.
extension PMAReport {
  /// M4-report-content: the Modification Report, made of what was entered about a proposal.
  func modification(_ id: String) throws -> HTML {
    let file = try allProposals.file(of: id)
    let proposal = file.proposal
    let impacts = remarks(.impact, in: file.remarks).map { [$0.name, $0.value, $0.text] }
    let costs = remarks(.cost, in: file.remarks).map { remark in
      [
        remark.name, remark.cost.map { "\($0.days) days" } ?? "",
        remark.cost.map { "£\(Number.grouped($0.pounds))" } ?? "", remark.text,
      ]
    }
    let releases = try allProposals.releases().map { [$0.day.description, $0.cutOff.description] }
    let steps = file.progress.map {
      [
        $0.stage.rawValue, $0.planned?.description ?? "", $0.actual?.description ?? "", $0.body,
        $0.evidence,
      ]
    }
    func views(_ topic: Remark.Topic) -> [[String]] {
      remarks(topic, in: file.remarks).map { [$0.name, $0.value, $0.text] }
    }
    func text(_ title: String, _ name: String) -> HTML {
      let written = file.remarks.first { $0.topic == .section && $0.name == name }?.text
      return "<h2>\(title)</h2>\n<p>\(written ?? "Nothing was entered.")</p>\n"
    }
    let outcome =
      proposal.isApproved.map { $0 ? "approved" : "rejected" } ?? "not decided"
    return """
      <p>\(proposal.title). \(proposal.form), raised \(proposal.raised.description) by \
      \(proposal.person) (\(proposal.proposer.rawValue)); path \(proposal.path.rawValue); \
      \(outcome)\(proposal.release.map { ", release of \($0)" } ?? "").</p>
      \(text("Background", "background"))\(text("Issue", "issue"))\(text("Solution", "solution"))
      <h2>Impacts</h2>
      \(table(["On", "Impact", ""], impacts))
      <h2>Costs</h2>
      \(table(["Of", "Effort", "Amount", ""], costs))
      \(text("Implementation approach", "implementation"))
      \(table(["Release", "If decided by"], releases))
      <h2>Progression timetable</h2>
      \(table(["Step", "Planned", "Taken", "By", "Shown by"], steps))
      \(text("Discussions", "discussions"))
      <h2>Views against the General SEC Objectives</h2>
      \(table(["Objective", "Effect", "Why"], views(.objective)))
      <h2>Views against the consumer areas</h2>
      \(table(["Area", "Effect", "Why"], views(.consumer)))
      <h2>Views of bodies</h2>
      \(table(["Body", "", "View"], views(.view)))
      \(text("Conclusions", "conclusions"))
      <h2>Annex A: observations of the review</h2>
      \(try annexA(proposal))
      <h2>Annex B: changes, document by document</h2>
      \(table(["Document", "", "Change"], views(.change)))
      \(text("Contact", "contact"))
      """
  }

  private func remarks(_ topic: Remark.Topic, in all: [Remark]) -> [Remark] {
    all.filter { $0.topic == topic }
  }

  /// M4-annexes, M4-review-trigger: the observations of the review that the proposal came from.
  private func annexA(_ proposal: Proposal) throws -> HTML {
    guard !proposal.source.isEmpty else { return "<p>It came from no review.</p>" }
    let observations = try matters.file(of: proposal.source).observations.map {
      [
        "\($0.number)", $0.document, $0.sort.rawValue, $0.text, $0.recommendation,
        $0.isOpen ? "open" : "settled",
      ]
    }
    return table(
      ["", "Document", "Class", "Observation", "Recommendation", ""], observations)
  }

  /// L1.18: every proposal, and what the Code Administrator saw in it.
  func proposals(until day: Day) throws -> HTML {
    let rows = try allProposals.all().filter { $0.raised <= day }.map { proposal in
      let file = try allProposals.file(of: proposal.id)
      let due = allProposals.screeningDue(proposal)
      let screened =
        file.screening.map { screening in
          let what = screening.affects ? "affects SMKI" : "does not"
          return "\(what), \(screening.day): \(screening.reason)"
        } ?? (due < day ? "late since \(due)" : "due \(due)")
      return [
        proposal.id, proposal.title, proposal.person, proposal.documents.joined(separator: ", "),
        file.progress.last { $0.actual != nil }?.stage.rawValue ?? "", screened,
      ]
    }
    return table(["Proposal", "Title", "By", "Documents", "Step", "Screening"], rows)
  }

  /// C3-front-2, R2-front: who answered, and what those said who did not object to its publication.
  func consultation(_ id: String) throws -> HTML {
    let file = try allProposals.file(of: id)
    let windows = file.consultations.map {
      [$0.kind.rawValue, $0.opened.description, $0.closes.description]
    }
    let answers = file.responses.map { response in
      let window = file.consultations.first { $0.kind == response.kind }
      let isLate = window.map { response.isLate(for: $0) } ?? false
      return [
        response.kind.rawValue, response.organisation,
        response.day.description + (isLate ? ", late" : ""),
        response.isPublic ? response.text : "not published",
        response.isPublic ? response.disposition : "",
      ]
    }
    return """
      \(table(["On", "From", "Until"], windows))
      \(table(["On", "Organisation", "Day", "Answer", "What was made of it"], answers))
      """
  }
}
