// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// An estate of its own with its offline store, and the ceremonies that a test holds there.
final class CeremonyPlace {
  let estate: OwnEstate
  var place: String { estate.place }

  /// With `stock.json`, a ceremony that certifies TD05, planned and rehearsed.
  private static let prepared = Result {
    try Pattern { folder in
      let place = try CeremonyPlace()
      try place.prepare("stock", "stock --count 1")
      let copied = try Program.shell("cp -a '\(place.place)/.' '\(folder)/'")
      try #require(copied.code == 0, "\(copied.errors)")
    }
  }

  init(isPrepared: Bool = false) throws {
    estate = try OwnEstate(of: isPrepared ? Self.prepared : OwnEstate.pattern)
  }

  static let people = ["--witness", "Ada", "--witness", "Alan", "--holder", "Grace"]

  /// Runs a command in the folder of the test.
  func smki(
    _ line: String, _ more: [String] = [], stopAt step: String? = nil
  ) throws -> Program.Outcome {
    let words = line.split(separator: " ").map(String.init) + more
    guard let step else { return try Program.run(Program.path, words, in: place) }
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    return try Program.shell(
      "SMKI_STOP_CEREMONY_AT=\(step) '\(Program.path)' \(quoted)", in: place)
  }

  /// Writes the file of a ceremony and rehearses it.
  func prepare(_ name: String, _ plan: String, _ more: [String] = []) throws {
    for line in ["\(plan) --out \(name).json", "rehearse"] {
      let words = line == "rehearse" ? "ceremony rehearse \(name).json" : "ceremony plan \(line)"
      let requests = zip(more, more.dropFirst()).filter { $0.0 == "--request" }
        .flatMap { [$0.0, $0.1] }
      let outcome = try smki(words, line == "rehearse" ? requests : more)
      try #require(outcome.code == 0, "\(outcome.errors)")
    }
  }

  /// Holds a ceremony that was rehearsed, with everybody there.
  @discardableResult
  func hold(
    _ name: String, _ more: [String] = [], stopAt step: String? = nil
  ) throws -> Program.Outcome {
    try smki(
      "ceremony run \(name).json --online var/keys --share var/offline/custody --out \(name)",
      Self.people + more, stopAt: step)
  }

  /// Plans, rehearses, holds, checks and imports.
  func through(_ name: String, _ plan: String, _ more: [String] = []) throws {
    try prepare(name, plan, more)
    let requests = zip(more, more.dropFirst()).filter { $0.0 == "--request" }
      .flatMap { [$0.0, $0.1] }
    let held = try hold(name, requests)
    try #require(held.code == 0, "\(held.errors)")
    let checked = try smki(
      "ceremony check \(name)/transcript --key var/authorities/ceremony.vkey "
        + "--package \(name)/package --file \(name).json --rehearsal \(name).json.rehearsal")
    try #require(checked.code == 0, "\(checked.errors)")
    let imported = try smki("ceremony import \(name)/package")
    try #require(imported.code == 0, "\(imported.errors)")
  }

  /// The code of a refusal in JSON.
  func refusal(_ line: String, _ more: [String] = []) throws -> String? {
    let outcome = try smki(line, more + ["--json"])
    guard outcome.code == 1 || outcome.code == 4 else { return "exit \(outcome.code)" }
    let body = try JSONSerialization.jsonObject(with: Data(outcome.errors.utf8))
    return (body as? [String: String])?["code"]
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(place)/\(name)", encoding: .utf8)
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(place)/\(name)"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: "\(place)/\(name)")
  }

  /// What a command prints as JSON.
  func json(_ line: String) throws -> Any {
    let outcome = try smki(line, ["--json"])
    try #require(outcome.code == 0, "\(outcome.errors)")
    return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
  }

  /// The serial number of an authority.
  func serial(_ name: String) throws -> String {
    let status = try #require(json("ceremony status") as? [String: Any])
    let rows = try #require(status["authorities"] as? [[String: Any]])
    return try #require(rows.first { $0["name"] as? String == name }?["serial"] as? String)
  }

  /// The parts of a package, DER by name; lists as `list NAME`.
  func parts(_ package: String) throws -> [String: Data] {
    let line = try #require(text(package).split(separator: "\n").first)
    let body = try JSONSerialization.jsonObject(with: Data(line.utf8))
    let parts = try #require((body as? [String: Any])?["parts"] as? [[String: Any]])
    return Dictionary(
      uniqueKeysWithValues: parts.compactMap { part in
        guard let name = part["name"] as? String, let data = part["data"] as? String,
          let der = Data(base64Encoded: data), let kind = part["kind"] as? String
        else { return nil }
        return (kind == "list" ? "list \(name)" : name, der)
      })
  }
}
