// SPDX-License-Identifier: Apache-2.0

import Keys
import SEC
import Service
import Threads

extension Command {
  /// Measures signatures by keys in this process and in a token, each beside its raw rate.
  static let benchKeys = Command(
    name: "bench keys", summary: "measure signatures by software keys and by keys in a token",
    notes: """
      Raw is the calls alone, one after the other on each thread or session; chunks are 500 \
      messages handed over at once, as issuing does. The key in the token is made for the run and \
      destroyed after it.
      """,
    options: [
      .value("--module", "PATH", "the file of the module's PKCS #11 code; software alone without"),
      .value("--token", "LABEL", "the token"), PIN.option,
      .value("--signatures", "N", "signatures of each line; 20000 by default"),
    ], example: "smki bench keys --module /usr/lib/softhsm/libsofthsm2.so --token ca --pin-fd 3"
  ) { invocation in
    let count = try invocation.number("--signatures", in: 500...1_000_000) ?? 20_000
    var bench = KeyBench(count: count)
    try bench.software()
    if let path = invocation.value("--module") {
      let token = try Token(
        modulePath: path, label: invocation.required("--token"), owner: "test/bench",
        pin: PIN.read(invocation, for: .live))
      defer { token.close() }
      try bench.token(token)
    }
    let rates = bench.rates
    try invocation.show(rates) {
      Table(
        headings: ["key", "how", "at a time", "per second"],
        rows: rates.map { [$0.key, $0.how, "\($0.atATime)", "\($0.perSecond)"] }
      ).text()
    }
    return .done
  }
}

/// Signatures by keys of each kind.
private struct KeyBench {
  /// One line of the report.
  struct Rate: Encodable {
    let key: String
    let how: String
    let atATime: Int
    let perSecond: Int
  }

  /// Messages handed over at once.
  private static let chunk = 500
  private static let message = [UInt8](repeating: 0x5A, count: 300)

  let count: Int
  private(set) var rates: [Rate] = []

  init(count: Int) {
    self.count = count
  }

  mutating func software() throws {
    let key = try SoftwareKey.generate(.p256)
    let count = self.count
    for threads in [1, 2] {
      measure("software", "raw", threads) {
        Worker.onAllCores(threads) { _ in
          for _ in 0..<(count / threads) { _ = try? key.sign(Self.message) }
        }
      }
    }
    try measure("software", "chunks", 1) { try Self.chunks(key, count) }
  }

  mutating func token(_ token: Token) throws {
    let label = "bench"
    if try token.labels().contains(label) { try token.destroy(label: label) }
    let key = try token.generate(label: label, kind: .p256)
    let count = self.count
    for sessions in [1, 2, 4, Token.Settings.sessionsDefault] {
      try measure("token", "raw", sessions) {
        try key.signRepeatedly(Self.message, times: count / sessions, sessions: sessions)
      }
    }
    try measure("token", "chunks", Token.Settings.sessionsDefault) { try Self.chunks(key, count) }
    try token.destroy(label: label)
  }

  private static func chunks(_ key: any SigningKey, _ count: Int) throws {
    let messages = Array(repeating: message, count: chunk)
    for _ in 0..<(count / chunk) { _ = try key.sign(all: messages) }
  }

  private mutating func measure(
    _ key: String, _ how: String, _ atATime: Int, _ body: () throws -> Void
  ) rethrows {
    let start = ContinuousClock.now
    try body()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    rates.append(
      Rate(key: key, how: how, atATime: atATime, perSecond: Int(Double(count) / seconds)))
  }
}
