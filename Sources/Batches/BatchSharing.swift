// SPDX-License-Identifier: Apache-2.0

import Archive
import DER
import Records
import SEC

/// The files of batches where several nodes share a store: kept there, and fetched by whichever
/// node goes on with the batch.
extension Batches {
  /// A file that a batch consists of.
  enum BatchFile {
    case upload([UInt8])
    case requests([UInt8])

    /// What the other nodes know it by.
    fileprivate var name: String {
      switch self {
      case .upload(let digest): "batch-upload/\(Hex.encode(digest))"
      case .requests(let digest): "batch-requests/\(Hex.encode(digest))"
      }
    }
  }

  /// Where a piece of a file that nodes shared belongs in the folder of a node that is alone.
  package static func place(ofShared name: String, in folder: String) -> String? {
    let parts = name.split(separator: "/")
    guard parts.count == 2, let digest = Hex.decode(String(parts[1])) else { return nil }
    let files = BatchFiles(folder: folder)
    return switch parts[0] {
    case "batch-upload": files.upload(digest)
    case "batch-requests": files.requests(digest)
    default: nil
    }
  }

  /// Keeps for all nodes what lies on this one since it was alone.
  func shareOwn() throws {
    guard records.isShared else { return }
    for batch in try records.read({ try BatchesRecords.withFiles(in: $0) }) {
      for file in [BatchFile.upload(batch.digest), .requests(batch.requestsDigest)]
      where try FileSystem.size(place(of: file)) != nil && !records.isShared(file.name) {
        try share(file)
      }
    }
  }

  /// Where a file lies on this node, without looking whether it does.
  private func place(of file: BatchFile) -> String {
    switch file {
    case .upload(let digest): files.upload(digest)
    case .requests(let digest): files.requests(digest)
    }
  }

  /// Keeps a file for all nodes; it lies at its place on this one.
  func share(_ file: BatchFile) throws {
    try records.share(file.name) { piece in
      try FileReader(place(of: file)).each(piece)
    }
  }

  /// Where a file lies on this node, fetched when another node took it.
  func local(_ file: BatchFile) throws -> String {
    let path = place(of: file)
    return try alone(path) {
      if FileSystem.size(path) != nil { return path }
      let draft =
        "\(files.incoming)/fetched-\(file.name.split(separator: "/").joined(separator: "-"))"
      try FileSystem.remove(draft)
      let writer = try FileWriter(new: draft)
      guard try records.fetch(file.name, { try writer.write($0) }) else {
        try FileSystem.remove(draft)
        // Whoever opens it says that it is not there.
        return path
      }
      try writer.sync()
      try FileSystem.move(draft, to: path)
      return path
    }
  }

  /// Removes files here and for all nodes.
  func remove(_ all: [BatchFile]) throws {
    for file in all { try FileSystem.remove(place(of: file)) }
    try records.unshare(all.map(\.name))
  }

  /// The claim to a chunk of a batch, which one node at a time decides.
  static func claim(ofChunk chunk: Int, batch: Int) -> String { "batch/\(batch)/\(chunk)" }

  /// What the claims of chunks begin with.
  static let claims = "batch/"
}
