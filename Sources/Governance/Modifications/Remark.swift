// SPDX-License-Identifier: Apache-2.0

package import SEC

/// One thing that a Modification Report says: a section, an impact, a cost, a view, a change.
package struct Remark: Hashable, Sendable {
  /// What it is about.
  package enum Topic: String, Hashable, Sendable, CaseIterable {
    /// M4-report-content: a section that somebody writes.
    case section
    /// M4-impact-parties, M4-impact-systems
    case impact
    /// M4-cost: of a body: working days and pounds, as `2/1200`.
    case cost
    /// M4-objectives
    case objective
    /// M4-consumer-areas
    case consumer
    /// M4-stakeholder-views
    case view
    /// M4-annexes: the changes to a document.
    case change

    /// The rule that asks for it.
    package var clause: Clause {
      switch self {
      case .section: "M4-report-content"
      case .impact: "M4-impact-parties"
      case .cost: "M4-cost"
      case .objective: "M4-objectives"
      case .consumer: "M4-consumer-areas"
      case .view: "M4-stakeholder-views"
      case .change: "M4-annexes"
      }
    }
  }

  package let topic: Topic
  /// Which section, category, body, objective, area or document.
  package let name: String
  /// The value where there are values; empty otherwise.
  package let value: String
  package let text: String

  /// A remark, whole.
  package init(topic: Topic, name: String, value: String = "", text: String = "") {
    self.topic = topic
    self.name = name
    self.value = value
    self.text = text
  }

  /// M4-report-content: sections of a report that somebody writes; the others are made of remarks.
  package static let sections = [
    "background", "issue", "solution", "implementation", "discussions", "conclusions", "contact",
  ]
  /// M4-impact-parties: whom a change may touch.
  package static let parties = [
    "Large Suppliers", "Small Suppliers", "Electricity Network Operators",
    "Gas Network Operators", "Other SEC Parties", "DCC",
  ]
  /// M4-impact-systems: what else it may touch.
  package static let systems = ["DCC Systems", "Consumers", "Other Codes", "Greenhouse gas"]
  /// M4-objectives: the General SEC Objectives that the sources name.
  package static let objectives = ["f", "g"]
  /// M4-consumer-areas: what it may mean to consumers.
  package static let consumerAreas = [
    "safety-and-reliability", "lower-bills", "environment", "quality-of-service", "society",
  ]
  /// M4-stakeholder-views: each says something, or "none".
  package static let bodies = ["CSC", "PMA", "SSC"]

  private static let effects: Set = ["better", "neutral", "worse"]
  private static let reach: Set = ["none", "direct", "indirect"]

  /// Whether it can stand in a report about these documents.
  func fits(_ documents: [String]) -> Bool {
    switch topic {
    case .section: Self.sections.contains(name) && !text.isEmpty && value.isEmpty
    case .impact:
      (Self.parties + Self.systems).contains(name) && Self.reach.contains(value)
    case .cost: !name.isEmpty && cost != nil
    case .objective:
      ["a", "b", "c", "d", "e", "f", "g"].contains(name) && Self.effects.contains(value)
        && !text.isEmpty
    case .consumer:
      Self.consumerAreas.contains(name) && Self.effects.contains(value)
    case .view: !name.isEmpty && !text.isEmpty && value.isEmpty
    case .change:
      documents.contains(name) && (value == "no-change" || (value == "redline" && !text.isEmpty))
    }
  }

  /// M4-cost: working days and pounds.
  package var cost: (days: Int, pounds: Int)? {
    let parts = value.split(separator: "/").map { Int($0) }
    guard topic == .cost, parts.count == 2, let days = parts[0], let pounds = parts[1], days >= 0,
      pounds >= 0
    else { return nil }
    return (days, pounds)
  }

  /// M4-report-content: what a report still lacks, in words.
  static func missing(in remarks: [Remark], about documents: [String]) -> [String] {
    func named(_ topic: Topic, _ names: [String]) -> [String] {
      let there = Set(remarks.filter { $0.topic == topic }.map(\.name))
      return names.filter { !there.contains($0) }.map { "\(topic.rawValue) \($0)" }
    }
    let costs = remarks.contains { $0.topic == .cost } ? [] : ["cost"]
    return named(.section, sections) + named(.impact, parties + systems) + costs
      + named(.objective, objectives) + named(.consumer, consumerAreas) + named(.view, bodies)
      + named(.change, documents)
  }
}
