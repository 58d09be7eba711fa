// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestEstate
import Testing

/// A folder that is made once in a run and copied for each test that wants one like it: founding
/// an estate costs a hundred times what copying it costs.
struct Pattern: Sendable {
  /// Where it lies until the run ends.
  let place: String

  /// Makes the folder and has it filled.
  init(_ fill: (String) throws -> Void) throws {
    place = try Self.newPlace()
    Leftovers.remove(place)
    try fill(place)
  }

  /// Everything in the folder, in a new folder that is the caller's to remove.
  func copied() throws -> String {
    let copy = try Self.newPlace()
    let done = try Program.shell("cp -a '\(place)/.' '\(copy)/'")
    try #require(done.code == 0, "\(done.errors)")
    return copy
  }

  private static func newPlace() throws -> String {
    let place = "/tmp/smki-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    return place
  }
}
