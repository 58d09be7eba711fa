// SPDX-License-Identifier: Apache-2.0

import Authority
import DER
import FoundationEssentials
import Glibc
import HTTP
import Keys
import Records
import SEC
import Service

extension Command {
  /// Serves an estate until it is told to stop.
  static let serve = Command(
    name: "serve", summary: "open the doors of an estate and serve until told to stop",
    notes: """
      Logs are lines of JSON on standard error. SIGTERM and SIGINT finish what was accepted and \
      end the process within 5 seconds; SIGHUP reads the server's certificate again. The \
      passphrase comes from --passphrase-fd, the service manager's credential smki-passphrase, \
      the file of a test estate, or the terminal. What is written under --clock bears that time: \
      the estate cannot go back to the present afterwards.
      """,
    options: [
      Passphrase.option,
      .value(
        "--node", "NAME", "this node's name among those of a PostgreSQL store; the machine's else"),
      .value("--address", "ADDRESS", "numeric address of the TLS doors, instead of estate.json's"),
      .value("--service-port", "PORT", "port of the service interface (mutual TLS)"),
      .value("--repository-port", "PORT", "port of the Repository (TLS)"),
      .value("--plain-port", "PORT", "port of the Repository in plain HTTP; a test estate only"),
      .value("--monitoring-port", "PORT", "port of health and metrics"),
      .value(
        "--clock", "TIME",
        "begin at this moment, as 2027-03-01T00:00:00Z; test estates only; time never goes back"
      ),
      .flag("--debug", "log what the HTTP and TLS library says of single connections, too"),
      .flag("--welcome", "print on standard output what to try first, once the doors are open"),
    ], example: "smki serve --estate var --service-port 9443"
  ) { invocation in
    // Before any thread is made, so that every thread inherits it and only this one is told.
    let signals = Signals([SIGTERM, SIGINT, SIGHUP])
    let node = try open(invocation)
    defer { node.stop() }
    try checkConditions(of: node)
    try checkClock(of: node, isSet: invocation.value("--clock") != nil)
    do {
      try node.serve()
    } catch let error as HTTPError {
      throw explanation(of: error, node)
    }
    if invocation.has("--welcome") { Terminal.print(Welcome(node: node).text) }
    while true {
      let signal = signals.wait()
      guard signal == SIGHUP else {
        node.log(.info, "stopping", ["signal": signal == SIGINT ? "SIGINT" : "SIGTERM"])
        return .done
      }
      do {
        try node.reloadCertificates()
        node.log(.info, "certificates-reloaded")
      } catch {
        node.log(.error, "certificates-not-reloaded", ["detail": "\(error)"])
      }
    }
  }

  /// Opens the estate, or says where it is served already.
  private static func open(_ invocation: Invocation) throws -> Node {
    do {
      let node = try Opening.node(
        invocation, log: Log(hasDebug: invocation.has("--debug")), overriding: doors(of: invocation)
      )
      // A crash between an import and this may have left the files behind the records.
      try AuthorityFiles(folder: node.folder).write(node.records)
      return node
    } catch let error as DatabaseError where error.code == .storeInUse {
      guard let node = Channel.openDoors(of: invocation.folder) else { throw error }
      let doors = try node.replacing(Opening.configuration(of: invocation.folder).doors)
      throw Failure.Message(
        .unavailable,
        "another process has the estate open: \(node.estate) is served already by process "
          + "\(node.process), at \(doors.serviceURL) and the Repository's port "
          + "\(doors.repository)",
        remedy: "Use that one, or end it first: kill \(node.process).")
    }
  }

  private static func doors(
    of invocation: Invocation
  ) throws -> @Sendable (inout Configuration) -> Void {
    let address = invocation.value("--address")
    let service = try port("--service-port", invocation)
    let repository = try port("--repository-port", invocation)
    let plain = try port("--plain-port", invocation)
    let monitoring = try port("--monitoring-port", invocation)
    let ahead = try clock(invocation)
    let node = invocation.value("--node")
    return { configuration in
      if let node { configuration.node = node }
      if let ahead { configuration.clockAheadSeconds = ahead }
      if let address { configuration.doors.address = address }
      if let service { configuration.doors.service = service }
      if let repository { configuration.doors.repository = repository }
      if let plain { configuration.doors.repositoryPlain = plain }
      if let monitoring { configuration.doors.monitoring = monitoring }
    }
  }

  /// The seconds by which the clock is to be ahead of the machine's.
  private static func clock(_ invocation: Invocation) throws -> Int64? {
    guard let text = invocation.value("--clock") else { return nil }
    guard let moment = Time(rfc3339: text) else {
      throw UsageError("--clock: \(text) is no moment", invocation.command)
    }
    return moment.seconds - SystemClock.now().seconds
  }

