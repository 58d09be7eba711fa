// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestProcess
import Testing

/// An estate of its own for a test, in a folder that goes with it.
final class OwnEstate {
  /// The folder of the test; the estate is `var` in it, and `Examples` lies beside it.
  let place: String
  /// Service, Repository, plain Repository, monitoring.
  let ports: [UInt16]
  private var process: Process?

  var folder: String { "\(place)/var" }
  /// The node, while it serves.
  var pid: Int32? { process?.processIdentifier }
  var log: String { "\(place)/log" }
  var welcome: String {
    (try? String(contentsOfFile: "\(place)/welcome", encoding: .utf8)) ?? ""
  }

  /// That there is no pattern to copy.
  struct Unmade: Error {
    let cause: String
  }

  /// With the sample parties.
  static let pattern = Result {
    try Pattern { place in
      let made = try Program.run("init", "--test", "--samples", "--estate", "\(place)/var")
      try #require(made.code == 0, "\(made.errors)")
      try FileManager.default.createSymbolicLink(
        atPath: "\(place)/Examples", withDestinationPath: "\(Program.package)/Examples")
    }
  }

  /// The estate of the samples, or what another pattern has.
  init(of pattern: Result<Pattern, any Error> = OwnEstate.pattern) throws {
    do {
      place = try pattern.get().copied()
    } catch {
      // An expectation that failed is an issue once, and where it is thrown again it is none.
      throw Unmade(cause: "\(error)")
    }
    ports = try Self.freePorts(4)
  }

  /// What was done to this estate, for others to begin with.
  func asPattern() throws -> Pattern {
    try Pattern { other in
      let copied = try Program.shell("cp -a '\(place)/.' '\(other)/'")
      try #require(copied.code == 0, "\(copied.errors)")
    }
  }

  deinit {
    if let process, process.isRunning { kill(process.processIdentifier, SIGKILL) }
    try? FileManager.default.removeItem(atPath: place)
  }

  /// Ports that nobody has at this moment.
  static func freePorts(_ count: Int) throws -> [UInt16] {
    let listeners = try (0..<count).map { _ in try Listener() }
    return listeners.map(\.port)
  }

  /// Runs a command on this estate.
  func run(_ words: String..., input: String? = nil) throws -> Program.Outcome {
    try Program.run(Program.path, words + ["--estate", "var"], in: place, input: input)
  }

  /// Starts a node and waits until its doors are open.
  func serve(_ environment: [String: String] = [:], options: [String] = []) throws {
    let process = Process()
    process.executableURL = URL(filePath: Program.path)
    process.currentDirectoryURL = URL(filePath: place)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.arguments =
      [
        "serve", "--welcome", "--estate", "var", "--service-port", "\(ports[0])",
        "--repository-port", "\(ports[1])", "--plain-port", "\(ports[2])",
        "--monitoring-port", "\(ports[3])",
      ] + options
    for (name, set) in [
      ("log", { process.standardError = $0 }), ("welcome", { process.standardOutput = $0 }),
    ] as [(String, (FileHandle) -> Void)] {
      _ = FileManager.default.createFile(atPath: "\(place)/\(name)", contents: nil)
      set(try #require(FileHandle(forWritingAtPath: "\(place)/\(name)")))
    }
    try process.run()
    self.process = process
    try wait { events.contains("serving") && welcome.contains("verify") }
  }

  /// The names of what was logged.
  var events: [String] { lines.compactMap { $0["event"] as? String } }

  /// What was logged; a line that is no JSON has no facts.
  var lines: [[String: Any]] {
    let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").map {
      ((try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]) ?? [:]
    }
  }

  /// Sends a signal and waits for the end.
  ///
  /// - Returns: the exit code, and the seconds that it took.
  func stop(_ signal: Int32) throws -> (code: Int32, seconds: Double) {
    let process = try #require(self.process)
    let start = Date()
    kill(process.processIdentifier, signal)
    process.waitForEnd()
    self.process = nil
    return (process.terminationStatus, Date().timeIntervalSince(start))
  }

  func signal(_ signal: Int32) throws {
    kill(try #require(process).processIdentifier, signal)
  }

  /// Waits until something is so, at most 60 seconds.
  func wait(_ isSo: () -> Bool) throws {
    for _ in 0..<1_200 {
      if isSo() { return }
      usleep(50_000)
    }
    let log = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
    Issue.record("it never came; the log says: \(log)")
    throw CancellationError()
  }
}

/// A port of the loopback address with somebody behind it.
final class Listener {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    try #require(isBound)
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}
