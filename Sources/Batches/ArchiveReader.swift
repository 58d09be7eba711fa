// SPDX-License-Identifier: Apache-2.0

import Archive
import DER
import SEC
import X509

/// Reads a ZIP archive of .csr files, one after the other (M8-2.5-batch-file).
package enum ArchiveReader {
  /// The extension of a request and of a certificate.
  package static let requestExtension = ".csr"
  package static let certificateExtension = ".crt"

  /// One more entry than allowed, so that it is the Code that refuses it.
  private static let limits = ZipLimits(
    entriesMax: Batch.requestsMax + 1, entryOctetsMax: RequestText.octetsMax,
    totalOctetsMax: Batch.requestsMax * 4_096)

  /// Reads the whole archive and hands over each request.
  ///
  /// - Throws: `batch-archive`, `batch-file-name`, `batch-too-large`, or what `body` throws.
  static func read(_ path: String, _ body: (BatchItem) throws -> Void) throws {
    do {
      let reader = try ZipReader(path, limits: limits)
      var names: Set<String> = []
      while let entry = try reader.next() {
        let name = try baseName(of: entry, among: &names)
        guard names.count <= Batch.requestsMax else { throw Refusal.batchSize(names.count) }
        try body(BatchItem(name: name, content: content(entry.octets)))
      }
    } catch let error as ArchiveError where error.code == .tooManyEntries {
      throw Refusal.batchSize(Batch.requestsMax + 1)
    } catch let error as ArchiveError where error.code != .fileSystem {
      throw Refusal.batchArchive(error.description)
    }
  }

  /// M8-2.5-batch-file: whether an archive would be taken, as far as its own form goes.
  ///
  /// - Throws: `batch-archive`, `batch-file-name`, `batch-too-large`.
  package static func check(_ path: String) throws {
    try read(path) { _ in }
  }

  /// The name without extension of an entry that may stand there.
  private static func baseName(
    of entry: ZipReader.Entry, among names: inout Set<String>
  ) throws(Refusal) -> String {
    let name = entry.name
    guard !name.contains("/"), !name.contains("\\"), !name.hasPrefix("."), entry.isFile else {
      throw .batchFileName(name, "a folder, or a file in one")
    }
    guard name.hasSuffix(requestExtension) else {
      throw .batchFileName(name, "another extension than \(requestExtension)")
    }
    // It comes back in the text report, whose fields are parted by commas.
    guard name.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "," && $0 != "\u{7f}" }) else {
      throw .batchFileName(name, "a comma or a control character in the name")
    }
    guard names.insert(name).inserted else { throw .batchFileName(name, "the name twice") }
    return String(name.dropLast(requestExtension.count))
  }

  /// RFC7468-3: PKCS#10 as text; what cannot be read costs only this request.
  private static func content(_ octets: [UInt8]) -> BatchItem.Content {
    do {
      return .request(try RequestText.read(octets))
    } catch {
      return .unreadable("\(error.code.rawValue): \(error.detail)")
    }
  }
}
