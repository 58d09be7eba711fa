// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Records
import Repository
import Service

extension Command {
  static let benchRepository = Command(
    name: "bench repository", summary: "fill a Repository of a size and measure it",
    notes: """
      Device Certificates in the real format are lodged as issuing lodges them: octets a \
      certificate, load rate, look-ups warm and cold with half of them for nothing, extracts, \
      and beside them one page of the same file or one question to the server. Cold figures \
      need root, to empty the system's cache, and a file: a server has a cache of its own. \
      What is lodged on a server stays there.
      """,
    options: [
      .value("--scale", "N", "how many certificates; 100000 by default"),
      .value("--looks", "N", "look-ups of each kind; 20000 by default"),
      .value("--folder", "DIR", "where it works; what it makes there is removed"),
      .value(
        "--store", "ADDRESS", "an empty PostgreSQL database; a file in the folder by default"),
    ], example: "smki bench repository --scale 1000000"
  ) { invocation in
    let scale = try invocation.number("--scale", in: 1_000...200_000_000) ?? 100_000
    let folder = invocation.value("--folder") ?? FileManager.default.temporaryDirectory.path
    let own = "\(folder)/smki-bench-\(UUID().uuidString)"
    let load = RepositoryLoad(
      scale: scale, folder: own,
      place: invocation.value("--store").map { .server($0) } ?? .file("\(own)/bench.sqlite"),
      looks: try invocation.number("--looks", in: 100...1_000_000) ?? 20_000)
    let figures = try load.run { done in
      if !invocation.isJSON { Terminal.progress("lodge", done, of: scale) }
    }
    try invocation.show(figures) {
      Table(
        headings: ["what", "figure", "unit"],
        rows: figures.map { [$0.name, $0.value.formatted(decimals: 3), $0.unit] }
      ).text()
    }
    return .done
  }
}
