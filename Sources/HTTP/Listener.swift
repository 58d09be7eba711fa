// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd

/// A listening socket of our own making, closed when it goes.
final class Listener: Sendable {
  private let socket: Int32
  /// The port that the system chose or was told; 0 on a Unix-domain socket.
  let port: UInt16
  private let path: String?

  /// How many connections the system keeps for us before we accept them.
  static let backlog: Int32 = 1_024

  /// Listens at the address.
  ///
  /// - Throws: `HTTPError` with the address in its detail.
  init(_ address: Server.Configuration.Address) throws(HTTPError) {
    switch address {
    case .tcp(let host, let port):
      (socket, self.port) = try Self.listen(host: host, port: port)
      path = nil
    case .unix(let path):
      socket = try Self.listen(path: path, group: nil)
      port = 0
      self.path = path
    case .sharedUnix(let path, let group):
      socket = try Self.listen(path: path, group: group)
      port = 0
      self.path = path
    }
  }

  /// Another number for the same socket; whoever gets it closes it.
  ///
  /// - Throws: `HTTPError` when there is no number left.
  func copy() throws(HTTPError) -> Int32 {
    let copy = smki_copy_of(socket)
    guard copy >= 0 else { throw Self.failure(path ?? "port \(port)") }
    return copy
  }

  /// Refuses new connections from now on, by whatever number the socket is known.
  func shutDown() {
    // First: the next one may take the path as soon as nobody listens at it.
    if let path { _ = unsafe unlink(path) }
    _ = shutdown(socket, Int32(SHUT_RDWR))
  }

  deinit {
    _ = close(socket)
  }

  // MARK: Internet addresses

  private static func listen(host: String, port: UInt16) throws(HTTPError) -> (Int32, UInt16) {
    var hints = unsafe addrinfo()
    unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let shown = "\(host) port \(port)"
    let result = unsafe getaddrinfo(host, String(port), &hints, &found)
    guard result == 0, let found = unsafe found else {
      throw HTTPError(.addressUnusable, "\(shown): not a numeric address")
    }
    defer { unsafe freeaddrinfo(found) }
    let socket = unsafe CMicrohttpd.socket(
      found.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw failure(shown) }
    // NODELAY is inherited by accepted connections: without it each answer waits 40 ms.
    set(socket, SOL_SOCKET, SO_REUSEADDR)
    set(socket, Int32(IPPROTO_TCP), TCP_NODELAY)
    if unsafe found.pointee.ai_family == AF_INET6 {
      set(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY)
    }
    guard unsafe bind(socket, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
      CMicrohttpd.listen(socket, backlog) == 0
    else {
      let failure = failure(shown)
      _ = close(socket)
      throw failure
    }
    return (socket, boundPort(socket))
  }

  private static func set(_ socket: Int32, _ level: Int32, _ option: Int32) {
    var on: Int32 = 1
    _ = unsafe setsockopt(socket, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  private static func boundPort(_ socket: Int32) -> UInt16 {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutablePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe getsockname(socket, $0, &length)
      }
      // The port stands at the same place in sockaddr_in and sockaddr_in6.
      return unsafe storage.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        unsafe UInt16(bigEndian: $0.pointee.sin_port)
      }
    }
  }

  // MARK: Paths

  private static func listen(path: String, group: UInt32?) throws(HTTPError) -> Int32 {
    try removeStale(path)
    let socket = try unixSocket()
    // The mode of the socket before binding is the mode of the file, so nobody else can connect
    // even for a moment.
    _ = fchmod(socket, 0o600)
    guard try connectOrBind(socket, path, binding: true),
      open(path, to: group),
      CMicrohttpd.listen(socket, backlog) == 0
    else {
      let failure = failure(path)
      _ = close(socket)
      throw failure
    }
    return socket
  }

  /// The group first: the mode lets nobody in before it is the right one's.
  private static func open(_ path: String, to group: UInt32?) -> Bool {
    guard let group else { return unsafe chmod(path, 0o600) == 0 }
    return unsafe chown(path, uid_t.max, group) == 0 && chmod(path, 0o660) == 0
  }

  /// Removes a socket that nobody listens at; anything else at the path is left alone.
  private static func removeStale(_ path: String) throws(HTTPError) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & mode_t(S_IFMT) == mode_t(S_IFSOCK) else {
      throw HTTPError(.addressUnusable, "\(path): exists and is not a socket")
    }
    let probe = try unixSocket()
    defer { _ = close(probe) }
    if try connectOrBind(probe, path, binding: false) {
      throw HTTPError(.addressInUse, "\(path): another process listens there")
    }
    _ = unsafe unlink(path)
  }

  private static func unixSocket() throws(HTTPError) -> Int32 {
    let socket = CMicrohttpd.socket(
      AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { throw failure("Unix-domain socket") }
    return socket
  }

  private static func connectOrBind(
    _ socket: Int32, _ path: String, binding: Bool
  ) throws(HTTPError) -> Bool {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let octets = Array(path.utf8)
    guard octets.count < MemoryLayout.size(ofValue: address.sun_path), !octets.contains(0) else {
      throw HTTPError(.addressUnusable, "\(path): too long for a socket")
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: octets) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    return unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe binding ? bind(socket, $0, length) == 0 : connect(socket, $0, length) == 0
      }
    }
  }

  private static func failure(_ address: String) -> HTTPError {
    let number = smki_errno()
    let reason = unsafe String(cString: strerror(number))
    return HTTPError(
      number == EADDRINUSE ? .addressInUse : .addressUnusable, "\(address): \(reason)")
  }
}
