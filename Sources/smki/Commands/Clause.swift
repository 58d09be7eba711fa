// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SEC

extension Command {
  static let clause = Command(
    name: "clause", summary: "show a rule: what it says, its state, and where it is kept",
    operands: [Operand(name: "ID", summary: "a row of the register, or the stem of several")],
    example: "smki clause L3.16"
  ) { invocation in
    let id = invocation.operands[0]
    let rows = try ClauseRegister.read().rows(id)
    guard !rows.isEmpty else {
      throw Failure.Message(.faults, "the register has no row \(id), nor rows under it")
    }
    try invocation.show(rows) {
      rows.map {
        Table.pairs([
          ("clause", $0.id), ("source", $0.source), ("who", $0.actor), ("gist", $0.gist),
          ("kind", $0.kind), ("behaviour", $0.behaviour), ("state", $0.state),
          ("kept in", $0.files.isEmpty ? "-" : $0.files.joined(separator: "\n")),
        ])
      }.joined(separator: "\n\n")
    }
    return .done
  }
}

/// The register of rules as it comes with the program.
///
/// Read when it is asked for: in the program itself it would be a fifth of its size and cost a
/// minute of each build.
struct ClauseRegister {
  /// A rule.
  struct Row: Encodable {
    let id: String
    let source: String
    let actor: String
    let gist: String
    let kind: String
    let behaviour: String
    let state: String
    /// Where the sources cite it.
    let files: [String]
  }

  private let table: [[String]]
  private let places: [String: [String]]

  /// Reads the register beside the program, as it is installed or in the tree that it was built
  /// in.
  static func read() throws -> ClauseRegister {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    var folder = URL(filePath: own ?? "/")
    var folders = [URL(filePath: FileManager.default.currentDirectoryPath)]
    while folder.path != "/" {
      folder = folder.deletingLastPathComponent()
      folders.append(folder)
    }
    for folder in folders {
      for (rules, trace) in [
        ("share/smki/clauses.tsv", "share/smki/traceability.md"),
        ("Rules/clauses.tsv", "docs/traceability.md"),
      ] {
        if let text = text(folder.appending(path: rules)) {
          return ClauseRegister(text, trace: self.text(folder.appending(path: trace)) ?? "")
        }
      }
    }
    throw Failure.Message(
      .failed, "the register of rules is not beside the program",
      remedy: "make install puts it under share/smki.")
  }

  private static func text(_ file: URL) -> String? {
    (try? Data(contentsOf: file)).map { String(decoding: $0, as: UTF8.self) }
  }

  private init(_ text: String, trace: String) {
    table = text.split(separator: "\n").dropFirst().map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    var places: [String: [String]] = [:]
    for line in trace.split(separator: "\n") where line.hasPrefix("| ") {
      let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
      guard cells.count >= 3 else { continue }
      places[String(cells[0].prefix { $0 != " " })] = cells[2].split(separator: "<br>")
        .map { String($0.reversed().drop { $0 == " " }.reversed()) }.filter { !$0.isEmpty }
    }
    self.places = places
  }

  /// The row with an identifier, or the rows of which it is the stem.
  func rows(_ id: String) -> [Row] {
    let exact = table.filter { $0.first == id }
    let found =
      exact.isEmpty
      ? table.filter { row in
        ["-", "(", "."].contains { row.first?.hasPrefix(id + $0) ?? false }
      } : exact
    return found.filter { $0.count >= 9 }.map {
      Row(
        id: $0[0], source: $0[1], actor: $0[2], gist: $0[3], kind: $0[4], behaviour: $0[5],
        state: $0[8], files: places[$0[0]] ?? places[id] ?? [])
    }
  }
}
