// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Synchronization
import Threads

/// What is kept with one connection from its acceptance to its end.
///
/// The network thread that owns the connection is the only one that touches what is not atomic,
/// except the socket, which others may shut down while it still stands in the register.
@safe final class Connection: @unchecked Sendable {
  /// The number that no other connection of the process has.
  let token: UInt64
  /// The connection's socket.
  let socket: Int32
  /// The numeric address of the other end, "unix" on a Unix-domain socket.
  let address: String
  private let process: Peer.Process?
  /// The time, in milliseconds of the monotonic clock, at which the watch ends it; 0 is never.
  let deadline = Atomic<Int64>(0)
  /// Kept while the TLS session uses them.
  let credentials: Credentials?
  /// Whether a request may only be answered when the client presented a certificate.
  let needsCertificate: Bool
  private var established: Established?
  /// Whose connection it is; the server outlives its connections.
  unowned let server: Server
  /// The exchange from its request line to its end.
  var exchange: Exchange?
  /// The exchange that a handler has; cleared when it is answered.
  private let current = Guarded<Exchange?>(nil)

  /// What is known from the first request on.
  struct Established: Sendable {
    let peer: Peer
    let identity: (any Sendable)?
  }

  private static let lastToken = Atomic<UInt64>(0)

  init(socket: Int32, credentials: Credentials?, needsCertificate: Bool, server: Server) {
    self.server = server
    token = Self.lastToken.add(1, ordering: .relaxed).newValue
    self.socket = socket
    (address, process) = Self.otherEnd(of: socket)
    self.credentials = credentials
    self.needsCertificate = needsCertificate
  }

  /// Says which exchange a handler has.
  func setCurrent(_ exchange: Exchange?) {
    current.change { $0 = exchange }
  }

  /// Answers 503 to the exchange that a handler has, if any.
  func abort() {
    current.value?.answer(.unavailable("the server is stopping", closing: true))
  }

  /// Ends the connection: the network thread reads what has come and then the end.
  ///
  /// Other threads hold the register's lock: while the connection stands there, its socket's number
  /// is its own.
  func shutDown() {
    _ = shutdown(socket, Int32(SHUT_RDWR))
  }

  /// Sends the last answer past the library, and the end behind it; the library goes on reading.
  ///
  /// Network thread only, and nothing else may have been sent for this request. What does not fit
  /// into the socket's buffer is lost; an answer of some hundred octets does.
  func sendLast(_ octets: [UInt8], _ handle: OpaquePointer) {
    if let session = unsafe smki_MHD_tls_session(handle) {
      _ = unsafe gnutls_record_send(session, octets, octets.count)
      _ = unsafe gnutls_bye(session, GNUTLS_SHUT_WR)
    } else {
      _ = unsafe send(socket, octets, octets.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
    }
    _ = shutdown(socket, Int32(SHUT_WR))
  }

  /// Ends a new connection so that nothing of what its client has sent is ever read.
  ///
  /// Network thread only.
  func refuse() {
    shutDown()
    var octets = [UInt8](repeating: 0, count: 4_096)
    while unsafe recv(socket, &octets, octets.count, Int32(MSG_DONTWAIT)) > 0 {}
  }

  /// Sets when the watch ends the connection, in seconds from now; nil is never.
  func expires(inSeconds seconds: Int?) {
    let deadline = seconds.map { smki_monotonic_milliseconds() + Int64($0) * 1_000 } ?? 0
    self.deadline.store(deadline, ordering: .relaxed)
  }

  /// Peer and identity; found out at the first call, which is after the handshake.
  func establish(
    _ handle: OpaquePointer, authenticate: (Peer) -> (any Sendable)?
  ) -> Established {
    if let established { return established }
    let certificates =
      unsafe smki_MHD_tls_session(handle).map {
        unsafe Credentials.certificates(of: $0)
      } ?? []
    let peer = Peer(address: address, certificates: certificates, process: process)
    let made = Established(
      peer: peer,
      identity: needsCertificate && certificates.isEmpty ? nil : authenticate(peer))
    established = made
    return made
  }

  /// The numeric address of the other end, and its process on a Unix-domain socket.
  private static func otherEnd(of socket: Int32) -> (String, Peer.Process?) {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let known = unsafe withUnsafeMutablePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        guard unsafe getpeername(socket, address, &length) == 0,
          unsafe address.pointee.sa_family != sa_family_t(AF_UNIX)
        else { return false }
        return unsafe getnameinfo(
          address, length, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
      }
    }
    if known {
      let octets = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return (String(decoding: octets, as: UTF8.self), nil)
    }
    var other = smki_peer()
    guard unsafe smki_peer_of(socket, &other) == 0 else { return ("unknown", nil) }
    return ("unix", Peer.Process(user: other.user, group: other.group, process: other.process))
  }
}
