// SPDX-License-Identifier: Apache-2.0

import ClauseTrait
import Foundation
import Keys
import TestToken
import Testing

/// Each test has a module and a token of its own: faults and logins are nobody else's.
@Suite("Faults of a token", .enabled(if: TestToken.isThere, "SoftHSM is not installed"))
struct TokenFaultTests {
  private static let message = Array("a message".utf8)

  /// A token behind a module that can be told to fail, with a key in it, quick to be tried again.
  private struct Place {
    let module: FaultyModule
    let token: Token
    let key: TokenKey

    init(_ label: String, sessions: Int = 4, callMilliseconds: Int = 3_000) throws {
      module = try FaultyModule()
      var settings = Token.Settings()
      settings.sessions = sessions
      settings.callMilliseconds = callMilliseconds
      settings.trialMilliseconds = 50
      token = try TestToken.token(label, path: module.path, settings: settings)
      key = try token.generate(label: "k-" + UUID().uuidString.lowercased(), kind: .p256)
    }

    func signsWell() throws -> Bool {
      try key.publicKey.isValid(key.sign(message), over: message)
    }

    /// Waits until nothing is known against the token any more.
    func recovers() -> Bool {
      for _ in 0..<200 where token.fault != nil { usleep(20_000) }
      return token.fault == nil
    }
  }

  @Test(
    "a session that is lost in the middle is opened again, and nothing is missing",
    arguments: [0xB3, 0xB0, 0x101, 0x32, 0xE0, 0x60])
  func lostSession(answer: Int) throws {
    let place = try Place("faulty1")
    try place.module.fail("C_Sign answer \(answer) 20 1")
    let messages = (0..<60).map { Array("message \($0)".utf8) }
    let signatures = try place.key.sign(all: messages)
    #expect(zip(signatures, messages).allSatisfy { place.key.publicKey.isValid($0, over: $1) })
    #expect(place.token.fault == nil)
  }

  @Test("a token that is taken out is down at once, and up again by itself when it is back")
  func removed() throws {
    let place = try Place("faulty2")
    try place.module.fail(
      "C_Sign answer 0x32", "C_OpenSession answer 0xE0", "C_GetSlotList none 0",
      "C_GetSessionInfo answer 0xB3")
    #expect(throws: TokenFault.self) { try place.key.sign(Self.message) }
    let fault = try #require(place.token.fault)
    #expect(fault.nature != .permanent)
    let start = ContinuousClock.now
    #expect(throws: fault) { try place.key.sign(Self.message) }
    #expect(
      ContinuousClock.now - start < .milliseconds(200), "nobody waits for a token that is away")
    try place.module.work()
    #expect(place.recovers())
    #expect(try place.signsWell())
  }

  @Test("a token that is slow by 10 s holds nobody up longer than a call may take")
  func slow() throws {
    let place = try Place("faulty3", callMilliseconds: 500)
    try place.module.fail("C_Sign delay 10000")
    let start = ContinuousClock.now
    let messages = (0..<20).map { Array("message \($0)".utf8) }
    #expect(throws: TokenFault(.transient, "no answer within 500 ms")) {
      try place.key.sign(all: messages)
    }
    #expect(ContinuousClock.now - start < .seconds(6))
    #expect(place.token.fault != nil || place.recovers())
    try place.module.work()
    #expect(place.recovers())
    #expect(try place.signsWell(), "others took the seats of those that hang")
  }

  @Test("a PIN that is refused is sent once and never again")
  func wrongPIN() throws {
    let module = try FaultyModule()
    let token = try TestToken.token("faulty4", path: module.path, pin: "314159")
    for _ in 0..<5 { #expect(throws: TokenFault.self) { try token.check() } }
    let fault = try #require(token.fault)
    #expect(fault == TokenFault(.permanent, "C_Login: CKR_PIN_INCORRECT"))
    let other = try TestToken.token("faulty4")
    try other.check()
    #expect(other.fault == nil, "the token counts few wrong PINs and is not locked")
  }

  @Test("no module, and no token of that label, are said")
  func absent() throws {
    let none = try TestToken.token("keys", path: "/nowhere/module.so")
    #expect(throws: TokenFault.self) { try none.check() }
    #expect(try #require(none.fault).nature == .permanent)
    let unknown = try TestToken.token("no such token")
    #expect(throws: TokenFault(.transient, "no token no such token in \(TestToken.softHSM)")) {
      try unknown.check()
    }
  }

  @Test("a signature of another length is no signature")
  func lengths() throws {
    let place = try Place("faulty5")
    try place.module.fail("C_Sign garble 1 0 1")
    let garbled = try place.key.sign(Self.message)
    #expect(!place.key.publicKey.isValid(garbled, over: Self.message))
    #expect(try place.signsWell())
  }

  @Test("a module that keeps a key it was told to destroy is found out", .clause("C3-119"))
  func notDestroyed() throws {
    let place = try Place("faulty6")
    let label = try #require(try place.token.labels().last)
    try place.module.fail("C_DestroyObject none 0")
    #expect(throws: TokenFault.self) { try place.token.destroy(label: label) }
    try place.module.work()
    try place.token.destroy(label: label)
  }

  @Test("a closed token ends its threads and says so")
  func closed() throws {
    let place = try Place("faulty7")
    #expect(try place.signsWell())
    place.token.close()
    #expect(throws: TokenFault.self) { try place.key.sign(Self.message) }
  }
}
