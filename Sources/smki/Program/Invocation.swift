// SPDX-License-Identifier: Apache-2.0

import DER
import FoundationEssentials
import SEC
import Service

/// A command as it was typed.
struct Invocation: Sendable {
  let command: Command
  let operands: [String]
  private let values: [String: [String]]
  private let flags: Set<String>

  /// Whether JSON is wanted.
  var isJSON: Bool { flags.contains("--json") }

  /// The estate's folder: as told, else by $SMKI_ESTATE, else ./var or /var/lib/smki.
  var folder: Folder {
    if let path = values["--estate"]?.last { return Folder(path) }
    if let path = ProcessInfo.processInfo.environment["SMKI_ESTATE"], !path.isEmpty {
      return Folder(path)
    }
    let usual = ["var", "/var/lib/smki"]
    let found = usual.first { FileManager.default.fileExists(atPath: "\($0)/estate.json") }
    return Folder(found ?? usual[0])
  }

  /// The socket that an officer names who cannot enter the folder: --control, else $SMKI_CONTROL.
  var namedSocket: String? {
    if let path = values["--control"]?.last { return path }
    let path = ProcessInfo.processInfo.environment["SMKI_CONTROL"]
    return path.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Reads the words behind a command's name.
  ///
  /// - Throws: `UsageError` that says which word is wrong.
  init(_ command: Command, words: [String]) throws {
    self.command = command
    var operands: [String] = []
    var values: [String: [String]] = [:]
    var flags: Set<String> = []
    var rest = words[...]
    var isOver = false
    while let word = rest.popFirst() {
      guard !isOver, word.hasPrefix("-"), word != "-" else {
        operands.append(word)
        continue
      }
      guard word != "--" else {
        isOver = true
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let option = try Self.option(String(parts[0]), of: command)
      guard option.value != nil else {
        guard parts.count == 1 else { throw UsageError("\(option.name) takes no value", command) }
        flags.insert(option.name)
        continue
      }
      guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
        throw UsageError("\(option.name) needs a value", command)
      }
      guard option.words.isEmpty || option.words.contains(value) else {
        throw UsageError(
          "\(option.name) is one of \(option.words.joined(separator: ", ")), not \(value)", command)
      }
      guard option.isRepeated || values[option.name] == nil else {
        throw UsageError("\(option.name) stands twice", command)
      }
      values[option.name, default: []].append(value)
    }
    self.operands = operands
    self.values = values
    self.flags = flags
    if !isHelp { try checkComplete() }
  }

  private static func option(_ name: String, of command: Command) throws -> Command.Option {
    let name = name == "-h" ? "--help" : name
    let options = command.options + Command.commonOptions
    guard let option = options.first(where: { $0.name == name }) else {
      let names = options.map(\.name).joined(separator: ", ")
      throw UsageError("there is no option \(name); there are \(names)", command)
    }
    return option
  }

  private func checkComplete() throws {
    for option in command.options where option.isRequired && values[option.name] == nil {
      throw UsageError("\(option.name) is missing", command)
    }
    for option in command.options where option.isRequired {
      // A reason that says nothing is none.
      guard values[option.name]?.last?.allSatisfy(\.isWhitespace) == false else {
        throw UsageError("\(option.name) is empty", command)
      }
    }
    let needed = command.operands.filter { !$0.isOptional }
    if operands.count < needed.count {
      throw UsageError("\(needed[operands.count].name) is missing", command)
    }
    let isOpen = command.operands.contains { $0.isRepeated }
    if !isOpen, operands.count > command.operands.count {
      throw UsageError("\(operands[command.operands.count]) is one word too many", command)
    }
  }

  /// Whether only help is wanted.
  var isHelp: Bool { flags.contains("--help") }

  /// Whether an option without value stands there.
  func has(_ flag: String) -> Bool { flags.contains(flag) }

  /// The value of an option, or nil.
  func value(_ option: String) -> String? { values[option]?.last }

  /// Every value of an option that may stand more than once.
  func values(_ option: String) -> [String] { values[option] ?? [] }

  /// The value of an option that must stand there.
  func required(_ option: String) throws -> String {
    guard let value = value(option) else { throw UsageError("\(option) is missing", command) }
    return value
  }

  /// The value of an option as a number within bounds, or nil.
  func number(_ option: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = value(option) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError(
        "\(option) is a number from \(range.lowerBound) to \(range.upperBound), not \(text)",
        command)
    }
    return number
  }

  /// A word as an EUI-64.
  func entity(_ text: String) throws -> EntityID {
    guard let entity = EntityID(text) else {
      throw UsageError("\(text) is no EUI-64, such as 90-B3-D5-1F-30-01-00-00", command)
    }
    return entity
  }
}

/// A command that was not understood.
struct UsageError: Error {
  let message: String
  /// The command, if it is known.
  let command: Command?

  init(_ message: String, _ command: Command? = nil) {
    self.message = message
    self.command = command
  }
}
