// SPDX-License-Identifier: Apache-2.0

import DER
import Foundation
import TestProcess
import Testing
import X509

/// A folder for the files that other people's programs read and write; it goes with its owner.
final class Workplace: Sendable {
  /// What a program left behind.
  struct Ending {
    let isGood: Bool
    let output: [UInt8]
    /// What it printed to both streams, as text.
    let said: String
  }

  /// The project's root folder.
  static let project = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "interop-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit {
    try? FileManager.default.removeItem(at: folder)
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Writes a file and gives its path.
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    try Data(bytes).write(to: folder.appending(path: name))
    return path(name)
  }

  /// Writes certificates in PEM, one after the other.
  func write(_ name: String, _ certificates: [Certificate]) throws -> String {
    try write(name, certificates.map(\.pem).joined().utf8)
  }

  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  /// The one request in a PEM file.
  func request(_ name: String) throws -> [UInt8] {
    try PEM.readOne(read(name), labels: ["CERTIFICATE REQUEST"])
  }

  /// Runs a program in the folder.
  func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Ending {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.currentDirectoryURL = folder
    // A file, so that neither stream can fill and stop the program.
    let errors = folder.appending(path: "stderr-\(UUID().uuidString)")
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
    process.waitForEnd()
    let said = String(decoding: bytes + (try Data(contentsOf: errors)), as: UTF8.self)
    return Ending(isGood: process.terminationStatus == 0, output: bytes, said: said)
  }

  func openssl(_ arguments: String...) throws -> Ending {
    try run("openssl", arguments)
  }

  /// Runs the commands in the first comment of an example: lines that begin with three spaces.
  ///
  /// `edit` changes the example's text, as its comment says that one may.
  func follow(
    example name: String, edit: (String) -> String = { $0 }
  ) throws -> Ending {
    let file = Self.project.appending(path: "Examples/\(name)")
    let text = edit(try String(contentsOf: file, encoding: .utf8))
    try FileManager.default.createDirectory(
      at: folder.appending(path: "Examples"), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: folder.appending(path: "Examples/\(name)"))
    let commands = text.split(separator: "\n").prefix { $0.hasPrefix("#") }
      .filter { $0.hasPrefix("#   ") }.map { $0.dropFirst(4) }
    try #require(!commands.isEmpty)
    return try run("bash", ["-euc", commands.joined(separator: "\n")])
  }
}
