// SPDX-License-Identifier: Apache-2.0

import Service

/// The manual page, made from the table of commands.
enum ManualPage {
  /// The page in the macros of man(7).
  static var text: String {
    var lines = [
      ".\\\" SPDX-License-Identifier: Apache-2.0",
      ".\\\" Written by smki man; not by hand.",
      ".TH SMKI 1 \"\" \"smki \(Product.version)\" \"Smart Metering Key Infrastructure\"",
      ".SH NAME", "smki \\- the GB Smart Metering Key Infrastructure",
      ".SH SYNOPSIS", ".B smki", ".I COMMAND", ".RI [ OPTION\\~... ]",
      ".SH DESCRIPTION",
      "Makes and serves an estate of certification authorities, registers its parties, issues and",
      "finds certificates, and proves everything that was done. While a node serves, commands",
      "that write go through its socket under the name of the officer who asks; without one they",
      "open the estate themselves.",
      ".SH OPTIONS OF EVERY COMMAND",
    ]
    lines += Command.commonOptions.flatMap(option)
    for group in CommandGroup.all {
      lines.append(".SH \(escaped(group.title.uppercased()))")
      lines += group.commands.flatMap(entry)
    }
    lines.append(".SH EXIT STATUS")
    for code in ExitCode.allCases {
      lines += [".TP", ".B \(code.rawValue)", escaped(code.meaning)]
    }
    lines += [
      ".SH ENVIRONMENT", ".TP", ".B SMKI_ESTATE", "folder of the estate when none is named",
      ".TP", ".B CREDENTIALS_DIRECTORY",
      "set by the service manager; the passphrase is in its credential smki\\-passphrase",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private static func entry(_ command: Command) -> [String] {
    var lines = [".SS \(escaped(command.synopsis))", escaped(command.sentence)]
    if !command.notes.isEmpty { lines += [".PP", escaped(command.notes)] }
    for operand in command.operands {
      lines += [".TP", ".I \(escaped(operand.name))", escaped(operand.summary)]
    }
    lines += command.options.flatMap(option)
    return lines + [".PP", "Example:", ".PP", ".EX", escaped(command.example), ".EE"]
  }

  private static func option(_ option: Command.Option) -> [String] {
    let value = option.value.map { " \\fI\(escaped($0))\\fR" } ?? ""
    let words = option.words.isEmpty ? "" : ": \(option.words.joined(separator: ", "))"
    return [".TP", "\\fB\(escaped(option.name))\\fR\(value)", escaped(option.summary + words)]
  }

  /// Text with the characters that roff takes for its own made plain.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "'": result += "\\(aq"
      case "…": result += "\\&..."
      case "\n": result += " "
      default: result.append(character)
      }
    }
    return result.hasPrefix(".") ? "\\&" + result : result
  }
}
