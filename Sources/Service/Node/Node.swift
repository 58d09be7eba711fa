// SPDX-License-Identifier: Apache-2.0

package import Authority
package import DER
import FoundationEssentials
import HTTP
package import Keys
package import Records
package import Registration
package import Repository
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
  package let authority: Authority
  package let log: Log
  /// Tells the time to everything in the node.
  package let clock: @Sendable () -> Time
  /// The audit's checkpoint key.
  let checkpointKey: SoftwareKey
  private let servers = Guarded<[Server]>([])

  /// Opens an estate's folder for writing; nobody else may have it open.
  ///
  /// - Parameter overriding: changes what estate.json says, for this process only.
  /// - Throws: `NodeError`, `DatabaseError.storeInUse` and others, `KeyError.wrongPassphrase`.
  package init(
    _ folder: Folder, passphrase: borrowing Secret, log: Log = Log(),
    clock: @escaping @Sendable () -> Time = SystemClock.now,
    overriding: (inout Configuration) -> Void = { _ in }
  ) throws {
    self.folder = folder
    self.log = log
    self.clock = clock
    var configuration = try Configuration.read(folder.path)
    overriding(&configuration)
    self.configuration = configuration
    records = try Records.open(folder.records, clock: clock, migrations: Store.migrations)
    guard let estate = try EstateRecords.find(in: records) else {
      throw NodeError.notFounded(folder.path)
    }
    guard estate.name == configuration.estate else {
      throw NodeError.otherEstate(records: estate.name, configuration: configuration.estate)
    }
    self.estate = estate
    let keys = try KeyStore.open(at: folder.keys, estate: estate.name, passphrase: passphrase)
    registration = Registration(records: records)
    repository = Repository(records: records)
    checkpointKey = try keys.key(label: Self.checkpointKeyLabel)
    authority = try Authority(
      records: records, estate: estate, shard: configuration.shard,
      lanes: configuration.issuingLanes > 0
        ? configuration.issuingLanes : ProcessInfo.processInfo.activeProcessorCount + 1,
      clock: clock, random: { Random.bytes($0) }, key: { try keys.key(label: $0) })
  }

  /// The label of the audit's checkpoint key in the on-line store.
  package static let checkpointKeyLabel = "audit-checkpoint"

  /// Opens the doors; it returns when all are open.
  ///
  /// - Throws: `HTTPError.addressInUse` naming the address, or why the credentials cannot be used.
  package func serve() throws {
    do {
      for server in doors() + [controlDoor()] {
        try server.start()
        servers.change { $0.append(server) }
      }
    } catch {
      closeDoors()
      throw error
    }
    log(.info, "serving", ["estate": estate.name, "kind": estate.kind.rawValue])
  }

  /// Reads the server's certificate and key again; connections made from now on use them.
  package func reloadCertificates() throws {
    for server in servers.value { try server.reloadTLS() }
  }

  /// Finishes what was accepted, signs a last checkpoint and closes the store.
  package func stop() {
    closeDoors()
    authority.close()
    records.close()
  }

  /// Seconds in which accepted requests are finished when the node stops.
  package static let stopSecondsMax = 4

  private func closeDoors() {
    let open = servers.change { servers in
      defer { servers = [] }
      return servers
    }
    for server in open { server.stop(within: Self.stopSecondsMax) }
  }

  /// Each port with its routes.
  private func doors() -> [Server] {
    let doors = configuration.doors
    let service = ServiceInterface(
      registration: registration, authority: authority, clock: clock)
    var configuration = Server.Configuration(
      .tcp(doors.address, port: doors.service),
      tls: Server.Configuration.TLS(
        certificatePath: folder.serverCertificate, keyPath: folder.serverKey,
        clientAuthorities: [], clientCertificate: .asked))
    configuration.workers = self.configuration.workers
    return [
      Server(
        configuration, routes: service.routes(adHocPath: doors.adHocPath),
        authenticate: { service.authenticate($0) }, onLog: onLog)
    ]
  }

  var onLog: @Sendable (LogEvent) -> Void {
    { [log] event in log(.warning, "http", ["detail": "\(event)"]) }
  }
}

/// Why a node cannot start.
package enum NodeError: Error, Hashable, Sendable {
  /// The folder holds no estate.
  case notFounded(String)
  /// The records belong to another estate than the configuration names (C3-84-2).
  case otherEstate(records: String, configuration: String)
}
