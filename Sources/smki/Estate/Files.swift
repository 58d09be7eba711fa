// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// Files of commands: read whole and bounded, written whole or not at all.
enum Files {
  /// The most octets of a file that is read: a request or certificate in any encoding.
  static let octetsMax = 1_048_576

  /// The whole of a file; `-` is standard input.
  static func read(_ path: String, octetsMax: Int = Files.octetsMax) throws -> [UInt8] {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("reading", path) }
    defer { if path != "-" { close(descriptor) } }
    var octets: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw failure("reading", path) }
      guard count > 0 else { return octets }
      octets += buffer.prefix(count)
      guard octets.count <= octetsMax else {
        throw Failure.Message(.failed, "\(path) has more than \(octetsMax) octets")
      }
    }
  }

  /// Writes a file that must not be there yet, only for its owner when it is `secret`.
  static func writeNew(_ path: String, _ text: String, secret: Bool = false) throws {
    try writeNew(path, Array(text.utf8), secret: secret)
  }

  /// Writes octets into a file that is not there yet.
  static func writeNew(_ path: String, _ octets: [UInt8], secret: Bool = false) throws {
    let mode: mode_t = secret ? 0o600 : 0o644
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
    guard descriptor >= 0 else { throw failure("making", path) }
    defer { close(descriptor) }
    var octets = octets[...]
    while !octets.isEmpty {
      let written = unsafe octets.withUnsafeBytes {
        unsafe write(descriptor, $0.baseAddress, $0.count)
      }
      guard written > 0 else { throw failure("writing", path) }
      octets = octets.dropFirst(written)
    }
    guard fsync(descriptor) == 0 else { throw failure("writing", path) }
  }

  /// Looks whether a file that is not there yet could be made, and leaves nothing behind.
  static func checkNew(_ path: String) throws {
    try writeNew(path, [])
    _ = unsafe unlink(path)
  }

  /// Makes a folder, and those above it, for its owner only.
  static func makeFolder(_ path: String) throws {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// A failure of the system, in its words.
  static func failure(_ verb: String, _ path: String) -> Failure.Message {
    let reason = unsafe String(cString: strerror(errno))
    return Failure.Message(.failed, "\(verb) \(path): \(reason)")
  }
}
