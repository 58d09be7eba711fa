// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd

/// Hands answers to the library.
enum Reply {
  /// Bodies larger than this are not copied into the library as a whole.
  static let copiedOctetsMax = 64 * 1_024

  /// A large body that the library asks for piece by piece.
  private final class Body: Sendable {
    let octets: [UInt8]
    init(_ octets: [UInt8]) { self.octets = octets }
  }

  /// Queues the answer on a connection, in one of the connection's callbacks.
  ///
  /// - Returns: false when a header line or the status is not legal; nothing is queued then.
  static func queue(_ response: Response, on handle: OpaquePointer) -> Bool {
    guard let made = unsafe response.file.map(make(file:)) ?? make(response.body) else {
      return false
    }
    defer { unsafe MHD_destroy_response(made) }
    guard 200...599 ~= response.status else { return false }
    for (name, value) in response.headers {
      guard unsafe MHD_add_response_header(made, name, value) == .YES else { return false }
    }
    if response.closesConnection {
      _ = unsafe MHD_add_response_header(made, "Connection", "close")
    }
    return unsafe smki_MHD_queue_response(handle, UInt32(response.status), made) == .YES
  }

  /// The library reads the file as it sends, and closes it.
  private static func make(file path: String) -> OpaquePointer? {
    var size: UInt64 = 0
    let descriptor = unsafe smki_answer_open(path, &size)
    guard descriptor >= 0 else { return nil }
    guard let made = unsafe MHD_create_response_from_fd64(size, descriptor) else {
      close(descriptor)
      return nil
    }
    return unsafe made
  }

  /// An answer of the server's own as it stands on the wire; the connection ends after it.
  static func text(_ response: Response, isHead: Bool) -> [UInt8] {
    var date = [CChar](repeating: 0, count: 30)
    unsafe smki_http_date(&date)
    let now = String(decoding: date.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let phrase = unsafe MHD_get_reason_phrase_for(UInt32(response.status))
    let reason = unsafe phrase.map { unsafe String(cString: $0) } ?? ""
    var lines = ["HTTP/1.1 \(response.status) \(reason)", "Date: \(now)", "Connection: close"]
    lines += response.headers.map { "\($0.name): \($0.value)" }
    lines.append("Content-Length: \(response.body.count)")
    let head = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    return isHead ? head : head + response.body
  }

  private static func make(_ body: [UInt8]) -> OpaquePointer? {
    guard body.count > copiedOctetsMax else {
      return unsafe body.withUnsafeBytes { octets in
        unsafe smki_MHD_copied_response(octets.count, octets.baseAddress)
      }
    }
    let context = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
    return unsafe MHD_create_response_from_callback(
      UInt64(body.count), copiedOctetsMax,
      { context, position, target, most in
        guard let context = unsafe context, let target = unsafe target else { return -1 }
        let body = unsafe Unmanaged<Body>.fromOpaque(context).takeUnretainedValue()
        let start = Int(position)
        let count = min(most, body.octets.count - start)
        return unsafe body.octets.withUnsafeBytes { octets in
          guard count > 0, let base = octets.baseAddress else { return -1 }
          unsafe target.withMemoryRebound(to: UInt8.self, capacity: count) {
            unsafe UnsafeMutableRawPointer($0).copyMemory(from: base + start, byteCount: count)
          }
          return count
        }
      }, context,
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<Body>.fromOpaque(context).release()
      })
  }
}
