// SPDX-License-Identifier: Apache-2.0

import Audit
import DER
package import HTTP
package import Records
package import SEC

/// The audit for auditors and witnesses, in the layout of C2SP tlog-tiles.
///
/// Anybody who reaches the port has the checkpoint and the tiles of hashes: they show that the log
/// only grows, and nothing of what it says. The entries are for accounts of auditors.
package struct TileInterface: Sendable {
  /// The path of the last checkpoint, with the signatures of witnesses where there are any.
  package static let checkpoint = "/audit/checkpoint"
  /// What stands before the path of a tile of hashes.
  package static let tiles = "/audit/tile/"
  /// What stands before the place of a bundle of entries.
  package static let entries = "/audit/tile/entries/"

  private let records: Records
  private let cosigning: Cosigning
  private let log: Log
  private let auditor: @Sendable (Request) throws -> Actor

  /// The interface to an audit; `auditor` tells who asks for entries.
  package init(
    records: Records, cosigning: Cosigning, log: Log,
    auditor: @escaping @Sendable (Request) throws -> Actor
  ) {
    self.records = records
    self.cosigning = cosigning
    self.log = log
    self.auditor = auditor
  }

  /// The last checkpoint.
  package func last() throws -> Response {
    guard let note = try cosigning.checkpoint else {
      return ErrorBody.response(to: Refusal.tileUnknown("checkpoint"))
    }
    var response = Response(type: "text/plain; charset=utf-8", text: note.encoded)
    response.headers.append(("Cache-Control", "no-store"))
    return response
  }

  /// A tile of hashes.
  package func tile(_ request: Request) throws -> Response {
    try bytes(request, isEntries: false)
  }

  /// A bundle of entries, for an auditor.
  package func entries(_ request: Request) throws -> Response {
    let auditor: Actor
    do {
      auditor = try self.auditor(request)
    } catch {
      return ErrorBody.response(to: error, log: log, at: request.path)
    }
    var response = try bytes(request, isEntries: true)
    response.told["reader"] = auditor.name
    response.told["subject"] = String(request.path.suffix(RepositoryInterface.subjectShownMax))
    return response
  }

  private func bytes(_ request: Request, isEntries: Bool) throws -> Response {
    guard let parsed = try? Tile.parse(String(request.path.dropFirst("/audit/".utf8.count))),
      parsed.isEntries == isEntries,
      let bytes = try records.audit.bytes(of: parsed.tile, isEntries: isEntries)
    else { return ErrorBody.response(to: Refusal.tileUnknown(request.path)) }
    var response = Response(type: "application/octet-stream", body: bytes)
    // What a full tile holds never changes.
    let isFull = parsed.tile.width == Tile.widthMax && !isEntries
    response.headers.append(
      ("Cache-Control", isFull ? "public, max-age=31536000, immutable" : "no-store"))
    return response
  }
}
