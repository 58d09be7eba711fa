// SPDX-License-Identifier: Apache-2.0

import Authority
import Batches
import DER
import FoundationEssentials
import Glibc
import Records
import SEC
import Service

extension Command {
  static let export = Command(
    name: "export", summary: "write an estate's records into one file, to move them",
    notes: """
      The file is the same for records in a file and on a PostgreSQL server, holds what they hold \
      at one moment, personal data too, and ends with a digest; smki import makes a store of it. \
      While a node serves, what it writes afterwards is not in it: --snapshot says that this is \
      meant. Keys, estate.json and the access log stay in the folder.
      """,
    operands: [Operand(name: "FILE", summary: "the file to be made; it must not be there")],
    options: [.flag("--snapshot", "also while a node serves")],
    example: "smki export records.smki"
  ) { invocation in
    let opening = try Opening(invocation)
    defer { opening.records.close() }
    guard invocation.has("--snapshot") || !opening.records.isHeld else {
      throw Failure.Message(
        .unavailable, "a node serves \(opening.estate.name): what it writes would be left behind",
        remedy: "End every node first, or say --snapshot.")
    }
    let path = invocation.operands[0]
    let file = try OutputFile(new: path)
    let contents: StoreContents
    do {
      contents = try opening.records.export { try file.write($0) }
      try file.close()
    } catch {
      try? FileManager.default.removeItem(atPath: path)
      throw error
    }
    try invocation.show(MovedStore(contents, at: path)) { contents.told(path) }
    return .done
  }

  static let importing = Command(
    name: "import", summary: "make an estate's store from a file of smki export",
    notes: """
      Nothing may be in the new place. Counts of all tables and the root of the audit, computed \
      again from its entries, must come out as in the file; only then does estate.json name the \
      new store. The old one stays as it is: see that no node serves it any more.
      """,
    operands: [Operand(name: "FILE", summary: "what smki export wrote")],
    options: [
      .value("--store", "ADDRESS", "the PostgreSQL server, postgresql://…"),
      .flag("--file", "a file in the estate's folder"),
    ],
    example: "smki import records.smki --store 'postgresql://smki@db1/smki'"
  ) { invocation in
    let folder = invocation.folder
    var configuration = try Opening.configuration(of: folder)
    let store = invocation.value("--store")
    guard (store != nil) != invocation.has("--file") else {
      throw UsageError("either --store or --file is needed", invocation.command)
    }
    guard store.map({ $0.hasPrefix("postgresql://") || $0.hasPrefix("postgres://") }) ?? true else {
      throw UsageError("--store begins with postgresql://", invocation.command)
    }
    if let old = try? Records.openReadOnly(folder.records, migrations: Store.migrations), old.isHeld
    {
      throw Failure.Message(
        .unavailable, "a node serves \(configuration.estate)", remedy: "End every node first.")
    }
    configuration.store = store
    let place = store ?? "\(folder.path)/\(Folder.recordsFile)"
    let contents = try bring(invocation.operands[0], to: place, folder)
    try checkName(of: place, configuration)
    try configuration.write(folder.path)
    try invocation.show(MovedStore(contents, at: place)) { contents.told(folder.path) }
    return .done
  }

  /// Makes the store, with the files of batches where the node that goes on is alone.
  private static func bring(
    _ path: String, to place: String, _ folder: Folder
  ) throws -> StoreContents {
    let input = try InputFile(path)
    return try Records.importing(
      place, clock: SystemClock.now, migrations: Store.migrations,
      file: { name, part, octets in
        guard let target = Batches.place(ofShared: name, in: folder.batches) else { return }
        if part == 0 {
          try? FileManager.default.removeItem(atPath: target)
          try Files.makeFolder(URL(filePath: target).deletingLastPathComponent().path)
        }
        try OutputFile(appending: target).write(octets)
      },
      { try input.read($0) })
  }

  private static func checkName(of place: String, _ configuration: Configuration) throws {
    let records = try Records.openReadOnly(place, migrations: Store.migrations)
    defer { records.close() }
    let name = try EstateRecords.find(in: records)?.name
    guard name == configuration.estate else {
      throw Failure.Message(
        .failed, "the file holds the estate \(name ?? "of nobody"), not \(configuration.estate)",
        remedy: "The new store was made and is not used; remove it.")
    }
  }
}

/// What was moved.
private struct MovedStore: Encodable {
  let place: String
  let tables: [String: Int]
  let rows: Int
  let size: Int
  let root: String

  init(_ contents: StoreContents, at place: String) {
    self.place = place
    tables = contents.rows
    rows = contents.count
    size = contents.size
    root = Hex.encode(contents.root)
  }
}

extension StoreContents {
  fileprivate func told(_ place: String) -> String {
    "\(count) rows of \(rows.count) tables and \(size) audit entries in \(place)\n"
      + "root \(Hex.encode(root))"
  }
}

/// A file that is written piece by piece, for its owner only.
private final class OutputFile {
  private let descriptor: Int32
  private let path: String

  init(new path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Files.failure("making", path) }
  }

  init(appending path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Files.failure("making", path) }
  }

  deinit { Glibc.close(descriptor) }

  func write(_ octets: [UInt8]) throws {
    var octets = octets[...]
    while !octets.isEmpty {
      let written = unsafe octets.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      guard written > 0 else { throw Files.failure("writing", path) }
      octets = octets.dropFirst(written)
    }
  }

  /// Makes it durable.
  func close() throws {
    guard fsync(descriptor) == 0 else { throw Files.failure("writing", path) }
  }
}

/// A file that is read piece by piece.
private final class InputFile {
  private let descriptor: Int32
  private let path: String

  init(_ path: String) throws {
    self.path = path
    descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Files.failure("reading", path) }
  }

  deinit { close(descriptor) }

  func read(_ most: Int) throws -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: most)
    let count = unsafe Glibc.read(descriptor, &octets, most)
    guard count >= 0 else { throw Files.failure("reading", path) }
    octets.removeLast(most - count)
    return octets
  }
}
