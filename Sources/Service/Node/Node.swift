// SPDX-License-Identifier: Apache-2.0

package import Authority
package import Batches
package import DER
import FoundationEssentials
import Governance
import HTTP
package import Keys
package import Records
package import Registration
package import Repository
package import Revocation
package import SEC
import Threads

/// One process of an estate: its store, its authorities, and its doors while it serves.
package final class Node: Sendable {
  package let folder: Folder
  package let configuration: Configuration
  package let estate: Estate
  package let records: Records
  package let registration: Registration
  package let repository: Repository
  /// A standby from which searches are read, or nil.
  let replica: Replica?
  /// The documents of the Repository.
  package let library: Library
  /// Who signed in with which password lately.
  let signedIn = SignedIn()
  package let authority: Authority
  package let revocation: Revocation
  /// Publishes the lists of what was revoked.
  package let publisher: ListPublisher
  /// Says how Organisation Certificates stand.
  package let responder: OCSPResponder
  package let batches: Batches
  /// What parties ask for beyond the Code of Connection.
  private let usage: UsageLimits
  package let log: Log
  /// Tells the time to everything in the node.
  package let clock: @Sendable () -> Time
  /// The private keys of the estate that are on line.
  package let keyring: Keyring
  /// The audit's checkpoint key.
  let checkpointKey: SoftwareKey
  /// Signs checkpoints of the audit while the node serves.
  package let checkpoints: Checkpoints
  /// What the doors have answered.
  let metrics = Metrics()
  /// Who was shown what, and who was turned away.
  package let access: AccessLog
  private let transactions: TransactionNumbers
  private let servers = Guarded<[(door: Door, server: Server)]>([])
  /// The doors of commands, while the node serves.
  private let control = Guarded<[Server]>([])
  /// What the node does by itself, while it serves.
  private let runningSchedule = Guarded<Schedule?>(nil)
  /// Writes when the interfaces were available, while the node serves.
  let runningWatch = Guarded<AvailabilityWatch?>(nil)

  /// Opens an estate's folder for writing; nobody else may have it open.
  ///
  /// `overriding` changes what estate.json says, for this process only.
  ///
  /// - Throws: `NodeError`, `DatabaseError.storeInUse` and others, `KeyError.wrongPassphrase`.
  package init(
    _ folder: Folder, passphrase: borrowing Secret, log: Log = Log(),
    clock: @escaping @Sendable () -> Time = SystemClock.now,
    overriding: (inout Configuration) -> Void = { _ in }
  ) throws {
    // ENG-backup: a copy serves, and is written to, only after the whole of it was verified.
    guard !FileManager.default.fileExists(atPath: folder.copyNote) else {
      throw NodeError.unverifiedCopy(folder.path)
    }
    self.folder = folder
    self.log = log
    let configuration = try Configuration.read(folder.path, overriding: overriding)
    self.configuration = configuration
    let clock = Self.clock(clock, of: configuration)
    self.clock = clock
    records = try Records.open(
      folder.records, as: configuration.nodeName, clock: clock, migrations: Store.migrations)
    guard let estate = try EstateRecords.find(in: records) else {
      throw NodeError.notFounded(folder.path)
    }
    if let loss = try LastCheckpoint(folder).loss(in: records.audit) {
      throw NodeError.auditLost(signed: loss.signed, found: loss.found)
    }
    try configuration.check(for: estate)
    self.estate = estate
    let keys = try Keyring(
      KeyStore.open(at: folder.keys, estate: estate.name, passphrase: passphrase),
      tokens: configuration.modules.flatMap(\.settings), owner: estate.keyOwner)
    keyring = keys
    registration = try Self.registration(records, of: estate, configuration)
    repository = Repository(records: records)
    replica = Self.replica(of: records, configuration, clock: clock, log: log)
    library = Library(records: records)
    checkpointKey = try keys.folder.key(label: Self.checkpointKeyLabel)
    checkpoints = Checkpoints(
      records: records, key: checkpointKey, origin: estate.auditOrigin,
      everySeconds: configuration.checkpointSeconds, memory: LastCheckpoint(folder), clock: clock,
      log: log)
    access = AccessLog(
      AccessFolder(folder.access, node: configuration.nodeOfAccessLog),
      limits: configuration.accessLog,
      isWaitedFor: estate.kind == .live, clock: clock, log: log)
    transactions = TransactionNumbers(records: records, clock: clock)
    let stoppingPoint = try StoppingPoint(
      ProcessInfo.processInfo.environment[StoppingPoint.variable], of: estate)
    let lanes = Self.lanes(of: configuration)
    guard let rules = configuration.batches.rules(lanes: lanes) else {
      throw NodeError.unknownWord("batches")
    }
    authority = try Authority(
      records: records, estate: estate, shard: configuration.shard, lanes: lanes,
      clock: clock, random: { Random.bytes($0) },
      reached: { stoppingPoint?.reached($0) },
      key: Self.issuingKeys(keys, of: estate, in: records))
    revocation = Revocation(records: records)
    _ = try revocation.adopt(registration.credentials(), at: clock(), by: ListPublisher.node)
    publisher = ListPublisher(
      records: records, times: configuration.lists.times, clock: clock,
      reached: { stoppingPoint?.reached($0) },
      sign: { [authority] list, id in try authority.sign(list, by: id) })
    responder = OCSPResponder(records: records, clock: clock) { [authority] answers, id, moment in
      try authority.sign(answers, by: id, at: moment)
    }
    batches = Batches(
      records: records, registration: registration, repository: repository, authority: authority,
      folder: folder.batches, rules: rules, clock: clock,
      classify: BatchItemStatus.outcome(of:),
      complain: { event, detail in log(.error, event, detail) })
    usage = UsageLimits(batches: batches, settings: configuration.batches)
  }

  /// The clock of the machine, or one that is ahead of it.
  private static func clock(
    _ clock: @escaping @Sendable () -> Time, of configuration: Configuration
  ) -> @Sendable () -> Time {
    configuration.clockAheadSeconds.map { SystemClock.ahead(of: clock, seconds: $0) } ?? clock
  }

  /// How many threads issue.
  private static func lanes(of configuration: Configuration) -> Int {
    configuration.issuingLanes > 0
      ? configuration.issuingLanes : ProcessInfo.processInfo.activeProcessorCount
  }

  /// The key of each authority; those of a live estate are bound to their modules (C3-190-1).
  private static func issuingKeys(
    _ keys: Keyring, of estate: Estate, in records: Records
  ) -> @Sendable (IssuingAuthority) throws -> any SigningKey {
    { authority in
      let key = try keys.key(
        label: authority.keyLabel, at: authority.place, publicKey: authority.publicKey())
      return estate.kind == .live
        ? ActivatedKey(key, at: authority.place, records: records) : key
    }
  }

  /// The Registration Authority as the configuration has it.
  private static func registration(
    _ records: Records, of estate: Estate, _ configuration: Configuration
  ) throws -> Registration {
    guard let unrecorded = configuration.unrecordedDevice.standing else {
      throw NodeError.unknownWord("unrecordedDevice")
    }
    guard let terms = configuration.enrolment.terms else {
      throw NodeError.unknownWord("enrolment")
    }
    guard configuration.proceedings.isUnderstood else {
      throw NodeError.unknownWord("proceedings")
    }
    return Registration(
      records: records, unrecorded: unrecorded, terms: terms, random: { Random.bytes($0) })
  }

  /// The label of the audit's checkpoint key in the on-line store.
  package static let checkpointKeyLabel = "audit-checkpoint"

  /// The port at which a door is open, or nil while it is closed; a port of 0 in the configuration
  /// lets the system choose.
  package func port(of door: Door) -> UInt16? {
    servers.value.first { $0.door == door }?.server.port
  }

  /// What stands behind the ports.
  package var doors: Doors {
    let source = factsSource
    let signIn = signIn
    let shards = ShardMap(configuration)
    let shown = Repository(records: records, replica: replica)
    let reader: @Sendable (Request) throws -> RepositoryReader = { try signIn.reader($0) }
    func repositoryInterface(acceptsTestKey: Bool) -> RepositoryInterface {
      RepositoryInterface(
        repository: shown, revocation: revocation, shards: shards,
        acceptsTestKey: acceptsTestKey, clock: clock, random: { Random.bytes($0) }, log: log
      ) { try signIn.reader($0) }
    }
    let service = ServiceInterface(
      registration: registration, authority: authority, transactions: transactions,
      usage: usage,
      build: Product.version, clock: clock, log: log)
    return Doors(
      service: service,
      rejections: RejectionDoor(service: service, revocation: revocation) { [weak self] in
        self?.publishAtOnce()
      },
      repository: repositoryInterface(acceptsTestKey: false),
      repositoryPlain: repositoryInterface(acceptsTestKey: estate.kind == .test),
      search: SearchInterface(
        repository: shown, revocation: revocation, publisher: publisher,
        shards: shards, cursorKey: cursorKey, clock: clock, log: log, reader: reader),
      bulk: BulkInterface(folder: bulk.folder, log: log, reader: reader),
      signIn: signIn,
      tiles: TileInterface(records: records, cosigning: cosigning, log: log) {
        try signIn.auditor($0)
      },
      lists: ListInterface(publisher: publisher, clock: clock),
      status: OCSPInterface(responder: responder, clock: clock),
      library: LibraryInterface(library: library, clock: clock, log: log, reader: reader),
      statement: InterfaceStatement(of: .repository, in: estate, configuration),
      portal: Portal(
        source: source,
        ports: { [servers] in
          Dictionary(uniqueKeysWithValues: servers.value.map { ($0.door, $0.server.port) })
        }, folder: estate.kind == .test ? folder.path : "var"),
      monitoring: Monitoring(
        source: source, metrics: metrics, replica: replica,
        servers: { [servers] in
          servers.value.map { (door: $0.door, statistics: $0.server.statistics) }
        }),
      batches: BatchInterface(
        service: service, batches: batches, build: Product.version, log: log),
      uploadFolder: batches.uploadFolder,
      duties: DutyFeed(book: duties, estate: estate.name, clock: clock),
      pma: PMAPage(
        records: records, configuration: configuration, estate: estate, clock: clock),
      metrics: metrics, access: access, adHocPath: configuration.doors.adHocPath, log: log)
  }

  /// Opens the doors; it returns when all are open.
  ///
  /// - Throws: `HTTPError.addressInUse` naming the address, or why the credentials cannot be used.
  package func serve() throws {
    do {
      checkpoints.start()
      access.start()
      try batches.start()
      for (door, server) in try openings() {
        try server.start()
        servers.change { $0.append((door, server)) }
      }
      for door in try controlDoors() {
        try door.start()
        control.change { $0.append(door) }
      }
      let schedule = Schedule(
        jobs, clock: clock, log: log, restSecondsMax: records.isShared ? Self.lookSeconds : nil
      ) { [records] in
        try records.claim(Self.scheduleClaim)
      }
      runningSchedule.change { $0 = schedule }
      try beginWatch()
      schedule.start()
    } catch {
      closeDoors()
      batches.stop()
      access.close()
      checkpoints.stop()
      throw error
    }
    log(.info, "serving", ["estate": estate.name, "kind": estate.kind.rawValue])
  }

  /// Reads the server's certificate and key again; connections made from now on use them.
  package func reloadCertificates() throws {
    for (_, server) in servers.value { try server.reloadTLS() }
  }

  /// Finishes what was accepted, signs a last checkpoint and closes the store.
  package func stop() {
    closeDoors()
    let schedule = runningSchedule.change { schedule in
      defer { schedule = nil }
      return schedule
    }
    schedule?.stop()
    endWatch()
    batches.stop()
    access.close()
    do {
      try access.seal(in: records, at: clock())
    } catch {
      log(.error, "access-log-not-sealed", ["error": "\(error)"])
    }
    authority.close()
    checkpoints.stop()
    replica?.close()
    records.close()
    keyring.close()
  }

  /// The claim of the one node that does what one does for all.
  static let scheduleClaim = "schedule"
  /// Seconds after which a job of several nodes is asked again, as another may have made it due.
  private static let lookSeconds: Int64 = 10

  /// What the node does by itself, while it serves; nil otherwise.
  package var schedule: Schedule? { runningSchedule.value }

  /// Seconds in which accepted requests are finished when the node stops.
  package static let stopSecondsMax = 4

  private func closeDoors() {
    let open = servers.change { servers in
      defer { servers = [] }
      return servers.map(\.server)
    }
    let control = self.control.change { control in
      defer { control = [] }
      return control
    }
    // All at once: each may take the whole time.
    let stopping = (open + control).map { server in
      Worker(name: "stopping") { server.stop(within: Self.stopSecondsMax) }
    }
    for worker in stopping { worker.join() }
  }

  /// Each port with its routes.
  private func openings() throws -> [(door: Door, server: Server)] {
    let ports = configuration.doors
    let doors = self.doors
    func server(_ door: Door, _ configuration: Server.Configuration) -> (Door, Server) {
      var configuration = configuration
      configuration.refusalBody = { ErrorBody.body(of: $0) }
      return (
        door,
        Server(
          configuration, routes: doors.routes(of: door),
          authenticate: { door == .service ? doors.service.authenticate($0) : nil },
          onLog: onLog(of: door.rawValue))
      )
    }
    var service = Server.Configuration(
      .tcp(ports.address, port: ports.service), tls: tls(.asked))
    service.workers = configuration.workers
    var repository = Server.Configuration(
      .tcp(ports.address, port: ports.repository), tls: tls(.ignored))
    repository.workers = configuration.workers
    var monitoring = Server.Configuration(.tcp(Self.loopback, port: ports.monitoring))
    monitoring.workers = 2
    var all = [
      server(.service, service), server(.repository, repository), server(.monitoring, monitoring),
    ]
    if let port = ports.repositoryPlain {
      guard estate.kind == .test else { throw NodeError.plainDoorInLiveEstate(port) }
      var plain = Server.Configuration(.tcp(Self.loopback, port: port))
      plain.workers = configuration.workers
      all.append(server(.repositoryPlain, plain))
    }
    return all
  }

  /// Where the ports without TLS are, whatever the configuration says.
  private static let loopback = "127.0.0.1"

  private func tls(
    _ certificate: Server.Configuration.TLS.ClientCertificate
  )
    -> Server.Configuration.TLS
  {
    Server.Configuration.TLS(
      certificatePath: folder.serverCertificate, keyPath: folder.serverKey,
      clientCertificate: certificate)
  }

  func onLog(of door: String) -> @Sendable (LogEvent) -> Void {
    { [log, access, clock] event in
      log(event, at: door)
      access.enter(event, at: door, clock())
    }
  }
}
