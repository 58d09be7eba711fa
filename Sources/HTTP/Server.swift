// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Synchronization
import Threads

/// An HTTP/1.1 server at one address, over GNU libmicrohttpd and GnuTLS.
///
/// Network threads do TLS and HTTP. A whole request goes to a worker thread while its connection
/// is suspended, or to a deferred handler at once. `authenticate` runs once for each connection,
/// at its first request; what it returns is handed to each request of the connection.
package final class Server: Sendable {
  /// How far the server has come on its way to its end.
  enum Stage: Int, AtomicRepresentable {
    /// It takes requests.
    case open
    /// It refuses new requests and finishes those that it has accepted.
    case draining
    /// It answers 503 to all that is not finished.
    case aborting
  }

  /// What there is between start and stop; the library allows any thread to stop its daemon.
  @safe struct Running: Sendable {
    nonisolated(unsafe) let daemon: OpaquePointer
    let listener: Listener
    let watch: Worker
    let workers: [Worker]
  }

  /// Where it listens, with what, and how much it takes.
  package let configuration: Configuration
  let router: Router
  let authenticate: @Sendable (Peer) -> (any Sendable)?
  let onLog: @Sendable (LogEvent) -> Void
  let counters = Counters()
  let stage = Atomic<Stage>(.open)
  /// The connections that are open, by their token; held while the watch goes through them.
  let connections = Guarded<[UInt64: Connection]>([:])
  let queue: BoundedQueue<Job>
  private let credentials = Guarded<Credentials?>(nil)
  let running = Guarded<Running?>(nil)
  private let ended = Gate()

  /// A server that does not listen yet.
  ///
  /// - Parameters:
  ///   - configuration: Where it listens, with what, and how much it takes.
  ///   - routes: All that it answers; each method and path once.
  ///   - authenticate: Runs once for each connection, on a network thread, and returns who the
  ///     peer is; nil is allowed and left to the handlers.
  ///   - onLog: Told of failures and refusals, on the thread where they happen; must not block.
  package init(
    _ configuration: Configuration, routes: [Route],
    authenticate: @escaping @Sendable (Peer) -> (any Sendable)? = { _ in nil },
    onLog: @escaping @Sendable (LogEvent) -> Void = { _ in }
  ) {
    self.configuration = configuration
    router = Router(routes)
    self.authenticate = authenticate
    self.onLog = onLog
    queue = BoundedQueue(limit: configuration.queueLimit)
  }

  /// The port that it listens at; 0 before the start, after the stop and on a Unix-domain socket.
  package var port: UInt16 { running.value?.listener.port ?? 0 }

  /// What it has done since its start.
  package var statistics: Statistics {
    counters.statistics(
      open: connections.change { $0.count }, waiting: queue.count)
  }

  /// Listens and answers from now on.
  ///
  /// - Throws: `HTTPError` when the address or the credentials cannot be used.
  package func start() throws {
    precondition(stage.load(ordering: .relaxed) == .open, "a stopped server is not started again")
    try reloadTLS()
    let listener = try Listener(configuration.address)
    let socket = try listener.copy()
    // The daemon keeps the server until it has been stopped, and closes its copy of the socket.
    let context = unsafe Unmanaged.passRetained(self)
    guard let daemon = unsafe Callbacks.start(socket, configuration, context) else {
      unsafe context.release()
      listener.shutDown()
      throw HTTPError(.notStarted, "the library refused; the log says why")
    }
    let workers = (0..<max(1, configuration.workers)).map { [queue] index in
      Worker(name: "http-worker-\(index)") {
        let gate = Gate()
        while let job = queue.take(most: 1, sleepingAt: gate).first { job.run() }
      }
    }
    let watch = Worker(name: "http-watch") { [self] in watchUntilEnd(ended) }
    running.change {
      precondition($0 == nil, "a server is started once")
      $0 = unsafe Running(daemon: daemon, listener: listener, watch: watch, workers: workers)
    }
  }

  /// Reads certificate, key and authorities again; connections made from now on use them.
  ///
  /// - Throws: `HTTPError` when they cannot be used; the ones before then stay in use.
  package func reloadTLS() throws {
    guard let tls = configuration.tls else { return }
    let fresh = try Credentials(tls)
    credentials.change { $0 = fresh }
  }

  /// Refuses new connections and requests, finishes the accepted ones, and ends.
  ///
  /// - Parameter seconds: How long the accepted requests may take; what is not answered then is
  ///   answered 503.
  package func stop(within seconds: Int) {
    guard
      let running = running.change({ state -> Running? in
        defer { state = nil }
        return state
      })
    else { return }
    // The library still accepts, and we refuse: telling it to accept no more (MHD_quiesce_daemon)
    // is a race with its own threads, which it ends by aborting the process (0.9.75).
    stage.store(.draining, ordering: .sequentiallyConsistent)
    wait(milliseconds: seconds * 1_000) { counters.accepted.load(ordering: .acquiring) == 0 }
    stage.store(.aborting, ordering: .sequentiallyConsistent)
    // The library must not be stopped while a connection is suspended.
    while counters.handling.load(ordering: .sequentiallyConsistent) > 0 {
      for connection in connections.value.values { connection.abort() }
      wait(milliseconds: 2) { false }
    }
    wait(milliseconds: 500) { counters.accepted.load(ordering: .acquiring) == 0 }
    closeConnections()
    running.listener.shutDown()
    unsafe MHD_stop_daemon(running.daemon)
    queue.close()
    ended.open()
    running.watch.join()
    unsafe Unmanaged.passUnretained(self).release()
  }

  /// A new connection with the credentials of this moment, put into the register.
  ///
  /// One that comes after the stop began is ended at once and does not stand there.
  func open(_ handle: OpaquePointer) -> Connection {
    let connection = Connection(
      socket: unsafe smki_MHD_socket(handle), credentials: credentials.value,
      needsCertificate: configuration.tls?.clientCertificate == .required, server: self)
    let isTaken = connections.change { connections in
      guard stage.load(ordering: .sequentiallyConsistent) == .open else { return false }
      connections[connection.token] = connection
      return true
    }
    guard isTaken else {
      connection.refuse()
      return connection
    }
    if let session = unsafe smki_MHD_tls_session(handle) {
      unsafe connection.credentials?.use(in: session)
    }
    connection.expires(inSeconds: configuration.handshakeSecondsMax)
    counters.connections.add(1, ordering: .relaxed)
    return connection
  }

  /// Shuts down every connection that it listened to, and returns when the library has let go of
  /// the last one.
  ///
  /// A library that is being stopped must not have any: when it refuses a request by itself
  /// (a malformed head or chunk, a head too large) it counts on the answer that it has just queued,
  /// but while it stops nothing is queued any more, and it reads through NULL (0.9.75).
  private func closeConnections() {
    while connections.change({ connections in
      for connection in connections.values { connection.shutDown() }
      return !connections.isEmpty
    }) {
      wait(milliseconds: 2) { false }
    }
  }

  private func wait(milliseconds: Int, until isDone: () -> Bool) {
    let end = smki_monotonic_milliseconds() + Int64(milliseconds)
    while !isDone(), smki_monotonic_milliseconds() < end {
      _ = Gate().wait(milliseconds: 2)
    }
  }
}
