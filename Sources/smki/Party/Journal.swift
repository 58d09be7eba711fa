// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// What a party's client remembers of a submission, so that it goes on after an interruption.
struct Journal: Codable {
  /// Which of the two doors of batches it went through.
  enum Way: String, Codable {
    case archive
    case webService = "web-service"
  }

  let way: Way
  let url: String
  /// The name under which it was submitted.
  let identifier: String
  /// The number that the receipt gave.
  let batch: Int
  let requests: Int
  /// When it was expected to end, as the receipt said; the web service says nothing of it.
  let expected: String?
  /// Whether everything was collected and checked.
  var isCollected = false

  /// Where the journal of some requests lies.
  static func path(of requests: String) -> String { "\(requests).smki.json" }

  /// The journal of some requests, or nil when they were never submitted.
  static func read(_ requests: String) throws -> Journal? {
    let path = path(of: requests)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try JSONDecoder().decode(Journal.self, from: Data(try Files.read(path)))
  }

  /// Writes it, over the one before.
  func write(of requests: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(
      to: URL(filePath: Self.path(of: requests)), options: .atomic)
  }
}
