// SPDX-License-Identifier: Apache-2.0

import Archive
import DER

/// Where the files of batches lie, each under the digest of what it holds or the batch's number.
struct BatchFiles: Sendable {
  let folder: String

  /// Uploads that are still arriving or being read.
  var incoming: String { "\(folder)/incoming" }
  private var uploads: String { "\(folder)/uploads" }
  private var requests: String { "\(folder)/requests" }
  private var results: String { "\(folder)/results" }

  /// Makes the folders, and removes what a crash left half arrived or half rendered.
  func prepare() throws {
    for folder in [incoming, uploads, requests, results] { try FileSystem.makeFolder(folder) }
    for name in try FileSystem.names(in: incoming) {
      try FileSystem.remove("\(incoming)/\(name)")
    }
  }

  /// An upload as it came.
  func upload(_ digest: [UInt8]) -> String { "\(uploads)/\(Hex.encode(digest))" }

  /// The requests that were read from an upload.
  func requests(_ digest: [UInt8]) -> String { "\(requests)/\(Hex.encode(digest))" }

  /// The names of all rendered results.
  func resultNames() throws -> [String] { try FileSystem.names(in: results) }

  /// Removes a rendered result.
  func removeResult(_ name: String) throws { try FileSystem.remove("\(results)/\(name)") }

  /// Every upload and file of requests.
  func contents() throws -> [String] {
    try [uploads, requests].flatMap { folder in
      try FileSystem.names(in: folder).map { "\(folder)/\($0)" }
    }
  }

  /// A rendered result: `xml`, `zip` or `txt`.
  func result(_ batch: Int, _ kind: String) -> String { "\(results)/\(batch).\(kind)" }
}
