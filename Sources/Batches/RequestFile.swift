// SPDX-License-Identifier: Apache-2.0

import Archive
import Keys

/// One request as it stood in the upload.
package struct BatchItem: Hashable, Sendable {
  /// What the file or element held.
  package enum Content: Hashable, Sendable {
    /// Octets of which nothing is known yet.
    case request([UInt8])
    /// Why there are none: what is wrong with the text.
    case unreadable(String)
  }

  /// The ID of the element, or the name of the file without its extension.
  package let name: String
  package let content: Content
}

/// The requests of a batch in one file, read from the upload once: any chunk is found at once.
///
/// Each request is its name behind two octets of length, one octet that says which content it is,
/// and the content behind four octets of length; at the end stand the places of the chunks.
enum RequestFile {
  /// Writes one, request after request.
  struct Writer: ~Copyable {
    private let file: FileWriter
    private var digest: RunningDigest
    private var places: [UInt8] = []
    private(set) var count = 0

    init(_ path: String) throws {
      let file = try FileWriter(new: path)
      let digest = try RunningDigest(.sha256)
      self.file = file
      self.digest = digest
    }

    mutating func add(_ item: BatchItem) throws {
      if count.isMultiple(of: Batch.chunkSize) { places += big(file.count, 8) }
      count += 1
      let name = Array(item.name.utf8)
      let (kind, content): (UInt8, [UInt8]) =
        switch item.content {
        case .request(let octets): (0, octets)
        case .unreadable(let problem): (1, Array(problem.utf8))
        }
      try write(big(name.count, 2) + name + [kind] + big(content.count, 4) + content)
    }

    private mutating func write(_ octets: [UInt8]) throws {
      digest.add(octets)
      try file.write(octets)
    }

    /// Makes the file durable.
    ///
    /// - Returns: its digest and how many requests it holds.
    consuming func finish() throws -> (digest: [UInt8], count: Int) {
      try write(places + big(count, 4))
      try file.sync()
      let count = count
      return (digest.finish(), count)
    }
  }

  /// Reads one; several threads may share it.
  final class Reader: Sendable {
    let count: Int
    private let file: FileReader
    /// Where the chunks begin, and behind them where the last one ends.
    private let places: [Int]

    init(_ path: String) throws {
      file = try FileReader(path)
      let end = try file.read(at: max(0, file.count - 4), count: 4)
      let count = number(end[...])
      let chunks = (count + Batch.chunkSize - 1) / Batch.chunkSize
      let start = file.count - 4 - chunks * 8
      guard end.count == 4, start >= 0, count <= Batch.requestsMax else {
        throw BatchesError.fileDamaged(path)
      }
      let octets = try file.read(at: start, count: chunks * 8)
      self.count = count
      places = (0..<chunks).map { number(octets[($0 * 8)..<($0 * 8 + 8)]) } + [start]
      guard places == places.sorted() else { throw BatchesError.fileDamaged(path) }
    }

    /// The requests of a chunk, in order.
    func items(ofChunk chunk: Int) throws -> [BatchItem] {
      let octets = try file.read(at: places[chunk], count: places[chunk + 1] - places[chunk])
      var rest = octets[...]
      func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw BatchesError.fileDamaged("chunk \(chunk)") }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
      }
      var items: [BatchItem] = []
      while !rest.isEmpty {
        let name = try take(number(take(2)))
        let kind = try take(1).first
        let content = try take(number(take(4)))
        items.append(
          BatchItem(
            name: String(decoding: name, as: UTF8.self),
            content: kind == 0
              ? .request(Array(content)) : .unreadable(String(decoding: content, as: UTF8.self))))
      }
      return items
    }
  }

  private static func big(_ value: Int, _ octets: Int) -> [UInt8] {
    (0..<octets).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private static func number(_ octets: ArraySlice<UInt8>) -> Int {
    octets.reduce(0) { $0 << 8 | Int($1) }
  }
}
