// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// An answer that lies among the examples and cannot be had by the commands of its page.
enum ExampleFile {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Examples/xml")

  /// The text without what is another each time: the asker's reference, the numbers, the build.
  private static func comparable(_ text: String) throws -> String {
    var text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    for name in ["TransactionId", "BatchId", "Build"] {
      text = text.replacing(try Regex("<\(name)>[^<]+</\(name)>"), with: "<\(name)>…</\(name)>")
    }
    return text.replacing(#/ ID="[^"]+"/#, with: " ID=\"…\"")
  }

  /// Compares an answer with its example.
  static func expect(
    _ name: String, _ answer: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let kept = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    let found = String(decoding: answer, as: UTF8.self)
    #expect(
      try comparable(found) == comparable(kept), "\(name)", sourceLocation: sourceLocation)
  }
}
