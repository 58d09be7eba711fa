// SPDX-License-Identifier: Apache-2.0

import Client
import Foundation
import Service

/// A node in a process of its own, serving a test estate that was made for a bench.
struct BenchServer {
  /// Issuing DCAs in stock: enough for two million certificates.
  static let deviceStock = 20
  /// Seconds in which a node must be ready, times the margin of tests.
  static let readySecondsMax = 30.0

  let folder: Folder
  let configuration: Configuration
  private let process: Process
  /// Seconds from the start of the process until /health answered 200.
  let readySeconds: Double

  /// Makes the estate and starts the node.
  ///
  /// - Parameters:
  ///   - program: the path of this program.
  ///   - folder: a new folder.
  ///   - firstPort: the first of four ports in a row on loopback.
  /// - Throws: `BenchError.notReady` with the node's log, or why no process could be started.
  init(program: String, folder: Folder, firstPort: UInt16) throws {
    self.folder = folder
    let estate = folder.path
    try BenchServer.run(
      program,
      ["init", "--test", "--samples", "--stock", "\(Self.deviceStock)", "--estate", estate])
    var configuration = try Configuration.read(folder.path)
    configuration.doors.service = firstPort
    configuration.doors.repository = firstPort + 1
    configuration.doors.repositoryPlain = firstPort + 2
    configuration.doors.monitoring = firstPort + 3
    try configuration.write(folder.path)
    self.configuration = configuration
    process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = ["serve", "--estate", estate]
    _ = FileManager.default.createFile(atPath: "\(estate)/serve.log", contents: nil)
    process.standardError = FileHandle(forWritingAtPath: "\(estate)/serve.log")
    let clock = ContinuousClock()
    let start = clock.now
    try process.run()
    let health = "http://127.0.0.1:\(configuration.doors.monitoring)/health"
    let client = try HTTPClient()
    while true {
      let seconds = (clock.now - start) / .seconds(1)
      if let answer = try? client.get(health), answer.status == 200 {
        readySeconds = seconds
        return
      }
      guard seconds < Self.readySecondsMax, process.isRunning else {
        process.terminate()
        throw BenchError.notReady(
          (try? String(contentsOfFile: "\(estate)/serve.log", encoding: .utf8)) ?? "")
      }
      Thread.sleep(forTimeInterval: 0.005)
    }
  }

  /// Resident memory of the node in megabytes of 1,000,000 octets.
  var residentMegabytes: Double { megabytes("VmRSS:") }

  /// The most that was ever resident.
  var peakMegabytes: Double { megabytes("VmHWM:") }

  /// The part of it that is pages of the store's file, which the system takes back when it wants.
  var mappedMegabytes: Double { megabytes("RssFile:") }

  private func megabytes(_ field: String) -> Double {
    let path = "/proc/\(process.processIdentifier)/status"
    let status = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    for line in status.split(separator: "\n") where line.hasPrefix(field) {
      let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first
      return (kilobytes.flatMap { Double($0) } ?? 0) * 1024 / 1_000_000
    }
    return 0
  }

  /// CPU seconds that the node has used.
  var cpuSeconds: Double {
    let path = "/proc/\(process.processIdentifier)/stat"
    let stat = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    // After the name in parentheses: state is field 3, utime 14, stime 15, in hundredths.
    let fields = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].split(separator: " ")
    guard fields.count > 13 else { return 0 }
    return ((Double(fields[12]) ?? 0) + (Double(fields[13]) ?? 0)) / 100
  }

  /// Stops the node and waits for its end.
  func stop() {
    guard process.isRunning else { return }
    process.terminate()
    process.waitUntilExit()
  }

  /// Runs this program to its end.
  ///
  /// - Returns: what it printed.
  @discardableResult
  static func run(
    _ program: String, _ arguments: [String], input: String = ""
  ) throws -> Data {
    let process = Process()
    let source = Pipe()
    process.standardInput = source
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    try source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try source.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw BenchError.childFailed(arguments.joined(separator: " "))
    }
    return data
  }
}
