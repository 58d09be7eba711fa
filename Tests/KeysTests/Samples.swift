// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The published test vectors that stay outside the project.
enum Samples {
  /// The folder named by SMKI_TESTDATA, by default `../shared/testdata` beside the package.
  static let folder: URL = {
    if let named = ProcessInfo.processInfo.environment["SMKI_TESTDATA"] {
      return URL(fileURLWithPath: named, isDirectory: true)
    }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return package.appendingPathComponent("../shared/testdata", isDirectory: true)
  }()

  /// Whether the suites that need the folder run.
  ///
  /// They do when it is there. With CI=true the suites run anyway, and fail without it.
  static var arePresentOrRequired: Bool {
    FileManager.default.fileExists(atPath: folder.path)
      || ProcessInfo.processInfo.environment["CI"] == "true"
  }
}
