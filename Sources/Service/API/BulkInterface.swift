// SPDX-License-Identifier: Apache-2.0

import Archive
import DER
import FoundationEssentials
package import HTTP
package import Registration
package import Repository
import SEC

/// MP147-bulk: the bulk files over HTTPS, for a reader of the Repository.
///
/// `GET services/bulk?apikey=` names the manifests; `GET services/bulk/<name>?apikey=` gives a
/// manifest or a segment, or a range of its octets (RFC 9110, 14), so that an interrupted download
/// goes on where it ended.
package struct BulkInterface: Sendable {
  /// The path of the index; the files stand below it.
  package static let index = "/services/bulk"

  private let folder: BulkFolder
  private let reader: @Sendable (Request) throws -> RepositoryReader
  private let log: Log

  /// The interface to a folder of bulk files; `reader` tells who asks.
  package init(
    folder: BulkFolder, log: Log, reader: @escaping @Sendable (Request) throws -> RepositoryReader
  ) {
    self.folder = folder
    self.reader = reader
    self.log = log
  }

  /// The names of the manifests, oldest first.
  package struct Index: Codable, Sendable {
    /// Full extracts.
    package let full: [String]
    /// Deltas.
    package let delta: [String]
  }

  /// What there is.
  package func list(_ request: Request) -> Response {
    answer(request) {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys]
      let index = Index(full: folder.names(of: .full), delta: folder.names(of: .delta))
      return Response(type: "application/json", body: Array(try encoder.encode(index)))
    }
  }

  /// A manifest or a segment, whole or a range of it.
  package func file(_ request: Request) -> Response {
    answer(request) {
      let name = String(request.path.dropFirst(Self.index.utf8.count + 1))
      guard BulkSegment.isName(name), let path = path(of: name), let size = FileSystem.size(path)
      else { throw Refusal.bulkFileUnknown(name) }
      let isSegment = path == folder.segment(name)
      var response: Response
      if let header = request.headers["range"], let range = Self.range(header, of: size) {
        guard !range.isEmpty else {
          response = ErrorBody.response(to: Refusal.rangeOutside(header, size))
          response.status = 416
          response.headers.append(("Content-Range", "bytes */\(size)"))
          return response
        }
        let octets = try FileReader(path).read(at: range.lowerBound, count: range.count)
        response = Response(status: 206, type: Self.mediaType(isSegment), body: octets)
        response.headers.append(
          ("Content-Range", "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"))
      } else {
        response = Response(type: Self.mediaType(isSegment), file: path)
      }
      response.headers.append(("Accept-Ranges", "bytes"))
      // A name is never used for other octets, that of a manifest for a day at most.
      if isSegment { response.headers.append(("ETag", "\"\(name)\"")) }
      return response
    }
  }

  private func path(of name: String) -> String? {
    let isManifest = BulkManifest.Kind.allCases.contains { folder.names(of: $0).contains(name) }
    if isManifest { return folder.manifest(name) }
    return name.hasSuffix(".zst") ? folder.segment(name) : nil
  }

  private static func mediaType(_ isSegment: Bool) -> String {
    isSegment ? "application/zstd" : "text/plain; charset=utf-8"
  }

  /// The octets that a Range asks for; empty when there are none there; nil for what is no single
  /// range of octets, which is answered whole (RFC 9110, 14.2).
  static func range(_ header: String, of size: Int) -> Range<Int>? {
    guard header.hasPrefix("bytes=") else { return nil }
    let parts = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } })
    else { return nil }
    switch (Int(parts[0]), Int(parts[1])) {
    case (let first?, let last?):
      guard first <= last else { return nil }
      return first < size ? first..<min(size, last + 1) : 0..<0
    case (let first?, nil) where parts[1].isEmpty: return first < size ? first..<size : 0..<0
    case (nil, let count?) where parts[0].isEmpty:
      return count > 0 ? max(0, size - count)..<size : 0..<0
    default: return nil
    }
  }

  private func answer(_ request: Request, _ body: () throws -> Response) -> Response {
    do {
      let reader = try reader(request)
      var response = try body()
      let subject = request.path.suffix(RepositoryInterface.subjectShownMax)
      response.told.merge(reader.told(String(subject))) { own, _ in own }
      response.headers.append(("Cache-Control", "no-store"))
      return response
    } catch {
      return ErrorBody.response(to: error, log: log, at: request.path)
    }
  }
}
