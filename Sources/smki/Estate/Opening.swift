// SPDX-License-Identifier: Apache-2.0

import Audit
import Authority
import DER
import FoundationEssentials
import Glibc
import Keys
import Records
import Registration
import Repository
import SEC
import Service

/// An estate opened for reading, beside whoever serves it.
struct Opening {
  let folder: Folder
  let configuration: Configuration
  let estate: Estate
  let records: Records
  let registration: Registration
  let repository: Repository

  /// Opens the estate of a command for reading.
  init(_ invocation: Invocation) throws {
    folder = invocation.folder
    configuration = try Self.configuration(of: folder)
    records = try Records.openReadOnly(folder.records, migrations: Store.migrations)
    guard let estate = try EstateRecords.find(in: records) else {
      throw NodeError.notFounded(folder.path)
    }
    self.estate = estate
    registration = Registration(records: records)
    repository = Repository(records: records)
  }

  /// Now, as the estate has it: by the clock of the node that serves it, else by the machine's, and
  /// never before the newest entry of its audit.
  func now() throws -> Time {
    if let node = Channel.openDoors(of: folder) { return Time(milliseconds: node.clock) }
    let size = try records.audit.size
    let newest = try records.audit.entries(from: max(0, size - 1), most: 1).last?.entry.time
    let machine = SystemClock.now()
    return newest.map { max($0, machine) } ?? machine
  }

  /// Opens the estate of a command for writing; nobody else may have it open.
  ///
  /// `overriding` changes what estate.json says, for this process only.
  static func node(
    _ invocation: Invocation, log: Log,
    overriding: @Sendable (inout Configuration) -> Void = { _ in }
  ) throws -> Node {
    let opening = try Opening(invocation)
    let kind = opening.estate.kind
    opening.records.close()
    let passphrase = try Passphrase.read(invocation, for: kind)
    return try Node(
      invocation.folder, passphrase: passphrase, log: log, overriding: overriding)
  }

  /// Reads `estate.json`, which every estate has.
  static func configuration(of folder: Folder) throws -> Configuration {
    guard FileManager.default.fileExists(atPath: "\(folder.path)/estate.json") else {
      throw Failure.noEstate(folder.path)
    }
    do {
      return try Configuration.read(folder.path)
    } catch let error as DecodingError {
      throw Failure.configuration(folder.path, error)
    }
  }
}

extension Invocation {
  /// Now, as the estate of the command has it; the machine's time where there is no estate.
  func now() throws -> Time {
    guard FileManager.default.fileExists(atPath: "\(folder.path)/estate.json") else {
      return SystemClock.now()
    }
    return try Opening(self).now()
  }
}
