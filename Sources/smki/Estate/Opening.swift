// SPDX-License-Identifier: Apache-2.0

import Authority
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
