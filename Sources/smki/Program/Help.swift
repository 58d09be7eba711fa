// SPDX-License-Identifier: Apache-2.0

import Service

/// What is printed for people who ask how.
enum Help {
  /// The columns of a terminal that nobody has widened.
  static let columns = 80
  /// The longest name that has its text beside it; the text of a longer one stands below.
  private static let nameMax = 26
  /// How many examples are printed for commands that share their first word.
  private static let examplesMax = 3

  /// Where to begin, and the groups of all other commands.
  static var overview: String {
    let beginning = CommandGroup.beginning.compactMap { name in
      Program.commands.first { $0.name == name }
    }
    let groups = CommandGroup.all.map { group in
      (group.name, "\(group.title): \(firstWords(group).joined(separator: ", "))")
    }
    return """
      smki \(Product.version): the GB Smart Metering Key Infrastructure

      Begin here
      \(list(beginning))
      All commands by group: smki help GROUP
      \(rows(groups))
      smki help COMMAND shows the options of a command and an example.
      smki help all lists every command.

      Every command takes
      \(options(Command.commonOptions))
      """
  }

  /// Every command, a line each, group by group.
  static var everything: String {
    CommandGroup.all.map(page).joined(separator: "\n")
  }

  /// The commands of one group.
  static func page(of group: CommandGroup) -> String {
    "\(group.title)\n\(list(group.commands))"
  }

  /// The commands that share a first word, with examples.
  static func page(of commands: [Command]) -> String {
    let examples = commands.prefix(examplesMax).map { example(of: $0) }
    return "\(list(commands))\nExamples\n\(examples.joined())"
  }

  /// Some commands, a line each.
  private static func list(_ commands: [Command]) -> String {
    rows(commands.map { ($0.name, $0.summary) })
  }

  /// Everything about one command.
  static func page(of command: Command) -> String {
    let synopsis = Table.wrapped(command.synopsis, width: columns - 4)
    var text = synopsis.split(separator: "\n").joined(separator: "\n    ")
    text += "\n\n" + Table.wrapped(command.sentence)
    if !command.notes.isEmpty { text += "\n" + Table.wrapped(command.notes) }
    text += "\n"
    if !command.operands.isEmpty {
      text += "\n" + rows(command.operands.map { ($0.name, $0.summary) })
    }
    text += "\n\(options(command.options + Command.commonOptions))"
    return text + "\nExample\n\(example(of: command))"
  }

  /// A line to be typed, broken as a shell takes it.
  private static func example(of command: Command) -> String {
    var lines: [String] = []
    for part in parts(of: command.example) {
      if let last = lines.last, last.count + 1 + part.count <= columns - 6 {
        lines[lines.count - 1] += " \(part)"
      } else {
        lines.append(part)
      }
    }
    return "  " + lines.joined(separator: " \\\n    ") + "\n"
  }

  /// What must stay on one line: an option with its value, and what stands in quotes.
  private static func parts(of line: String) -> [String] {
    var parts: [String] = []
    var isQuoted = false
    for word in line.split(separator: " ") {
      let isValue = !word.hasPrefix("-") && parts.last.map { isOption($0) } ?? false
      if isQuoted || isValue {
        parts[parts.count - 1] += " \(word)"
      } else {
        parts.append(String(word))
      }
      if word.count(where: { $0 == "'" || $0 == "\"" }) % 2 == 1 { isQuoted.toggle() }
    }
    return parts
  }

  /// Whether a part is an option that still lacks a value.
  private static func isOption(_ part: String) -> Bool {
    part.hasPrefix("-") && !part.contains(" ")
  }

  private static func firstWords(_ group: CommandGroup) -> [String] {
    var words: [String] = []
    for command in group.commands {
      let word = command.name.split(separator: " ").first.map(String.init) ?? command.name
      if !words.contains(word) { words.append(word) }
    }
    return words
  }

  private static func options(_ options: [Command.Option]) -> String {
    rows(
      options.map { option in
        let words = option.words.isEmpty ? "" : ": " + option.words.joined(separator: ", ")
        return (
          [option.name, option.value].compactMap(\.self).joined(separator: " "),
          option.summary + words
        )
      })
  }

  /// Names with their texts beside them, the texts in as many lines as they take.
  private static func rows(_ pairs: [(name: String, text: String)]) -> String {
    let width = pairs.map(\.name.count).filter { $0 <= nameMax }.max() ?? 0
    let margin = String(repeating: " ", count: width + 4)
    return pairs.map { name, text in
      var lines = Table.wrapped(text, width: columns - width - 4).split(separator: "\n")[...]
      var first = "  " + name
      if name.count <= width {
        first = "  " + name.padded(to: width) + "  " + (lines.popFirst() ?? "")
      }
      return ([first] + lines.map { margin + $0 }).joined(separator: "\n") + "\n"
    }.joined()
  }
}