  private static func port(_ option: String, _ invocation: Invocation) throws -> UInt16? {
    try invocation.number(option, in: 1...65_535).map { UInt16($0) }
  }

  /// What a live estate must have and a test estate is warned of.
  private static func checkConditions(of node: Node) throws {
    let conditions = ServingConditions(
      clockIsSynchronised: KernelClock.isSynchronised, unfitKeys: try node.unfitKeys())
    for refusal in try conditions.check(node.estate) {
      node.log(.warning, refusal.code, ["expected": refusal.expected])
    }
  }

  /// C3-118-4a: a test estate may run ahead of the machine; what it then writes stays written.
  ///
  /// Were it served at an earlier time, its authorities would be taken for spent and their keys
  /// destroyed, because nobody could say how long they had been on line.
  private static func checkClock(of node: Node, isSet: Bool) throws {
    let life = node.authority.lifeClock()
    let isBehind = life.latest.seconds - life.now.seconds > LifeClock.backSecondsMax
    guard !isBehind || node.estate.kind == .live else {
      throw Failure.Message(
        .failed,
        "it would be \(life.now.rfc3339), and the records tell of \(life.latest.rfc3339): the time "
          + "of an estate does not go back",
        remedy: "Serve with --clock at that moment or later, or make another estate.")
    }
    guard isSet || isBehind else { return }
    node.log(
      .warning, isBehind ? "clock-behind-records" : "clock-set",
      [
        "now": life.now.rfc3339, "latest": life.latest.rfc3339,
        "consequence": isBehind
          ? "authorities that came on line later than now are taken for spent"
          : "what is written from now on bears this time, and the time of an estate does not go "
            + "back: serve on with --clock, or make another estate for the present",
      ])
  }

  /// What an operator can do about a door that does not open.
  private static func explanation(of error: HTTPError, _ node: Node) -> Failure.Message {
    let doors = node.configuration.doors
    switch error.code {
    case .addressInUse: return portsTaken(error, doors)
    case .addressUnusable:
      return Failure.Message(
        .failed, "a door cannot be opened at \(error.detail)",
        remedy: "Name a numeric address of this machine, such as 127.0.0.1, ::1 or 0.0.0.0, with "
          + "--address or as doors.address in estate.json.")
    case .credentialsUnusable:
      return Failure.Message(
        .failed, "the server's certificate or key cannot be used: \(error.detail)",
        remedy: "The key in \(node.folder.serverKey) must be that of the first certificate in "
          + "\(node.folder.serverCertificate), both in PEM. smki doctor looks at them.")
    case .notStarted: return Failure.Message(.failed, error.detail)
    }
  }

  /// Which flags and which lines of estate.json change the ports that somebody else has.
  private static func portsTaken(
    _ error: HTTPError, _ doors: Configuration.Doors
  ) -> Failure.Message {
    let all: [(UInt16?, String, String)] = [
      (doors.service, "--service-port", "doors.service"),
      (doors.repository, "--repository-port", "doors.repository"),
      (doors.repositoryPlain, "--plain-port", "doors.repositoryPlain"),
      (doors.monitoring, "--monitoring-port", "doors.monitoring"),
    ]
    // The first is the error's; the node has let go of its own, so who still answers is another.
    let named = error.detail.split(whereSeparator: { !$0.isNumber })
    let taken = all.compactMap { port, flag, key -> (UInt16, String, String)? in
      guard let port, named.contains("\(port)") || LocalSocket.accepts(port: port) else {
        return nil
      }
      return (port, flag, key)
    }
    guard !taken.isEmpty else {
      return Failure.Message(.unavailable, error.detail, remedy: "Does a node serve already?")
    }
    let ports = taken.map { "port \($0.0) is taken" }.joined(separator: ", ")
    let flags = taken.map { "\($0.1) PORT" }.joined(separator: " ")
    let keys = taken.map(\.2).joined(separator: ", ")
    return Failure.Message(
      .unavailable, "\(ports) (\(error.detail))",
      remedy: "Choose others with \(flags), or for good with \(keys) in estate.json.")
  }
}

/// Signals that one thread waits for.
struct Signals {
  private var set = sigset_t()

  /// Holds these signals back from every thread that is made from now on.
  init(_ signals: [Int32]) {
    _ = unsafe sigemptyset(&set)
    for signal in signals { _ = unsafe sigaddset(&set, signal) }
    _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Sleeps until one of them comes.
  func wait() -> Int32 {
    var set = self.set
    var signal: Int32 = 0
    while unsafe sigwait(&set, &signal) != 0 {}
    return signal
  }
}
