// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzProperties
import Testing

/// Inputs that lie in files: the seeds of the fuzzers, and real samples outside the project.
enum Inputs {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The seeds of a reader by name.
  static func seeds(of target: Target) throws -> [(name: String, octets: [UInt8])] {
    try files(in: root.appending(path: "Fuzz/Seeds/\(target.rawValue)"))
  }

  /// Real certificates and a request as text: `$SMKI_TESTDATA`, by default `../shared/testdata`.
  static let sampleFolder: URL = {
    let path = ProcessInfo.processInfo.environment["SMKI_TESTDATA"]
    let base = path.map { URL(filePath: $0) } ?? root.appending(path: "../shared/testdata")
    return base.appending(path: "smki-certificates")
  }()

  /// With `CI=true` absence is not an excuse: the suites run and fail.
  static var areSamplesPresent: Bool {
    FileManager.default.fileExists(atPath: sampleFolder.path)
      || ProcessInfo.processInfo.environment["CI"] == "true"
  }

  /// Why a suite is skipped.
  static let absence: Comment = "no smki-certificates in $SMKI_TESTDATA"

  /// All files of a folder, by name.
  static func files(in folder: URL) throws -> [(name: String, octets: [UInt8])] {
    try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .sorted { $0.path < $1.path }
      .map { ($0.lastPathComponent, [UInt8](try Data(contentsOf: $0))) }
  }
}
