// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Synchronization
import Threads

/// The functions that the library calls, which find our objects behind its pointers.
enum Callbacks {
  /// Starts the library's daemon on a listening socket.
  static func start(
    _ socket: Int32, _ configuration: Server.Configuration, _ server: Unmanaged<Server>
  ) -> OpaquePointer? {
    let cores = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let threads = configuration.networkThreads > 0 ? configuration.networkThreads : cores
    let priorities = configuration.tls == nil ? nil : Credentials.priorities
    func start(_ priorities: UnsafePointer<CChar>?) -> OpaquePointer? {
      var settings = unsafe smki_daemon_settings(
        listening_socket: socket, threads: UInt32(threads),
        connections: UInt32(max(configuration.connectionsMax, threads)),
        connections_per_address: UInt32(configuration.connectionsPerAddressMax),
        idle_seconds: UInt32(configuration.idleSecondsMax),
        memory_per_connection: 2 * configuration.headOctetsMax, priorities: priorities,
        context: server.toOpaque(), access: access, connection: connection,
        completed: completed, uri: uri, unescape: unescape, log: log)
      return unsafe smki_MHD_start(&settings)
    }
    guard let priorities else { return unsafe start(nil) }
    return unsafe priorities.withCString { unsafe start($0) }
  }

  private static func server(_ context: UnsafeMutableRawPointer?) -> Server? {
    unsafe context.map { unsafe Unmanaged<Server>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func exchange(_ context: UnsafeMutableRawPointer?) -> Exchange? {
    unsafe context.map { unsafe Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
  }

  private static let connection: MHD_NotifyConnectionCallback = {
    context, handle, kept, code in
    guard let server = unsafe server(context), let handle = unsafe handle,
      let kept = unsafe kept
    else { return }
    // Swift does not show the names of this enumeration: 0 is started, 1 is closed.
    if code.rawValue == 0 {
      unsafe kept.pointee = unsafe Unmanaged.passRetained(server.open(handle)).toOpaque()
    } else if let pointer = unsafe kept.pointee {
      unsafe kept.pointee = nil
      let connection = unsafe Unmanaged<Connection>.fromOpaque(pointer).takeRetainedValue()
      connection.exchange = nil
      _ = server.connections.change { $0.removeValue(forKey: connection.token) }
    }
  }

  private static let uri:
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafePointer<CChar>, OpaquePointer
    ) -> UnsafeMutableRawPointer? = { context, text, handle in
      guard let server = unsafe server(context),
        let kept = unsafe smki_MHD_socket_context(handle)
      else { return nil }
      let connection = unsafe Unmanaged<Connection>.fromOpaque(kept).takeUnretainedValue()
      connection.expires(inSeconds: server.configuration.headSecondsMax)
      let octets = unsafe UnsafeRawBufferPointer(start: text, count: strlen(text))
      let exchange = unsafe Exchange(
        handle: handle, connection: connection, target: Target(octets),
        targetPlace: HeadPlaces.range(of: octets))
      connection.exchange = exchange
      return unsafe Unmanaged.passRetained(exchange).toOpaque()
    }

  /// We undo percent-encoding ourselves, strictly; the library leaves the text alone.
  private static let unescape:
    @convention(c) (
      UnsafeMutableRawPointer?, OpaquePointer, UnsafeMutablePointer<CChar>
    ) -> Int = { _, _, text in unsafe strlen(text) }

  private static let access: MHD_AccessHandlerCallback = {
    context, _, _, method, version, octets, count, kept in
    guard let server = unsafe server(context), let exchange = unsafe exchange(kept?.pointee),
      let count = unsafe count
    else { return .NO }
    let goesOn: Bool
    switch exchange.phase {
    case .head:
      guard let method = unsafe method, let version = unsafe version else { return .NO }
      if HeadPlaces.areMeaningful {
        exchange.places = unsafe HeadPlaces(
          method: method, target: exchange.targetPlace, version: version)
      }
      goesOn = server.begin(
        exchange, method: unsafe String(cString: method),
        version: unsafe String(cString: version))
    case .body:
      if unsafe count.pointee > 0 {
        goesOn = unsafe server.take(
          exchange, UnsafeRawBufferPointer(start: octets, count: count.pointee))
        unsafe count.pointee = 0
      } else {
        goesOn = server.handle(exchange)
      }
    case .lingering:
      goesOn = unsafe server.linger(exchange, count.pointee)
      unsafe count.pointee = 0
    case .handling: goesOn = server.proceed(exchange)
    case .answered: goesOn = true
    }
    return goesOn ? .YES : .NO
  }

  private static let completed: MHD_RequestCompletedCallback = { context, _, kept, _ in
    guard let server = unsafe server(context), let pointer = unsafe kept?.pointee else { return }
    unsafe kept?.pointee = nil
    server.end(unsafe Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue())
  }

  private static let log: MHD_LogCallback = { context, format, arguments in
    guard let server = unsafe server(context), let format = unsafe format,
      let arguments = unsafe arguments
    else { return }
    var text = [CChar](repeating: 0, count: 512)
    _ = unsafe vsnprintf(&text, text.count, format, arguments)
    let octets = text.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
    let line = String(decoding: octets, as: UTF8.self)
    // Where we end a connection ourselves or answer for the library, we have said why.
    guard !told.contains(where: { line.hasPrefix($0) }) else { return }
    let isServing = server.running.value != nil
    if isServing { server.counters.complaints.add(1, ordering: .relaxed) }
    server.onLog(.library(line, isServing: isServing))
  }

  /// How the library begins to say what is a refusal of ours in the log.
  private static let told = [
    "Application reported internal error", "Error processing request",
    "Received HTTP/1.1 request without `Host'", "Failed to parse `Content-Length'",
    "Too large value of 'Content-Length'", "Not enough memory in pool",
    "Closing connection (failed to queue error response)",
  ]
}
