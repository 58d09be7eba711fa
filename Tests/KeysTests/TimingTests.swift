// SPDX-License-Identifier: Apache-2.0

import Foundation
import Keys
import Testing
import Threads

/// Figures to read, run by hand with SMKI_TIMING=1 on a quiet machine; nothing is asserted of them.
@Suite(
  "Timing", .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["SMKI_TIMING"] == "1", "set SMKI_TIMING=1"))
struct TimingTests {
  /// Microseconds per call, the best of five rounds.
  private func measure(_ name: String, _ count: Int, _ body: () throws -> Void) rethrows {
    var best = Double.infinity
    for _ in 0..<5 {
      let clock = ContinuousClock()
      let start = clock.now
      for _ in 0..<count { try body() }
      best = min(best, (clock.now - start) / .microseconds(1) / Double(count))
    }
    print("timing: \(name): \(String(format: "%.2f", best)) µs")
  }

  @Test("one thread")
  func oneThread() throws {
    let message = [UInt8](repeating: 7, count: 400)
    for count in [20, 65, 400] {
      let bytes = Array(message.prefix(count))
      measure("SHA-256 of \(count) octets", 20_000) { _ = Digest.sha256(bytes) }
    }
    measure("8 random octets", 20_000) { _ = Random.bytes(8) }
    let key = try SoftwareKey.generate(.p256)
    guard case .p256(let point) = key.publicKey else { return }
    let signature = try key.sign(message)
    try measure("P-256 sign", 2000) { _ = try key.sign(message) }
    measure("P-256 verify", 1000) {
      let verdict = P256.verify(
        signature: signature[...], over: message[...], point: point.point[...])
      precondition(verdict == .valid)
    }
    try measure("P-256 make a key", 500) { _ = try SoftwareKey.generate(.p256) }
    let rsa = try SoftwareKey.generate(.rsa2048)
    let rsaSignature = try rsa.sign(message)
    try measure("RSA-2048 sign", 100) { _ = try rsa.sign(message) }
    measure("RSA-2048 verify", 500) {
      precondition(rsa.publicKey.isValid(rsaSignature, over: message))
    }
    let ed25519 = try SoftwareKey.generate(.ed25519)
    try measure("Ed25519 sign", 500) { _ = try ed25519.sign(message) }
  }

  @Test("all cores share one key")
  func allCores() throws {
    let key = try SoftwareKey.generate(.p256)
    let message = [UInt8](repeating: 7, count: 400)
    measure("1000 P-256 signatures on all cores", 1) {
      Worker.onAllCores(8) { _ in for _ in 0..<125 { _ = try? key.sign(message) } }
    }
    measure("1000 P-256 signatures on one core", 1) {
      for _ in 0..<1000 { _ = try? key.sign(message) }
    }
  }

  @Test("opening a store and its keys")
  func store() throws {
    let folder = try TemporaryFolder()
    let passphrase = try Secret.of("right")
    let made = try KeyStore.create(at: folder.file("s"), estate: "Test", passphrase: passphrase)
    _ = try made.generate(label: "k", kind: .p256)
    try measure("open a store", 3) {
      _ = try KeyStore.open(at: folder.file("s"), estate: "Test", passphrase: passphrase)
    }
    try measure("read a P-256 key from a store", 20) { _ = try made.key(label: "k") }
  }
}
