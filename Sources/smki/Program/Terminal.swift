// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Threads

/// Where words go: standard output, standard error, and how wide they may be.
enum Terminal {
  /// Columns of standard output, or nil when it is no terminal.
  static var width: Int? { columns(of: STDOUT_FILENO) }

  /// Whether somebody looks at standard error.
  static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

  /// Why something could not be written; 0 while everything was.
  static let lost = Guarded<Int32>(0)

  private static func columns(of descriptor: Int32) -> Int? {
    guard isatty(descriptor) == 1 else { return nil }
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Writes text and a line end, unless it has one, to standard output.
  static func print(_ text: String) {
    write(text.utf8.last == 10 ? text : text + "\n", to: STDOUT_FILENO)
  }

  /// Writes text and a line end to standard error.
  static func complain(_ text: String) {
    write(text + "\n", to: STDERR_FILENO)
  }

  /// Shows how far a long work has come, in one line that the next one covers.
  ///
  /// Only where somebody looks at it; files and pipes get none. A remark stands behind the bar.
  static func progress(_ what: String, _ done: Int, of total: Int, _ remark: String = "") {
    guard isWatched, total > 0 else { return }
    let part = min(done, total) * 30 / total
    let bar = String(repeating: "#", count: part) + String(repeating: ".", count: 30 - part)
    let end = done >= total ? "\n" : ""
    let rest = remark.isEmpty ? "" : ", \(remark)"
    write("\r\(what) [\(bar)] \(done)/\(total)\(rest)\(clearToEnd)\(end)", to: STDERR_FILENO)
  }

  /// What was longer the last time goes.
  private static let clearToEnd = "\u{1b}[K"

  static func write(_ text: String, to descriptor: Int32) {
    var octets = Array(text.utf8)[...]
    while !octets.isEmpty {
      let written = unsafe octets.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard written > 0 else {
        // A reader that has gone wants no more; a disk that is full loses what was asked for.
        if descriptor == STDOUT_FILENO, errno != EPIPE { lost.change { $0 = errno } }
        return
      }
      octets = octets.dropFirst(written)
    }
  }
}

extension Invocation {
  /// Prints a result: as JSON when that is wanted, else as text.
  func show(_ value: some Encodable, _ text: () -> String) throws {
    guard isJSON else {
      let text = text()
      if !text.isEmpty { Terminal.print(text) }
      return
    }
    Terminal.print(try JSON.text(value))
  }
}

/// Results for machines.
enum JSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
