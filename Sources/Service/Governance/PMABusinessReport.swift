// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
import Duties
import Governance
import Records
import SEC

/// Documents about decisions, matters and standards.
extension PMAReport {
  /// L1.15: a decision as it is signed, its signatures, and its place in the audit.
  ///
  /// The root is that of the audit up to the decision's own entry, so that the page stays the same
  /// while the audit grows.
  func decision(_ id: String) throws -> HTML {
    let statement = try votes.statement(of: id)
    let signatures = try votes.signatures(of: id).map {
      [$0.person, $0.serial, $0.moment.rfc3339, Hex.encode($0.octets)]
    }
    let proof: HTML
    if let place = try votes.place(of: id) {
      let leaf = try records.audit.leafHash(place)
      let root = try records.audit.root(size: place + 1)
      proof = """
        <p>Entry \(place) of the audit, leaf <code>\(Hex.encode(leaf))</code>, under the root \
        <code>\(Hex.encode(root))</code> of \(place + 1) entries. smki pma proof leads from there \
        to a signed checkpoint.</p>
        """
    } else {
      proof = ""
    }
    return """
      <pre>\(statement)</pre>
      \(table(["Signed by", "Credential", "At", "Signature"], signatures))
      \(proof)
      """
  }

  private static let findings = ["", "Document", "Class", "Finding", "Recommendation"]

  /// L1.17: a matter whole, for the PMA itself.
  func matter(_ id: String) throws -> HTML {
    let file = try matters.file(of: id)
    let matter = file.matter
    let papers = file.papers.map { paper -> HTML in
      let text: HTML =
        paper.text.isEmpty ? "<p>Kept as its digest.</p>" : "<pre>\(paper.text)</pre>"
      return """
        <h2>\(paper.name), \(paper.day.description)</h2>
        \(text)
        <p>SHA-256 <code>\(paper.digest)</code></p>

        """
    }
    let observations = file.observations.map {
      [
        "\($0.number)", $0.document, $0.sort.rawValue, $0.text, $0.recommendation,
        $0.isOpen ? "open" : "settled",
      ]
    }
    let amendments = file.amendments.map {
      ["\($0.number)", $0.text, $0.made?.description ?? "not yet"]
    }
    let notices = file.notices.map {
      [$0.recipient, $0.form.rawValue, $0.clause.id, $0.day.description]
    }
    return """
      \(facts(of: matter))
      \(section("Observations", Self.findings + [""], observations))
      \(section("Directed amendments", ["", "Amendment", "Made"], amendments))
      \(section("Told", ["Recipient", "Text", "Clause", "Day"], notices))
      \(papers)
      """
  }

  private func facts(of matter: Matter) -> HTML {
    let rows = [
      ["Business", "\(matter.kind.rawValue), \(matter.rule?.clause.id ?? "")"],
      ["About", "\(matter.subject) \(matter.version)"], ["Begun by", matter.cause],
      ["Opened", "\(matter.opened), due \(matter.due)"], ["State", matter.state.rawValue],
      ["Outcome", matter.outcome], ["Vote", matter.vote],
      ["Decided", matter.decided?.description ?? ""], ["Issued", matter.issued?.description ?? ""],
    ].filter { !$0[1].isEmpty }
    return table(["", ""], rows)
  }

  private func section(_ title: String, _ headings: [String], _ rows: [[String]]) -> HTML {
    rows.isEmpty ? "" : "<h2>\(title)</h2>\n\(table(headings, rows))"
  }

