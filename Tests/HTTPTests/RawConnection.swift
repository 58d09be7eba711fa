// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A TCP connection that sends exactly what it is told and shows exactly what comes back.
final class RawConnection {
  private let socket: Int32

  struct Failure: Error { let number: Int32 }

  init(port: UInt16) throws {
    socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(socket, $0, size)
      }
    }
    guard result == 0 else { throw Failure(number: errno) }
    var time = timeval(tv_sec: 10, tv_usec: 0)
    let timeSize = socklen_t(MemoryLayout<timeval>.size)
    _ = unsafe setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, timeSize)
  }

  deinit {
    close(socket)
  }

  /// Sends the text; false when the other end has gone.
  @discardableResult
  func send(_ text: String) -> Bool {
    send(Array(text.utf8))
  }

  /// Sends the octets; false when the other end has gone.
  @discardableResult
  func send(_ octets: [UInt8]) -> Bool {
    var sent = 0
    while sent < octets.count {
      let count = unsafe octets[sent...].withUnsafeBytes {
        unsafe Foundation.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  /// Everything that comes until the other end closes, or until `enough` stands in it.
  func receive(until enough: String? = nil) -> String {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe recv(socket, &piece, piece.count, 0)
      guard count > 0 else { break }
      all += piece[..<count]
      if let enough, String(decoding: all, as: UTF8.self).contains(enough) { break }
    }
    return String(decoding: all, as: UTF8.self)
  }

  /// The status code of the answer that comes, nil when the connection was just closed.
  func status() -> Int? {
    let line = receive(until: "\r\n\r\n").prefix { $0 != "\r\n" }.split(separator: " ")
    return line.count > 1 ? Int(line[1]) : nil
  }
}
