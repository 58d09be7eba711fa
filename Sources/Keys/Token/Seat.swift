// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import Threads

/// One thread's place at a token: its session, opened when it is needed and again when it is lost.
final class Seat {
  let number: Int
  private let crew: Crew
  private var session: Session?

  init(_ number: Int, crew: Crew) {
    self.number = number
    self.crew = crew
  }

  /// Does something in a session that is logged in; once more in a new one when it was lost.
  func use<Value>(
    _ body: (Session) throws(TokenFault) -> Value
  ) throws(TokenFault) -> Value {
    do {
      return try body(open())
    } catch  where error.nature == .session {
      session = nil
      do {
        return try body(open())
      } catch {
        session = nil
        throw error
      }
    } catch {
      // A session in which something went wrong may be in the middle of it.
      session = nil
      throw error
    }
  }

  /// Ends the session.
  func leave() {
    session = nil
  }

  private func open() throws(TokenFault) -> Session {
    if let session { return session }
    do {
      let module = try Module.load(crew.modulePath)
      let session: Session
      do {
        session = try Session(module, slot: module.slot(of: crew.label))
      } catch  where error == TokenFault("C_GetSlotList", CKR_CRYPTOKI_NOT_INITIALIZED) {
        try module.initialise()
        session = try Session(module, slot: module.slot(of: crew.label))
      }
      try logIn(session)
      self.session = session
      return session
    } catch {
      if error.nature == .permanent { crew.failed(error) }
      throw error
    }
  }

  /// Logs the process in, one thread at a time: a PIN that is refused is not sent again.
  private func logIn(_ session: Session) throws(TokenFault) {
    let refusal = crew.logIn.wait { state -> TokenFault?? in
      switch state {
      case .underWay: return nil
      case .refused(let fault): return .some(fault)
      case .needed:
        state = .underWay
        return .some(nil)
      }
    }
    if let refusal { throw refusal }
    do {
      try session.logIn(crew.pin)
      crew.logIn.change { $0 = .needed }
    } catch {
      crew.logIn.change { $0 = error.nature == .permanent ? .refused(error) : .needed }
      throw error
    }
  }
}