  /// L1.17(e)(ii), L2.9(a), L2.12, L2.15(a), L2.15(c): what one recipient is told.
  ///
  /// A redacted copy has the redacted text and nothing else: it names neither subject nor outcome.
  func letter(_ id: String, to recipient: String) throws -> HTML {
    let file = try matters.file(of: id)
    guard let notice = file.notices.first(where: { $0.recipient == recipient }) else {
      throw Refusal.recipientUnknown(id, recipient)
    }
    let head: HTML = """
      <p>Under \(notice.clause.id) of the Smart Energy Code, \(notice.day.description).</p>
      """
    let redacted = file.papers.first { $0.name == MatterRule.redaction }?.text ?? ""
    if notice.form == .redacted { return "\(head)\n<pre>\(redacted)</pre>" }
    let papers = file.papers.filter { $0.name != MatterRule.redaction && !$0.text.isEmpty }.map {
      "<h2>\($0.name)</h2>\n<pre>\($0.text)</pre>\n" as HTML
    }
    let observations = file.observations.map {
      ["\($0.number)", $0.document, $0.sort.rawValue, $0.text, $0.recommendation]
    }
    let amendments = file.amendments.map { ["\($0.number)", $0.text] }
    return """
      \(head)
      <p>\(file.matter.subject) \(file.matter.version): <strong>\(file.matter.outcome)</strong>\
      \(file.matter.vote.isEmpty ? "" : ", by vote \(file.matter.vote)").</p>
      \(section("Observations", Self.findings, observations))
      \(section("Directed amendments", ["", "Amendment"], amendments))
      \(papers)
      """
  }

  /// L1.21, L1.23, L1.24: what is good enough on a day, and the appeals.
  func standards(on day: Day) throws -> HTML {
    let all = try allStandards.all()
    let names = Set(all.map(\.name)).sorted()
    let rows = names.flatMap { name in
      Standard.statuses(of: all.filter { $0.name == name }, on: day).map { standard, status in
        [
          standard.name, standard.version, standard.issuer, standard.obligation, status.rawValue,
          standard.applies.map { "\($0), vote \(standard.vote)" } ?? "",
          standard.published?.description ?? "",
        ]
      }
    }
    let appeals = try allStandards.appeals().filter { $0.lodged <= day }.map {
      [
        "\($0.name) \($0.version)", $0.appellant, $0.grounds, $0.lodged.description,
        $0.outcome == .open ? "open" : $0.outcome.rawValue, $0.evidence,
      ]
    }
    let headings = [
      "Standard", "Version", "Issuer", "Asked for by", "Status", "Alone from", "Published",
    ]
    return """
      <p>On \(day.description).</p>
      \(table(headings, rows))
      \(section("Appeals", ["Standard", "By", "Grounds", "Lodged", "Outcome", "Shown by"], appeals))
      """
  }

  /// The year that ends with a day: what was held, decided and dealt with.
  func year(until day: Day) throws -> HTML {
    let first = day.adding(months: -12)
    func isIn(_ other: Day?) -> Bool { other.map { first < $0 && $0 <= day } ?? false }
    let held = try meetings.all().filter { $0.opened != nil && isIn(Day($0.held)) }
    let closed = try votes.all().filter {
      $0.outcome != .withdrawn && isIn($0.closed.map { Day($0) })
    }
    let dealt = try matters.all().filter { isIn($0.opened) || isIn($0.decided) || isIn($0.issued) }
    let owed = try duties.instances(on: day).filter {
      isIn($0.due) && Self.own.contains($0.duty.owes)
    }
    let left = try membership.tenures().filter { isIn($0.began) || isIn($0.ended) || isIn($0.ends) }
    let people = try membership.people()
    return """
      <p>From \(first.description) to \(day.description): \(held.count) meetings, \(closed.count) \
      decisions, \(dealt.count) matters; of \(owed.count) duties that fell due \
      \(owed.filter { $0.state(on: day) == .late }.count) are late.</p>
      <h2>Meetings</h2>
      \(table(["Meeting", "Held", "Place"], held.map { [$0.id, $0.held.rfc3339, $0.place] }))
      <h2>Decisions</h2>
      \(table(["Vote", "Clause", "Motion", "Outcome"], closed.map {
        [$0.id, $0.kind.clause.id, $0.motion, $0.outcome.rawValue]
      }))
      <h2>Matters</h2>
      \(table(["Matter", "Business", "About", "State", "Outcome"], dealt.map {
        [$0.id, $0.kind.rawValue, $0.subject, $0.state.rawValue, $0.outcome]
      }))
      <h2>Seats</h2>
      \(table(["Seat", "Person", "From", "Until", "Left"], left.map {
        [
          $0.seat.rawValue, people[$0.person]?.name ?? $0.person, $0.began.description,
          $0.ends?.description ?? "", $0.ended?.description ?? "",
        ]
      }))
      """
  }
}
