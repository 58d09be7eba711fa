// SPDX-License-Identifier: Apache-2.0

import Service

extension Command {
  /// Issues one batch in a test estate that nobody serves; `bench` runs it in a process of its own.
  static let benchBatch = Command(
    name: "bench batch", summary: "issue a batch in a test estate that nobody serves, measured",
    notes: """
      No network: the requests are in memory and go through the authorities in chunks, with every \
      check, both commits and the audit, as a batch does once it has been received. Each \
      certificate is checked against its request afterwards.
      """,
    options: [
      .value("--requests", "N", "how many requests; 50000 by default"),
      .value("--from", "N", "number of the first device; 0 by default"),
      Passphrase.option,
    ], example: "smki bench batch --requests 50000 --estate var"
  ) { invocation in
    let count = try invocation.number("--requests", in: 1...1_000_000) ?? 50_000
    let first = try invocation.number("--from", in: 0...1_000_000_000) ?? 0
    let made = try RequestForge.make(count, from: first)
    let node = try Opening.node(invocation, log: .silent)
    defer { node.stop() }
    let report = try BatchLoad(node: node, party: LoadTarget.party).issue(made)
    try invocation.show(report) { report.text }
    return .done
  }
}

extension BatchReport {
  /// The figures as a person reads them.
  var text: String {
    Table.pairs([
      ("certificates", String(requests)),
      ("per second", String(Int(rate))),
      ("first after", "\(firstSeconds.formatted(decimals: 2)) s"),
      ("CPU of each", "\(microseconds.formatted(decimals: 0)) µs"),
    ]) + "\n"
  }

  /// CPU for each certificate.
  var microseconds: Double { cpuSeconds / Double(requests) * 1_000_000 }
}
