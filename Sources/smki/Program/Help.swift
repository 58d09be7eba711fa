// SPDX-License-Identifier: Apache-2.0

import Service

/// What is printed for people who ask how.
enum Help {
  /// All commands, a line each.
  static var overview: String {
    """
    smki \(Product.version): the GB Smart Metering Key Infrastructure

    \(list(Program.commands))
    smki help COMMAND shows the options of a command and an example.

    Every command takes
    \(options(Command.commonOptions))
    """
  }

  /// Some commands, a line each.
  static func list(_ commands: [Command]) -> String {
    let width = commands.map(\.name.count).max() ?? 0
    return commands.map {
      "  \($0.name.padded(to: width))  \($0.summary)\n"
    }.joined()
  }

  /// Everything about one command.
  static func page(of command: Command) -> String {
    var text = "\(command.synopsis)\n\n\(command.sentence)"
    if !command.notes.isEmpty { text += "\n\(Table.wrapped(command.notes))" }
    if !command.operands.isEmpty {
      let width = command.operands.map(\.name.count).max() ?? 0
      text += "\n\n"
      text += command.operands.map { "  \($0.name.padded(to: width))  \($0.summary)" }
        .joined(separator: "\n")
    }
    text += "\n\n\(options(command.options + Command.commonOptions))"
    text += "\nExample\n  \(command.example)\n"
    return text
  }

  private static func options(_ options: [Command.Option]) -> String {
    let shown = options.map { [$0.name, $0.value].compactMap(\.self).joined(separator: " ") }
    let width = shown.map(\.count).max() ?? 0
    return zip(options, shown).map { option, shown in
      var line = "  \(shown.padded(to: width))  \(option.summary)"
      if !option.words.isEmpty {
        let margin = String(repeating: " ", count: width + 4)
        line += ":\n" + Table.wrapped(option.words.joined(separator: ", "), margin: margin)
      }
      return line + "\n"
    }.joined()
  }
}
