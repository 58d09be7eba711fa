// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Threads

/// The threads and sessions of a token, and what is known of its health.
final class Crew: Sendable {
  /// What is known of a token.
  struct Health: Sendable {
    /// Why it cannot be used, or nil.
    var fault: TokenFault?
    /// Whether a thread is trying it again.
    var isTried = false
  }

  /// Who may work, and who hangs in a call that took too long.
  private struct Roll: Sendable {
    var seats: Set<Int> = []
    var hanging: Set<Int> = []
    /// Whose threads have not ended yet.
    var present: Set<Int> = []
    var next = 0
    var isClosed = false
  }

  /// How the process stands with the token's login.
  enum LogIn: Sendable {
    case needed
    case underWay
    /// The token refused the PIN: it is never tried twice, or the token would lock itself.
    case refused(TokenFault)
  }

  /// Threads that may hang for each session before no more are started.
  private static let hangingForEachSession = 3
  /// Between two looks at whether the threads have ended.
  private static let napMilliseconds = 2

  let modulePath: String
  let label: String
  let settings: Token.Settings
  let pin: Secret
  let health = Guarded(Health())
  let logIn = Guarded(LogIn.needed)
  private let tasks = BoundedQueue<@Sendable (Seat) -> Void>(limit: 1 << 20)
  private let roll = Guarded(Roll())
  /// Where a thread that tries the token again sleeps.
  private let trialGate = Gate()

  init(modulePath: String, label: String, pin: consuming Secret, settings: Token.Settings) {
    self.modulePath = modulePath
    self.label = label
    self.pin = pin
    self.settings = settings
  }

  /// Does `count` parts on the sessions that are free, and waits for all of them; each may take
  /// `times` the time of a call.
  ///
  /// - Throws: the first fault; parts that were not begun are then left.
  func work<Value: Sendable>(
    _ count: Int, isTrial: Bool = false, times: Int = 1,
    _ part: @escaping @Sendable (Session, Int) throws(TokenFault) -> Value
  ) throws(TokenFault) -> [Value] {
    if !isTrial, let fault = health.value.fault { throw fault }
    let task = TokenTask(parts: count, part)
    man()
    for _ in 0..<min(count, settings.sessions) {
      guard tasks.add({ task.run(on: $0) }) else {
        throw TokenFault(.transient, "the token is closed")
      }
    }
    do {
      let values = try task.wait(settings.callMilliseconds * times) { seats in
        for seat in seats { leaveBehind(seat) }
        return health.value.fault
      }
      recovered()
      return values
    } catch {
      if error.nature != .permanent { failed(error) }
      throw error
    }
  }

  /// Fills the seats that are empty, as far as threads may still be started.
  private func man() {
    let settings = self.settings
    let new = roll.change { roll -> [Int] in
      var new: [Int] = []
      while !roll.isClosed, roll.seats.count < settings.sessions,
        roll.hanging.count <= settings.sessions * Self.hangingForEachSession
      {
        roll.seats.insert(roll.next)
        roll.present.insert(roll.next)
        new.append(roll.next)
        roll.next += 1
      }
      return new
    }
    for number in new {
      _ = Worker(name: "token-\(label)-\(number)") { [tasks, self] in
        let seat = Seat(number, crew: self)
        let gate = Gate()
        while case let taken = tasks.take(most: 1, sleepingAt: gate), let task = taken.first {
          task(seat)
          guard mayStay(number) else { break }
        }
        seat.leave()
        roll.change { _ = $0.present.remove(number) }
      }
    }
  }

  /// Counts a thread among those that hang, so that another takes its seat.
  private func leaveBehind(_ number: Int) {
    roll.change { roll in
      if roll.seats.remove(number) != nil { roll.hanging.insert(number) }
    }
    man()
  }

  /// Whether a thread that came back keeps its seat.
  private func mayStay(_ number: Int) -> Bool {
    let settings = self.settings
    return roll.change { roll in
      guard roll.hanging.remove(number) != nil else { return roll.seats.contains(number) }
      guard roll.seats.count < settings.sessions else { return false }
      roll.seats.insert(number)
      return true
    }
  }

  /// The token is good again.
  func recovered() {
    guard health.value.fault != nil else { return }
    health.change { $0.fault = nil }
  }

  /// Remembers a fault, and has the token tried again by itself unless that could do harm.
  func failed(_ fault: TokenFault) {
    let mustTry = health.change { health in
      health.fault = fault
      guard fault.nature != .permanent, !health.isTried else { return false }
      health.isTried = true
      return true
    }
    guard mustTry else { return }
    let gate = trialGate
    let milliseconds = settings.trialMilliseconds
    _ = Worker(name: "token-\(label)-trial") { [weak self] in
      while !gate.wait(milliseconds: milliseconds), let self, !self.tryAgain() {}
    }
  }

  /// Tries the token once.
  ///
  /// - Returns: whether there is nothing left to try.
  private func tryAgain() -> Bool {
    do throws(TokenFault) {
      _ = try work(1, isTrial: true) { session, _ throws(TokenFault) in try session.check() }
    } catch  where error.nature != .permanent {
      return roll.value.isClosed
    } catch {
      health.change { $0.fault = error }
    }
    health.change { $0.isTried = false }
    return true
  }

  /// Lets the threads end, and waits for those that do not hang: a module takes itself apart when
  /// the process ends, and nobody may be inside then.
  func close() {
    roll.change { $0.isClosed = true }
    tasks.close()
    trialGate.open()
    let nap = Gate()
    var waited = 0
    while case let roll = roll.value, !roll.present.subtracting(roll.hanging).isEmpty,
      waited < settings.callMilliseconds
    {
      _ = nap.wait(milliseconds: Self.napMilliseconds)
      waited += Self.napMilliseconds
    }
  }
}
