// SPDX-License-Identifier: Apache-2.0

import Archive
package import Audit
import Keys

/// ENG-bulk: the folder of the bulk files: `manifests/`, `segments/`, and nothing that is secret.
package struct BulkFolder: Hashable, Sendable {
  /// Where it is.
  package let path: String

  /// The folder at a path; it is made when it is first written to.
  package init(_ path: String) {
    self.path = path
  }

  var manifests: String { "\(path)/manifests" }
  var segments: String { "\(path)/segments" }

  /// Where a segment lies.
  package func segment(_ name: String) -> String { "\(segments)/\(name)" }
  /// Where a manifest lies.
  package func manifest(_ name: String) -> String { "\(manifests)/\(name)" }

  /// Makes what is missing of it.
  package func make() throws {
    try FileSystem.makeFolder(manifests)
    try FileSystem.makeFolder(segments)
  }

  /// The names of all manifests of a kind, oldest first; none while there is no folder.
  package func names(of kind: BulkManifest.Kind) -> [String] {
    ((try? FileSystem.names(in: manifests)) ?? [])
      .filter { $0.hasPrefix(kind.rawValue + "-") && BulkSegment.isName($0) }.sorted()
  }

  /// The octets of a manifest, or nil when there is none of that name.
  package func octets(ofManifest name: String) throws -> [UInt8]? {
    guard BulkSegment.isName(name), FileSystem.size(manifest(name)) != nil else { return nil }
    return try FileReader(manifest(name)).read(at: 0, count: BulkManifest.octetsMax)
  }

  /// A manifest, or nil when there is none of that name.
  ///
  /// - Throws: `AuditError` when nobody known signed it.
  package func manifest(_ name: String, key: NoteKey) throws -> BulkManifest? {
    try octets(ofManifest: name).map { try BulkManifest(note: $0, key: key) }
  }

  /// What is wrong with a segment, or nil when every octet is as its manifest says.
  package func fault(of segment: BulkSegment) -> String? {
    let path = self.segment(segment.name)
    guard let size = FileSystem.size(path) else { return "\(segment.name) is missing" }
    guard size == segment.octets else {
      return "\(segment.name) has \(size) octets, not \(segment.octets)"
    }
    do {
      guard try Self.digest(ofFile: path) == segment.digest else {
        return "\(segment.name): octets were changed"
      }
    } catch {
      return "\(segment.name) cannot be read: \(error)"
    }
    return nil
  }

  /// SHA-256 over a file.
  package static func digest(ofFile path: String) throws -> [UInt8] {
    let file = try FileReader(path)
    var digest = try RunningDigest(.sha256)
    var offset = 0
    while case let piece = try file.read(at: offset, count: FileReader.pieceOctets), !piece.isEmpty
    {
      digest.add(piece)
      offset += piece.count
    }
    return digest.finish()
  }

  /// Hands over what a segment holds, value by value.
  ///
  /// - Throws: `AuditError.malformedEntry` when it does not hold what its manifest says, and what
  ///   `body` throws.
  package func each(of segment: BulkSegment, _ body: ([UInt8]) throws -> Void) throws {
    let damaged = AuditError(.malformedEntry, "\(segment.name) does not hold what was signed")
    // The reader of packed files takes one that holds nothing for no packed file.
    guard segment.contentOctets > 0 else {
      guard segment.count == 0, segment.contentDigest == Digest.sha256([]) else { throw damaged }
      return
    }
    let reader = try PackedReader(self.segment(segment.name), octetsMax: segment.contentOctets)
    var digest = try RunningDigest(.sha256)
    var rest: [UInt8] = []
    var (count, octets) = (0, 0)
    while case let piece = try reader.read(FileReader.pieceOctets), !piece.isEmpty {
      digest.add(piece)
      octets += piece.count
      rest += piece
      var start = 0
      while let length = Self.length(rest[start...]), rest.count - start >= length {
        try body(Array(rest[start..<start + length]))
        start += length
        count += 1
      }
      rest.removeFirst(start)
    }
    let sum = digest.finish()
    guard rest.isEmpty, count == segment.count, octets == segment.contentOctets,
      sum == segment.contentDigest
    else { throw damaged }
  }

  /// The octets of the value that begins here, or nil while its header is not whole.
  private static func length(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= 2 else { return nil }
    let short = Int(bytes[bytes.startIndex + 1])
    guard short > 0x80 else { return short + 2 }
    let octets = short - 0x80
    guard octets <= 4, bytes.count >= 2 + octets else { return nil }
    return bytes.dropFirst(2).prefix(octets).reduce(0) { $0 << 8 | Int($1) } + 2 + octets
  }
}
