// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestStore
import Threads

/// Stands between the program and its PostgreSQL server, and breaks connections at a chosen moment.
final class Relay: Sendable {
  /// When a connection breaks, once.
  enum Moment: Sendable {
    /// COMMIT does not reach the server.
    case commit
    /// The server has committed, and its answer does not arrive.
    case answer
    /// In the midst of the rows of a COPY.
    case copy
  }

  /// The folder of its socket.
  private let folder: String
  private let server: String
  private let listener: Int32
  private let moment = Guarded<Moment?>(nil)
  private let count = Guarded(0)

  /// A relay to the server of the tests.
  init() throws {
    folder = NSTemporaryDirectory() + "relay-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let host = (TestStore.server ?? "").matches(of: /host=([^&]+)/).first?.1 ?? ""
    server = "\(host)/.s.PGSQL.5432"
    listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    let isBound = unsafe Self.with("\(folder)/.s.PGSQL.5432") { [listener] address, length in
      unsafe bind(listener, address, length)
    }
    guard isBound == 0, listen(listener, 16) == 0 else { throw CocoaError(.fileWriteUnknown) }
    _ = Worker(name: "relay") { [self] in
      while case let client = accept(listener, nil, nil), client >= 0 { serve(client) }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Ends it; connections that stand go on.
  func close() { shutdown(listener, Int32(SHUT_RDWR)) }

  /// Where a store is through the relay.
  func place(_ path: String) -> String { path.replacing(/host=[^&]+/, with: "host=\(folder)") }

  /// Breaks the next connection at a moment.
  func cut(_ moment: Moment) { self.moment.change { $0 = moment } }

  /// How many were broken.
  var cuts: Int { count.value }

  private func serve(_ client: Int32) {
    let there = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    guard unsafe Self.with(server, { unsafe connect(there, $0, $1) }) == 0 else {
      Glibc.close(client)
      return
    }
    let up = Worker(name: "relay-up") { [self] in pump(client, there, isAnswer: false) }
    _ = Worker(name: "relay-down") { [self] in
      pump(there, client, isAnswer: true)
      up.join()
      Glibc.close(client)
      Glibc.close(there)
    }
  }

  private func pump(_ from: Int32, _ to: Int32, isAnswer: Bool) {
    var octets = [UInt8](repeating: 0, count: 65_536)
    while case let count = unsafe read(from, &octets, octets.count), count > 0 {
      let piece = octets.prefix(count)
      if isMoment(piece, isAnswer: isAnswer) { break }
      var sent = 0
      while sent < count {
        let rest = Array(piece.dropFirst(sent))
        let written = unsafe send(to, rest, rest.count, Int32(MSG_NOSIGNAL))
        guard written > 0 else { break }
        sent += written
      }
      guard sent == count else { break }
    }
    shutdown(from, Int32(SHUT_RDWR))
    shutdown(to, Int32(SHUT_RDWR))
  }

  private func isMoment(_ piece: ArraySlice<UInt8>, isAnswer: Bool) -> Bool {
    let isIt = moment.change { moment in
      let text = Array(piece)
      let isIt =
        switch moment {
        case .commit: !isAnswer && Self.contains(text, "COMMIT")
        case .answer: isAnswer && Self.contains(text, "COMMIT")
        case .copy: !isAnswer && Self.contains(text, "animal 1500")
        case nil: false
        }
      if isIt { moment = nil }
      return isIt
    }
    if isIt { count.change { $0 += 1 } }
    return isIt
  }

  private static func contains(_ octets: [UInt8], _ word: String) -> Bool {
    Data(octets).range(of: Data(word.utf8)) != nil
  }

  /// Hands over the address of a Unix socket.
  private static func with(
    _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { place in
      for (index, octet) in path.utf8.prefix(107).enumerated() { unsafe place[index] = octet }
    }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
