// SPDX-License-Identifier: Apache-2.0

/// A command: what it is called, what it takes, and what it does.
///
/// Help, completion and the manual are made from these values and from nothing else.
struct Command: Sendable {
  /// Something that stands without a name, such as a file.
  struct Operand: Sendable {
    let name: String
    let summary: String
    var isOptional = false
    var isRepeated = false
  }

  /// Something that stands behind its name, or the name alone.
  struct Option: Sendable {
    /// With its hyphens, such as `--party`.
    let name: String
    /// What the value is called; nil when the name stands alone.
    let value: String?
    let summary: String
    /// The words that the value may be; any when empty.
    var words: [String] = []
    var isRequired = false
    var isRepeated = false

    static func flag(_ name: String, _ summary: String) -> Option {
      Option(name: name, value: nil, summary: summary)
    }

    static func value(
      _ name: String, _ value: String, _ summary: String, words: [String] = []
    ) -> Option {
      Option(name: name, value: value, summary: summary, words: words)
    }

    static func required(
      _ name: String, _ value: String, _ summary: String, words: [String] = [],
      isRepeated: Bool = false
    ) -> Option {
      Option(
        name: name, value: value, summary: summary, words: words, isRequired: true,
        isRepeated: isRepeated)
    }
  }

  /// One or two words, such as `party add`.
  let name: String
  /// One line without full stop.
  let summary: String
  /// What needs more than a line.
  var notes = ""
  var operands: [Operand] = []
  var options: [Option] = []
  /// A line that can be typed as it stands.
  let example: String
  let run: @Sendable (Invocation) throws -> ExitCode

  /// What every command takes.
  static let commonOptions = [
    Option.value(
      "--estate", "DIR",
      "folder of the estate; by default $SMKI_ESTATE, ./var or /var/lib/smki"),
    Option.value(
      "--as", "OFFICER", "which officer of this user gives the command; a test estate only"),
    Option.value(
      "--control", "SOCKET",
      "socket of a serving node, for officers who cannot enter the estate's folder; "
        + "by default $SMKI_CONTROL"),
    Option.flag("--json", "print JSON, errors too"),
    Option.flag("--help", "print help for the command"),
  ]

  /// The summary as a sentence.
  var sentence: String { summary.prefix(1).uppercased() + summary.dropFirst() + "." }

  /// How it is typed.
  var synopsis: String {
    var words = ["smki", name]
    for option in options where option.isRequired {
      words.append([option.name, option.value].compactMap(\.self).joined(separator: " "))
      if option.isRepeated { words[words.count - 1] += " …" }
    }
    if options.contains(where: { !$0.isRequired }) { words.append("[OPTION …]") }
    for operand in operands {
      let shown = operand.name + (operand.isRepeated ? " …" : "")
      words.append(operand.isOptional ? "[\(shown)]" : shown)
    }
    return words.joined(separator: " ")
  }
}
