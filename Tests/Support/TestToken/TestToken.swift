// SPDX-License-Identifier: Apache-2.0

import Foundation
package import Keys
import TestProcess

/// Tokens of SoftHSM for the tests of one run, in a folder that is gone with it.
package enum TestToken {
  /// Where Debian puts SoftHSM.
  package static let softHSM = "/usr/lib/softhsm/libsofthsm2.so"
  /// The PIN of every token, which is no secret.
  package static let pin = "271828"
  /// The labels of the tokens that are there; each suite that injects faults has its own.
  package static let labels =
    ["keys", "ca", "roots", "live", "imported"] + (1...16).map { "faulty\($0)" }

  /// Whether the machine has SoftHSM; with `CI=true` its absence fails.
  package static let isThere =
    FileManager.default.fileExists(atPath: softHSM)
    || ProcessInfo.processInfo.environment["CI"] == "true"

  /// Something that the tests rely on did not work.
  package struct Failure: Error, CustomStringConvertible {
    /// What it was.
    package let description: String
  }

  /// Makes the tokens, once in a run and before SoftHSM is told to look for them.
  package static let folder = Result {
    let folder = NSTemporaryDirectory() + "smki-tokens-" + UUID().uuidString
    try prepare(folder, labels: labels)
    unsafe setenv("SOFTHSM2_CONF", "\(folder)/softhsm2.conf", 1)
    return folder
  }

  /// Makes tokens in a folder of their own, for programs that are started with its settings.
  ///
  /// - Returns: the value of `SOFTHSM2_CONF`.
  @discardableResult
  package static func prepare(_ folder: String, labels: [String]) throws -> String {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/tokens", withIntermediateDirectories: true)
    let configuration = try configure(folder)
    for label in labels {
      try run(
        "/usr/bin/softhsm2-util",
        ["--init-token", "--free", "--label", label, "--so-pin", pin, "--pin", pin],
        environment: ["SOFTHSM2_CONF": configuration])
    }
    return configuration
  }

  /// Writes the settings for tokens that lie in a folder, as after it was copied.
  ///
  /// - Returns: the value of `SOFTHSM2_CONF`.
  @discardableResult
  package static func configure(_ folder: String) throws -> String {
    let configuration = "\(folder)/softhsm2.conf"
    try "directories.tokendir = \(folder)/tokens\nlog.level = ERROR\n".write(
      toFile: configuration, atomically: true, encoding: .utf8)
    return configuration
  }

  /// A token of SoftHSM, or of another module in front of it.
  package static func token(
    _ label: String, owner: String = "test/TEST", path: String = softHSM, pin: String = pin,
    settings: Token.Settings = Token.Settings()
  ) throws -> Token {
    _ = try folder.get()
    return try Token(
      modulePath: path, label: label, owner: owner, pin: Secret(copying: Array(pin.utf8)),
      settings: settings)
  }

  /// Runs a program to its end.
  ///
  /// - Returns: what it wrote.
  @discardableResult
  package static func run(
    _ path: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitForEnd()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(path) \(arguments.joined(separator: " ")): \(text)")
    }
    return text
  }
}

/// A module that does what SoftHSM does until it is told to fail.
package final class FaultyModule: Sendable {
  /// The file of the module.
  package let path: String

  private static let built = Result {
    let folder = try TestToken.folder.get()
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(
      path: "FaultyModule.c"
    ).path
    try TestToken.run(
      "/usr/bin/env",
      [
        "cc", "-shared", "-fPIC", "-O1", "-I/usr/include/p11-kit-1", "-o", "\(folder)/faulty.so",
        source, "-ldl", "-lpthread",
      ])
    return folder
  }

  /// A module of its own: its faults are nobody else's.
  package init(in folder: String? = nil) throws {
    let built = try Self.built.get()
    path = "\(folder ?? built)/faulty-\(UUID().uuidString).so"
    try FileManager.default.copyItem(atPath: "\(built)/faulty.so", toPath: path)
  }

  /// Has it fail from now on, one fault a line: function, act, number, calls before it, times.
  package func fail(_ faults: String...) throws {
    try (faults.joined(separator: "\n") + "\n").write(
      toFile: "\(path).fault", atomically: true, encoding: .utf8)
  }

  /// Has it work again.
  package func work() throws {
    try FileManager.default.removeItem(atPath: "\(path).fault")
  }
}
