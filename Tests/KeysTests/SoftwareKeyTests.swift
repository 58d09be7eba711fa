// SPDX-License-Identifier: Apache-2.0

import Foundation
import Keys
import Testing
import Threads

@Suite("Keys in this process")
struct SoftwareKeyTests {
  @Test("what a key signs verifies, and nothing else does", arguments: SoftwareKey.Kind.allCases)
  func roundTrip(kind: SoftwareKey.Kind) throws {
    let key = try SoftwareKey.generate(kind)
    let other = try SoftwareKey.generate(kind)
    #expect(key.kind == kind)
    for message in [[], [0], [UInt8](repeating: 7, count: 600)] as [[UInt8]] {
      let signature = try key.sign(message)
      #expect(key.publicKey.isValid(signature, over: message))
      #expect(!other.publicKey.isValid(signature, over: message))
      #expect(!key.publicKey.isValid(signature, over: message + [1]))
      #expect(!key.publicKey.isValid(signature + [0], over: message))
      #expect(!key.publicKey.isValid(signature.dropLast(), over: message))
      #expect(!key.publicKey.isValid([], over: message))
      for index in signature.indices {
        var changed = signature
        changed[index] ^= 0x10
        #expect(!key.publicKey.isValid(changed, over: message), "octet \(index)")
      }
    }
  }

  @Test("public keys have the shapes that certificates carry")
  func shapes() throws {
    guard case .p256(let point) = try SoftwareKey.generate(.p256).publicKey,
      case .rsa(let rsa) = try SoftwareKey.generate(.rsa2048).publicKey,
      case .ed25519(let octets) = try SoftwareKey.generate(.ed25519).publicKey
    else {
      Issue.record("a key of another kind")
      return
    }
    #expect(point.point.count == 65 && point.point[0] == 4)
    #expect(rsa.modulus.count == 256 && rsa.modulus[0] >= 0x80)
    #expect(rsa.exponent == [1, 0, 1])
    #expect(octets.count == 32)
  }

  @Test(
    "eight threads sign with one key and every signature verifies",
    arguments: [SoftwareKey.Kind.p256, .ed25519])
  func threads(kind: SoftwareKey.Kind) throws {
    let key = try SoftwareKey.generate(kind)
    let signed = Guarded<[[UInt8]: [UInt8]]>([:])
    let failures = Guarded(0)
    let workers = (0..<8).map { worker in
      Worker(name: "signer \(worker)") {
        for round in 0..<50 {
          let message = [UInt8(worker), UInt8(round)]
          guard let signature = try? key.sign(message) else {
            failures.change { $0 += 1 }
            continue
          }
          signed.change { $0[message] = signature }
        }
      }
    }
    for worker in workers { worker.join() }
    #expect(failures.value == 0)
    #expect(signed.value.count == 400)
    for (message, signature) in signed.value {
      #expect(key.publicKey.isValid(signature, over: message))
    }
  }

  @Test("a thread's kept key forgets the point before, also after one that is not on the curve")
  func pointsAreNotRemembered() throws {
    let message: [UInt8] = [1, 2, 3]
    let keys = try (0..<2).map { _ in try SoftwareKey.generate(.p256) }
    let points = keys.compactMap { key -> [UInt8]? in
      guard case .p256(let point) = key.publicKey else { return nil }
      return point.point
    }
    let signatures = try keys.map { try $0.sign(message)[...] }
    var offCurve = points[0]
    offCurve[64] ^= 1
    let asked: [(point: [UInt8], verdicts: [P256.Verdict])] = [
      (points[0], [.valid, .invalidSignature]), (points[1], [.invalidSignature, .valid]),
      (offCurve, [.pointNotOnCurve, .pointNotOnCurve]),
      (points[1], [.invalidSignature, .valid]), (offCurve, [.pointNotOnCurve, .pointNotOnCurve]),
      (points[0], [.valid, .invalidSignature]),
    ]
    for (point, verdicts) in asked {
      let found = signatures.map {
        P256.verify(signature: $0, over: message[...], point: point[...])
      }
      #expect(found == verdicts)
    }
  }

  @Test("threads that verify by different points do not meet each other's")
  func threadsVerify() throws {
    let keys = try (0..<4).map { _ in try SoftwareKey.generate(.p256) }
    let signatures = try keys.map { try $0.sign([1, 2, 3]) }
    let wrong = Guarded(0)
    Worker.onAllCores(400) { index in
      for (other, signature) in signatures.enumerated() {
        let isValid = keys[index % 4].publicKey.isValid(signature, over: [1, 2, 3])
        if isValid != (other == index % 4) { wrong.change { $0 += 1 } }
      }
    }
    #expect(wrong.value == 0)
  }
}
