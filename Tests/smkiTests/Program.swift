// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestProcess
import Testing

/// The built program, as a person has it.
enum Program {
  /// What a process left behind.
  struct Outcome {
    let code: Int32
    let output: String
    let errors: String

    /// Nothing after a success; else the code and what was said, for whoever reads the test's log.
    var failure: String? { code == 0 ? nil : "exit code \(code): \(errors)\(output.suffix(2_000))" }
  }

  /// Beside the bundle of these tests.
  static let path: String = {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    let folder = URL(filePath: bundle ?? CommandLine.arguments[0]).deletingLastPathComponent()
    return folder.appending(path: "smki").path
  }()

  /// The folder of the package.
  static let package = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

  static func run(
    _ words: String..., in folder: String? = nil, input: String? = nil
  ) throws -> Outcome {
    try run(path, words, in: folder, input: input)
  }

  /// Runs a program of this machine with words, or a line of the shell.
  static func run(
    _ program: String, _ words: [String], in folder: String? = nil, input: String? = nil
  ) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = words
    if let folder { process.currentDirectoryURL = URL(filePath: folder) }
    let output = Pipe()
    let errors = Pipe()
    let standardInput = Pipe()
    process.standardOutput = output
    process.standardError = errors
    process.standardInput = standardInput
    try process.run()
    if let input { try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
    try standardInput.fileHandleForWriting.close()
    // The errors first, beside the output: a pipe that nobody empties stops the process.
    let said = Reading(errors.fileHandleForReading)
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitForEnd()
    return Outcome(
      code: process.terminationStatus, output: String(decoding: data, as: UTF8.self),
      errors: String(decoding: said.all(), as: UTF8.self))
  }

  static func shell(_ line: String, in folder: String? = nil) throws -> Outcome {
    try run("/bin/bash", ["-c", "set -euo pipefail\n" + line], in: folder)
  }
}

/// A pipe that another thread empties.
private final class Reading: @unchecked Sendable {
  private var data = Data()
  private let end = DispatchSemaphore(value: 0)

  init(_ handle: FileHandle) {
    Thread.detachNewThread { [self] in
      data = handle.readDataToEndOfFile()
      end.signal()
    }
  }

  /// Everything that came; waits for the end, once.
  func all() -> Data {
    end.wait()
    return data
  }
}
